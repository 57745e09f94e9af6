"""Where there is work: programmes and shops that a sweep has to have looked at."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from app.db.models import Program, Shop

# Each shop's part of the partial index is probed once, however many events wait.
DUE_EVENTS = text(
    "select shop.id from shop where exists (select 1 from webhook_event event"
    " where event.shop_id = shop.id and event.state = 0"
    " and (event.next_attempt_at is null or event.next_attempt_at <= now())) order by shop.id"
)
STALE_MEMBERS = text(
    "select program.id from program where (behind_after is not null or exists (select 1 from member"
    " where member.program_id = program.id and member.behind))"
    " and exists (select 1 from shop where shop.program_id = program.id"
    " and shop.uninstalled_at is null and not shop.must_reopen) order by program.id"
)
STALE_WIDGET = text(
    "select program.id from program where widget_pushed_version < widget_version"
    " and exists (select 1 from shop where shop.program_id = program.id"
    " and shop.uninstalled_at is null and not shop.must_reopen) order by program.id"
)
DUE_POINTS = text(
    "select distinct program_id from member where next_due_at <= :now order by program_id"
)
LAPSED_REDEMPTIONS = text(
    "select distinct program_id from redemption where due_at <= :now and state = 'ready'"
    " order by program_id"
)
MARKS_WANTED = text(
    "select shop.id from shop where shop.uninstalled_at is null and not shop.must_reopen"
    " and exists (select 1 from marks_wanted where marks_wanted.shop_id = shop.id) order by shop.id"
)
FACTS_WANTED = text(
    "select shop.id from shop where shop.uninstalled_at is null and not shop.must_reopen"
    " and exists (select 1 from customer_order waiting where waiting.shop_id = shop.id"
    " and waiting.facts_wanted) order by shop.id"
)
UNSETTLED_REDEMPTIONS = text(
    "select distinct redemption.shop_id from redemption join shop on shop.id = redemption.shop_id"
    " where due_at <= :now and state <> 'ready' and shop.uninstalled_at is null order by 1"
)

UNREAD_HISTORY = text(
    "select shop.id from history_import join shop on shop.id = history_import.shop_id"
    " where state in ('waiting', 'running', 'reading')"
    " and shop.uninstalled_at is null and not shop.must_reopen order by shop.id"
)
OPEN_BACKFILLS = text(
    "select shop_id from backfill where state in ('reckoning', 'granting') order by shop_id"
)


def shops_with_due_events(session: Session) -> Sequence[int]:
    """Return the shops that have webhooks to be handled now."""
    return _ids(session, DUE_EVENTS)


def programs_with_stale_members(session: Session) -> Sequence[int]:
    """Return the programmes with members whose metafields are behind, where they can be told."""
    return _ids(session, STALE_MEMBERS)


def programs_with_stale_widget(session: Session) -> Sequence[int]:
    """Return the programmes whose widget settings the storefront does not know yet."""
    return _ids(session, STALE_WIDGET)


def programs_with_due_points(session: Session, now: datetime) -> Sequence[int]:
    """Return the programmes with points that mature or expire by `now`."""
    return _ids(session, DUE_POINTS, now=now)


def programs_with_lapsed_redemptions(session: Session, now: datetime) -> Sequence[int]:
    """Return the programmes with redemptions that lapsed unused by `now`."""
    return _ids(session, LAPSED_REDEMPTIONS, now=now)


def shops_with_unsettled_redemptions(session: Session, now: datetime) -> Sequence[int]:
    """Return the shops with redemptions that `settle_held_redemptions` has to look at by `now`."""
    return _ids(session, UNSETTLED_REDEMPTIONS, now=now)


def shops_wanting_marks(session: Session) -> Sequence[int]:
    """Return the shops with customers whose tags or companies are to be read."""
    return _ids(session, MARKS_WANTED)


def shops_wanting_facts(session: Session) -> Sequence[int]:
    """Return the shops with orders that wait for facts, where Shopify can be asked."""
    return _ids(session, FACTS_WANTED)


def shops_reading_history(session: Session) -> Sequence[int]:
    """Return the shops whose past orders are being read."""
    return _ids(session, UNREAD_HISTORY)


def shops_back_filling(session: Session) -> Sequence[int]:
    """Return the shops whose past orders are being reckoned or granted."""
    return _ids(session, OPEN_BACKFILLS)


def all_programs(session: Session) -> Sequence[int]:
    """Return every programme."""
    return session.scalars(select(Program.id).order_by(Program.id)).all()


def programs_of_shop(session: Session, domain: str) -> Sequence[int]:
    """Return the programme of the shop with this domain, if there is such a shop."""
    return session.scalars(select(Shop.program_id).where(Shop.domain == domain)).all()


def all_shops(session: Session) -> Sequence[int]:
    """Return every shop, installed or not."""
    return session.scalars(select(Shop.id).order_by(Shop.id)).all()


def installed_shops(session: Session, domain: str | None = None) -> Sequence[int]:
    """Return the shops whose Admin API the app can use, or of them the one with this domain."""
    usable = Shop.uninstalled_at.is_(None) & Shop.must_reopen.is_(False)
    if domain is not None:
        usable &= Shop.domain == domain
    return session.scalars(select(Shop.id).where(usable).order_by(Shop.id)).all()


def _ids(session: Session, query: TextClause, **bound: datetime) -> Sequence[int]:
    return session.scalars(query, bound).all()
