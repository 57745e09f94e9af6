"""The rewards that a member holds: what each is, how it stands, and what giving it back means."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.clock import utc_now
from app.db.queries.programs import ProgramRow
from app.db.queries.redemptions import RedemptionRow
from app.web.admin.page import reader_locale
from app.web.admin.reward_words import reward_title
from app.words.formats import day, points_text


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReward:
    """One open redemption as the member's page lists it."""

    id: int
    title: str
    detail: str
    can_be_given_back: bool
    """Not while it is being given back already."""
    on_giving_back: str
    """What giving it back does, said before it is done."""


def held_reward(redemption: RedemptionRow, program: ProgramRow) -> HeldReward:
    """Return an open redemption in the reader's words."""
    locale = reader_locale()
    points = points_text(redemption.points, program.points_name, locale)
    parts = [_kind(redemption.way), points, _state(redemption.state)]
    if redemption.state == "ready" and redemption.way == "discount_code":
        until = day(redemption.expires_at, program.iana_timezone, locale, now=utc_now())
        parts[-1] = _("good until %(day)s", day=until)
    terms = redemption.terms
    return HeldReward(
        id=redemption.id,
        title=reward_title(
            terms["type"],
            terms["config"],
            program,
            choice=redemption.choice,
            own_words=terms.get("offer", {}).get("words", {}),
        ),
        detail=" · ".join(parts),
        can_be_given_back=redemption.state != "releasing",
        on_giving_back=_on_giving_back(redemption.way, points),
    )


def _kind(way: str) -> str:
    return {
        "discount_code": _("Discount code"),
        "store_credit": _("Store credit"),
        "gift_card": _("Gift card"),
        "by_staff": _("Done by staff"),
        "donation": _("Donation"),
    }[way]


def _state(state: str) -> str:
    return {
        "held": _("being made"),
        "ready": _("ready"),
        "releasing": _("being given back"),
    }[state]


def _on_giving_back(way: str, points: str) -> str:
    gone = {
        "discount_code": _("The code is deleted at Shopify and cannot be used any more."),
        "store_credit": _("The credit is taken back at Shopify, unless some of it was spent."),
        "gift_card": _("The gift card is deactivated at Shopify, unless some of it was spent."),
        "by_staff": _("Nobody has to do anything for it any more."),
        "donation": _("Nothing is donated."),
    }[way]
    returned = _("The member gets %(points)s back as soon as that is so.", points=points)
    return f"{gone} {returned}"
