"""Pictures with their heads and what these look at, as batches of random views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.pose import GazeState
from iconograph.ingest.training.augment import View, random_view, repainted
from iconograph.ingest.training.corpora import TruePicture, small_extent, small_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.training.corpora import TrueRegion

    Pixels = NDArray[np.uint8]
    Floats = NDArray[np.float32]

IN_FRAME, OUTSIDE, VIEWER = 0, 1, 2
"""Numbers of the states: at something in the picture, at something beside it, at the viewer."""

WHOLE, PART, PARTS = (0.75, 1.2), (1.3, 2.2), 0.4
"""Zooms of views of whole pictures and of parts, and how often it is a part: looks then go outside."""

SHIFT_FRACTION, RESIZE = 0.08, 0.12
"""How far a head's box is moved and resized, in its own sides, as a detector would."""

RECOLOURED, REPAINTED = 0.3, 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heads:
    """The heads of one picture in its small square's pixels.

    `boxes_px` n x 4, `targets_px` n x 2 and `directions` n x 2 (both 0 for looks at the viewer),
    `states` n. `figures` are whose heads they are, as annotated.
    """

    boxes_px: Floats
    targets_px: Floats
    directions: Floats
    states: NDArray[np.int64]
    figures: tuple[TrueRegion, ...] = ()

    @classmethod
    def of(cls, picture: TruePicture, square_px: int) -> Heads:
        """The heads whose gaze goes to a point in the picture or to the viewer."""
        scale = small_scale(picture, square_px)
        boxes, targets, directions, states, figures = [], [], [], [], []
        for region in picture.regions:
            gaze, head = region.gaze, region.head_box_px
            if gaze is None or head is None:
                continue
            at_viewer = GazeState(gaze.state.lower()) is GazeState.VIEWER
            if not at_viewer and (gaze.target_px is None or gaze.direction is None):
                continue
            boxes.append(head * scale)
            targets.append(np.array(gaze.target_px or (0, 0)) * scale)
            directions.append(gaze.direction or (0.0, 0.0))
            states.append(VIEWER if at_viewer else IN_FRAME)
            figures.append(region)
        return cls(
            boxes_px=np.array(boxes, np.float32).reshape(-1, 4),
            targets_px=np.array(targets, np.float32).reshape(-1, 2),
            directions=np.array(directions, np.float32).reshape(-1, 2),
            states=np.array(states, np.int64),
            figures=tuple(figures),
        )

    def __len__(self) -> int:
        return len(self.states)


def seen(heads: Heads, view: View) -> Heads:
    """The heads in a view, in fractions of its square; those whose middle it cuts off are left out.

    Looks at what it cuts off go outside.
    """
    boxes = view.boxes(heads.boxes_px)
    targets = view.points(heads.targets_px) / np.float32(view.size_px)
    turned = heads.directions * (view.scale_x, view.scale_y)
    turned = turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-6)
    beside = ((targets < 0) | (targets > 1)).any(axis=1)
    states = np.where((heads.states == IN_FRAME) & beside, OUTSIDE, heads.states)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    kept = ((middle > 0) & (middle < view.size_px)).all(axis=1)
    return Heads(
        boxes_px=(boxes / view.size_px)[kept].astype(np.float32),
        targets_px=targets[kept].astype(np.float32),
        directions=turned[kept].astype(np.float32),
        states=states[kept],
        figures=tuple(heads.figures[n] for n in np.flatnonzero(kept)) if heads.figures else (),
    )


def moved_and_resized(boxes: Floats, rng: np.random.Generator) -> Floats:
    """Boxes (n x 4) somewhat off: heads are cut too wide or too narrow as a whole."""
    middle, size = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    middle = middle + rng.uniform(-SHIFT_FRACTION, SHIFT_FRACTION, middle.shape) * size
    size = size * np.exp(rng.uniform(-RESIZE, RESIZE, size.shape))
    return np.concatenate([middle - size / 2, middle + size / 2], axis=1).astype(np.float32)


def batches(
    pictures: Sequence[TruePicture],
    squares: Sequence[Pixels],
    *,
    size_px: int,
    count: int,
    heads: int,
) -> Callable[[np.random.Generator], dict[str, NDArray[Any]]]:
    """A source of batches of `count` pictures with room for so many heads each.

    `pixels` count x S x S x RGB; `heads` count x heads x 4, `targets` and `directions` count x
    heads x 2, `states` and `counts` count x heads; `counts` is 0 where there is no head.
    """
    known = [Heads.of(p, squares[0].shape[0]) for p in pictures]
    rows = [row for row, one in enumerate(known) if len(one)]

    def source(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        batch = _empty(count, heads, size_px)
        for place, row in enumerate(rng.choice(rows, size=count)):
            wide, high = small_extent(pictures[row], squares[row].shape[0])
            zoom = PART if rng.random() < PARTS else WHOLE
            view = random_view(
                rng, width_px=wide, height_px=high, size_px=size_px, zoom=zoom, stretch=0.1
            )
            keep_hue = rng.random() >= RECOLOURED
            batch["pixels"][place] = repainted(
                view.pixels(np.asarray(squares[row][:high, :wide])), rng,
                keep_hue=keep_hue, strength=REPAINTED,
            )  # fmt: skip
            _fill(batch, place, seen(known[row], view), rng)
        return batch

    return source


def _empty(count: int, heads: int, size_px: int) -> dict[str, NDArray[Any]]:
    return {
        "pixels": np.zeros((count, size_px, size_px, 3), np.uint8),
        "heads": np.tile(np.array([0.4, 0.4, 0.6, 0.6], np.float32), (count, heads, 1)),
        "targets": np.full((count, heads, 2), 0.5, np.float32),
        "directions": np.zeros((count, heads, 2), np.float32),
        "states": np.zeros((count, heads), np.int64),
        "counts": np.zeros((count, heads), np.float32),
    }


def _fill(
    batch: dict[str, NDArray[Any]], place: int, heads: Heads, rng: np.random.Generator
) -> None:
    room = batch["heads"].shape[1]
    chosen = rng.permutation(len(heads))[:room]
    slots = slice(0, len(chosen))
    batch["heads"][place, slots] = moved_and_resized(heads.boxes_px[chosen], rng)
    batch["directions"][place, slots] = heads.directions[chosen]
    batch["states"][place, slots] = heads.states[chosen]
    batch["counts"][place, slots] = 1.0
    inside = np.flatnonzero(heads.states[chosen] == IN_FRAME)
    batch["targets"][place, inside] = heads.targets_px[chosen[inside]]
