"""How points, money and moments are written, for pages; see app.words.formats."""

from app.words.formats import (
    MINUS,
    currency_symbol,
    day,
    minute,
    money,
    points_text,
    points_unit,
    signed,
    whole,
)

__all__ = [
    "MINUS",
    "currency_symbol",
    "day",
    "minute",
    "money",
    "points_text",
    "points_unit",
    "signed",
    "whole",
]
