"""A member's ledger in the reader's words: every posting and the accounts it moved between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.container import current_container
from app.db.queries.orders import order_names
from app.db.queries.postings import PostingRow
from app.db.queries.programs import ProgramRow
from app.flows.shop_access import vault_of
from app.web.admin.page import reader_locale
from app.web.admin.reward_words import reward_title
from app.web.admin.source_words import source_name
from app.words.formats import minute, signed, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One finished line of the ledger; its receipt is found by member and sequence."""

    member_id: int
    sequence: int
    title: str
    date: str
    accounts: str
    points: str
    note: str | None


def ledger_entries(
    session: Session, shop_id: int, program: ProgramRow, postings: Sequence[PostingRow]
) -> list[LedgerEntry]:
    """Return the postings, newest first, ready to be drawn."""
    names = order_names(session, shop_id, [number for row in postings if (number := _order(row))])
    return [_entry(row, program, names) for row in postings]


def _order(row: PostingRow) -> int | None:
    if row.source_kind == "order" and row.source_id:
        return int(row.source_id.rpartition(":")[2])
    return row.order_id


def _entry(row: PostingRow, program: ProgramRow, names: dict[int, str]) -> LedgerEntry:
    return LedgerEntry(
        member_id=row.member_id,
        sequence=row.sequence,
        title=_title(row, program, names),
        date=minute(row.occurred_at, program.iana_timezone, reader_locale()),
        accounts=f"{_account(row.debit_account)} → {_account(row.credit_account)}",
        points=_points(row),
        note=_note(row),
    )


def _title(row: PostingRow, program: ProgramRow, names: dict[int, str]) -> str:
    order = names.get(_order(row) or 0, "")
    reward = _terms_title(row.terms, program) if row.terms else ""
    source = source_name(row.source_kind or "") or _("Order %(name)s", name=order)
    titles = {
        "earn": source,
        "take_back": _("%(source)s changed", source=source),
        "write_off": _("%(source)s: written off", source=source),
        "write_back": _("%(source)s: no longer written off", source=source),
        "mature": _("%(source)s can be used", source=source),
        "expire": _("Expired"),
        "revive": _("Brought back: an order was paid in time"),
        "fill_debt": _("Filled what was owed"),
        "hold": _("Taken: %(reward)s", reward=reward),
        "capture": _("Used on %(order)s: %(reward)s", order=order, reward=reward),
        "release": _("Given back: %(reward)s", reward=reward),
        "return": _("Returned with order %(order)s: %(reward)s", order=order, reward=reward),
        "take_again": _("Used after it was given back: %(reward)s", reward=reward),
        "prolong": _("Kept longer after they were given back"),
        "adjust": _("Adjusted by staff"),
        "transfer": _("Merged with another member"),
    }
    return titles.get(row.kind, row.kind)


def _account(name: str) -> str:
    accounts = {
        "issued": _("issued"),
        "pending": _("pending"),
        "available": _("available"),
        "held": _("held"),
        "redeemed": _("redeemed"),
        "expired": _("expired"),
        "adjusted": _("adjusted"),
        "transferred": _("transferred"),
    }
    return accounts.get(name, name)


def _points(row: PostingRow) -> str:
    """Return the change for the member: a move that leaves them with as many has no sign."""
    own = ("pending", "available", "held")
    locale = reader_locale()
    if (row.debit_account in own) == (row.credit_account in own):
        return whole(row.points, locale)
    return signed(row.points if row.credit_account in own else -row.points, locale)


def _note(row: PostingRow) -> str | None:
    if row.note is None:
        return None
    return vault_of(current_container()).decrypt(row.note)


def _terms_title(terms: dict[str, Any], program: ProgramRow) -> str:
    return reward_title(terms["type"], terms["config"], program)
