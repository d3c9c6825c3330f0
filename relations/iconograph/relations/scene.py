"""The entities of one picture as arrays, built once and shared by all rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.axis import Axis
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.graph.model.work import Image
from iconograph.relations.outline_arrays import areas_and_boxes
from iconograph.relations.pose.points import Vector, found_points
from iconograph.relations.shared_areas import SharedAreas
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """The n entities of an image; row i of every array is of `regions[i]`.

    `boxes_px` is n x 4 (x0, y0, x1, y1), `shapes` holds Shapely areas, `upright` says which of them
    are no more than their box. `flags` say by kind which are of it. `groups` says by group of words
    which labels name such a thing. `points` are the key points that were found, by name. `areas_px2`
    are those of the outlines. `head_heights_px` is NaN where no head is known; `hands_px` is
    n x h x 2 for the most hands that any has, NaN where there are fewer. `shared` remembers the areas
    that pairs of shapes share.
    """

    image: Image
    regions: tuple[Region, ...]
    axes: tuple[Axis, ...]
    boxes_px: NDArray[np.float64]
    shapes: NDArray[np.object_]
    upright: NDArray[np.bool_]
    flags: Mapping[RegionKind, NDArray[np.bool_]]
    groups: Mapping[WordGroup, NDArray[np.bool_]]
    points: tuple[Mapping[str, Vector], ...]
    areas_px2: NDArray[np.float64]
    head_heights_px: NDArray[np.float64]
    hands_px: NDArray[np.float64]
    shared: SharedAreas

    @property
    def widths_px(self) -> NDArray[np.float64]:
        """Box widths, n."""
        return self.boxes_px[:, 2] - self.boxes_px[:, 0]

    @property
    def heights_px(self) -> NDArray[np.float64]:
        """Box heights, n."""
        return self.boxes_px[:, 3] - self.boxes_px[:, 1]

    @property
    def sizes_px(self) -> NDArray[np.float64]:
        """The longer side of each box, n."""
        return np.maximum(self.widths_px, self.heights_px)

    @property
    def centres_px(self) -> NDArray[np.float64]:
        """Box centres, n x 2."""
        return (self.boxes_px[:, :2] + self.boxes_px[:, 2:]) / 2

    def of_kind(self, *kinds: RegionKind) -> NDArray[np.bool_]:
        """Which entities are of one of the kinds, n."""
        flags = [self.flags[kind] for kind in kinds]
        return np.asarray(np.logical_or.reduce(flags), dtype=np.bool_)


def scene_of(bundle: ImageBundle, thresholds: Thresholds) -> Scene:
    """The scene of a bundle's entities; groups and scenes have no geometry of their own."""
    words, surest = thresholds.words, thresholds.common.smallest_wrist_confidence
    faintest = thresholds.common.smallest_key_point_confidence
    regions = tuple(region for region in bundle.regions if region.level is Level.ENTITY)
    shapes, boxes = areas_and_boxes([region.outline for region in regions])
    areas_px2 = np.asarray(shapely.area(shapes), dtype=np.float64)
    texts = [tuple(label.text for label in region.labels) for region in regions]
    known = {names: words.groups_of(names) for names in set(texts)}
    return Scene(
        image=bundle.image,
        regions=regions,
        axes=bundle.axes,
        boxes_px=boxes,
        shapes=shapes,
        upright=np.isclose(areas_px2, shapely.area(shapely.box(*boxes.T)), rtol=1e-3),
        flags={
            kind: np.array([region.kind is kind for region in regions], dtype=np.bool_)
            for kind in RegionKind
        },
        groups={
            group: np.array([group in known[names] for names in texts], dtype=np.bool_)
            for group in WordGroup
        },
        points=tuple(found_points(region.pose, faintest) for region in regions),
        areas_px2=areas_px2,
        head_heights_px=np.array([_head_height_px(r) for r in regions], dtype=np.float64),
        hands_px=_hands_px([_hands(region, surest) for region in regions]),
        shared=SharedAreas(shapes),
    )


def _head_height_px(region: Region) -> float:
    head = region.pose.head if region.pose else None
    return head.height_px if head else np.nan


def _hands(region: Region, smallest_confidence: float) -> list[tuple[float, float]]:
    """Hands as given, else the wrists that were found."""
    if region.pose is None:
        return []
    if region.pose.hands:
        return [(hand.x_px, hand.y_px) for hand in region.pose.hands]
    wrists = [region.pose.key_point(name) for name in ("left_wrist", "right_wrist")]
    return [(w.x_px, w.y_px) for w in wrists if w and w.confidence >= smallest_confidence]


def _hands_px(hands: list[list[tuple[float, float]]]) -> NDArray[np.float64]:
    most = max((1, *map(len, hands)))
    table = np.full((len(hands), most, 2), np.nan)
    for row, points in enumerate(hands):
        table[row, : len(points)] = np.reshape(points, (-1, 2))
    return table
