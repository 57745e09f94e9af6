"""A standing is reckoned from the days of the window, and is that of the whole life."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.db.queries.tier_standings import days_of, tier_standings
from app.db.rulebook import load_rulebook
from app.db.wire import Trip
from app.domain.tier_review import HeldTier
from app.domain.tier_standing import tier_standing
from app.domain.tier_terms import TierTerms
from tests.fixtures.stores import open_store

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
TODAY = date(2026, 6, 15)


@pytest.fixture
def shop(database):
    """A shop whose days are made up, so that no proof could find their orders."""
    return open_store(database)


@pytest.fixture
def live(shop):
    """Return a function that lets a member spend on some days, given as days ago, in a tier."""
    shop.take_in(shop.order(100))
    member_id = shop.member_id()

    def live(tier: str | None, terms: TierTerms, *days: tuple[int, int]) -> int:
        with shop.database.owner.begin() as connection:
            connection.execute(text("delete from member_day where member_id = :id"), _of(member_id))
            connection.execute(
                text("insert into member_day values (:id, :day, :program_id, :spend, 0, 1)"),
                [
                    _of(member_id)
                    | {
                        "day": TODAY - timedelta(days=ago),
                        "program_id": shop.program_id,
                        "spend": spend,
                    }
                    for ago, spend in days
                ],
            )
            connection.execute(
                text(
                    "update member set tier_id = (select id from tier where name = :tier"
                    " and program_id = member.program_id), tier_until = null where id = :id"
                ),
                _of(member_id) | {"tier": tier},
            )
            connection.execute(
                text("update program set tier_window = :window where id = :program_id"),
                {"window": terms.window, "program_id": shop.program_id},
            )
        return member_id

    return live


def _of(member_id: int) -> dict[str, object]:
    return {"id": member_id}


LIFE = [(ago, 9_000) for ago in range(0, 1_400, 20)]


@pytest.mark.parametrize("window", ["rolling", "calendar", "lifetime"])
@pytest.mark.parametrize(
    ("tier", "days"),
    [
        ("Gold", [(ago, 90_000) for ago in range(0, 1_400, 20)]),
        ("Gold", LIFE),
        ("Gold", [(ago, 90_000) for ago in range(300, 1_400, 20)]),
        ("Gold", [(ago, 90_000) for ago in range(500, 1_400, 20)]),
        ("Silver", LIFE),
        (None, LIFE),
        ("Gold", [(1_000, 9_000)]),
    ],
)
def test_a_standing_is_that_of_the_whole_life(shop, live, window, tier, days):
    member_id = live(tier, TierTerms(window=window), *days)

    with shop.session() as session:
        rulebook = load_rulebook(session, shop.program_id)
        found = tier_standings(session, rulebook, [member_id], NOW)[member_id]
        whole = days_of(session, [member_id], rulebook.tier_terms.measure)
        held = session.execute(
            text("select tier_id from member where id = :id"), _of(member_id)
        ).scalar()

    assert rulebook.tier_terms.window == window
    assert found == tier_standing(
        rulebook.tiers,
        rulebook.tier_terms,
        HeldTier(tier_id=held),
        whole.get(member_id, ()),
        now=NOW,
        iana_timezone=rulebook.iana_timezone,
    )


def test_only_the_window_is_read_while_the_tier_is_earned(shop, live, monkeypatch):
    member_id = live("Gold", TierTerms(), *((ago, 90_000) for ago in range(0, 1_400, 20)))
    answers, ask = [], Trip.ask

    def noted(trip, sql, values=()):
        answer = ask(trip, sql, values)
        if "from member_day" in sql:
            answers.append(answer)
        return answer

    with shop.session() as session:
        rulebook = load_rulebook(session, shop.program_id)
        monkeypatch.setattr(Trip, "ask", noted)
        tier_standings(session, rulebook, [member_id], NOW)

    assert [len(answer.rows) for answer in answers] == [19]
