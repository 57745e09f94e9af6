"""Splits a Liquid file into what is Liquid and the parts that are not: schema, script and style."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

RAW_PARTS = ("schema", "javascript", "stylesheet")
PATTERNS = {
    part: re.compile(
        rf"{{%-?\s*{part}\s*-?%}}(.*?){{%-?\s*end{part}\s*-?%}}",
        re.DOTALL,
    )
    for part in RAW_PARTS
}


@dataclass(frozen=True)
class LiquidSource:
    """One block or snippet: its Liquid, its schema, and its own script and style."""

    liquid: str
    schema: dict[str, Any] = field(default_factory=dict)
    javascript: str = ""
    stylesheet: str = ""


def split_source(text: str) -> LiquidSource:
    """Cut the parts that are not Liquid inside out of `text`.

    They have to go before parsing: braces inside a script are not Liquid to Shopify.
    """
    parts = {}
    for part, pattern in PATTERNS.items():
        parts[part] = "\n".join(pattern.findall(text))
        text = pattern.sub("", text)
    schema = json.loads(parts["schema"]) if parts["schema"].strip() else {}
    return LiquidSource(text, schema, parts["javascript"].strip(), parts["stylesheet"].strip())


def setting_defaults(schema: dict[str, Any]) -> dict[str, Any]:
    """Return every setting the schema declares, at its default or None."""
    return {
        setting["id"]: setting.get("default")
        for setting in schema.get("settings", [])
        if "id" in setting
    }
