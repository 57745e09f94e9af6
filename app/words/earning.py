"""How shoppers read what they earn, and what joining brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from app.db.queries.rewards import RewardRow
from app.domain.points import FULL_BP
from app.domain.program_rules import ProgramRules
from app.domain.tier_terms import DEFAULT_TERMS, TierTerms
from app.domain.tiers import TierLevel
from app.words.catalogue import Words
from app.words.formats import money, points_text, points_unit
from app.words.rewards import PointsName, reward_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What the words need to know of a programme."""

    currency: str
    points_name: PointsName
    rules: ProgramRules
    tiers: Sequence[TierLevel]
    """From low to high, hidden ones among them."""
    rewards: Sequence[RewardRow]
    """Those on offer, in the merchant's order."""
    tier_terms: TierTerms = DEFAULT_TERMS


def rate(words: Words, programme: Programme, multiplier_bp: int = FULL_BP) -> str:
    """Return what spending earns: "1 petal for every ฿25", "1.25 petals for every ฿25"."""
    earned = Decimal(programme.rules.points_per_unit * multiplier_bp) / FULL_BP
    shown = format_decimal(earned, locale=words.locale)
    # Parts of a point are plural: 1.25 petals.
    counted = int(earned) if earned == int(earned) else 2
    unit = points_unit(counted, programme.points_name, words.locale)
    amount = money(programme.rules.unit_minor, programme.currency, words.locale)
    return words.gettext(
        "%(points)s %(unit)s for every %(amount)s", points=shown, unit=unit, amount=amount
    )


def earning_list(words: Words, programme: Programme, tier_id: int | None) -> list[dict[str, str]]:
    """Return the ways to earn, for a member of this tier."""
    held = next((tier for tier in programme.tiers if tier.id == tier_id), None)
    multiplier_bp = held.multiplier_bp if held else FULL_BP
    return [
        {
            "title": words.gettext("Shop as always"),
            "detail": rate(words, programme, multiplier_bp),
        }
    ]


def signed_out(words: Words, programme: Programme) -> dict[str, Any]:
    """Return what joining brings, for those who are not signed in: headline, sub, three steps."""
    return {
        "headline": _headline(words, programme),
        "sub": _welcome(words, programme),
        "steps": _steps(words, programme),
    }


def _headline(words: Words, programme: Programme) -> str:
    points = programme.rules.points_per_unit
    unit = points_unit(points, programme.points_name, words.locale)
    amount = money(programme.rules.unit_minor, programme.currency, words.locale)
    if points == 1:
        return words.gettext("Every %(amount)s earns a %(unit)s", amount=amount, unit=unit)
    earned = points_text(points, programme.points_name, words.locale)
    return words.gettext("Every %(amount)s earns %(points)s", amount=amount, points=earned)


def _welcome(words: Words, programme: Programme) -> str:
    if not programme.rules.sign_up_points:
        return words.gettext("Joining is free")
    points = points_text(programme.rules.sign_up_points, programme.points_name, words.locale)
    return words.gettext("Join and start with %(points)s", points=points)


def _steps(words: Words, programme: Programme) -> list[str]:
    unit = points_unit(2, programme.points_name, words.locale)
    steps = [words.gettext("Shop as always. Your %(unit)s come with every order.", unit=unit)]
    for_all = [reward for reward in programme.rewards if not reward.offer.tier_ids]
    if for_all:
        steps.append(_first_reward(words, programme, for_all[0]))
    shown = [tier for tier in programme.tiers if not tier.hidden]
    best = max(shown, key=lambda tier: tier.multiplier_bp, default=None)
    if best is not None and best.multiplier_bp > FULL_BP:
        steps.append(
            words.gettext(
                "Climb to %(tier)s for %(rate)s.",
                tier=best.name,
                rate=rate(words, programme, best.multiplier_bp),
            )
        )
    else:
        steps.append(words.gettext("See your %(unit)s here, whenever you like.", unit=unit))
    return steps


def _first_reward(words: Words, programme: Programme, reward: RewardRow) -> str:
    return words.gettext(
        "%(points)s get you %(reward)s. No codes to type.",
        points=points_text(reward.points, programme.points_name, words.locale),
        reward=_inside_sentence(
            reward_title(
                words,
                reward.type,
                reward.config,
                programme.currency,
                own_words=reward.offer.words,
            )
        ),
    )


def _inside_sentence(title: str) -> str:
    return title[:1].lower() + title[1:]
