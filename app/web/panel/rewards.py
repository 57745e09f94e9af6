"""The rewards a member can have: what each is, how to have it, or why not yet."""

from typing import Any

from app.db.queries.rewards import RewardRow
from app.domain.reward import reward_type
from app.domain.reward_choice import PointsPick, VariantPick
from app.web.panel.shelf import Shelf
from app.words.formats import points_unit, whole
from app.words.obstacles import UNSPOKEN
from app.words.rewards import reward_detail, reward_icon, reward_title

STOPS_MAX = 120
"""More stops than a thumb can tell apart on a slider."""


def rewards(shelf: Shelf) -> list[dict[str, Any]]:
    """Return every reward on offer, with the reason beside each that cannot be had yet."""
    shown = (_reward(shelf, reward) for reward in shelf.reader.programme.rewards)
    return [reward for reward in shown if reward is not None]


def rewards_to_be_had(shelf: Shelf) -> list[dict[str, Any]]:
    """Return the rewards that the member can have now and use in checkout: codes for any cart."""
    return [
        _reward_of(shelf, row)
        for row in shelf.reader.programme.rewards
        if _is_for_any_cart(row) and not _obstacles(shelf, row)
    ]


def _is_for_any_cart(row: RewardRow) -> bool:
    kind = reward_type(row.type)
    if kind.way != "discount_code":
        return False
    # A product has to be in the cart, which checkout is too late for.
    return not isinstance(kind.pick(row.config, row.points), VariantPick)


def _reward(shelf: Shelf, row: RewardRow) -> dict[str, Any] | None:
    in_the_way = _obstacles(shelf, row)
    if any(obstacle.code in UNSPOKEN for obstacle in in_the_way):
        return None
    if not in_the_way:
        return _reward_of(shelf, row)
    firmest = in_the_way[0]
    reason = shelf.reasons.of(firmest)
    if not reason:
        # Kept for a tier that the shopper may not know of.
        return None
    state = "short" if firmest.code == "not_enough_points" else firmest.code
    return _looks(shelf, row) | {"state": state, "reason": reason}


def _obstacles(shelf: Shelf, row: RewardRow) -> Any:  # noqa: ANN401 - see Shelf.obstacles
    pick = reward_type(row.type).pick(row.config, row.points)
    points = pick.least if isinstance(pick, PointsPick) else row.points
    return shelf.obstacles(row, points)


def _looks(shelf: Shelf, row: RewardRow) -> dict[str, Any]:
    reader = shelf.reader
    words, currency, own = reader.words, reader.program.currency, row.offer.words
    return {
        "id": str(row.id),
        "title": reward_title(
            words, row.type, row.config, currency, own_words=own, products=shelf.products
        ),
        "detail": reward_detail(
            words,
            row.type,
            row.config,
            row.points,
            currency=currency,
            points_name=reader.program.points_name,
            own_words=own,
        ),
        "icon": reward_icon(row.type, row.config),
        "image": row.offer.image_url or _only_image(shelf, row),
    }


def _reward_of(shelf: Shelf, row: RewardRow) -> dict[str, Any]:
    shown = _looks(shelf, row) | {"state": "available"}
    pick = reward_type(row.type).pick(row.config, row.points)
    if isinstance(pick, PointsPick):
        shown |= _slider(shelf, row, pick)
    elif isinstance(pick, VariantPick):
        shown["products"] = [_product(shelf, number) for number in pick.variant_ids]
    return shown


def _slider(shelf: Shelf, row: RewardRow, pick: PointsPick) -> dict[str, Any]:
    """Return the stops, and which one to start at: the most that the cart can take."""
    reader = shelf.reader
    stops = pick.stops(reader.standing.available, STOPS_MAX)
    worth = [pick.worth_minor(points) for points in stops]
    most = shelf.subtotal_minor
    fitting = [at for at, minor in enumerate(worth) if most is None or minor <= most]
    return {
        "stops": [_stop(shelf, row, points) for points in stops],
        "start": fitting[-1] if fitting else 0,
    }


def _stop(shelf: Shelf, row: RewardRow, points: int) -> dict[str, str]:
    reader = shelf.reader
    words, kind = reader.words, reward_type(row.type)
    choice = kind.purchase(row.config, row.points, {"points": points}).choice
    return {
        "id": str(points),
        "gain": reward_title(words, row.type, row.config, reader.program.currency, choice=choice),
        "cost": words.gettext(
            "%(points)s of %(available)s %(unit)s",
            points=whole(points, words.locale),
            available=whole(reader.standing.available, words.locale),
            unit=points_unit(reader.standing.available, reader.program.points_name, words.locale),
        ),
    }


def _product(shelf: Shelf, variant_id: int) -> dict[str, Any]:
    known = shelf.variants.get(variant_id)
    unnamed = shelf.reader.words.gettext("Free product")
    return {
        "id": str(variant_id),
        "title": known.title if known else unnamed,
        "image": known.image_url if known else None,
    }


def _only_image(shelf: Shelf, row: RewardRow) -> str | None:
    variants = list(row.config.get("variant_ids", ()))
    known = shelf.variants.get(variants[0]) if len(variants) == 1 else None
    return known.image_url if known else None
