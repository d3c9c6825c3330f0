"""Manners of painting: palette, light, line and surface."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[float, float, float]
"""Red, green and blue, 0..255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One manner of painting.

    `light` is the unit vector towards the light (x, y on the picture, z towards the viewer);
    `contrast` scales light and shadow; `outline` 0..1 is the strength of drawn contours and
    `outline_width` their width in picture heights; `spot` 0..1 how far the corners sink into the dark;
    `grain`, `crackle` and `fade` 0..1 are the surface's age; `golden_ground` is how often the sky is gold and
    `border` the width of a painted border in picture heights.
    """

    name: str
    period: tuple[int, int]
    cloths: tuple[Colour, ...]
    sky: tuple[Colour, Colour]
    hills: tuple[Colour, ...]
    ground: Colour
    stone: Colour
    gold: Colour
    ink: Colour
    shadow: Colour
    glow: Colour
    light: tuple[float, float, float]
    contrast: float
    outline: float
    outline_width: float
    spot: float
    grain: float
    crackle: float
    fade: float
    golden_ground: float = 0.0
    border: float = 0.0

    def lit(self, colour: Colour) -> NDArray[np.float32]:
        """The colour in full light."""
        return _mixed(colour, self.glow, 0.44)

    def shaded(self, colour: Colour) -> NDArray[np.float32]:
        """The colour in full shadow."""
        deep = tuple(channel * 0.3 for channel in colour)
        return _mixed((deep[0], deep[1], deep[2]), self.shadow, 0.3)

    def cloth(self, rng: np.random.Generator) -> Colour:
        """A garment colour of the palette, slightly varied."""
        chosen = self.cloths[int(rng.integers(len(self.cloths)))]
        return varied(chosen, rng, 10)


def varied(colour: Colour, rng: np.random.Generator, spread: float) -> Colour:
    """The colour moved at random by up to about `spread` of 255."""
    moved = np.clip(np.asarray(colour) + rng.normal(0, spread / 2, 3), 0, 255)
    return (float(moved[0]), float(moved[1]), float(moved[2]))


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """The colour at `share` (0..1) of the way from a to b."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return (red, green, blue)


def _mixed(a: Colour, b: Colour, share: float) -> NDArray[np.float32]:
    return np.asarray(mixed(a, b, share), dtype=np.float32)


ULTRAMARINE, AZURE = (38, 62, 138), (74, 112, 170)
VERMILION, MADDER, ROSE = (186, 48, 34), (138, 30, 46), (200, 118, 122)
OCHRE, SAFFRON, UMBER = (184, 134, 62), (214, 164, 58), (98, 70, 48)
VERDIGRIS, OLIVE, MOSS = (44, 108, 84), (104, 106, 56), (70, 92, 50)
PLUM, LILAC, IVORY, SLATE = (92, 44, 84), (150, 126, 160), (226, 214, 190), (86, 94, 108)
UPPER_LEFT = (-0.5, -0.56, 0.66)

_ALL = (
    Style(
        name="panel",
        period=(1320, 1450),
        cloths=(ULTRAMARINE, VERMILION, VERDIGRIS, ROSE, SAFFRON, LILAC, MADDER),
        sky=((92, 136, 178), (222, 220, 198)),
        hills=((118, 134, 92), (92, 116, 76), (150, 132, 88)),
        ground=(136, 120, 72),
        stone=(206, 184, 160),
        gold=(218, 174, 78),
        ink=(52, 32, 22),
        shadow=(48, 38, 30),
        glow=(255, 240, 208),
        light=UPPER_LEFT,
        contrast=0.9,
        outline=0.55,
        outline_width=0.0016,
        spot=0.18,
        grain=0.35,
        crackle=0.55,
        fade=0.1,
        golden_ground=0.75,
    ),
    Style(
        name="fresco",
        period=(1300, 1520),
        cloths=(
            (96, 124, 160),
            (196, 108, 84),
            (198, 164, 104),
            (126, 146, 108),
            (206, 178, 166),
            (142, 96, 106),
            (222, 208, 178),
        ),
        sky=((120, 156, 184), (214, 216, 202)),
        hills=((168, 158, 124), (140, 146, 112), (186, 168, 134)),
        ground=(176, 154, 112),
        stone=(222, 206, 180),
        gold=(214, 178, 100),
        ink=(92, 58, 40),
        shadow=(92, 72, 62),
        glow=(255, 246, 226),
        light=(-0.4, -0.5, 0.77),
        contrast=0.8,
        outline=0.4,
        outline_width=0.0018,
        spot=0.08,
        grain=0.8,
        crackle=0.25,
        fade=0.42,
    ),
    Style(
        name="illumination",
        period=(1380, 1500),
        cloths=(
            (30, 66, 168),
            (206, 44, 32),
            (34, 132, 86),
            (236, 182, 52),
            (196, 88, 140),
            (240, 232, 214),
            (104, 60, 140),
        ),
        sky=((38, 88, 184), (196, 216, 232)),
        hills=((96, 156, 84), (62, 128, 84), (140, 170, 90)),
        ground=(112, 152, 76),
        stone=(216, 200, 196),
        gold=(236, 190, 74),
        ink=(34, 22, 30),
        shadow=(40, 26, 56),
        glow=(255, 250, 232),
        light=(-0.42, -0.5, 0.757),
        contrast=0.75,
        outline=0.85,
        outline_width=0.002,
        spot=0.0,
        grain=0.25,
        crackle=0.0,
        fade=0.06,
        golden_ground=0.35,
        border=0.03,
    ),
    Style(
        name="northern",
        period=(1430, 1560),
        cloths=(
            (24, 52, 92),
            (158, 26, 28),
            (30, 76, 54),
            (84, 52, 34),
            (190, 150, 84),
            (60, 44, 68),
            (214, 204, 184),
        ),
        sky=((76, 122, 164), (226, 218, 190)),
        hills=((84, 108, 112), (72, 96, 62), (98, 92, 56)),
        ground=(92, 88, 52),
        stone=(164, 150, 132),
        gold=(206, 160, 70),
        ink=(26, 18, 14),
        shadow=(24, 20, 20),
        glow=(255, 238, 204),
        light=(-0.55, -0.5, 0.67),
        contrast=1.05,
        outline=0.22,
        outline_width=0.0012,
        spot=0.3,
        grain=0.2,
        crackle=0.35,
        fade=0.0,
    ),
    Style(
        name="baroque",
        period=(1590, 1680),
        cloths=(
            (150, 26, 24),
            (40, 54, 84),
            (146, 100, 42),
            (196, 182, 152),
            (62, 70, 46),
            (70, 38, 52),
            (44, 38, 36),
        ),
        sky=((54, 62, 74), (150, 122, 86)),
        hills=((62, 58, 46), (52, 50, 36), (76, 62, 42)),
        ground=(66, 52, 36),
        stone=(116, 100, 80),
        gold=(204, 152, 62),
        ink=(14, 9, 7),
        shadow=(10, 7, 6),
        glow=(255, 226, 176),
        light=(-0.68, -0.5, 0.536),
        contrast=1.12,
        outline=0.0,
        outline_width=0.001,
        spot=0.85,
        grain=0.3,
        crackle=0.15,
        fade=0.0,
    ),
)
STYLES_BY_NAME = MappingProxyType({style.name: style for style in _ALL})
STYLES = tuple(STYLES_BY_NAME)
"""Names of the manners of painting."""
