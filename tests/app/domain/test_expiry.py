"""Points end with a calendar day of the programme's time zone."""

from datetime import UTC, date, datetime

from app.domain.expiry import ExpiryTerms, add_months, available_at, expires_at, expiry_terms
from app.domain.program_rules import ProgramRules

DAY_1 = datetime(2026, 1, 2, tzinfo=UTC)


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


def terms(*versions: tuple[datetime, ProgramRules]) -> ExpiryTerms:
    return expiry_terms(versions, "UTC")


def end(terms: ExpiryTerms, promised: datetime | None, *, available=DAY_1, active=DAY_1):
    return terms.end_of(promised, available, active)


def by_lot(months: int | None) -> ProgramRules:
    return ProgramRules(expiry_mode="lot", expiry_months=months)


def by_inactivity(months: int | None) -> ProgramRules:
    return ProgramRules(expiry_mode="inactivity", expiry_months=months)


def month(number: int, year: int = 2026) -> datetime:
    """Return the end of the second day of a month: lots here became available on the second."""
    return datetime(year, number, 3, tzinfo=UTC)


def test_without_activity_the_balance_ends_months_after_the_last_one():
    rules = terms((DAY_1, by_inactivity(6)))

    assert end(rules, month(7)) == month(7)
    assert end(rules, month(7), active=datetime(2026, 5, 2, tzinfo=UTC)) == month(11)


def test_points_that_became_available_after_the_last_activity_last_as_long_as_any():
    rules = terms((DAY_1, by_inactivity(1)))

    assert end(rules, month(4), available=datetime(2026, 3, 2, tzinfo=UTC)) == month(4)


def test_a_setting_that_gives_less_takes_no_promise_back():
    rules = terms((DAY_1, by_lot(12)), (month(2), by_lot(3)))

    assert end(rules, month(1, 2027)) == month(1, 2027)


def test_a_setting_that_gives_more_holds_for_lots_that_exist():
    longer = terms((DAY_1, by_lot(6)), (month(2), by_lot(12)))
    never = terms((DAY_1, by_lot(6)), (month(2), by_lot(None)))

    assert end(longer, month(7)) == month(1, 2027)
    assert end(never, month(7)) is None


def test_what_a_setting_promised_for_a_time_is_kept_after_it_was_taken_back():
    rules = terms((DAY_1, by_lot(6)), (month(2), by_lot(24)), (month(3), by_lot(6)))

    assert end(rules, month(7)) == month(1, 2028)
    # Who got points later was promised no more.
    later = datetime(2026, 4, 2, tzinfo=UTC)
    assert end(rules, month(10), available=later) == month(10)


def test_activity_counts_only_while_inactivity_was_the_setting():
    rules = terms((DAY_1, by_inactivity(6)), (month(3), by_lot(1)))

    # The last that was promised: six months after the day on which the setting was changed.
    assert end(rules, month(7), active=month(12)) == datetime(2026, 9, 4, tzinfo=UTC)


def test_a_setting_that_came_after_the_end_brings_nothing_back():
    rules = terms((DAY_1, by_lot(1)), (month(3), by_lot(None)))

    assert end(rules, month(2)) == month(2)


def test_versions_that_change_something_else_are_one_term():
    rules = terms((DAY_1, by_lot(12)), (month(3), ProgramRules(points_per_unit=2)))

    assert rules.are_promises


def test_points_can_end_some_days_later_instead():
    available = datetime(2026, 3, 14, 16, 30, tzinfo=UTC)
    rules = ProgramRules(expiry_months=None, expiry_days=90)

    # The end of 12 June in Bangkok.
    assert expires_at(available, rules, "Asia/Bangkok") == datetime(2026, 6, 12, 17, tzinfo=UTC)


def test_going_from_months_to_days_takes_no_promise_back():
    terms = expiry_terms(
        [
            (DAY_1, ProgramRules(expiry_months=12)),
            (datetime(2026, 6, 1, tzinfo=UTC), ProgramRules(expiry_months=None, expiry_days=90)),
        ],
        "UTC",
    )
    promised = datetime(2027, 1, 3, tzinfo=UTC)

    assert terms.end_of(promised, DAY_1, DAY_1) == promised


def test_activity_moves_days_on():
    rules = ProgramRules(expiry_mode="inactivity", expiry_months=None, expiry_days=30)
    terms = expiry_terms([(DAY_1, rules)], "UTC")
    active_at = datetime(2026, 1, 20, tzinfo=UTC)

    end = terms.end_of(expires_at(DAY_1, rules, "UTC"), DAY_1, active_at)

    assert end == datetime(2026, 2, 20, tzinfo=UTC)
    assert not terms.may_have_ended(active_at, datetime(2026, 2, 19, tzinfo=UTC))
    assert terms.may_have_ended(active_at, datetime(2026, 2, 20, tzinfo=UTC))
