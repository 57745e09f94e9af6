"""The balance and the tier: one number first, then what is near."""

from datetime import timedelta
from typing import Any

from app.web.panel.reader import Holder, Reader
from app.words.formats import points_text, points_unit, whole
from app.words.tiers import perks, way_on, what_keeps

EXPIRY_TOLD_BEFORE = timedelta(days=90)


def balance(reader: Holder) -> dict[str, Any]:
    """Return the balance as the panel shows it."""
    standing, locale = reader.standing, reader.words.locale
    return {
        "available": standing.available,
        "text": whole(standing.available, locale),
        "unit": points_unit(standing.available, reader.program.points_name, locale),
        "pending": standing.pending,
        "owed": standing.owed,
        "notes": _notes(reader),
        "expiring": standing.expiry_is_near,
    }


def tier(reader: Reader) -> dict[str, Any] | None:
    """Return the tier and the way to the next, or None in a programme without tiers."""
    standing, words, programme = reader.tier, reader.words, reader.programme
    if standing.current is None and standing.next is None:
        return None
    return {
        "name": standing.current.name if standing.current else "",
        "next": standing.next.name if standing.next else None,
        "percent": standing.percent,
        "remaining": way_on(words, programme, standing),
        "detail": " · ".join(perks(words, programme, standing.next)) if standing.next else "",
        "keep": what_keeps(
            words,
            programme,
            standing,
            iana_timezone=reader.program.iana_timezone,
            now=reader.now,
        ),
        "perks": " · ".join(perks(words, programme, standing.current)) if standing.current else "",
    }


def points_name(reader: Reader) -> dict[str, str]:
    """Return what points are called, one and many."""
    names, locale = reader.program.points_name, reader.words.locale
    return {
        "one": points_unit(1, names, locale),
        "other": points_unit(1_000, names, locale),
    }


def _notes(reader: Holder) -> list[str]:
    standing, words = reader.standing, reader.words
    notes = []
    if standing.owed:
        owed = points_text(standing.owed, reader.program.points_name, words.locale)
        notes.append(words.gettext("%(points)s owed, filled by what you earn next", points=owed))
    if standing.next_available is not None:
        notes.append(
            words.gettext(
                "%(points)s more on %(day)s",
                points=whole(standing.next_available.points, words.locale),
                day=reader.calendar_day(standing.next_available.on),
            )
        )
    expiry = standing.next_expiry
    if expiry is not None and expiry.on <= (reader.now + EXPIRY_TOLD_BEFORE).date():
        notes.append(
            words.ngettext(
                "%(points)s expires on %(day)s",
                "%(points)s expire on %(day)s",
                expiry.points,
                points=whole(expiry.points, words.locale),
                day=reader.calendar_day(expiry.on),
            )
        )
    return notes
