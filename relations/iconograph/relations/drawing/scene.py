"""A picture with what is known of it drawn upon it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as Pictures
from PIL import ImageDraw

from iconograph.graph.model.edge import Edge, EdgeLayer, EdgeStatus
from iconograph.relations.drawing.figures import LONGEST_CONE_FRACTION, draw_gaze, draw_pose
from iconograph.relations.drawing.labels import Labels
from iconograph.relations.drawing.lines import Place, arrow, stroke
from iconograph.relations.drawing.style import (
    AXIS_COLOUR,
    QUIET,
    REGION_COLOURS,
    Colour,
    Style,
    edge_colour,
    style_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.graph.model.axis import Axis
    from iconograph.graph.model.edge import EdgeKind
    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.region import Region
    from iconograph.graph.search.answer import Hit

SMALLEST_SIDE_PX = 1024
"""Smaller pictures are enlarged to this longer side before they are drawn on, to be legible."""

MOST_EDGE_LABELS = 24
"""Of a crowd of edges only the surest are named; the others show by their colour."""

MOST_LABELS_OF_A_KIND = 4
"""Everything is across a divide from much else; the other kinds are to be read, too."""

FEW_EDGES = 6
"""So few edges are named in any case."""

SHORT_ARROW_LABELS = 1.6
"""Arrows below this many lengths of their label are short."""

Words = tuple[str, float, float, Colour]
"""A label and where it would like to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is drawn on: a transparent sheet over the picture, `scale` times the image's pixels."""

    draw: ImageDraw.ImageDraw
    style: Style
    scale: float

    def at(self, x_px: float, y_px: float) -> Place:
        """A place of the image on the sheet."""
        return (x_px * self.scale, y_px * self.scale)


def draw_scene(  # noqa: PLR0913  what to draw, and on what
    picture: Pictures.Image,
    regions: Sequence[Region],
    edges: Iterable[Edge],
    *,
    axes: Iterable[Axis] = (),
    highlight: Mapping[RegionId, str] | None = None,
    image_width_px: int | None = None,
) -> Pictures.Image:
    """The picture with outlines, bodies, gazes, arrows from subject to object, and divides; RGB.

    Solid lines were asserted or accepted by a person, dashed ones are a machine's. `highlight` gives
    names, such as roles of a query, to the regions that matter; the others are drawn quietly then,
    and bodies and gazes not at all.
    `image_width_px` is the width that the geometry refers to, where the picture has another.
    Pictures below 1024 px are enlarged.
    """
    enlarged = max(1.0, SMALLEST_SIDE_PX / max(picture.size))
    size = (round(picture.width * enlarged), round(picture.height * enlarged))
    below = picture.convert("RGBA").resize(size, Pictures.Resampling.LANCZOS)
    above = Pictures.new("RGBA", size)
    sheet = Sheet(
        draw=ImageDraw.Draw(above),
        style=style_for(*size),
        scale=size[0] / (image_width_px or picture.width),
    )
    places = {region.id: sheet.at(*_centre(region)) for region in regions}
    if highlight is None:
        _draw_figures(sheet, regions, LONGEST_CONE_FRACTION * max(size))
    names = _draw_regions(sheet, regions, highlight)
    names += [_draw_axis(sheet, axis) for axis in axes]
    statements = _draw_edges(sheet, edges, places)
    labels = Labels(draw=sheet.draw, style=sheet.style, width_px=size[0], height_px=size[1])
    for words in names:
        labels.put(*words)
    for words in statements[:MOST_EDGE_LABELS]:
        labels.put(*words, needed=len(statements) <= FEW_EDGES)
    return Pictures.alpha_composite(below, above).convert("RGB")


def draw_hit(picture: Pictures.Image, hit: Hit) -> Pictures.Image:
    """The regions that a search matched, named by their roles, and the edges between them."""
    regions = {match.region.id: match.region for match in hit.matches}
    names = {match.region.id: match.role for match in hit.matches}
    return draw_scene(
        picture,
        tuple(regions.values()),
        hit.edges,
        highlight=names,
        image_width_px=hit.image.width_px,
    )


def crop(
    picture: Pictures.Image,
    region: Region,
    margin_fraction: float = 0.1,
    *,
    image_width_px: int | None = None,
) -> Pictures.Image:
    """The part of the picture around a region; the margin is a share of its longer side."""
    scale = picture.width / (image_width_px or picture.width)
    box = region.box
    margin = margin_fraction * max(box.width_px, box.height_px)
    x0, y0 = (box.x0_px - margin) * scale, (box.y0_px - margin) * scale
    x1, y1 = (box.x1_px + margin) * scale, (box.y1_px + margin) * scale
    left, top = min(max(0, math.floor(x0)), picture.width - 1), max(0, math.floor(y0))
    top = min(top, picture.height - 1)
    right, bottom = min(picture.width, math.ceil(x1)), min(picture.height, math.ceil(y1))
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _centre(region: Region) -> Place:
    return (region.box.centre.x_px, region.box.centre.y_px)


def _draw_regions(
    sheet: Sheet, regions: Sequence[Region], highlight: Mapping[RegionId, str] | None
) -> list[Words]:
    """Outlines, the largest first; gives the labels, those of small things first."""
    words = []
    ordered = sorted(regions, key=lambda region: -region.area_fraction)
    for at, region in enumerate(ordered):
        quiet = highlight is not None and region.id not in highlight
        colour = QUIET if quiet else REGION_COLOURS[at % len(REGION_COLOURS)]
        width = max(1, sheet.style.line_px // 2) if quiet else sheet.style.line_px
        for part in region.outline.parts:
            ring = [sheet.at(x, y) for x, y in (*part.exterior, part.exterior[0])]
            stroke(sheet.draw, ring, colour, width, dashed=False)
        if not quiet:
            name = (highlight or {}).get(region.id) or region.label or region.kind.value
            words.append((name, *sheet.at(region.box.x0_px, region.box.y0_px), colour))
    return words[::-1]


def _draw_figures(sheet: Sheet, regions: Sequence[Region], longest: float) -> None:
    """Cones of gazes below, bodies above them."""
    width = max(1, sheet.style.line_px - 1)
    for region in regions:
        if region.gaze:
            draw_gaze(sheet.draw, region.gaze, sheet.at, width, longest)
    for region in regions:
        if region.pose:
            draw_pose(sheet.draw, region.pose, sheet.at, width)


def _draw_edges(
    sheet: Sheet, edges: Iterable[Edge], places: Mapping[RegionId, Place]
) -> list[Words]:
    words: list[Words] = []
    named: Counter[EdgeKind] = Counter()
    for edge in sorted(edges, key=lambda edge: -edge.confidence):
        if not {edge.subject_id, edge.object_id} <= places.keys():
            continue
        sure = edge.layer is EdgeLayer.ASSERTED or edge.status is EdgeStatus.ACCEPTED
        start, end, colour = places[edge.subject_id], places[edge.object_id], edge_colour(edge.kind)
        x, y = arrow(
            sheet.draw,
            start,
            end,
            colour,
            sheet.style.line_px + 1,
            dashed=not sure,
            head=not edge.kind.symmetric,
        )
        text = edge.kind.words if sure else f"{edge.kind.words} {edge.confidence:.2f}"
        half = 0.25 * sheet.style.letter_px * len(text)
        # A label as long as its arrow would hide it, so it goes below the arrow.
        short = math.dist(start, end) < SHORT_ARROW_LABELS * 2 * half
        y = max(start[1], end[1]) + sheet.style.letter_px if short else y
        named[edge.kind] += 1
        if sure or named[edge.kind] <= MOST_LABELS_OF_A_KIND:
            words.append((text, x - half, y - 0.7 * sheet.style.letter_px, colour))
    return words


def _draw_axis(sheet: Sheet, axis: Axis) -> Words:
    turn, half = math.radians(axis.angle_deg), axis.length_px / 2
    dx, dy = half * math.cos(turn), half * math.sin(turn)
    x, y = axis.centre.x_px, axis.centre.y_px
    ends = [sheet.at(x - dx, y - dy), sheet.at(x + dx, y + dy)]
    stroke(sheet.draw, ends, AXIS_COLOUR, sheet.style.line_px, dashed=True)
    return (f"{axis.kind.value} {axis.strength:.2f}", *ends[0], AXIS_COLOUR)
