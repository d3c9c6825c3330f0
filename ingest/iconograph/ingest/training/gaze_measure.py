"""How well gazes of drawn heads are found: states, directions, and what is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.training.augment import View
from iconograph.ingest.training.corpora import pixels_of
from iconograph.ingest.training.detect_measure import calibration_error
from iconograph.ingest.training.gaze_views import (
    IN_FRAME,
    OUTSIDE,
    VIEWER,
    Heads,
    moved_and_resized,
    seen,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Gaze
    from iconograph.ingest.training.corpora import TruePicture, TrueRegion

    Pixels = NDArray[np.uint8]
    Floats = NDArray[np.float32]

RIGHT_DEG = 30.0
"""A direction so near to the true one is right."""

PART_PX, PART_FRACTION = 512, 0.6
"""Side of a view of a part of a picture, and how much of the picture's longer side it shows."""

STATES = {IN_FRAME: GazeState.TARGET, OUTSIDE: GazeState.OUTSIDE, VIEWER: GazeState.VIEWER}
UNSEEN_KINDS = frozenset({RegionKind.ATTRIBUTE, RegionKind.PART, RegionKind.SETTING})
"""What is not taken for the thing looked at, unless it is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """A picture, or a part of it, with the heads in it: boxes as a detector has them, and the truth.

    All places are in its pixels. `regions` are what may be looked at, for whole pictures alone.
    """

    pixels: Pixels
    heads_px: Floats
    truth: Heads
    regions: tuple[TrueRegion, ...] = ()


def whole(pictures: Sequence[TruePicture]) -> Iterator[Shown]:
    """Whole pictures."""
    for number, picture in enumerate(pictures):
        longer = max(picture.width_px, picture.height_px)
        truth = Heads.of(picture, longer)
        if len(truth):
            yield Shown(
                pixels=pixels_of(picture),
                heads_px=moved_and_resized(truth.boxes_px, np.random.default_rng(number)),
                truth=truth,
                regions=picture.entities,
            )


def parts(pictures: Sequence[TruePicture]) -> Iterator[Shown]:
    """A random part of each picture, so that some look out of it."""
    for number, picture in enumerate(pictures):
        rng = np.random.default_rng(number)
        longer = max(picture.width_px, picture.height_px)
        scale = PART_PX / (PART_FRACTION * longer)
        room = np.minimum(0.0, PART_PX - scale * np.array([picture.width_px, picture.height_px]))
        shift = rng.random(2) * room
        view = View(
            scale_x=scale, scale_y=scale, shift_x_px=float(shift[0]), shift_y_px=float(shift[1]),
            size_px=PART_PX,
        )  # fmt: skip
        truth = seen(Heads.of(picture, longer), view)
        if len(truth):
            yield Shown(
                pixels=view.pixels(pixels_of(picture)),
                heads_px=moved_and_resized(truth.boxes_px * PART_PX, rng),
                truth=truth,
            )


def angles_deg(found: Sequence[Gaze | None], truth: Heads) -> NDArray[np.float64]:
    """Angles between found and true directions; 180 where none was found, NaN where there is none."""
    result = np.full(len(truth), 180.0)
    for n, gaze in enumerate(found):
        if gaze is not None and gaze.direction is not None:
            cosine = float(np.dot(gaze.direction, truth.directions[n]))
            result[n] = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    result[truth.states == VIEWER] = np.nan
    return result


def merit_of(shown: Sequence[Shown], found: Sequence[Sequence[Gaze | None]]) -> dict[str, float]:
    """Counts, and how well states, directions and targets were found, over pictures and their gazes.

    Angles count every true direction, those not found as 180 degrees. A gaze is right when its state
    is, and its direction within 30 degrees where there is one; `calibration_error` is of that.
    """
    gazes = [gaze for answer in found for gaze in answer]
    states = np.concatenate([one.truth.states for one in shown])
    angles = np.concatenate(
        [angles_deg(answer, one.truth) for one, answer in zip(shown, found, strict=True)]
    )
    named = np.array(
        [
            gaze is not None and gaze.state is STATES[s]
            for gaze, s in zip(gazes, states, strict=True)
        ]
    )
    inside = np.array([gaze is not None and gaze.state is GazeState.TARGET for gaze in gazes])
    turned = angles[~np.isnan(angles)]
    right = named & (np.isnan(angles) | (angles <= RIGHT_DEG))
    sure = np.array([0.0 if gaze is None else gaze.confidence for gaze in gazes], np.float32)
    hits = [h for one, answer in zip(shown, found, strict=True) for h in target_hits(one, answer)]
    shares = {f"recall_{state.value}": named[states == n] for n, state in STATES.items()}
    return {
        "heads": float(len(states)),
        "state_accuracy": float(named.mean()),
        "in_frame_accuracy": float((inside == (states == IN_FRAME)).mean()),
        **{name: float(share.mean()) for name, share in shares.items() if len(share)},
        "median_angle_deg": float(np.median(turned)) if len(turned) else 0.0,
        "within_30_deg": float((turned <= RIGHT_DEG).mean()) if len(turned) else 0.0,
        "target_hit_rate": float(np.mean(hits)) if hits else 0.0,
        "right": float(right.mean()),
        "confidence": float(sure.mean()),
        "calibration_error": calibration_error(sure, right),
    }


def target_hits(shown: Shown, found: Sequence[Gaze | None]) -> Iterator[bool]:
    """For each figure that looks at a region, whether the point found is nearest to that region.

    Regions are entities that are neither the figure's own nor clothes, parts or grounds, figures being
    looked at in the face; of those that hold the point the smallest counts.
    """
    if not shown.regions:
        return
    for figure, gaze in zip(shown.truth.figures, found, strict=True):
        truth = figure.gaze
        if truth is None or truth.target_id is None:
            continue
        rivals = [
            region
            for region in shown.regions
            if region.id == truth.target_id
            or (
                region.level is Level.ENTITY
                and region.kind not in UNSEEN_KINDS
                and figure.id not in (region.id, region.parent_id)
            )
        ]
        if gaze is None or gaze.target is None:
            yield False
        else:
            place = np.array([gaze.target.x_px, gaze.target.y_px])
            yield min(rivals, key=lambda r: _away(looked_at_px(r), place)).id == truth.target_id


def looked_at_px(region: TrueRegion) -> Floats:
    """The box of what is looked at: a figure's head, and all of anything else."""
    return region.box_px if region.head_box_px is None else region.head_box_px


def _away(box_px: Floats, place_px: NDArray[np.float64]) -> tuple[float, float]:
    """Distance from a box to a place, 0 inside, and the box's area."""
    gap = np.maximum(np.maximum(box_px[:2] - place_px, place_px - box_px[2:]), 0.0)
    return float(np.hypot(*gap)), float(np.prod(box_px[2:] - box_px[:2]))
