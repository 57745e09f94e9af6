"""The home page: what the programme did lately, and what is left to set up."""

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext as _

from app.clock import utc_now
from app.db.queries.backfills import finished_backfills
from app.db.queries.data_requests import open_data_requests
from app.db.queries.ledger_proofs import latest_proof
from app.db.queries.program_metrics import (
    Outstanding,
    PeriodFigures,
    outstanding,
    period_figures,
)
from app.db.queries.programs import get_program
from app.db.queries.redemptions import count_to_do
from app.db.queries.rewards import program_rewards
from app.db.queries.shops import get_shop
from app.db.queries.webhook_events import count_failed
from app.web.admin.page import FIGURES_PERIOD, embed_url, own_data, page, reader_locale, reckoned
from app.web.admin.proof_words import proof_shown
from app.web.auth import admin_identity
from app.words.formats import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with what it means beside the period before."""

    label: str
    value: str
    change: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the set-up guide."""

    title: str
    detail: str
    action: str
    href: str
    done: bool


def register(blueprint: Blueprint) -> None:
    """Add the page to the admin."""
    blueprint.get("/")(home)


def home() -> tuple[str, int]:
    """Show the figures of the last 30 days and the set-up guide."""
    identity, now = admin_identity(), utc_now()
    with own_data() as session:
        program = get_program(session, identity.program_id)
        shop = get_shop(session, identity.shop_id)
        lately = period_figures(session, program.id, now - FIGURES_PERIOD, now)
        before = period_figures(session, program.id, now - 2 * FIGURES_PERIOD, now - FIGURES_PERIOD)
        held = outstanding(session, program.id)
        offered = program_rewards(session, program.id, offered_only=True)
        failed = count_failed(session, identity.shop_id)
        asked = len(open_data_requests(session, identity.shop_id))
        to_do = count_to_do(session, program.id)
        proof = latest_proof(session, program.id)
        granted = finished_backfills(session, identity.shop_id, limit=1)
    return page(
        "home.html",
        program.name,
        figures=_figures(lately, before, held),
        steps=_steps(
            rewards_offered=len(offered), members=held.members, past_rewarded=bool(granted)
        ),
        failed_deliveries=failed,
        data_requests=asked,
        to_do=to_do,
        ledger_proof=proof_shown(proof, program.iana_timezone),
        is_plus=shop.is_plus,
        embed_url=embed_url(),
        reckoned_at=reckoned(program.iana_timezone, now),
    )


def _figures(lately: PeriodFigures, before: PeriodFigures, held: Outstanding) -> list[Figure]:
    locale = reader_locale()
    return [
        Figure(
            label=_("Members"),
            value=whole(held.members, locale),
            change=_(
                "%(now)s new, %(before)s in the 30 days before",
                now=whole(lately.new_members, locale),
                before=whole(before.new_members, locale),
            ),
            href="/members",
        ),
        Figure(
            label=_("Points issued"),
            value=whole(lately.issued, locale),
            change=_("%(before)s in the 30 days before", before=whole(before.issued, locale)),
            href="/postings/issued",
        ),
        Figure(
            label=_("Points redeemed"),
            value=whole(lately.redeemed, locale),
            change=_("%(before)s in the 30 days before", before=whole(before.redeemed, locale)),
            href="/postings/redeemed",
        ),
        Figure(
            label=_("Points outstanding"),
            value=whole(held.points, locale),
            change=_(
                "%(available)s available, %(pending)s pending, %(held)s held",
                available=whole(held.available, locale),
                pending=whole(held.pending, locale),
                held=whole(held.held, locale),
            ),
            href="/members",
        ),
    ]


def _steps(*, rewards_offered: int, members: int, past_rewarded: bool) -> list[Step]:
    return [
        Step(
            title=_("Check how customers earn"),
            detail=_("Points for every amount spent, tiers, and when points expire."),
            action=_("Edit programme"),
            href="/programme",
            done=True,
        ),
        Step(
            title=_("Choose what points buy"),
            detail=_("Three rewards are there from the start. Small ones early work best."),
            action=_("Edit rewards"),
            href="/rewards",
            done=rewards_offered > 0,
        ),
        Step(
            title=_("Reward what was bought before"),
            detail=_("Points for past orders, if you like. You see what they cost first."),
            action=_("See past orders"),
            href="/past-orders",
            done=past_rewarded,
        ),
        Step(
            title=_("See the first member"),
            detail=_("Place an order as a signed-in customer: the points appear within seconds."),
            action=_("Show members"),
            href="/members",
            done=members > 0,
        ),
    ]
