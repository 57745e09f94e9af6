"""Chooses how a product is drawn: its packaging, what it smells of, and its colours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Everything the drawing of one product needs; colours are CSS colours."""

    kind: str
    motif: str
    stage: str
    body: str
    shade: str
    ink: str
    fill: str
    spark: str
    paper: str = "#fdf8ec"


TIN, POUCH, SOAP = "tin", "pouch", "soap"

LOOKS = {
    "jasmine-tea": Look(
        TIN, "jasmine", "#dfe9da", "#5f8a6b", "#3f6a4e", "#2d5140", "#fffdf6", "#e8b548"
    ),
    "butterfly-pea-tea": Look(
        POUCH, "butterfly-pea", "#dcdff0", "#56609f", "#3c447d", "#2c3364", "#6672bd", "#a3b0e6"
    ),
    "oolong-tea": Look(TIN, "leaf", "#e6e4cf", "#8b8a4e", "#67672f", "#3f4a22", "#8fae6b", "#c6d79a"),
    "thai-black-tea": Look(
        TIN, "star-anise", "#f1dcc6", "#b5673f", "#8c4727", "#5c2c18", "#a85d38", "#e5b98a"
    ),
    "rose-black-tea": Look(
        TIN, "rose", "#f4dfd9", "#c97f76", "#a85c56", "#7d3b3c", "#f2c3bb", "#d98f88"
    ),
    "ginger-turmeric-tea": Look(
        POUCH, "ginger", "#f6e5c4", "#d8993f", "#b37524", "#75481a", "#e9c185", "#f0b04a"
    ),
    "lemongrass-soap": Look(
        SOAP, "lemongrass", "#e9ebcd", "#bcc77a", "#939f4d", "#55611f", "#cfd97f", "#94a545"
    ),
    "rice-milk-soap": Look(
        SOAP, "rice", "#f3e9d0", "#eadcb6", "#c9b27c", "#77591a", "#ecd08a", "#d9b35c"
    ),
    "charcoal-soap": Look(
        SOAP, "charcoal", "#dedfda", "#5a5e60", "#3a3d3f", "#2a2d2f", "#77797a", "#d8a136"
    ),
    "mangosteen-soap": Look(
        SOAP, "mangosteen", "#ecdfe6", "#c39ab2", "#946a84", "#43203a", "#8a5278", "#9bb277"
    ),
    "tea-and-soap-box": Look(
        "box", "jasmine", "#eadfc9", "#b58a55", "#8f673a", "#5b3f1f", "#fffdf6", "#e8b548"
    ),
    "gift-card": Look("card", "jasmine", "#dde6e0", "#2f5d4a", "#234838", "#12301f", "#fffdf6", "#e8b548"),
}  # fmt: skip

PLAIN = {
    "soap": Look(SOAP, "leaf", "#dbe7d8", "#9dbb98", "#6f8f6d", "#23432f", "#7fae7c", "#b9d79f"),
    "box": LOOKS["tea-and-soap-box"],
    "gift_card": LOOKS["gift-card"],
}
PLAIN_TEA = Look(TIN, "leaf", "#dbe7d8", "#4d7a5a", "#345a41", "#23432f", "#7fae7c", "#b9d79f")


def look_of(art: str, kind: str) -> Look:
    """Return the drawing called `art`, or a plain one of a product's `kind`."""
    return LOOKS.get(art) or PLAIN.get(kind, PLAIN_TEA)
