"""A page that runs one of the UI extensions on the development store's stand-ins."""

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, make_response

PROJECT = Path(__file__).parents[2]
STAND_INS = PROJECT / "devstore/ui_extensions/static"

PAGE = """<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Extension</title>
<link rel="stylesheet" href="/shop.css"><link rel="stylesheet" href="/stand-ins/elements.css">
<script type="application/json" id="extension">{data}</script>
<script src="/stand-ins/shopify_stand_in.js"></script>
<script src="/stand-ins/shopify_{surface}.js"></script>
<script type="module" src="/stand-ins/elements.js"></script>
<script defer src="/extension.js"></script>
</head>
<body></body>
</html>"""


def page_of(surface: str, locale: str, data: dict[str, Any]) -> str:
    """Return the page of an extension of `surface` ("checkout") that is told `data`."""
    folder = PROJECT / f"extensions/{surface}-points/locales"
    texts = (folder / ("th.json" if locale == "th" else "en.default.json")).read_text("utf-8")
    told = {"base": f"/{surface}", "translations": json.loads(texts)} | data
    written = json.dumps(told).replace("</", "<\\/")
    return PAGE.format(locale=locale, surface=surface, data=written)


def serve_stand_ins(app: Flask, surface: str) -> None:
    """Serve the script of the surface's extension, and what it runs on."""
    built = PROJECT / f"extensions/{surface}-points/dist/{surface}.js"
    own = PROJECT / f"devstore/{surface}/static"

    @app.get("/shop.css")
    def shop_style() -> Response:
        css = (PROJECT / "devstore/storefront/static/shop.css").read_bytes()
        return Response(css, mimetype="text/css")

    @app.get("/extension.js")
    def extension() -> Response:
        return Response(built.read_bytes(), mimetype="text/javascript")

    @app.get("/stand-ins/<name>")
    def stand_in(name: str) -> Response:
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        path = STAND_INS / name
        found = path if path.is_file() else own / name
        return Response(found.read_bytes(), mimetype=kind)

    @app.post(f"/{surface}/session-token")
    def token() -> Response:
        return jsonify(token="session-token")


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """Return an answer of the app."""
    return make_response(jsonify(body), status)
