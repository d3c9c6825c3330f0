"""Colours, line widths and letters, in proportion to the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageFont

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour = tuple[int, int, int]

INK: Colour = (24, 24, 28)
PAPER: Colour = (255, 253, 246)
QUIET: Colour = (214, 208, 196)

REGION_COLOURS: Sequence[Colour] = (
    (255, 183, 3),
    (72, 202, 228),
    (255, 112, 166),
    (128, 237, 153),
    (199, 150, 255),
    (255, 140, 66),
    (140, 200, 255),
    (222, 240, 90),
)
"""Light enough for old varnish, apart in hue; after the last the first comes again."""

EDGE_COLOURS = {
    EdgeKind.HOLDS: (255, 159, 28),
    EdgeKind.WEARS: (199, 125, 255),
    EdgeKind.TOUCHES: (255, 112, 112),
    EdgeKind.GAZES_AT: (64, 224, 255),
    EdgeKind.POINTS_AT: (64, 224, 255),
    EdgeKind.FACES: (64, 224, 255),
    EdgeKind.ACROSS_DIVIDE: (255, 84, 112),
    EdgeKind.SAME_SIDE: (255, 84, 112),
    EdgeKind.PART_OF: (190, 190, 190),
}
OTHER_EDGE: Colour = (150, 230, 110)
AXIS_COLOUR: Colour = (255, 84, 112)
BODY_COLOUR: Colour = PAPER
GAZE_COLOUR: Colour = (64, 224, 255)

PICTURE_PER_LETTER = 56.0
"""Letters are this part of the picture's longer side high: 18 px at 1024 px."""

SMALLEST_LETTER_PX = 10.0
PICTURE_PER_LINE = 340.0
"""Lines are 3 px wide at 1024 px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What one picture is drawn with."""

    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    letter_px: float
    line_px: int


def style_for(width_px: int, height_px: int) -> Style:
    """Letters and lines in proportion to the longer side."""
    longer = max(width_px, height_px)
    letter_px = max(SMALLEST_LETTER_PX, longer / PICTURE_PER_LETTER)
    return Style(
        font=ImageFont.load_default(size=letter_px),
        letter_px=letter_px,
        line_px=max(1, round(longer / PICTURE_PER_LINE)),
    )


def edge_colour(kind: EdgeKind) -> Colour:
    """The colour of a kind of edge."""
    return EDGE_COLOURS.get(kind, OTHER_EDGE)
