"""One posting's receipt for staff: how it was reckoned, what it took from where, who made it and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import current_container
from app.db.queries.orders import order_names
from app.db.queries.picked_items import picked_names
from app.db.queries.postings import PostingRow
from app.db.queries.programs import ProgramRow
from app.db.queries.receipts import (
    LotOrigin,
    Move,
    award_moves,
    lot_origins,
    moves_of_cause,
    stored_receipts,
    taken_parts,
)
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.db.queries.tiers import program_tiers
from app.flows.shop_access import vault_of
from app.web.admin.page import reader_locale
from app.web.admin.source_words import source_name
from app.words.catalogue import words_for
from app.words.formats import day, minute, points_text, signed
from app.words.receipts import ReceiptTerms, ReceiptText, receipt_lines, receipt_sums

OWN = frozenset({"pending", "available", "held"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPart:
    """A list under a heading."""

    heading: str
    rows: Sequence[ReceiptText]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """A finished receipt."""

    lines: Sequence[ReceiptText] = ()
    sums: Sequence[str] = ()
    parts: Sequence[ReceiptPart] = ()
    facts: Sequence[str] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What every kind of receipt is drawn from."""

    session: Session
    shop_id: int
    program: ProgramRow
    row: PostingRow
    moves: Sequence[Move]
    """The posting and those made with it."""
    origins: Mapping[int, LotOrigin] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    def day(self, moment: object) -> str:
        zone, locale = self.program.iana_timezone, reader_locale()
        return day(moment, zone, locale, now=utc_now())  # type: ignore[arg-type]


def receipt_view(
    session: Session, shop_id: int, program: ProgramRow, row: PostingRow
) -> ReceiptView:
    """Return the receipt of a posting."""
    moves = moves_of_cause(session, row.member_id, row.sequence)
    reading = _Reading(session=session, shop_id=shop_id, program=program, row=row, moves=moves)
    if row.redemption_id is not None:
        view = _redemption(reading, row.redemption_id)
    elif row.kind == "expire":
        view = _expiry(reading)
    elif row.award_id is not None:
        view = _award(reading, row.award_id)
    else:
        view = _by_hand(reading)
    return replace(view, note=_note(row))


def _note(row: PostingRow) -> str | None:
    return None if row.note is None else vault_of(current_container()).decrypt(row.note)


def _award(reading: _Reading, award_id: int) -> ReceiptView:
    stored = stored_receipts(reading.session, [award_id])[award_id]
    moves = award_moves(reading.session, award_id)
    reading = _with_lots(reading, [move.lot_id for move in moves])
    words = words_for(str(reader_locale()))
    tiers = {tier.id: tier.name for tier in program_tiers(reading.session, reading.program.id)}
    picked = picked_names(reading.session, reading.program.id)
    terms = ReceiptTerms(
        currency=reading.program.currency,
        points_name=reading.program.points_name,
        tier_name=tiers.get(stored.tier_id or 0),
        collections={
            number: name for (kind, number), name in picked.items() if kind == "collection"
        },
        for_staff=True,
    )
    return ReceiptView(
        lines=receipt_lines(words, stored.receipt, terms),
        sums=receipt_sums(words, stored.receipt, terms),
        parts=_revisions(reading, moves),
        facts=[
            *(_lot_dates(reading, lot) for lot in reading.origins.values()),
            _(
                "Reckoned %(time)s by version %(number)s of the rules.",
                time=minute(stored.reckoned_at, reading.program.iana_timezone, reader_locale()),
                number=stored.rule_number,
            ),
            *([_actor(reading.row.actor)] if reading.row.actor.startswith("staff:") else []),
        ],
    )


def _revisions(reading: _Reading, moves: Sequence[Move]) -> list[ReceiptPart]:
    """Return what each reckoning changed, where there was more than one."""
    rows = []
    for number, (_cause, group) in enumerate(groupby(moves, key=attrgetter("cause"))):
        legs = list(group)
        when = minute(legs[0].occurred_at, reading.program.iana_timezone, reader_locale())
        change = sum(_issued(move) for move in legs)
        text = _("Earned") if number == 0 else _("Reckoned again as the order changed")
        rows.append(_row(f"{when} · {text}", change))
    return [ReceiptPart(heading=_("How it came about"), rows=rows)] if len(rows) > 1 else []


def _redemption(reading: _Reading, redemption_id: int) -> ReceiptView:
    redemption = get_redemption(reading.session, redemption_id)
    parts = taken_parts(reading.session, [redemption_id])
    reading = _with_lots(reading, [part.lot_id for part in parts])
    taken = [_row(_origin(reading, part.lot_id), -part.points) for part in parts]
    back = [_row(_origin(reading, part.lot_id), part.restored) for part in parts if part.restored]
    return ReceiptView(
        parts=[
            ReceiptPart(heading=_("Taken from"), rows=taken),
            *([ReceiptPart(heading=_("Come back to"), rows=back)] if back else []),
        ],
        facts=[] if redemption is None else _redemption_facts(reading, redemption),
    )


def _redemption_facts(reading: _Reading, redemption: RedemptionRow) -> list[str]:
    states = {
        "held": _("Waiting for its code."),
        "ready": _("The code can be used until %(day)s.", day=reading.day(redemption.expires_at)),
        "releasing": _("Being taken back at Shopify; then its points return."),
        "used": _("The code was used."),
        "released": _("The code was not used; it does not count any more."),
    }
    surfaces = {
        "widget": _("Asked for in the widget, %(day)s."),
        "checkout": _("Asked for in checkout, %(day)s."),
        "account": _("Asked for in the account, %(day)s."),
    }
    asked = surfaces.get(redemption.surface, _("Asked for %(day)s."))
    facts = [asked % {"day": reading.day(redemption.created_at)}, states[redemption.state]]
    if redemption.code is not None:
        code = vault_of(current_container()).decrypt(redemption.code)
        facts.append(_("Code %(code)s.", code=code))
    return facts


def _expiry(reading: _Reading) -> ReceiptView:
    reading = _with_lots(reading, [move.lot_id for move in reading.moves])
    rows = [_row(_origin(reading, move.lot_id), -move.points) for move in reading.moves]
    dates = [_lot_dates(reading, lot) for lot in reading.origins.values()]
    return ReceiptView(parts=[ReceiptPart(heading=_("Not used in time"), rows=rows)], facts=dates)


def _by_hand(reading: _Reading) -> ReceiptView:
    """Tell an adjustment or a merge."""
    reading = _with_lots(reading, [move.lot_id for move in reading.moves])
    if reading.row.kind == "transfer":
        came = reading.row.debit_account == "transferred"
        heading = _("Came from the other account") if came else _("Went to the other account")
        rows = [
            _row(_origin(reading, move.lot_id), change)
            for move in reading.moves
            if (change := _change(move))
        ]
        facts = [_("Two customers turned out to be one person, and their points were joined.")]
        parts = [ReceiptPart(heading=heading, rows=rows)] if rows else []
        return ReceiptView(parts=parts, facts=facts)
    taken = [move for move in reading.moves if _change(move) < 0]
    rows = [_row(_origin(reading, move.lot_id), _change(move)) for move in taken]
    dates = [_lot_dates(reading, lot) for lot in reading.origins.values()] if not taken else []
    return ReceiptView(
        parts=[ReceiptPart(heading=_("Taken from"), rows=rows)] if rows else [],
        facts=[*dates, _actor(reading.row.actor)],
    )


def _actor(actor: str) -> str:
    who, _colon, number = actor.partition(":")
    if who == "staff":
        return _("Made by the member of staff with number %(number)s at Shopify.", number=number)
    return _("Made by the app.")


def _with_lots(reading: _Reading, lot_ids: Sequence[int | None]) -> _Reading:
    """Return the reading with these lots, and the names of the orders they came from."""
    found = lot_origins(reading.session, {lot_id for lot_id in lot_ids if lot_id is not None})
    orders = [lot.order_id for lot in found.values() if lot.order_id is not None]
    names = order_names(reading.session, reading.shop_id, orders)
    return replace(reading, origins=dict(sorted(found.items())), names=names)


def _origin(reading: _Reading, lot_id: int | None) -> str:
    """Return what a lot's points were earned with."""
    if lot_id is None:
        return _("Owed: more than there was")
    lot = reading.origins[lot_id]
    if lot.order_id is not None:
        return _("Order %(name)s", name=reading.names.get(lot.order_id, "")).strip()
    return source_name(lot.source_kind or "manual")


def _lot_dates(reading: _Reading, lot: LotOrigin) -> str:
    points = points_text(lot.points, reading.program.points_name, reader_locale())
    if lot.usable_until is None:
        return _(
            "%(points)s, usable from %(first)s, never expire.",
            points=points,
            first=reading.day(lot.available_at),
        )
    return _(
        "%(points)s, usable from %(first)s, expire %(last)s.",
        points=points,
        first=reading.day(lot.available_at),
        last=reading.day(lot.usable_until),
    )


def _row(text: str, points: int) -> ReceiptText:
    return ReceiptText(text=text, points=signed(points, reader_locale()))


def _change(move: Move) -> int:
    """Return what a posting means for the member."""
    gained = move.points if move.credit_account in OWN else 0
    return gained - (move.points if move.debit_account in OWN else 0)


def _issued(move: Move) -> int:
    """Return what a posting added to its award."""
    if move.debit_account == "issued":
        return move.points
    return -move.points if move.credit_account == "issued" else 0
