"""Carries redemptions out in the way of their reward, finds what became of it, and withdraws it."""

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from app.container import Container
from app.db.queries.programs import ProgramRow, ask_program, program_of
from app.db.queries.redemptions import RedemptionRow
from app.db.session import Tenant
from app.db.wire import Answer, Trip
from app.domain.reward import Worth, reward_type
from app.domain.ways import WAYS, Way
from app.flows import fulfilments
from app.flows.shop_access import HURRIED_BELOW_S, access_of, ask_access, runner, vault_of
from app.shopify.client import Run, ShopAccess, within
from app.shopify.errors import ShopifyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where redemptions are carried out: the programme, and the way to Shopify."""

    program: ProgramRow
    access: ShopAccess | None
    """None: its token has to be refreshed, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPlace:
    """A place that was asked for; to be read when the trip is over."""

    program: Answer
    access: Answer

    def read(self, parts: Container, *, hurried: bool) -> Place:
        """Return the place; raise RefreshTokenLost or ShopClosed when Shopify cannot be asked."""
        access = access_of(parts, self.access, hurried=hurried)
        return Place(program=program_of(self.program), access=access)


def ask_place(trip: Trip, tenant: Tenant) -> AskedPlace:
    """Ask for the place of a tenant's redemptions."""
    assert tenant.program_id is not None  # noqa: S101 - redemptions belong to a programme
    assert tenant.shop_id is not None  # noqa: S101 - and to a shop
    return AskedPlace(
        program=ask_program(trip, tenant.program_id), access=ask_access(trip, tenant.shop_id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One redemption to be carried out or withdrawn, with what that takes."""

    parts: Container
    tenant: Tenant
    redemption: RedemptionRow
    run: Run
    code: str
    """The redemption's own, which Shopify takes once."""
    program_name: str
    currency: str
    iana_timezone: str

    @property
    def worth(self) -> Worth:
        """What was bought."""
        terms = self.redemption.terms
        return reward_type(terms["type"]).worth(terms["config"], self.redemption.choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What Shopify made of an errand."""

    gid: str
    used: bool
    """Whether the member has had something of it already, so that it cannot be withdrawn."""


class Fulfilment(Protocol):
    """A file in app/flows/fulfilments, named as its way.

    All three are keyed by the redemption and may be repeated, also after an answer was lost. They
    raise ShopifyUnavailable when it is not known what happened.
    """

    scopes: tuple[str, ...]
    """Which access scopes it needs besides those that the app always has."""

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Have it made and return its id at Shopify; None where Shopify makes nothing.

        What was made before is found, not made again. Raises ShopifyRefused or AccessDenied when
        it will never be made.
        """

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Return what was made; None: nothing was, or it was withdrawn."""

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Leave nothing of it at Shopify; raise RedemptionNotOpen when it was used."""


@cache
def fulfilment_of(way: str) -> Fulfilment:
    """Return what carries out redemptions of a way."""
    found: Fulfilment = importlib.import_module(f"{fulfilments.__name__}.{way}").FULFILMENT
    return found


def way_of(redemption: RedemptionRow) -> Way:
    """Return the way of a redemption."""
    return WAYS[redemption.way]


def errand_for(
    parts: Container,
    tenant: Tenant,
    redemption: RedemptionRow,
    *,
    budget_s: float,
    place: Place | None = None,
) -> Errand:
    """Return the errand of a redemption, whose calls to Shopify share `budget_s` seconds.

    The place is read where it is not given.
    """
    if place is None:
        place = _read_place(parts, tenant, hurried=budget_s < HURRIED_BELOW_S)
    program = place.program
    return Errand(
        parts=parts,
        tenant=tenant,
        redemption=redemption,
        run=within(runner(parts, redemption.shop_id, place.access), budget_s),
        code=vault_of(parts).decrypt(redemption.code) if redemption.code else "",
        program_name=program.name,
        currency=program.currency,
        iana_timezone=program.iana_timezone,
    )


def _read_place(parts: Container, tenant: Tenant, *, hurried: bool) -> Place:
    with parts.database.ask(tenant) as trip:
        asked = ask_place(trip, tenant)
    try:
        return asked.read(parts, hurried=hurried)
    except ShopifyError:
        # Who asks Shopify is told then; not every way does.
        return Place(program=program_of(asked.program), access=None)
