"""What can go wrong in the domain: errors carry ids and amounts, their message is their docstring."""

from app.domain.eligibility import Obstacle


class LoyaltyError(Exception):
    """Something that the rules do not allow."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").partition("\n")[0])


class NotEnoughPoints(LoyaltyError):
    """The member has fewer points than the reward costs."""

    def __init__(
        self, *, member_id: int, points_needed: int, points_available: int, points_owed: int = 0
    ) -> None:
        super().__init__()
        self.member_id = member_id
        self.points_needed = points_needed
        self.points_available = points_available
        self.points_owed = points_owed


class IdempotencyConflict(LoyaltyError):
    """The same idempotency key was used for another reward."""

    def __init__(self, *, member_id: int, redemption_id: int) -> None:
        super().__init__()
        self.member_id = member_id
        self.redemption_id = redemption_id


class RewardUnavailable(LoyaltyError):
    """The reward does not exist in this programme, or this member cannot have it now."""

    def __init__(self, *, reward_id: int, obstacles: tuple[Obstacle, ...] = ()) -> None:
        super().__init__()
        self.reward_id = reward_id
        self.obstacles = obstacles
        """Why not, the firmest reason first; empty: there is no such reward."""


class TooManyRedemptions(LoyaltyError):
    """The member takes rewards faster than a person can."""

    def __init__(self, *, member_id: int) -> None:
        super().__init__()
        self.member_id = member_id


class RedemptionNotOpen(LoyaltyError):
    """The redemption was used or released already."""

    def __init__(self, *, redemption_id: int, state: str) -> None:
        super().__init__()
        self.redemption_id = redemption_id
        self.state = state


class RuleNotFound(LoyaltyError):
    """The programme does not exist, or no rules were published for it."""

    def __init__(self, *, program_id: int) -> None:
        super().__init__()
        self.program_id = program_id


class MemberNotFound(LoyaltyError):
    """The programme has no such member."""

    def __init__(self, *, member_id: int) -> None:
        super().__init__()
        self.member_id = member_id


class RedemptionNotFound(LoyaltyError):
    """The programme has no such redemption."""

    def __init__(self, *, redemption_id: int) -> None:
        super().__init__()
        self.redemption_id = redemption_id


class DraftNotFound(LoyaltyError):
    """The programme has no such draft of rules: it was published or discarded."""

    def __init__(self, *, draft_id: int) -> None:
        super().__init__()
        self.draft_id = draft_id


class DraftChanged(LoyaltyError):
    """The draft is not the one that was looked at any more."""

    def __init__(self, *, draft_id: int) -> None:
        super().__init__()
        self.draft_id = draft_id
