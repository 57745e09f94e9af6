"""Who is asking: staff in the admin, shoppers through the app proxy or an extension."""

from app.web.auth.admin import AdminIdentity, admin_identity, frame_by_admin, require_admin
from app.web.auth.patch_page import blueprint

__all__ = ["AdminIdentity", "admin_identity", "blueprint", "frame_by_admin", "require_admin"]
