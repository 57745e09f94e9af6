"""How shoppers read of tiers: what is missing, what keeps one, what each brings."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.domain.points import FULL_BP
from app.domain.tier_standing import TierStanding
from app.domain.tier_terms import TierMeasure
from app.domain.tiers import TierLevel
from app.words.catalogue import Words
from app.words.earning import Programme, rate
from app.words.formats import day, money, points_text, whole


def way_on(words: Words, programme: Programme, standing: TierStanding) -> str:
    """Return what is missing to the next tier: "฿320 to Gold", "2 more orders to Gold"."""
    if standing.next is None:
        return ""
    name = standing.next.name
    if standing.measure == "orders":
        return words.ngettext(
            "%(num)s more order to %(tier)s",
            "%(num)s more orders to %(tier)s",
            standing.missing,
            num=whole(standing.missing, words.locale),
            tier=name,
        )
    missing = measure_text(words, programme, standing.measure, standing.missing)
    return words.gettext("%(amount)s to %(tier)s", amount=missing, tier=name)


def what_keeps(
    words: Words,
    programme: Programme,
    standing: TierStanding,
    *,
    iana_timezone: str,
    now: datetime,
) -> str:
    """Return until when the tier is kept and by what: "฿1,200 more by 31 Dec to keep Gold"."""
    tier, until = standing.current, standing.kept_until
    if tier is None or until is None:
        return ""

    def shown(on: date) -> str:
        noon = datetime.combine(on, time(12), ZoneInfo(iana_timezone))
        return day(noon, iana_timezone, words.locale, now=now)

    if not standing.keep_missing:
        return words.gettext("%(tier)s until %(day)s", tier=tier.name, day=shown(until))
    if standing.measure == "orders":
        num = whole(standing.keep_missing, words.locale)
        more = words.ngettext(
            "%(num)s more order", "%(num)s more orders", standing.keep_missing, num=num
        )
    else:
        amount = measure_text(words, programme, standing.measure, standing.keep_missing)
        more = words.gettext("%(amount)s more", amount=amount)
    if standing.keep_from is not None:
        return words.gettext(
            "%(more)s from %(first)s to %(day)s to keep %(tier)s",
            more=more,
            first=shown(standing.keep_from),
            day=shown(until),
            tier=tier.name,
        )
    return words.gettext(
        "%(more)s by %(day)s to keep %(tier)s", more=more, day=shown(until), tier=tier.name
    )


def measure_text(words: Words, programme: Programme, measure: TierMeasure, amount: int) -> str:
    """Return an amount of the measure: "฿1,200", "500 petals", "5 orders"."""
    if measure == "spend":
        return money(amount, programme.currency, words.locale)
    if measure == "points":
        return points_text(amount, programme.points_name, words.locale)
    num = whole(amount, words.locale)
    return words.ngettext("%(num)s order", "%(num)s orders", amount, num=num)


def perks(words: Words, programme: Programme, tier: TierLevel) -> list[str]:
    """Return what a tier brings, a few words each."""
    told = [rate(words, programme, tier.multiplier_bp)]
    if tier.free_shipping:
        told.append(words.gettext("free shipping"))
    entry, yearly, birthday = (
        points_text(points, programme.points_name, words.locale) if points else ""
        for points in (tier.entry_points, tier.yearly_points, tier.birthday_points)
    )
    if entry:
        told.append(words.gettext("%(points)s when you reach it", points=entry))
    if yearly:
        told.append(words.gettext("%(points)s every year", points=yearly))
    if birthday:
        told.append(words.gettext("%(points)s on your birthday", points=birthday))
    return told


def tier_list(words: Words, programme: Programme, held: TierLevel | None) -> list[dict[str, str]]:
    """Return the tiers above the one held that the shopper may know of, with what they bring."""
    rank = held.rank if held else 1
    plain = [rate(words, programme, held.multiplier_bp if held else FULL_BP)]
    told = []
    for tier in programme.tiers:
        brings = perks(words, programme, tier)
        if tier.hidden or tier.rank <= rank or brings == plain:
            continue
        told.append(
            {
                "title": words.gettext("Reach %(tier)s", tier=tier.name),
                "detail": " · ".join([*brings, _entry(words, programme, tier)]),
            }
        )
    return told


def _entry(words: Words, programme: Programme, tier: TierLevel) -> str:
    """Return how a tier is entered."""
    if tier.threshold is None:
        return {
            "invitation": words.gettext("by invitation"),
            "tag": words.gettext("for chosen customers"),
            "company": words.gettext("for business customers"),
        }[tier.entry]
    amount = measure_text(words, programme, programme.tier_terms.measure, tier.threshold)
    return {
        "rolling": words.gettext("from %(amount)s in 12 months", amount=amount),
        "calendar": words.gettext("from %(amount)s a calendar year", amount=amount),
        "lifetime": words.gettext("from %(amount)s in all", amount=amount),
    }[programme.tier_terms.window]
