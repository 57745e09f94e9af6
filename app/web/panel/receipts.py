"""The receipts of the history's entries in the shopper's words: line by line, then how it adds up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.history import names_of_orders
from app.db.queries.picked_items import picked_names
from app.db.queries.receipts import (
    LotOrigin,
    StoredReceipt,
    TakenPart,
    lot_origins,
    lots_of_postings,
    stored_receipts,
    taken_parts,
)
from app.web.panel.reader import Reader
from app.words.formats import signed
from app.words.receipts import ReceiptTerms, receipt_lines, receipt_sums
from app.words.sources import source_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """What the receipts of a page of history are drawn from, read at once."""

    awards: Mapping[int, StoredReceipt]
    taken: Sequence[TakenPart]
    lots: Mapping[int, LotOrigin]
    lot_of: Mapping[int, int]
    """By the sequence of a posting."""
    names: Mapping[int, str]
    """Of the orders that lots came from."""
    collections: Mapping[int, str]


def read_receipts(
    session: Session,
    reader: Reader,
    *,
    award_ids: Iterable[int],
    redemption_ids: Iterable[int],
    sequences: Iterable[int],
) -> Receipts:
    """Read what these awards, redemptions and postings of the member have to tell."""
    taken = taken_parts(session, redemption_ids)
    lot_of = lots_of_postings(session, reader.membership.member_id, sequences)
    parts = {part.lot_id for part in taken if part.lot_id is not None}
    lots = lot_origins(session, parts | set(lot_of.values()))
    orders = [lot.order_id for lot in lots.values() if lot.order_id is not None]
    picked = picked_names(session, reader.program.id)
    return Receipts(
        awards=stored_receipts(session, award_ids),
        taken=taken,
        lots=lots,
        lot_of=lot_of,
        names=names_of_orders(session, orders),
        collections={
            number: name for (kind, number), name in picked.items() if kind == "collection"
        },
    )


def award_receipt(reader: Reader, receipts: Receipts, award_id: int) -> dict[str, Any]:
    """Return what an award's points came of."""
    stored = receipts.awards[award_id]
    tiers = {tier.id: tier.name for tier in reader.programme.tiers}
    terms = ReceiptTerms(
        currency=reader.program.currency,
        points_name=reader.program.points_name,
        tier_name=tiers.get(stored.tier_id or 0),
        collections=receipts.collections,
    )
    lines = receipt_lines(reader.words, stored.receipt, terms)
    return {
        "receipt": [{"text": line.text, "points": line.points} for line in lines],
        "receipt_notes": receipt_sums(reader.words, stored.receipt, terms),
    }


def redemption_receipt(reader: Reader, receipts: Receipts, redemption_id: int) -> dict[str, Any]:
    """Return which points a reward took, and which of them came back."""
    lines = []
    for part in receipts.taken:
        if part.redemption_id != redemption_id:
            continue
        source = _source(reader, receipts, part.lot_id)
        lines.append(_line(reader, source, -part.points))
        if part.restored:
            back = reader.words.gettext("%(source)s · came back", source=source)
            lines.append(_line(reader, back, part.restored))
    return {"receipt": lines}


def moved_receipt(
    reader: Reader, receipts: Receipts, moved: Iterable[tuple[int, int]]
) -> dict[str, Any]:
    """Return where the points came from that expired, were joined or corrected.

    `moved` are (sequence of the posting, what it meant to the member).
    """
    lines = [
        _line(reader, _source(reader, receipts, receipts.lot_of.get(sequence)), change)
        for sequence, change in moved
    ]
    return {"receipt": lines}


def _source(reader: Reader, receipts: Receipts, lot_id: int | None) -> str:
    """Return what points were earned with, and how long they would have been good."""
    words = reader.words
    lot = receipts.lots.get(lot_id or 0)
    if lot is None:
        return words.gettext("Owed, filled by what you earn next")
    if lot.order_id is not None:
        name = receipts.names.get(lot.order_id, "")
        source = words.gettext("Order %(name)s", name=name).strip()
    else:
        source = source_name(words, lot.source_kind or "manual")
    if lot.usable_until is None:
        return source
    until = reader.day(lot.usable_until)
    return words.gettext("%(source)s · good until %(day)s", source=source, day=until)


def _line(reader: Reader, text: str, points: int) -> dict[str, str]:
    return {"text": text, "points": signed(points, reader.words.locale)}
