"""The ways in which what was bought reaches the member, and how a redemption ends in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

WayName = Literal["discount_code", "store_credit", "gift_card", "by_staff", "donation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a redemption ends; app/flows/fulfilments has one file for what each way does."""

    name: WayName
    used_by: Literal["order", "making", "staff", "time"]
    """What makes it used: its order, being made, staff, or the end of the time to undo it."""
    credit: Literal["redeemed", "donated"] = "redeemed"
    """The account that the held points are captured into."""
    code: Literal["discount", "gift_card", "none"] = "none"
    """What its code looks like; "none": the code names the redemption, and nobody is shown it."""
    undone_by_shopper: bool = True


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        Way(name="discount_code", used_by="order", code="discount"),
        Way(name="store_credit", used_by="time"),
        Way(name="gift_card", used_by="time", code="gift_card"),
        Way(name="by_staff", used_by="staff"),
        Way(name="donation", used_by="making", credit="donated", undone_by_shopper=False),
    )
}
"""By name, as `redemption.way` keeps it."""
