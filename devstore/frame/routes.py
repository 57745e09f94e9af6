"""Pages and scripts of the admin frame."""

from pathlib import Path

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from devstore.frame.app_address import app_address
from devstore.frame.bundle import bundle
from devstore.frame.embeds import Embed, embeds, extension_report
from devstore.frame.products import collection_choices, product_choices
from devstore.frame.scopes import scopes_report
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.storefront.embed_settings import embed_enabled, enable_embed

STATIC = Path(__file__).parent / "static"


def blueprint(services: Services) -> Blueprint:
    """Return the frame's pages: the app in its iframe, the theme, the scripts from the CDN."""
    pages = Blueprint(
        "frame",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/admin/static",
    )
    _add_cdn(pages)
    _add_app(pages, services)
    _add_answers(pages, services)
    _add_theme(pages, services)
    return pages


def _add_cdn(pages: Blueprint) -> None:
    @pages.get("/cdn/shopifycloud/polaris.js")
    def polaris() -> Response:
        return _script("polaris")

    @pages.get("/cdn/shopifycloud/app-bridge.js")
    def app_bridge() -> Response:
        return _script("app-bridge")


def _script(name: str) -> Response:
    answer = Response(bundle(STATIC / name / "main.js"), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _add_app(pages: Blueprint, services: Services) -> None:
    app_url = services.settings.app_url

    @pages.get("/admin/apps/regulars/", defaults={"path": ""})
    @pages.get("/admin/apps/regulars", defaults={"path": ""})
    @pages.get("/admin/apps/regulars/<path:path>")
    def app(path: str) -> ResponseReturnValue:
        # Opening an app is what installs it, as with Shopify-managed installation.
        services.store.installation.install()
        query = request.args.items(multi=True)
        address = app_address(app_url, services.store.tokens, path, query, _language())
        return render_page(
            services, "frame/app.html", frame_url=address, app_origin=app_url.rstrip("/")
        )


def _language() -> str:
    """Return the language of whoever looks, as staff of a store have one each."""
    return (request.accept_languages.best or "en").partition("-")[0]


def _add_answers(pages: Blueprint, services: Services) -> None:
    tokens = services.store.tokens

    @pages.get("/admin/id-token")
    def fresh_id_token() -> Response:
        answer = jsonify(id_token=tokens.id_token())
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.get("/admin/frame/config.json")
    def config() -> Response:
        return jsonify(
            shop=tokens.domain,
            host=tokens.host,
            apiKey=tokens.client_id,
            locale=_language(),
            currencyCode=services.store.shop.currency,
        )

    @pages.get("/admin/frame/extensions.json")
    def extensions() -> Response:
        return jsonify(extension_report(services))

    @pages.get("/admin/frame/scopes.json")
    def scopes() -> Response:
        return jsonify(scopes_report(services))

    @pages.post("/admin/frame/scopes.json")
    def set_scopes() -> Response:
        services.store.installation.grant_optional(bool(request.get_json()["optional"]))
        return jsonify(scopes_report(services))

    @pages.get("/admin/frame/products.json")
    def products() -> Response:
        return jsonify(product_choices(services))

    @pages.get("/admin/frame/collections.json")
    def collections() -> Response:
        return jsonify(collection_choices())


def _add_theme(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/theme")
    def theme() -> ResponseReturnValue:
        offered = embeds(services)
        asked_for = _asked_for(offered)
        return render_page(
            services,
            "frame/theme.html",
            embeds=offered,
            embed_enabled=embed_enabled(services),
            asked_for=asked_for,
            saved="saved" in request.args,
        )

    @pages.post("/admin/theme")
    def save_theme() -> ResponseReturnValue:
        enable_embed(services, request.form.get("embed_enabled") == "1")
        return redirect("/admin/theme?saved", 303)


def _asked_for(offered: list[Embed]) -> Embed | None:
    """Return the embed that a deep link sent the merchant for: `activateAppId=<uuid>/<handle>`.

    `context=apps` alone opens the list of embeds, which means the first one here.
    """
    handle = request.args.get("activateAppId", "").rpartition("/")[2]
    named = [embed for embed in offered if embed.handle == handle]
    if not named and request.args.get("context") == "apps":
        named = offered
    return named[0] if named else None
