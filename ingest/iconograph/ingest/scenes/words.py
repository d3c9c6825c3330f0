"""Names of colours and garments, and captions made of them."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

from iconograph.ingest.scenes.figure import WORN, Dress
from iconograph.ingest.scenes.styles import Colour

GARMENT_WORDS = {
    "robe": "robe",
    "mantle": "mantle",
    "veil": "veil",
    "hat": "hat",
    "loincloth": "loincloth",
}
HUES = (
    (0.045, "red"),
    (0.1, "brown"),
    (0.17, "yellow"),
    (0.45, "green"),
    (0.7, "blue"),
    (0.88, "purple"),
    (1.0, "red"),
)
GREY_SATURATION, WHITE_VALUE, BLACK_VALUE = 0.16, 0.78, 0.2


def colour_name(colour: Colour) -> str:
    """A plain English name for a colour."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    if value < BLACK_VALUE:
        return "black"
    if saturation < GREY_SATURATION:
        return "white" if value > WHITE_VALUE else "grey"
    return next(name for limit, name in HUES if hue <= limit)


def worn_things(dress: Dress) -> tuple[tuple[str, Colour], ...]:
    """What a dress consists of, with colours."""
    named = ((name, getattr(dress, name)) for name in WORN)
    return tuple((name, colour) for name, colour in named if colour is not None)


def garment_label(name: str, colour: Colour) -> str:
    """`red robe`, `white veil`, `golden crown`."""
    if name == "loincloth" and colour[1] > colour[0]:
        return "fig leaves"
    if name == "crown":
        return "golden crown"
    if name in GARMENT_WORDS:
        return f"{colour_name(colour)} {GARMENT_WORDS[name]}"
    return name


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def with_article(label: str) -> str:
    """`a red robe`; plurals, armour and names stay without."""
    if label in {"wings", "armour", "fig leaves"} or label[:1].isupper():
        return label
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"
