"""What a proof of the ledger found, in words for staff and for who sits at a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from app.db.queries.ledger_proofs import ProofRow
from app.domain.discrepancy import Discrepancy
from app.web.admin.page import reader_locale
from app.words.formats import minute, whole

SHOWN = 10
"""Of a ledger that is wrong in many places, the first ones."""

Translate = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofShown:
    """The newest proof as the home page tells of it."""

    proved: bool
    text: str
    lines: list[str]
    """What is wrong, one sentence each."""


def proof_shown(proof: ProofRow | None, iana_timezone: str) -> ProofShown | None:
    """Return the newest proof in the reader's language; None before the first."""
    if proof is None:
        return None
    locale = reader_locale()
    when = minute(proof.proved_at, iana_timezone, locale)
    count = len(proof.discrepancies)
    if not count:
        text = ngettext(
            "Ledger proved on %(when)s: %(postings)s posting, no difference.",
            "Ledger proved on %(when)s: %(postings)s postings, no difference.",
            proof.postings,
            when=when,
            postings=whole(proof.postings, locale),
        )
        return ProofShown(proved=True, text=text, lines=[])
    text = ngettext(
        "The proof of %(when)s found %(count)s difference.",
        "The proof of %(when)s found %(count)s differences.",
        count,
        when=when,
        count=whole(count, locale),
    )
    lines = [discrepancy_sentence(each, gettext) for each in proof.discrepancies[:SHOWN]]
    return ProofShown(proved=False, text=text, lines=lines)


def plain(text: str, **values: str) -> str:
    """Return `text` in English: the translation for a terminal."""
    return text % values


def discrepancy_sentence(discrepancy: Discrepancy, _: Translate) -> str:
    """Return what is wrong as one sentence: where, what, what it should be and what it is."""
    return _(
        "%(where)s: %(what)s. Expected %(expected)s, found %(found)s.",
        where=_place(discrepancy.where, _),
        what=_what(discrepancy.what, _),
        expected=discrepancy.expected or _("nothing"),
        found=discrepancy.found or _("nothing"),
    )


def _what(what: str, _: Translate) -> str:
    texts = {
        "balances": _("pending / available / held are not what the postings sum to"),
        "counters": _("the member's row counts another number of postings"),
        "lots": _("points / left / expired / pending of the lot are not what its postings sum to"),
        "balances_in_lots": _("pending / available are not what the member's lots hold"),
        "awards": _("the award's points are not what its postings sum to"),
        "receipts": _("the receipt's lines do not sum to the award"),
        "reckoning": _("reckoned again, the award comes to something else"),
        "receipt_lines": _("reckoned again, the receipt has another line"),
        "spend": _("reckoned again, what counts now / counted at first is something else"),
        "pins": _("the award is pinned to other rules than its row says, or to none"),
        "owners": _("the award belongs to another member than the order"),
        "unreadable": _("the stored order cannot be read"),
        "missing_awards": _("the order should have an award and has none"),
        "lost_orders": _("the order of this award is gone"),
        "holds": _("the points held are not those of the open codes"),
        "redemptions": _("taken / given back / returned are not what the postings say"),
        "redemption_states": _("points held / redeemed do not fit the state of the redemption"),
        "allocations": _("the points taken from the lot are not what the postings say"),
        "transfers": _("points that moved between members do not cancel out"),
        "chain": _("the posting is not the one that was written, or one is missing"),
        "chain_heads": _("the chain does not end where the member's row says"),
        "strays": _("some postings belong to no member of the programme"),
        "vanished": _("postings that an earlier proof counted are gone"),
    }
    return texts.get(what, what)


def _place(where: str, _: Translate) -> str:
    if not where:
        return _("The programme")
    texts = {
        "member": _("member"),
        "posting": _("posting"),
        "lot": _("lot"),
        "award": _("award"),
        "order": _("order"),
        "redemption": _("redemption"),
    }
    parts = (part.partition(":") for part in where.split())
    named = ", ".join(f"{texts.get(kind, kind)} {number}" for kind, _colon, number in parts)
    return named[:1].upper() + named[1:]
