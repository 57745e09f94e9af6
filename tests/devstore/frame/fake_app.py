"""A tiny embedded app: what the admin frame and the stand-ins are tried against."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import jwt
from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

CLIENT_ID = "fake-app-client"
CLIENT_SECRET = "fake-app-secret-of-thirty-two-bytes"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="turbo-prefetch" content="false">
<meta name="shopify-api-key" content="{client_id}">
<script src="{cdn}/shopifycloud/app-bridge.js"></script>
<script src="{cdn}/shopifycloud/polaris.js"></script>
<script src="/turbo.js"></script>
<script>
  document.addEventListener("shopify:navigate", (event) => Turbo.visit(event.target.getAttribute("href")));
</script>
<title>{title}</title>
</head>
<body>
<s-app-nav>
  <s-link href="/" rel="home">Home</s-link>
  <s-link href="/settings">Settings</s-link>
  <s-link href="/members">Members</s-link>
</s-app-nav>
{body}
</body>
</html>"""

HOME = """<s-page heading="Welcome">
  <s-link slot="secondary-actions" href="/members">All members</s-link>
  <s-section heading="Start here">
    <s-paragraph>Hello from the app.</s-paragraph>
    <s-button href="/settings" id="to-settings">Open settings</s-button>
    <s-button id="toast" onclick="shopify.toast.show('Saved')">Toast</s-button>
    <s-link href="shopify://admin/theme" id="to-theme">Theme</s-link>
  </s-section>
</s-page>"""

MEMBERS = """<s-page heading="Members"><s-section padding="none"><s-table>
  <s-table-header-row>
    <s-table-header listslot="primary">Name</s-table-header>
    <s-table-header format="numeric">Points</s-table-header>
  </s-table-header-row>
  <s-table-body>
    <s-table-row clickdelegate="mali">
      <s-table-cell><s-link id="mali" href="/members/1">Mali</s-link></s-table-cell>
      <s-table-cell>1,240</s-table-cell>
    </s-table-row>
  </s-table-body>
</s-table></s-section></s-page>"""

SETTINGS = """<s-page heading="Settings">
  <form data-save-bar method="post" action="/settings" id="settings">
    <s-section heading="Earning">
      <s-text-field name="name" label="Points name" value="{name}" error="{error}" required></s-text-field>
      <s-number-field name="rate" label="Rate" value="{rate}" min="1"></s-number-field>
      <s-select name="rounding" label="Rounding">
        <s-option value="down" selected>Down</s-option>
        <s-option value="half-up">Half up</s-option>
      </s-select>
      <s-checkbox name="tax" label="Include tax" value="yes"></s-checkbox>
      <s-switch name="on" label="Programme is on" checked></s-switch>
      <s-choice-list name="corner" label="Corner">
        <s-choice value="left">Left</s-choice>
        <s-choice value="right" selected>Right</s-choice>
      </s-choice-list>
      <s-button type="submit">Save here</s-button>
    </s-section>
  </form>
</s-page>"""


@dataclass
class FakeApp:
    """The app's address, its one store's origin, and what it was asked."""

    devstore: str
    turbo: Path | None
    log: list[tuple[str, str, bool]] = field(default_factory=list)
    saved: list[list[tuple[str, str]]] = field(default_factory=list)
    refuse_once: bool = False

    def page(self, title: str, body: str, status: int = 200) -> tuple[str, int]:
        """Return an embedded page."""
        cdn = f"{self.devstore}/cdn"
        return PAGE.format(client_id=CLIENT_ID, cdn=cdn, title=title, body=body), status


def token_is_good(token: str) -> bool:
    """Tell whether an id token is signed for this app and not over."""
    try:
        jwt.decode(token, CLIENT_SECRET, algorithms=["HS256"], audience=CLIENT_ID)
    except jwt.InvalidTokenError:
        return False
    return True


def flask_app(fake: FakeApp) -> Flask:
    """Return the app as WSGI."""
    flask = Flask("fake_app")
    flask.before_request(lambda: _authenticate(fake))
    _add_pages(flask, fake)
    return flask


def _authenticate(fake: FakeApp) -> ResponseReturnValue | None:
    if request.path in ("/turbo.js", "/auth/patch", "/favicon.ico"):
        return None
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    fake.log.append((request.method, request.path, scheme == "Bearer"))
    if bearer:
        if fake.refuse_once or not token_is_good(bearer):
            fake.refuse_once = False
            retry = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
            return Response(status=401, headers=retry)
        return None
    if token_is_good(request.args.get("id_token", "")):
        return None
    query = urlencode({"shopify-reload": request.full_path.rstrip("?")})
    return redirect(f"/auth/patch?{query}", 302)


def _add_pages(flask: Flask, fake: FakeApp) -> None:
    @flask.get("/turbo.js")
    def turbo() -> Response:
        source = fake.turbo.read_text(encoding="utf-8") if fake.turbo else ""
        return Response(source, mimetype="text/javascript")

    @flask.get("/auth/patch")
    def patch() -> str:
        script = f"{fake.devstore}/cdn/shopifycloud/app-bridge.js"
        return f'<script data-api-key="{CLIENT_ID}" src="{script}"></script>'

    @flask.get("/")
    def home() -> ResponseReturnValue:
        return fake.page("Home", HOME)

    @flask.get("/members")
    @flask.get("/members/<int:number>")
    def members(number: int = 0) -> ResponseReturnValue:
        return fake.page(f"Member {number}" if number else "Members", MEMBERS)

    @flask.get("/settings")
    def settings() -> ResponseReturnValue:
        return fake.page("Settings", SETTINGS.format(name="petals", error="", rate="1"))

    @flask.post("/settings")
    def save() -> ResponseReturnValue:
        fake.saved.append(list(request.form.items(multi=True)))
        name = request.form["name"]
        if not name.strip():
            body = SETTINGS.format(
                name="", error="Give your points a name", rate=request.form["rate"]
            )
            return fake.page("Settings", body, 422)
        return redirect("/settings?saved=1", 303)
