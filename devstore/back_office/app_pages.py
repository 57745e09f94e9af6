"""The page on which the app is uninstalled and its permissions are changed."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.frame.shell import render_page
from devstore.services import Services

DONE = {
    "uninstalled": "Regulars was uninstalled and told so. Opening it installs it again.",
    "redacted": "The app was asked to erase everything about this shop.",
    "granted": "The optional permissions were granted.",
    "revoked": "The optional permissions were taken away.",
    "expired": "Every access token has run out. The app must refresh before its next call.",
}


def add_app_pages(pages: Blueprint, services: Services) -> None:
    """Add the app's permissions, tokens and removal to the back office."""
    store = services.store

    @pages.get("/admin/settings/apps")
    def app_settings() -> ResponseReturnValue:
        return render_page(
            services,
            "back_office/app.html",
            installed=store.installation.installed,
            scopes=store.installation.scopes,
            optional=store.config.optional_scopes,
            done=DONE.get(request.args.get("done", "")),
        )

    @pages.post("/admin/settings/apps/<any(uninstall, redact, grant, revoke, expire):action>")
    def change_app(action: str) -> ResponseReturnValue:
        done = {
            "uninstall": ("uninstalled", store.installation.uninstall),
            "redact": ("redacted", store.installation.redact_shop),
            "grant": ("granted", lambda: store.installation.grant_optional(True)),
            "revoke": ("revoked", lambda: store.installation.grant_optional(False)),
            "expire": ("expired", store.access.expire_all),
        }
        word, act = done[action]
        act()
        return redirect(f"/admin/settings/apps?done={word}", 303)
