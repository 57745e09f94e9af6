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
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.page import reader_locale
from app.web.admin.reward_words import reward_title
from app.web.admin.source_words import source_name
from app.words.formats import minute, signed, whole

# Translated one by one as a line asks for it: a page has many lines, and a line few of these.
TITLES = {
    "earn": "%(source)s",
    "take_back": _l("%(source)s changed"),
    "write_off": _l("%(source)s: written off"),
    "write_back": _l("%(source)s: no longer written off"),
    "mature": _l("%(source)s can be used"),
    "expire": _l("Expired"),
    "revive": _l("Brought back: an order was paid in time"),
    "fill_debt": _l("Filled what was owed"),
    "hold": _l("Taken: %(reward)s"),
    "capture": _l("Used on %(order)s: %(reward)s"),
    "release": _l("Given back: %(reward)s"),
    "return": _l("Returned with order %(order)s: %(reward)s"),
    "take_again": _l("Used after it was given back: %(reward)s"),
    "prolong": _l("Kept longer after they were given back"),
    "adjust": _l("Adjusted by staff"),
    "transfer": _l("Merged with another member"),
}
ACCOUNTS = {
    "issued": _l("issued"),
    "pending": _l("pending"),
    "available": _l("available"),
    "held": _l("held"),
    "redeemed": _l("redeemed"),
    "expired": _l("expired"),
    "adjusted": _l("adjusted"),
    "transferred": _l("transferred"),
}


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
    told = {
        "source": source_name(row.source_kind or "") or _("Order %(name)s", name=order),
        "order": order,
        "reward": _terms_title(row.terms, program) if row.terms else "",
    }
    return str(TITLES.get(row.kind, row.kind)) % told


def _account(name: str) -> str:
    return str(ACCOUNTS.get(name, name))


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
