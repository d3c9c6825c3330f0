"""Scenes: the whole of a picture, and its panels where these are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.geometry import Box, Outline
from iconograph.graph.model.region import Level, Region, region_of
from iconograph.graph.model.shapes import clipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.work import Image


def scenes_of(image: Image, *, panels: Iterable[Box] = (), run_id: RunId) -> tuple[Region, ...]:
    """The whole picture as a scene, then its panels from left to right, which lie in it.

    A panel that is the whole picture is no second scene. Groups are made of relations, later. Raises
    `InvalidValueError` for a panel outside of the picture.
    """
    size = (float(image.width_px), float(image.height_px))
    whole_box = Box(x0_px=0.0, y0_px=0.0, x1_px=size[0], y1_px=size[1])
    whole = region_of(image, Outline.from_box(whole_box), run_id=run_id, level=Level.SCENE)
    inner: list[Region] = []
    for panel in sorted(set(panels), key=lambda box: box.corners_px):
        outline = clipped(Outline.from_box(panel), width_px=size[0], height_px=size[1])
        region = region_of(image, outline, run_id=run_id, level=Level.SCENE, parent_id=whole.id)
        if region.id not in {whole.id, *(known.id for known in inner)}:
            inner.append(region)
    return (whole, *inner)
