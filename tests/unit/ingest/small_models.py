"""Small real models for tests: they look at pixels of flat colour, and count how often they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import ModelMemoryError, ModelOutputError
from iconograph.graph.model.geometry import Box, Outline, Point
from iconograph.graph.model.pose import Gaze, GazeState, KeyPoint, Pose
from iconograph.graph.model.region import Region, RegionKind, region_of
from iconograph.graph.model.run import ModelRef
from iconograph.graph.model.vector import Modality, VectorSpace
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.models.face.port import Face
from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.proposal import Proposal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.work import Image

GROUND = (200, 200, 200)
COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220), "green": (30, 160, 30)}
COLOUR_SPACE = VectorSpace(
    name="clip:test/colours", dim=4, weights_sha256="e" * 64, modality=Modality.IMAGE
)

Parameters = tuple[tuple[str, str], ...]


def painted(
    *things: tuple[str, tuple[int, int, int, int]], size: tuple[int, int] = (200, 120)
) -> NDArray[np.uint8]:
    """A grey picture (width, height) with rectangles (x0, y0, x1, y1) of a colour."""
    pixels = np.full((size[1], size[0], 3), GROUND, np.uint8)
    for colour, (x0, y0, x1, y1) in things:
        pixels[y0:y1, x0:x1] = COLOURS[colour]
    return pixels


def save_painted(
    path: Path, *things: tuple[str, tuple[int, int, int, int]], size: tuple[int, int] = (200, 120)
) -> Path:
    PillowImage.fromarray(painted(*things, size=size)).save(path)
    return path


@dataclass
class Counted:
    """A model that counts its calls; `revision` and `parameters` change as a real one's would."""

    revision: str = "1"
    parameters: Parameters = ()
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        return type(self).__name__

    @property
    def models(self) -> tuple[ModelRef, ...]:
        return (ModelRef(name=self.name, revision=self.revision, sha256="f" * 64),)


def colour_of(pixels: NDArray[np.uint8]) -> str:
    """The name of the colour that most pixels besides the ground have; empty for none."""
    counts = {name: int(_is_colour(pixels, name).sum()) for name in COLOURS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def _is_colour(pixels: NDArray[np.uint8], name: str) -> NDArray[np.bool_]:
    apart = np.abs(pixels.astype(int) - COLOURS[name]).sum(axis=2)
    return np.asarray(apart < 60)


class Blots(Counted):
    """Detects connected pieces of one colour; red ones are persons. Labels them where told to."""

    labels = True
    confidence = 0.9

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        self.calls["pictures"] += 1
        boxes, names = [], []
        for name in COLOURS:
            _, _, found, _ = cv2.connectedComponentsWithStats(
                _is_colour(pixels, name).astype(np.uint8)
            )
            for x, y, width, height, area in found[1:].tolist():
                if area > 20:
                    boxes.append((x, y, x + width, y + height))
                    names.append(name)
        return Detections(
            boxes_px=np.array(boxes, np.float32).reshape(-1, 4),
            confidences=np.full(len(boxes), self.confidence, np.float32),
            labels=tuple(f"{name} thing" if self.labels else "" for name in names),
            kinds=tuple(RegionKind.PERSON if n == "red" else RegionKind.OBJECT for n in names),
        )


class Nameless(Blots):
    """Detects pieces without knowing what they are."""

    labels = False


class Cutter(Counted):
    """Cuts out what has the colour that most of a box has."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> _CutPicture:
        self.calls["pictures"] += 1
        return _CutPicture(pixels)


class Halver(Counted):
    """Cuts the left half out of every box."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> Halver:
        del pixels
        return self

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        masks = tuple(
            Mask.of_box(Box(x0_px=x0, y0_px=y0, x1_px=(x0 + x1) / 2, y1_px=y1))
            for x0, y0, x1, y1 in boxes_px.tolist()
        )
        return Segments(masks=masks, confidences=np.ones(len(masks), np.float32))

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        return self.in_boxes(np.concatenate([points_px - 5, points_px + 5], axis=1))


class _CutPicture:
    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._pixels = pixels

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        masks = tuple(self._mask(*(int(c) for c in box)) for box in boxes_px)
        return Segments(masks=masks, confidences=np.ones(len(masks), np.float32))

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        return self.in_boxes(np.concatenate([points_px - 5, points_px + 5], axis=1))

    def _mask(self, x0: int, y0: int, x1: int, y1: int) -> Mask | None:
        piece = self._pixels[y0:y1, x0:x1]
        name = colour_of(piece)
        return Mask.of(_is_colour(piece, name), x0_px=x0, y0_px=y0) if name else None


class ManyPieces(Counted):
    """Proposes so many small pieces, less and less sure of them."""

    count = 3200

    def __call__(self, pixels: NDArray[np.uint8], /, *, most: int) -> tuple[Proposal, ...]:
        self.calls["pictures"] += 1
        height, width = pixels.shape[:2]
        rng = np.random.default_rng(0)
        corners = rng.integers(0, (width - 8, height - 8), (self.count, 2)).tolist()
        return tuple(
            Proposal(
                mask=Mask.of(np.ones((8, 8), np.bool_), x0_px=x, y0_px=y),
                confidence=0.8 - 0.7 * n / self.count,
                sources=(self.name,),
            )
            for n, (x, y) in enumerate(corners[:most])
        )


class Sticks(Counted):
    """Poses everybody upright in their box."""

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        del pixels
        self.calls["pictures"] += 1
        return tuple(
            Pose(
                key_points=tuple(
                    KeyPoint(x_px=(x0 + x1) / 2 + side * (x1 - x0) / 8, y_px=y0 + 8, confidence=0.5)
                    for side in (0, *(1, -1) * 8)
                ),
                method=self.name,
            )
            for x0, y0, x1, y1 in boxes_px.tolist()
        )


class TopFaces(Counted):
    """Finds a face at the top of each box."""

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32] | None = None, /
    ) -> tuple[Face, ...]:
        del pixels
        self.calls["pictures"] += 1
        return tuple(face_in(*box) for box in ([] if boxes_px is None else boxes_px.tolist()))


class LookingDown(Counted):
    """Sees every head look straight down."""

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        del pixels
        self.calls["pictures"] += 1
        self.calls["heads"] += len(heads_px)
        return tuple(
            Gaze(
                state=GazeState.TARGET,
                origin=Point(x_px=(x0 + x1) / 2, y_px=(y0 + y1) / 2),
                direction=(0.0, 1.0),
                target=Point(x_px=(x0 + x1) / 2, y_px=y1 + 10),
                method=self.name,
            )
            for x0, y0, x1, y1 in heads_px.tolist()
        )


class SeesNoHead(Counted):
    """Says of every head that it cannot see it."""

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        del pixels
        return (None,) * len(heads_px)


def face_in(x0: float, y0: float, x1: float, y1: float, *, confidence: float = 0.9) -> Face:
    """A face in the upper quarter of a box, turned to the right."""
    third = (x1 - x0) / 3
    box = Box(x0_px=x0 + third, y0_px=y0, x1_px=x1 - third, y1_px=y0 + (y1 - y0) / 4)
    eyes = (
        Point(x_px=box.x0_px + 1, y_px=box.centre.y_px),
        Point(x_px=box.x1_px - 1, y_px=box.centre.y_px),
    )
    return Face(
        box=box, confidence=confidence, eyes=eyes, yaw_deg=40.0, pitch_deg=0.0, roll_deg=0.0
    )


def gaze_to_the_right(face: Face, method: str) -> Gaze:
    return Gaze(
        state=GazeState.UNKNOWN, origin=face.box.centre, direction=(1.0, 0.0), method=method
    )


@dataclass
class ColourVectors(Counted):
    """Encodes crops by how much of each colour they hold, and `a red thing` by the word.

    With room for only `most_crops` at a time it says so; with `broken` it answers NaN.
    """

    most_crops: int = 1000
    broken: bool = False
    batches: list[int] = field(default_factory=list)

    @property
    def space(self) -> VectorSpace:
        return COLOUR_SPACE

    def encode(self, items: Sequence[NDArray[np.uint8]] | Sequence[str], /) -> NDArray[np.float32]:
        if len(items) > self.most_crops:
            message = f"{len(items)} crops are too many"
            raise ModelMemoryError(message)
        self.batches.append(len(items))
        self.calls["batches"] += 1
        rows = np.array([self._row(item) for item in items], np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return np.full_like(rows, np.nan) if self.broken else rows

    def _row(self, item: NDArray[np.uint8] | str) -> list[float]:
        if isinstance(item, str):
            return [0.05, *(float(name in item) for name in COLOURS)]
        return [0.05, *(float(_is_colour(item, name).mean()) for name in COLOURS)]


class Nonsense(Counted):
    """A detector whose model answers what cannot be."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        del pixels
        message = "the model answered NaN"
        raise ModelOutputError(message)


@dataclass
class Hungry(Counted):
    """A detector that needs more memory than there is for pictures wider than `widest_px`."""

    widest_px: int = 250

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        if pixels.shape[1] > self.widest_px:
            raise MemoryError
        return Blots()(pixels)


class Teller(Counted):
    """Captions a crop by its colour."""

    def __call__(self, crops: Sequence[NDArray[np.uint8]], /) -> tuple[str, ...]:
        self.calls["crops"] += len(crops)
        return tuple(f"something {name}" if (name := colour_of(c)) else "" for c in crops)


def one_region_each(
    image: Image, proposals: Sequence[Proposal], run_id: RunId
) -> tuple[Region, ...]:
    """Each proposal's box as a region; those with the same box are taken for one."""
    regions = (
        region_of(
            image,
            Outline.from_box(p.mask.box),
            run_id=run_id,
            kind=p.kind,
            labels=p.labels,
            pose=p.pose,
            gaze=p.gaze,
        )
        for p in proposals
    )
    return tuple({region.id: region for region in regions}.values())
