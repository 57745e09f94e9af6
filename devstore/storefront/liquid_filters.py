"""Shopify's Liquid filters that python-liquid does not know."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from liquid import Undefined
from liquid.filter import with_context

from devstore.storefront.shop_money import amount_text, money_text, short_money_text

Filter = Callable[..., Any]


def json_text(value: object) -> str:
    """Return `value` as JSON that cannot close the script element it may stand in."""
    plain = None if isinstance(value, Undefined) else value
    text = json.dumps(plain, default=_json_default, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _json_default(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def stylesheet_tag(url: object) -> str:
    """Return the link element of a stylesheet."""
    return f'<link href="{escape(str(url))}" rel="stylesheet" type="text/css" media="all" />'


def script_tag(url: object) -> str:
    """Return the script element of a script's address."""
    return f'<script src="{escape(str(url))}" type="text/javascript"></script>'


def preload_tag(url: object, **attributes: object) -> str:
    """Return a link element that asks for an asset early; `as` names its kind."""
    kind = escape(str(attributes.get("as", "script")))
    return f'<link href="{escape(str(url))}" as="{kind}" rel="preload">'


def handleize(text: object) -> str:
    """Return `text` in lower case with hyphens, as in addresses."""
    return re.sub(r"[^\w]+", "-", str(text).lower()).strip("-")


def pluralize(count: object, one: str, other: str) -> str:
    """Return the English form for `count`."""
    return one if str(count) == "1" else other


def link_to(text: object, url: object) -> str:
    """Return a link element."""
    return f'<a href="{escape(str(url))}">{text}</a>'


def sha256(text: object) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(str(text).encode()).hexdigest()


def color_brightness(color: object) -> float:
    """Return the perceived brightness of a #rrggbb colour, from 0 to 255."""
    red, green, blue = _channels(str(color))
    return round((red * 299 + green * 587 + blue * 114) / 1000, 2)


def color_to_rgb(color: object) -> str:
    """Return a #rrggbb colour as rgb(r, g, b)."""
    red, green, blue = _channels(str(color))
    return f"rgb({red}, {green}, {blue})"


def _channels(color: str) -> tuple[int, int, int]:
    digits = color.strip().lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


@with_context
def money(hundredths: object, *, context: Any) -> str:  # noqa: ANN401  (python-liquid's own type is wider)
    """Return an amount in the shop's money format."""
    return money_text(_whole(hundredths), _currency(context))


@with_context
def money_with_currency(hundredths: object, *, context: Any) -> str:  # noqa: ANN401
    """Return an amount followed by the currency's code."""
    currency = _currency(context)
    return f"{money_text(_whole(hundredths), currency)} {currency}"


@with_context
def money_without_currency(hundredths: object, *, context: Any) -> str:  # noqa: ANN401
    """Return an amount without the currency's sign."""
    return amount_text(_whole(hundredths), _currency(context))


@with_context
def money_without_trailing_zeros(hundredths: object, *, context: Any) -> str:  # noqa: ANN401
    """Return an amount without decimals where they are zero."""
    return short_money_text(_whole(hundredths), _currency(context))


def _currency(context: Any) -> str:  # noqa: ANN401
    return str(context.resolve("shop")["currency"])


def _whole(number: object) -> int:
    if isinstance(number, Undefined) or number in (None, ""):
        return 0
    return int(float(str(number)))


FILTERS: dict[str, Filter] = {
    "json": json_text,
    "stylesheet_tag": stylesheet_tag,
    "script_tag": script_tag,
    "preload_tag": preload_tag,
    "handle": handleize,
    "handleize": handleize,
    "pluralize": pluralize,
    "link_to": link_to,
    "sha256": sha256,
    "color_brightness": color_brightness,
    "color_to_rgb": color_to_rgb,
    "money": money,
    "money_with_currency": money_with_currency,
    "money_without_currency": money_without_currency,
    "money_without_trailing_zeros": money_without_trailing_zeros,
}
