"""The rewards a member can have, and the redemptions that are open."""

from typing import Any

from app.db.encryption import Vault
from app.db.queries.redemptions import RedemptionRow
from app.db.queries.rewards import RewardRow
from app.domain.redeeming import HOLDING
from app.web.panel.reader import Reader
from app.words.formats import points_text, whole
from app.words.rewards import reward_detail, reward_icon, reward_title


def rewards(reader: Reader) -> list[dict[str, Any]]:
    """Return every reward on offer, with the reason beside each that cannot be had yet."""
    return [_reward(reader, reward) for reward in reader.programme.rewards]


def rewards_to_be_had(reader: Reader) -> list[dict[str, Any]]:
    """Return the rewards that the member has the points for."""
    return [reward for reward in rewards(reader) if reward["state"] == "available"]


def redemption(reader: Reader, row: RedemptionRow, vault: Vault) -> dict[str, Any]:
    """Return an open redemption: its code once it is ready, until then that it is on its way."""
    words = reader.words
    title = reward_title(words, row.terms["type"], row.terms["config"], reader.program.currency)
    shown = {
        "id": str(row.id),
        "title": title,
        "state": row.state,
        "open": row.state in HOLDING,
        "waits": row.state in ("held", "releasing"),
        "undo": row.state in ("held", "ready"),
        "cart": False,
        "text": words.gettext("Getting your reward…"),
        "expires": words.gettext("until %(day)s", day=reader.day(row.expires_at)),
    }
    if row.state == "ready" and row.code is not None:
        shown |= {"code": vault.decrypt(row.code), "cart": True}
        shown["text"] = words.gettext("%(reward)s is ready for your cart", reward=title)
    elif row.state == "releasing":
        shown["text"] = words.gettext("Giving your points back…")
    elif row.state == "used":
        shown["text"] = words.gettext("%(reward)s was used", reward=title)
    elif row.state == "released":
        points = points_text(row.points, reader.program.points_name, words.locale)
        shown["text"] = words.ngettext(
            "%(points)s is back", "%(points)s are back", row.points, points=points
        )
    return shown


def _reward(reader: Reader, reward: RewardRow) -> dict[str, Any]:
    words, currency = reader.words, reader.program.currency
    missing = reward.points - reader.standing.available
    shown = {
        "id": str(reward.id),
        "title": reward_title(words, reward.type, reward.config, currency),
        "detail": reward_detail(
            words,
            reward.type,
            reward.config,
            reward.points,
            currency=currency,
            points_name=reader.program.points_name,
        ),
        "icon": reward_icon(reward.type, reward.config),
        "state": "available" if missing <= 0 else "short",
    }
    if missing > 0:
        shown["reason"] = words.gettext("%(points)s to go", points=whole(missing, words.locale))
    return shown
