"""What every embedded page is drawn with, and how a view gets at its tenant's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from babel import Locale
from flask import redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.session import Tenant
from app.web.admin.assets import asset_url
from app.web.auth import admin_identity
from app.words.formats import minute

FIGURES_PERIOD = timedelta(days=30)
"""The period that figures and what they are made of look back over."""

SAVED, RUN, ADJUSTED, RELEASED = "saved", "run", "adjusted", "released"
RESTORED, TASK_DONE, CANCELLED = "restored", "task_done", "cancelled"
USED_ALREADY, RELEASING = "used_already", "releasing"
DRAFTED, PUBLISHED, DISCARDED = "drafted", "published", "discarded"
CHANGED_SINCE = "changed_since"


def _toasts() -> dict[str, str]:
    return {
        SAVED: _("Saved"),
        RUN: _("Running again"),
        ADJUSTED: _("Points adjusted"),
        RESTORED: _("The reward is back"),
        TASK_DONE: _("Marked as done"),
        CANCELLED: _("Cancelled: the points are back"),
        RELEASED: _("Points given back"),
        USED_ALREADY: _("The code was used already: nothing was given back"),
        DRAFTED: _("Draft saved"),
        PUBLISHED: _("Rules published"),
        DISCARDED: _("Draft discarded"),
        CHANGED_SINCE: _("The draft was changed meanwhile: look at it again"),
        RELEASING: _("Shopify has not answered yet: the points return as soon as it does"),
    }


def reader_locale() -> Locale:
    """Return the language that the present reader reads."""
    return get_locale() or Locale("en")


@contextmanager
def own_data() -> Iterator[Session]:
    """Yield a session that sees the data of the shop that asks, in one transaction."""
    identity = admin_identity()
    tenant = Tenant(program_id=identity.program_id, shop_id=identity.shop_id)
    with current_container().database.tenant(tenant) as session:
        yield session


def page(template: str, title: str, *, status: int = 200, **values: object) -> tuple[str, int]:
    """Return a drawn page with what its head needs, and its status."""
    settings = current_container().settings
    toast = _toasts().get(request.args.get("done", ""))
    html = render_template(
        f"admin/{template}",
        title=title,
        api_key=settings.shopify_client_id,
        cdn=settings.shopify_cdn,
        locale=str(reader_locale()),
        asset_url=asset_url,
        messages=[toast] if toast else [],
        access=admin_identity().access,
        **values,
    )
    return html, status


def done(endpoint: str, what: str, **values: int | str) -> Response:
    """Return the redirect after a change, with the word that says it was made, if any."""
    return redirect(url_for(f"admin.{endpoint}", done=what or None, **values), code=303)  # type: ignore[arg-type]


def embed_url() -> str:
    """Return the address of the theme editor with the widget's switch in view."""
    container = current_container()
    shop = admin_identity().shop
    admin = container.settings.admin_origins[0]
    if container.settings.development:
        return f"{admin}/admin/theme?context=apps"
    embed = f"{container.settings.shopify_client_id}/rewards"
    return f"https://{shop}/admin/themes/current/editor?context=apps&activateAppId={embed}"


def reckoned(iana_timezone: str, now: datetime | None = None) -> str:
    """Return the moment at which a page's figures were reckoned, in the shop's time zone."""
    return minute(now or utc_now(), iana_timezone, reader_locale())
