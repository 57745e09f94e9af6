"""Points end with a calendar day of the programme's time zone."""

from datetime import UTC, date, datetime

from app.domain.expiry import add_months, available_at, expires_at
from app.domain.program_rules import ProgramRules


def test_points_wait_for_the_pending_days():
    paid_at = datetime(2026, 1, 1, 9, tzinfo=UTC)

    assert available_at(paid_at, ProgramRules(pending_days=14)) == datetime(
        2026, 1, 15, 9, tzinfo=UTC
    )


def test_points_expire_at_the_end_of_the_day_twelve_months_later():
    # 23:30 in Bangkok on 14 March is 16:30 UTC.
    available = datetime(2026, 3, 14, 16, 30, tzinfo=UTC)

    expires = expires_at(available, ProgramRules(expiry_months=12), "Asia/Bangkok")

    assert expires == datetime(2027, 3, 14, 17, 0, tzinfo=UTC)


def test_the_day_is_that_of_the_time_zone_not_of_utc():
    # 18:00 UTC on 14 March is already 15 March in Bangkok.
    available = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)

    expires = expires_at(available, ProgramRules(expiry_months=1), "Asia/Bangkok")

    assert expires == datetime(2026, 4, 15, 17, 0, tzinfo=UTC)


def test_the_end_of_a_short_month_is_kept():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 3, 31), -12) == date(2025, 3, 31)


def test_the_day_on_which_clocks_change_ends_at_its_midnight():
    available = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)

    expires = expires_at(available, ProgramRules(expiry_months=7), "Europe/Berlin")

    assert expires == datetime(2026, 10, 29, 23, 0, tzinfo=UTC)


def test_points_may_never_expire():
    at = datetime(2026, 1, 1, tzinfo=UTC)

    assert expires_at(at, ProgramRules(expiry_months=None), "UTC") is None
