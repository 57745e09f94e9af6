"""The balance and the tier: one number first, then what is near."""

from datetime import timedelta
from typing import Any

from app.domain.tiers import progress
from app.web.panel.reader import Reader
from app.words.earning import rate
from app.words.formats import money, points_text, points_unit, whole

EXPIRY_TOLD_BEFORE = timedelta(days=90)


def balance(reader: Reader) -> dict[str, Any]:
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
    way = progress(reader.programme.tiers, reader.membership.spend_minor, reader.membership.tier_id)
    if way.current is None and way.next is None:
        return None
    shown: dict[str, Any] = {
        "name": way.current.name if way.current else "",
        "next": way.next.name if way.next else None,
        "percent": way.percent,
        "remaining": "",
        "detail": "",
    }
    words = reader.words
    if way.next is not None:
        missing = money(way.remaining_minor, reader.program.currency, words.locale)
        shown["remaining"] = words.gettext(
            "%(amount)s to %(tier)s", amount=missing, tier=way.next.name
        )
        shown["detail"] = rate(words, reader.programme, way.next.multiplier_bp)
    elif way.current is not None:
        shown["detail"] = rate(words, reader.programme, way.current.multiplier_bp)
    if reader.membership.tier_until is not None and way.current is not None:
        until = reader.day(reader.membership.tier_until - timedelta(microseconds=1))
        shown["detail"] = words.gettext("%(tier)s until %(day)s", tier=way.current.name, day=until)
    return shown


def points_name(reader: Reader) -> dict[str, str]:
    """Return what points are called, one and many."""
    names, locale = reader.program.points_name, reader.words.locale
    return {
        "one": points_unit(1, names, locale),
        "other": points_unit(1_000, names, locale),
    }


def _notes(reader: Reader) -> list[str]:
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
