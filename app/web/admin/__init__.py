"""The embedded pages that merchants and their staff work with."""

from flask import Blueprint

from app.web.admin import deliveries, home, members, postings, programme, rewards, widget
from app.web.auth import frame_by_admin, require_admin

blueprint = Blueprint("admin", __name__)
blueprint.before_request(require_admin)
blueprint.after_request(frame_by_admin)
for part in (home, programme, rewards, widget, members, postings, deliveries):
    part.register(blueprint)
