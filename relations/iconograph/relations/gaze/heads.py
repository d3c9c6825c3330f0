"""Gazes from what regions carry: given ones, key points, head boxes. No pixels are looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import RegionKind
from iconograph.relations.gaze.closed import certainty_of_closed
from iconograph.relations.gaze.faces import Turn, face_frame, turn_of
from iconograph.relations.gaze.numbers import read_gaze_pull
from iconograph.relations.hands import MACHINE
from iconograph.relations.pose.points import Vector, middle, unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.region import Region
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

METHOD = "geometry/head"

WIDEST_CONE_DEG = 180.0
CLOSED_BY_LABEL = 0.9
"""The dead are painted with open eyes now and then."""

UNKNOWN_HEAD = np.full(4, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadGazes:
    """A `GazeEstimator` that reads key points and head boxes; the picture may be missing."""

    thresholds: Thresholds
    method: str = f"{METHOD}@1"

    def __call__(
        self, picture: NDArray[np.uint8] | None, scene: Scene, /
    ) -> Mapping[RegionId, Gaze]:
        """The gazes of all figures of which something is known."""
        del picture
        gazes = gazes_of(scene, self.thresholds)
        return {r.id: gaze for r, gaze in zip(scene.regions, gazes, strict=True) if gaze}


def gazes_of(scene: Scene, thresholds: Thresholds) -> tuple[Gaze | None, ...]:
    """For each of the n entities the gaze that was given, else the most trusted that can be estimated.

    A given gaze of unknown state and direction is as good as none. Who by its label is dead, asleep
    or blind looks at nothing, unless a person says otherwise. None stands for things without
    a head, and for heads of which nothing can be said.
    """
    closed_words = read_gaze_pull().closed_words
    heads_px = head_boxes_px(scene)
    company = _towards_company(scene, heads_px)
    finite = np.isfinite(np.hstack([heads_px, company]))
    headed: list[bool] = np.logical_and.reduce(finite, axis=1).tolist()
    gazes: list[Gaze | None] = []
    for row, (region, known) in enumerate(zip(scene.regions, scene.points, strict=True)):
        given, head = region.gaze, heads_px[row]
        if certainty := _certainty_of_closed(region, closed_words):
            gazes.append(_closed(certainty, _origin(known, head, region)))
            continue
        if given and (given.direction or given.state is not GazeState.UNKNOWN):
            gazes.append(given)
            continue
        turn = turn_of(known, thresholds.head_gaze) if known else None
        if turn is None and headed[row]:
            turn = Turn(
                witness="company",
                trust=thresholds.head_gaze.company,
                state=GazeState.UNKNOWN,
                direction=unit(company[row]),
                turned_fraction=1.0,
            )
        gazes.append(_gaze(turn, _origin(known, head, region), thresholds) if turn else given)
    return tuple(gazes)


def second_looks(
    scene: Scene, gazes: Sequence[Gaze | None], thresholds: Thresholds
) -> tuple[Gaze | None, ...]:
    """What key points say of each head whose gaze another machine gave with a direction.

    None for all others, and where key points give no direction. The two saw the same pixels with
    different eyes: of 37 faces in dev_paintings with both, the surer was more than 45 degrees off in
    five, the other in four, both at once in one.
    """
    looks: list[Gaze | None] = []
    for region, known, gaze in zip(scene.regions, scene.points, gazes, strict=True):
        look = None
        if gaze and gaze is region.gaze and gaze.direction and MACHINE in gaze.method:
            turn = turn_of(known, thresholds.head_gaze)
            if turn and turn.direction is not None:
                look = _gaze(turn, _origin(known, UNKNOWN_HEAD, region), thresholds)
        looks.append(look)
    return tuple(looks)


def _certainty_of_closed(region: Region, closed_words: frozenset[str]) -> float:
    """How sure a label is of closed eyes; 0 where none says so or the gaze is of a person's word."""
    if region.kind not in (RegionKind.PERSON, RegionKind.ANIMAL):
        return 0.0
    if region.gaze and MACHINE not in region.gaze.method:
        return 0.0
    return certainty_of_closed(region, closed_words)


def _closed(certainty: float, origin: Point) -> Gaze:
    return Gaze(
        state=GazeState.CLOSED,
        origin=origin,
        method=f"{METHOD}-label@1",
        confidence=certainty * CLOSED_BY_LABEL,
    )


def head_boxes_px(scene: Scene) -> NDArray[np.float64]:
    """Boxes of the heads as given, else around the found face, n x 4; NaN where there is neither."""
    boxes = np.full((len(scene.regions), 4), np.nan)
    for row, (region, known) in enumerate(zip(scene.regions, scene.points, strict=True)):
        if region.pose and region.pose.head:
            boxes[row] = region.pose.head.corners_px
        elif known and (frame := face_frame(known)) and frame[2] > 0:
            ears, front, height_px = frame
            centre = ears + front / 2
            boxes[row] = *(centre - height_px / 2), *(centre + height_px / 2)
    return boxes


def centres_px(boxes_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres of boxes, n x 2."""
    return (boxes_px[:, :2] + boxes_px[:, 2:]) / 2


def _towards_company(scene: Scene, heads_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """From each head to the mean of all other heads, n x 2; NaN where there is no other.

    Figures of a composed picture look at each other more often than not; it is the least trusted
    witness, and stands for nothing but that.
    """
    heads = centres_px(heads_px)
    known = np.isfinite(heads[:, 0]) & scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    others = known.sum() - known
    total = heads[known].sum(axis=0) - np.where(known[:, np.newaxis], heads, 0.0)
    means = total / np.where(others > 0, others, np.nan)[:, np.newaxis]
    return np.asarray(means - heads, dtype=np.float64)


def _origin(points: Mapping[str, Vector], head: NDArray[np.float64], region: Region) -> Point:
    """Between the eyes, else the middle of the head, the nose, the middle of the figure."""
    eyes = middle(points, "eye")
    if eyes is None and np.isfinite(head).all():
        eyes = (head[:2] + head[2:]) / 2
    if eyes is None:
        eyes = points.get("nose")
    if eyes is None:
        return region.box.centre
    return Point(x_px=float(eyes[0]), y_px=float(eyes[1]))


def _gaze(turn: Turn, origin: Point, thresholds: Thresholds) -> Gaze:
    """The cone opens with what the witness leaves open and with the frontality of the head."""
    noise = thresholds.head_gaze.noise_fraction
    spread_deg = math.degrees(math.atan2(noise, turn.turned_fraction))
    along = turn.direction
    return Gaze(
        state=turn.state,
        origin=origin,
        direction=None if along is None else (float(along[0]), float(along[1])),
        cone_deg=min(WIDEST_CONE_DEG, math.hypot(turn.trust.cone_deg, 4 * spread_deg)),
        method=f"{METHOD}-{turn.witness}@1",
        confidence=turn.trust.confidence,
    )
