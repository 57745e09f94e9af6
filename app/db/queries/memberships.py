"""Members with all that the storefront shows of them: balances, lots, tier and spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.rulebook import ask_expiry_terms, expiry_terms_of
from app.db.wire import Answer, Trip, Values, one_trip
from app.domain.expiry import ExpiryTerms
from app.domain.ledger import Account
from app.domain.ledger import Lot as LotValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A member as stored; the account is for reckoning, not for saving."""

    member_id: int
    version: int
    tier_id: int | None
    account: Account


_MEMBERS = """
    select id, version, tier_id, pending, available, held, last_active_at from member
    where id
"""
# PostgreSQL plans a search among any number of ids anew each time, but keeps the plan for one.
_ONE, _ANY = "= $1::bigint", "= any($1::bigint[])"
_MEMBER, _SOME_MEMBERS = f"{_MEMBERS} {_ONE}", f"{_MEMBERS} {_ANY}"
# Matured lots of the same promise, all of one day, are read as one: so there are no more than the
# days of a promise, however often somebody buys.
_LOTS = """
    select min(id), member_id, sum(points)::bigint, sum(remaining)::bigint, sum(expired)::bigint,
        max(available_at), matured, expires_at
    from lot where member_id {} and remaining > 0 {}
    group by member_id, matured, expires_at, case when matured then null else id end
    order by min(id)
"""
_LOTS_OF_ONE, _LOTS_OF_SOME = _LOTS.format(_ONE, ""), _LOTS.format(_ANY, "")
# What waits, what is due, and what ends first from now on: all of one day, which may have 25 hours.
_NEAR_LOTS = _LOTS.format(
    _ONE,
    """and (not matured or expires_at < (
        select coalesce(min(expires_at), 'infinity') + interval '25 hours' from lot
        where member_id = $1::bigint and remaining > 0 and matured
            and expires_at > $2::timestamptz
    ))""",
)
_STALE = """
    select id from member
    where behind and closed_at is null and id > $2::bigint
        and id in (select member_id from member_identity where shop_id = $1::bigint)
    order by id limit $3::bigint
"""
# Customers who were merged into another are known as that one, but Shopify has them no more.
_CUSTOMERS = """
    select identity.member_id, identity.customer_id
    from member_identity identity
    left join customer on customer.shop_id = identity.shop_id
        and customer.customer_id = identity.customer_id
    where identity.shop_id = $1::bigint and identity.member_id = any($2::bigint[])
        and customer.deleted_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMemberships:
    """Members that were asked for; to be read when the trip is over."""

    members: Answer
    lots: Answer
    terms: Answer

    def read(self) -> dict[int, Membership]:
        """Return members by id; where they stand among the tiers: `tier_standings`."""
        return _read(self.members, self.lots, expiry_terms_of(self.terms))


def memberships(session: Session, member_ids: Sequence[int]) -> dict[int, Membership]:
    """Return members by id; see `AskedMemberships`."""
    with one_trip(session) as trip:
        asked = ask_memberships(trip, member_ids)
    return asked.read()


def membership(
    session: Session, member_id: int, terms: ExpiryTerms, now: datetime
) -> Membership | None:
    """Return one member with as many lots as it takes to say where they stand at `now`.

    Where all lots end as they were promised, those that end later than others are left out.
    """
    with one_trip(session) as trip:
        members = trip.ask(_MEMBER, (member_id,))
        lots = (
            trip.ask(_NEAR_LOTS, (member_id, now))
            if terms.are_promises
            else trip.ask(_LOTS_OF_ONE, (member_id,))
        )
    return _read(members, lots, terms).get(member_id)


def ask_memberships(trip: Trip, member_ids: Sequence[int]) -> AskedMemberships:
    """Ask for members with all that the storefront shows of their points."""
    members, lots = _SOME_MEMBERS, _LOTS_OF_SOME
    values: Values = (bigints(member_ids),)
    if len(member_ids) == 1:
        members, lots, values = _MEMBER, _LOTS_OF_ONE, member_ids
    return AskedMemberships(
        members=trip.ask(members, values),
        lots=trip.ask(lots, values),
        terms=ask_expiry_terms(trip),
    )


def stale_member_ids(session: Session, shop_id: int, after: int, limit: int) -> list[int]:
    """Return members whose metafields are behind and who are this shop's customers, by id."""
    with one_trip(session) as trip:
        stale = trip.ask(_STALE, (shop_id, after, limit))
    return [member_id for (member_id,) in stale.rows]


def customers_of_members(
    session: Session, shop_id: int, member_ids: Sequence[int]
) -> dict[int, list[int]]:
    """Return the shop's customers that each member is and that Shopify has still."""
    with one_trip(session) as trip:
        customers = trip.ask(_CUSTOMERS, (shop_id, bigints(member_ids)))
    found: dict[int, list[int]] = {}
    for member_id, customer_id in customers.rows:
        found.setdefault(member_id, []).append(customer_id)
    return found


def _read(members: Answer, lots: Answer, terms: ExpiryTerms) -> dict[int, Membership]:
    lots_of = _lots_by_member(lots)
    found: dict[int, Membership] = {}
    for id_, version, tier_id, pending, available, held, last_active_at in members.rows:
        account = Account(id_, pending, available, held, lots=lots_of.get(id_, []))
        account.apply_terms(terms, last_active_at)
        found[id_] = Membership(member_id=id_, version=version, tier_id=tier_id, account=account)
    return found


def _lots_by_member(lots: Answer) -> dict[int, list[LotValue]]:
    found: dict[int, list[LotValue]] = {}
    for id_, member_id, points, remaining, expired, available_at, matured, expires_at in lots.rows:
        lot = LotValue(
            id=id_,
            award_id=None,
            available_at=available_at,
            expires_at=expires_at,
            matured=matured,
            points=points,
            remaining=remaining,
            expired=expired,
            is_new=False,
        )
        found.setdefault(member_id, []).append(lot)
    return found
