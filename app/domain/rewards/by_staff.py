"""Something that staff do by hand: a class, early access, a repair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import MOST_TEXT, RewardField, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class ByStaffConfig:
    """What staff do, and what they have to know; the second is not shown to shoppers."""

    what: str
    instructions: str = ""


class ByStaff(NothingToPick):
    """Asks staff to do something, who then mark it done or cancel it."""

    name = "by_staff"
    way: WayName = "by_staff"
    fields = (
        RewardField(name="what", kind="text", required=True, most=MOST_TEXT),
        RewardField(name="instructions", kind="text", required=False, most=1_000),
    )

    def parse(self, config: Mapping[str, Any]) -> ByStaffConfig:
        """Return the typed configuration; see RewardType."""
        return ByStaffConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return what staff do."""
        return Worth(kind="by_staff", text=self.parse(config).what)


REWARD = ByStaff()
