"""Every table, one a file, imported here so that the metadata is whole."""

from app.db.base import Base
from app.db.models.allocation import Allocation
from app.db.models.award import Award
from app.db.models.backfill import Backfill
from app.db.models.backfill_member import BackfillMember
from app.db.models.customer import Customer
from app.db.models.customer_mark import CustomerMark
from app.db.models.customer_order import CustomerOrder
from app.db.models.customer_tag import CustomerTag
from app.db.models.expiry_warning import ExpiryWarning
from app.db.models.history_import import HistoryImport
from app.db.models.ledger_proof import LedgerProof
from app.db.models.lot import Lot
from app.db.models.marks_wanted import MarksWanted
from app.db.models.member import Member
from app.db.models.member_birthday import MemberBirthday
from app.db.models.member_day import MemberDay
from app.db.models.member_identity import MemberIdentity
from app.db.models.order_deletion import OrderDeletion
from app.db.models.order_fact import OrderFact
from app.db.models.order_refund import OrderRefund
from app.db.models.picked_item import PickedItem
from app.db.models.posting import Posting
from app.db.models.posting_note import PostingNote
from app.db.models.program import Program
from app.db.models.reconciliation import Reconciliation
from app.db.models.redemption import Redemption
from app.db.models.reward import Reward
from app.db.models.rule_comparison import RuleComparison
from app.db.models.rule_comparison_member import RuleComparisonMember
from app.db.models.rule_draft import RuleDraft
from app.db.models.rule_version import RuleVersion
from app.db.models.shop import Shop
from app.db.models.shop_shipping import ShopShipping
from app.db.models.tier import Tier
from app.db.models.tier_change import TierChange
from app.db.models.tier_change_note import TierChangeNote
from app.db.models.tier_outlook import TierOutlook
from app.db.models.tier_segment import TierSegment
from app.db.models.webhook_event import WebhookEvent

__all__ = [
    "Allocation",
    "Award",
    "Backfill",
    "BackfillMember",
    "Base",
    "Customer",
    "CustomerMark",
    "CustomerOrder",
    "CustomerTag",
    "ExpiryWarning",
    "HistoryImport",
    "LedgerProof",
    "Lot",
    "MarksWanted",
    "Member",
    "MemberBirthday",
    "MemberDay",
    "MemberIdentity",
    "OrderDeletion",
    "OrderFact",
    "OrderRefund",
    "PickedItem",
    "Posting",
    "PostingNote",
    "Program",
    "Reconciliation",
    "Redemption",
    "Reward",
    "RuleComparison",
    "RuleComparisonMember",
    "RuleDraft",
    "RuleVersion",
    "Shop",
    "ShopShipping",
    "Tier",
    "TierChange",
    "TierChangeNote",
    "TierOutlook",
    "TierSegment",
    "WebhookEvent",
]
