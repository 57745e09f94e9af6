"""Finds the built scripts and styles of the pages by their plain names."""

import json
from functools import cache
from pathlib import Path

from flask import url_for

STATIC = Path(__file__).resolve().parent.parent / "static"


class AssetsNotBuilt(RuntimeError):
    """The pages' scripts are not built: run `npm run build`."""


@cache
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except FileNotFoundError:
        raise AssetsNotBuilt(AssetsNotBuilt.__doc__) from None
    return manifest


def asset_url(name: str) -> str:
    """Return the address of a built file such as `admin.js`, named by its content."""
    return url_for("static", filename=_manifest()[name])
