"""The embedded pages that merchants and their staff work with."""

from flask import Blueprint

from app.web.admin import (
    backfill,
    cashback,
    deliveries,
    home,
    member_tier,
    members,
    postings,
    programme,
    reward_page,
    reward_tasks,
    rewards,
    rule_draft_form,
    rule_drafts,
    tiers,
    widget,
)
from app.web.auth import frame_by_admin, require_admin

blueprint = Blueprint("admin", __name__)
blueprint.before_request(require_admin)
blueprint.after_request(frame_by_admin)
PARTS = (
    home,
    programme,
    rule_drafts,
    rule_draft_form,
    tiers,
    rewards,
    cashback,
    reward_page,
    reward_tasks,
    widget,
    members,
    member_tier,
    postings,
    backfill,
    deliveries,
)
for part in PARTS:
    part.register(blueprint)
