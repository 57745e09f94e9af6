"""Serves an extension's assets as Shopify's CDN does: compressed, and cached for a year by version."""

import gzip
import mimetypes
from pathlib import Path

from flask import Response, abort, request

from devstore.storefront.theme_extension import asset_version

YEAR = "public, max-age=31536000, immutable"
WORTH_COMPRESSING = ("text/", "application/json", "image/svg")


def asset_response(folder: Path, name: str) -> Response:
    """Return the asset `name`; without its version in the query it is asked for anew each time."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        abort(404)
    response = Response(path.read_bytes(), mimetype=content_type(path))
    version = asset_version(path)
    response.set_etag(version)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = YEAR if request.args.get("v") == version else "no-cache"
    _compressed(response).make_conditional(request)
    return response


def content_type(path: Path) -> str:
    """Return the media type that browsers accept for the file."""
    if path.suffix in (".js", ".mjs"):
        return "text/javascript"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if _takes_gzip() and str(response.mimetype).startswith(WORTH_COMPRESSING):
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
