"""From true regions to what the small detector is to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.training.augment import View, random_view, repainted
from iconograph.ingest.training.corpora import TruePicture, small_extent, small_scale
from iconograph.ingest.training.detect_classes import STRIDE_PX, UNCOLOURED, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

SMALLEST_SIDE_PX = 3.0
LEAST_SEEN = {RegionKind.SETTING: 0.15, RegionKind.ORNAMENT: 0.3}
LEAST_SEEN_ELSE = 0.4
"""Of a box cut by the view's edge, the share that must be left for the thing to be asked for."""

STRANGE_HUE = 0.2
"""How many pictures are shown in other hues than they have; their colours are not asked for."""

SPREAD = 0.12
"""Standard deviation of the heat around a middle, in sides of the box."""

NEAR = 0.6
"""Cells with at least this much heat learn the box too."""

NARROWEST_STRIDES = 0.05
"""No side of a box is nearer to a middle than this."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """The known regions of a picture at its small scale: boxes n x 4, classes n, colours n."""

    boxes_px: Floats
    classes: Ints
    colours: Ints
    least_seen: Floats

    @classmethod
    def of(cls, picture: TruePicture, vocabulary: Vocabulary, size_px: int) -> Truth:
        """The entities of a picture whose class is known."""
        known = [(vocabulary.index_of(region), region) for region in picture.entities]
        known = [(index, region) for index, region in known if index[0] >= 0]
        boxes = [region.box_px for _, region in known]
        return cls(
            boxes_px=np.asarray(boxes, np.float32).reshape(-1, 4) * small_scale(picture, size_px),
            classes=np.array([index[0] for index, _ in known], np.int64),
            colours=np.array([index[1] for index, _ in known], np.int64),
            least_seen=np.array(
                [LEAST_SEEN.get(region.kind, LEAST_SEEN_ELSE) for _, region in known], np.float32
            ),
        )

    def seen_in(self, view: View) -> Truth:
        """What a view leaves of it, boxes clipped to the square."""
        whole = view.boxes(self.boxes_px)
        cut = np.clip(whole, 0, view.size_px)
        left = _areas(cut) / np.maximum(_areas(whole), 1e-6)
        sides = (cut[:, 2:] - cut[:, :2]).min(axis=1, initial=np.inf)
        kept = (left >= self.least_seen) & (sides >= SMALLEST_SIDE_PX)
        return Truth(
            boxes_px=cut[kept], classes=self.classes[kept], colours=self.colours[kept],
            least_seen=self.least_seen[kept],
        )  # fmt: skip


def _areas(boxes: Floats) -> Floats:
    areas: Floats = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return areas


def batches(  # noqa: PLR0913  what decides a batch
    pictures: Sequence[TruePicture],
    squares: Sequence[NDArray[np.uint8]],
    vocabulary: Vocabulary,
    *,
    size_px: int,
    count: int,
    strength: float = 1.0,
) -> Callable[[np.random.Generator], dict[str, NDArray[Any]]]:
    """A source of batches of `count` pictures, each seen and painted anew."""
    small_px = squares[0].shape[0]
    truths = [Truth.of(picture, vocabulary, small_px) for picture in pictures]

    def batch_of(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        pixels, seen = [], []
        for number in rng.integers(len(pictures), size=count):
            width, height = small_extent(pictures[number], small_px)
            view = random_view(rng, width_px=width, height_px=height, size_px=size_px)
            strange = rng.random() < STRANGE_HUE
            # Of any grey beside the picture, so that none means anything.
            shown = view.pixels(squares[number][:height, :width], ground=int(rng.integers(256)))
            pixels.append(repainted(shown, rng, keep_hue=not strange, strength=strength))
            seen.append((truths[number].seen_in(view), not strange))
        return {"pixels": np.stack(pixels), **targets(seen, vocabulary, size_px)}

    return batch_of


def targets(
    seen: Sequence[tuple[Truth, bool]], vocabulary: Vocabulary, size_px: int
) -> dict[str, NDArray[Any]]:
    """What the network is to answer on squares with these truths.

    `heat` is batch x classes x S/8 x S/8; `positives` p x 4 (picture, family, row, column) with
    `positive_sides` p x 4 in strides and `positive_weights` p; `clothed` g x 4 (picture, garment, row,
    column) with `clothed_colours` and `clothed_weights` g. The weights of a thing add up to 1. The flag of each truth says whether its colours are to be asked for.
    """
    cells = size_px // STRIDE_PX
    heat = np.zeros((len(seen), len(vocabulary.classes), cells, cells), np.float32)
    families = vocabulary.families
    nearest: dict[Cell, _Claim] = {}
    for number, (truth, true_colours) in enumerate(seen):
        scaled = truth.boxes_px / STRIDE_PX
        for thing, (box, index) in enumerate(zip(scaled, truth.classes, strict=True)):
            rows, columns, warmth = _spot(box, cells)
            part = heat[number, index, rows, columns]
            np.maximum(part, warmth, out=part)
            family = families.index(vocabulary.classes[index].family)
            asked = int(truth.colours[thing]) if true_colours else UNCOLOURED
            for row, column in zip(*np.nonzero(warmth >= NEAR), strict=True):
                cell = (number, family, rows.start + int(row), columns.start + int(column))
                warm = float(warmth[row, column])
                # Of two boxes of one family the nearer one has the cell.
                if cell not in nearest or nearest[cell].warm < warm:
                    nearest[cell] = _Claim(warm, (number, thing), box, int(index), asked)
    return {"heat": heat, **_cell_arrays(nearest, vocabulary)}


Cell = tuple[int, int, int, int]
"""Picture, family, row, column."""


class _Claim(NamedTuple):
    """What a cell learns: how warm it is, the thing (picture, number), its box, class and colour."""

    warm: float
    thing: tuple[int, int]
    box: Floats
    class_index: int
    tint: int


def _cell_arrays(nearest: Mapping[Cell, _Claim], vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """The cells that learn a box or a colour, as arrays; see `targets`."""
    garments, classes = vocabulary.garments, vocabulary.classes
    middles = np.array([(x, y, x, y) for _, _, y, x in nearest], np.float32).reshape(-1, 4) + 0.5
    boxes = np.array([claim.box for claim in nearest.values()], np.float32).reshape(-1, 4)
    # Each thing counts once, however many cells it has.
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for claim in nearest.values():
        sums[claim.thing] += claim.warm
    shares = [claim.warm / sums[claim.thing] for claim in nearest.values()]
    clothed = [
        ((picture, garments.index(classes[claim.class_index].name), y, x), claim.tint, share)
        for ((picture, _, y, x), claim), share in zip(nearest.items(), shares, strict=True)
        if claim.tint != UNCOLOURED
    ]
    return {
        "positives": np.array(list(nearest), np.int64).reshape(-1, 4),
        "positive_sides": np.maximum(np.abs(boxes - middles), NARROWEST_STRIDES),
        "positive_weights": np.array(shares, np.float32),
        "clothed": np.array([cell for cell, _, _ in clothed], np.int64).reshape(-1, 4),
        "clothed_colours": np.array([tint for _, tint, _ in clothed], np.int64),
        "clothed_weights": np.array([share for _, _, share in clothed], np.float32),
    }


def _spot(box: Floats, cells: int) -> tuple[slice, slice, Floats]:
    """The cells that a box warms (rows, columns), and how much: 1 in the cell of its middle."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    column, row = min(int(x), cells - 1), min(int(y), cells - 1)
    spread = np.maximum(SPREAD * (box[2:] - box[:2]), 0.45)
    reach_x, reach_y = (int(np.ceil(2.5 * s)) for s in spread)
    rows = slice(max(0, row - reach_y), min(cells, row + reach_y + 1))
    columns = slice(max(0, column - reach_x), min(cells, column + reach_x + 1))
    down = np.exp(-0.5 * ((np.arange(rows.start, rows.stop) - row) / spread[1]) ** 2)
    along = np.exp(-0.5 * ((np.arange(columns.start, columns.stop) - column) / spread[0]) ** 2)
    return rows, columns, np.outer(down, along).astype(np.float32)
