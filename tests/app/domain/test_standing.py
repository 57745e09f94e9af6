"""Where a member stands, however late the jobs are."""

from datetime import UTC, date, datetime, timedelta

from app.domain.expiry import expiry_terms
from app.domain.ledger import Account, Lot
from app.domain.program_rules import ProgramRules
from app.domain.standing import DuePoints, standing_of

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def account(*lots: Lot) -> Account:
    matured = sum(lot.remaining for lot in lots if lot.matured)
    pending = sum(lot.remaining for lot in lots if not lot.matured)
    return Account(1, pending, matured, lots=list(lots))


def lot(points: int, *, matured: bool = True, ends: datetime | None = None) -> Lot:
    return Lot(
        id=points,
        award_id=points,
        available_at=START if matured else START + 14 * DAY,
        expires_at=ends,
        matured=matured,
        points=points,
        remaining=points,
        is_new=False,
    )


def test_what_is_due_counts_as_done_before_the_job_came():
    late = account(lot(30, matured=False), lot(50, ends=START + 10 * DAY))

    standing = standing_of(late, START + 20 * DAY, "UTC")

    assert (standing.available, standing.pending, standing.next_expiry) == (30, 0, None)


def test_the_last_day_of_the_soonest_points_is_told_in_the_shops_calendar():
    # The end of 3 March in Bangkok.
    ends = datetime(2026, 3, 3, 17, tzinfo=UTC)

    standing = standing_of(account(lot(100, ends=ends), lot(20, ends=ends)), START, "Asia/Bangkok")

    assert standing.next_expiry == DuePoints(points=120, on=date(2026, 3, 3))
    assert standing.expiry_is_near is False


def test_expiry_is_near_from_the_first_warning_on():
    ends = START + 60 * DAY
    member = account(lot(100, ends=ends))
    member.apply_terms(expiry_terms([(START, ProgramRules())], "UTC"), START)

    assert standing_of(member, ends - 31 * DAY, "UTC").expiry_is_near is False
    assert standing_of(member, ends - 30 * DAY, "UTC").expiry_is_near is True
    assert standing_of(member, ends, "UTC").expiry_is_near is False
