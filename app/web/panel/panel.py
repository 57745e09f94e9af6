"""The whole panel of one shopper."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.encryption import Vault
from app.db.queries.redemptions import open_redemptions
from app.web.cart_hint import CartHint
from app.web.panel.balance import balance, points_name, tier
from app.web.panel.history import history
from app.web.panel.reader import Reader, read_member
from app.web.panel.redemptions import missing_in_cart, redemption
from app.web.panel.rewards import rewards, rewards_to_be_had
from app.web.panel.shelf import Shelf, read_shelf
from app.web.panel.used import used
from app.words.catalogue import Words
from app.words.earning import earning_list, signed_out
from app.words.tiers import tier_list


def storefront_panel(
    session: Session,
    *,
    program_id: int,
    member_id: int | None,
    words: Words,
    vault: Vault,
    now: datetime,
    cart: CartHint | None = None,
    customer_tags: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Return what the widget shows to a customer who is signed in, with this cart."""
    reader = read_member(session, program_id=program_id, member_id=member_id, words=words, now=now)
    subtotal_minor = cart.minor(reader.program.currency) if cart is not None else None
    shelf = read_shelf(session, reader, subtotal_minor, customer_tags)
    return _member_panel(session, shelf, vault)


def account_panel(
    session: Session,
    *,
    program_id: int,
    member_id: int | None,
    words: Words,
    vault: Vault,
    now: datetime,
    customer_tags: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Return what the account's page shows: the panel without a cart, and what was used."""
    reader = read_member(session, program_id=program_id, member_id=member_id, words=words, now=now)
    shelf = read_shelf(session, reader, customer_tags=customer_tags)
    return _member_panel(session, shelf, vault) | {"used": used(session, shelf)}


def _member_panel(session: Session, shelf: Shelf, vault: Vault) -> dict[str, Any]:
    reader, words = shelf.reader, shelf.reader.words
    open_rows = open_redemptions(session, reader.membership.member_id)
    return {
        "signed_in": True,
        "points_name": points_name(reader),
        "balance": balance(reader),
        "tier": tier(reader),
        "rewards": rewards(shelf),
        "earn": [
            *earning_list(words, reader.programme, reader.membership.tier_id),
            *tier_list(words, reader.programme, reader.tier.current),
        ],
        "redemptions": [
            redemption(
                reader, row, vault, products=shelf.products, hint=missing_in_cart(shelf, row)
            )
            for row in open_rows
        ],
    } | history_page(session, reader)


def history_page(session: Session, reader: Reader, before: int | None = None) -> dict[str, Any]:
    """Return a page of the history, and what to ask for the next one with (None: no more)."""
    entries, older = history(session, reader, before)
    return {"history": entries, "history_older": older}


def checkout_panel(shelf: Shelf) -> dict[str, Any]:
    """Return what checkout shows: the balance and what can be had now."""
    reader = shelf.reader
    return {
        "signed_in": True,
        "points_name": points_name(reader),
        "balance": balance(reader),
        "rewards": rewards_to_be_had(shelf),
    }


def signed_out_panel(
    session: Session, *, program_id: int, words: Words, now: datetime
) -> dict[str, Any]:
    """Return what joining brings, for those who are not signed in."""
    reader = read_member(session, program_id=program_id, member_id=None, words=words, now=now)
    return {"signed_in": False, "join": signed_out(words, reader.programme)}
