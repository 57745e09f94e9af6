"""Metafields: what Liquid and the extensions read without asking the app."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.shopify.client import Run

# Shopify takes 25 metafields a call, and a member has two.
MEMBERS_A_CALL_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMetafields:
    """What the storefront shows of one customer's membership."""

    customer_id: int
    points: int
    state: dict[str, Any]


def push_members(run: Run, members: Sequence[MemberMetafields]) -> None:
    """Set the metafields of up to 12 customers, all or none; setting them again changes nothing.

    Raises ShopifyRefused when one of them cannot be set, such as for a customer who is gone.
    """
    if len(members) > MEMBERS_A_CALL_MAX:
        raise ValueError(len(members))
    fields = [field for member in members for field in _member_fields(member)]
    run("set_metafields", {"metafields": fields}, repeatable=True)


def push_shop_settings(
    run: Run, *, installation_gid: str, shop_gid: str, settings: dict[str, Any], api_url: str
) -> None:
    """Set what the widget's Liquid and the checkout extension read shop-wide."""
    run(
        "set_metafields",
        {
            "metafields": [
                {
                    "ownerId": installation_gid,
                    "namespace": "widget",
                    "key": "settings",
                    "type": "json",
                    "value": _json(settings),
                },
                {
                    "ownerId": shop_gid,
                    "namespace": "$app",
                    "key": "checkout",
                    "type": "json",
                    "value": _json({"api_url": api_url}),
                },
            ]
        },
        repeatable=True,
    )


def _member_fields(member: MemberMetafields) -> list[dict[str, str]]:
    owner = {"ownerId": f"gid://shopify/Customer/{member.customer_id}", "namespace": "$app"}
    return [
        owner | {"key": "points", "type": "number_integer", "value": str(member.points)},
        owner | {"key": "state", "type": "json", "value": _json(member.state)},
    ]


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
