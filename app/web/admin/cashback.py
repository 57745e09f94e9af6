"""The button that prepares a cashback programme."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.services.set_up_cashback import set_up_cashback
from app.web.admin.page import SAVED, done, own_data
from app.web.auth import admin_identity


def register(blueprint: Blueprint) -> None:
    """Add the button's action to the admin."""
    blueprint.post("/rewards/cashback")(prepare_cashback)


def prepare_cashback() -> Response:
    """Save the draft of its rules and its reward, and show the draft."""
    identity = admin_identity()
    with own_data() as session:
        draft_id = set_up_cashback(
            session,
            program_id=identity.program_id,
            name=_("Cashback"),
            saved_by=f"staff:{identity.user_id}",
            now=utc_now(),
        )
    return done("rule_draft", SAVED, draft_id=draft_id)
