"""A figure of coloured marks, and sessions that find the marks as pose networks find joints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.blazepose import COCO
from iconograph.ingest.models.pose.whole_body import INDEX_TIP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

JOINTS = tuple(dict.fromkeys(name.rpartition("_")[2] for name in COCO_KEY_POINTS))
FIGURE = {
    "nose": (100, 40),
    "left_eye": (108, 32),
    "right_eye": (92, 32),
    "left_ear": (118, 36),
    "right_ear": (82, 36),
    "left_shoulder": (130, 80),
    "right_shoulder": (70, 80),
    "left_elbow": (140, 120),
    "right_elbow": (60, 120),
    "left_wrist": (144, 160),
    "right_wrist": (50, 158),
    "left_hip": (120, 170),
    "right_hip": (80, 170),
    "left_knee": (122, 220),
    "right_knee": (78, 221),
    "left_ankle": (124, 262),
    "right_ankle": (76, 264),
}
"""Joints seen from the front: the figure's left is on the picture's right."""

BOX = (40.0, 20.0, 156.0, 276.0)
RADIUS_PX = 3


def painted(
    figure: Mapping[str, tuple[float, float]] = FIGURE,
    *,
    at: tuple[int, int] = (0, 0),
    size_px: tuple[int, int] = (300, 320),
) -> NDArray[np.uint8]:
    """A black picture (width, height) of a figure; a joint's colour is the same left and right."""
    pixels = np.zeros((size_px[1], size_px[0], 3), dtype=np.uint8)
    rows, columns = np.mgrid[: size_px[1], : size_px[0]]
    for name, (x, y) in figure.items():
        inside = (columns - x - at[0]) ** 2 + (rows - y - at[1]) ** 2 <= RADIUS_PX**2
        pixels[inside] = colour(name)
    return pixels


def colour(name: str) -> tuple[int, int, int]:
    return (255, 20 * (1 + JOINTS.index(name.rpartition("_")[2])), 0)


def found_marks(seen: NDArray[Any]) -> NDArray[np.float64]:
    """Places of the 17 key points in an input, 17 x 2; NaN where there is no mark.

    Of two marks of a colour the one further to the right is the left joint, as for a figure seen
    from the front: mirrored pictures give mirrored figures.
    """
    places = np.full((len(COCO_KEY_POINTS), 2), np.nan)
    rows, columns = np.nonzero((seen[..., 0] >= 246) & (seen[..., 2] <= 9))
    greens = seen[rows, columns, 1]
    for row, name in enumerate(COCO_KEY_POINTS):
        near = np.abs(greens - colour(name)[1]) <= 9
        y, x = rows[near], columns[near]
        if not x.size:
            continue
        side, _, joint = name.partition("_")
        half = x >= (x.min() + x.max()) / 2 if side == "left" else x < (x.min() + x.max()) / 2
        keep = half if joint and half.any() else np.ones(x.size, dtype=np.bool_)
        places[row] = x[keep].mean(), y[keep].mean()
    return places


class MarkedMoveNet:
    """Answers as MoveNet does: y, x and score of each joint, relative to the input."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input": (1, 192, 192, 3)}

    def __init__(self, score: float = 0.8) -> None:
        self.score = score
        self.seen: list[NDArray[Any]] = []

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        assert feeds["input"].dtype == np.int32
        self.seen.append(feeds["input"][0])
        places = found_marks(feeds["input"][0])
        known = np.isfinite(places[:, 0])
        rows = np.zeros((17, 3), dtype=np.float32)
        rows[known] = np.c_[places[known, ::-1] / 192, np.full(known.sum(), self.score)]
        return {"Identity": rows.reshape(1, 1, 17, 3)}


class MarkedBlazePose:
    """Answers as BlazePose does; wrists may be moved, in pixels of the input."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input_1": (1, 256, 256, 3)}

    def __init__(
        self, presence: float = 0.9, wrists_moved: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        self.presence = presence
        self.wrists_moved = wrists_moved

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        seen = feeds["input_1"][0]
        assert seen.dtype == np.float32
        assert seen.max() <= 1
        places = found_marks(seen * 255)
        rows = np.zeros((39, 5), dtype=np.float32)
        rows[:, 3] = -8
        known = np.isfinite(places[:, 0])
        moved = places.copy()
        moved[9:11] += self.wrists_moved
        for row in np.flatnonzero(known):
            rows[COCO[row], :4] = *moved[row], 0, 8
        for wrist, knuckles in ((15, (17, 19)), (16, (18, 20))):
            for step, knuckle in enumerate(knuckles):
                rows[knuckle, :2] = rows[wrist, :2] + (3 * step, 6)
        return {
            "Identity": rows.reshape(1, 195),
            "Identity_1": np.array([[self.presence]], dtype=np.float32),
        }


class MarkedHand:
    """Answers as the hand network does: a hand at the one wrist's mark that it sees, or none."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input_1": (1, 224, 224, 3)}

    def __init__(
        self, presence: float = 0.95, *, moved_px: float = 0.0, finger_px: float = 0.0
    ) -> None:
        self.presence = presence
        self.moved_px = moved_px
        self.finger_px = finger_px
        self.runs = 0

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        seen = feeds["input_1"][0]
        self.runs += 1
        assert seen.dtype == np.float32
        near = np.abs(seen * 255 - colour("left_wrist")).max(axis=2) <= 9
        rows, columns = np.nonzero(near)
        known = rows.size > 0
        places = np.full((21, 3), 112.0)
        if known:
            places[:, :2] = columns.mean(), rows.mean() - self.moved_px
            places[INDEX_TIP, 1] -= self.finger_px
        return {
            "Identity": places.astype(np.float32).reshape(1, 63),
            "Identity_1": np.array([[self.presence if known else 0.0]], dtype=np.float32),
            "Identity_2": np.array([[0.7]], dtype=np.float32),
        }
