"""The rewards that were used: what each was, when, and on which order."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.history import TakenReward, names_of_orders
from app.db.queries.used_rewards import used_rewards
from app.web.panel.reader import Reader
from app.web.panel.shelf import Shelf
from app.words.catalogue import Words
from app.words.formats import whole
from app.words.rewards import reward_title

USED_SHOWN = 5


def used(session: Session, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the rewards that the member used last."""
    reader = shelf.reader
    rows = used_rewards(session, reader.membership.member_id, USED_SHOWN)
    names = names_of_orders(session, [row.reward.order_id for row in rows if row.reward.order_id])
    return [
        {
            "id": str(row.reward.id),
            "title": taken_title(reader, row.reward, shelf.products),
            "note": used_note(reader.words, row.reward, names),
            "date": reader.day(row.used_at),
        }
        for row in rows
    ]


def taken_title(reader: Reader, reward: TakenReward, products: dict[int, str] | None = None) -> str:
    """Return what was bought, as it was when it was bought."""
    terms = reward.terms
    return reward_title(
        reader.words,
        terms["type"],
        terms["config"],
        reader.program.currency,
        choice=reward.choice,
        own_words=terms.get("offer", {}).get("words", {}),
        products=products or {},
    )


def used_note(words: Words, reward: TakenReward, order_names: dict[int, str]) -> str:
    """Return what became of a reward that was used, and what of it came back."""
    if reward.order_id is None:
        return where_it_is(words, reward)
    name = order_names.get(reward.order_id, "")
    note = words.gettext("used on order %(name)s", name=name).strip()
    if reward.returned:
        returned = whole(reward.returned, words.locale)
        note += " · " + words.gettext("%(points)s came back with a refund", points=returned)
    return note


def where_it_is(words: Words, reward: TakenReward) -> str:
    """Return where a reward is that no order has used."""
    if reward.way == "by_staff" and reward.state == "used":
        return words.gettext("done")
    return {
        "discount_code": words.gettext("ready for your cart"),
        "store_credit": words.gettext("in your account"),
        "gift_card": words.gettext("yours to use or give away"),
        "by_staff": words.gettext("the shop takes care of it"),
        "donation": words.gettext("given away"),
    }[reward.way]
