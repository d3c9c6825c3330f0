"""How well boxes with labels agree with the truth of drawn scenes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FOUND_IOU = 0.5
CALIBRATION_STEPS = 50
LOGIT_LIMIT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boxes:
    """Boxes of one picture, n x 4 (x0, y0, x1, y1), each with a label, a kind and a probability."""

    boxes_px: Floats
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    confidences: Floats

    def above(self, threshold: float) -> Boxes:
        """Those at least so sure."""
        return self.only(np.flatnonzero(self.confidences >= threshold))

    def only(self, numbers: NDArray[np.intp]) -> Boxes:
        """Some of them."""
        return Boxes(
            boxes_px=self.boxes_px[numbers],
            labels=tuple(self.labels[n] for n in numbers),
            kinds=tuple(self.kinds[n] for n in numbers),
            confidences=self.confidences[numbers],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over pictures: true regions, found ones, those with the right label, and what else came.

    `duplicates` overlap a true region of their kind that another box has found; `inventions` none.
    """

    regions: int = 0
    found: int = 0
    labelled: int = 0
    duplicates: int = 0
    inventions: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            regions=self.regions + other.regions,
            found=self.found + other.found,
            labelled=self.labelled + other.labelled,
            duplicates=self.duplicates + other.duplicates,
            inventions=self.inventions + other.inventions,
        )

    def shares(self) -> dict[str, float]:
        """Recall, label accuracy of what was found, duplicates and inventions per true region."""
        regions, found = max(1, self.regions), max(1, self.found)
        return {
            "regions": float(self.regions),
            "recall": self.found / regions,
            "label_accuracy": self.labelled / found,
            "duplicates_per_region": self.duplicates / regions,
            "inventions_per_region": self.inventions / regions,
        }


def box_ious(a: Floats, b: Floats) -> Floats:
    """IoU of each box of a (n x 4) with each of b (m x 4), n x m."""
    low, high = (
        np.maximum(a[:, None, :2], b[None, :, :2]),
        np.minimum(a[:, None, 2:], b[None, :, 2:]),
    )
    shared = np.clip(high - low, 0, None).prod(axis=2)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).prod(axis=1) for x in (a, b))
    ious: Floats = shared / np.maximum(area_a[:, None] + area_b[None] - shared, 1e-6)
    return ious


def pairs_of(truth: Boxes, found: Boxes) -> tuple[dict[int, int], Floats]:
    """Which true region each found box takes, one to one, and all IoUs within a kind (0 between kinds).

    Pairs of the same label come first, then those with the larger IoU; none below `FOUND_IOU`.
    """
    ious = box_ious(found.boxes_px, truth.boxes_px)
    same_kind = np.array(found.kinds)[:, None] == np.array(truth.kinds)[None]
    ious = ious * same_kind.reshape(ious.shape)
    same = (np.array(found.labels)[:, None] == np.array(truth.labels)[None]).reshape(ious.shape)
    rank = np.where(ious >= FOUND_IOU, ious + same, 0.0)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for flat in np.argsort(-rank, axis=None, kind="stable"):
        n, t = divmod(int(flat), len(truth.labels))
        if rank[n, t] <= 0:
            break
        if n not in pairs and t not in taken:
            pairs[n] = t
            taken.add(t)
    return pairs, ious


def tally_of(truth: Boxes, found: Boxes) -> Tally:
    """The counts of one picture."""
    if not truth.labels or not found.labels:
        return Tally(regions=len(truth.labels), inventions=len(found.labels))
    pairs, ious = pairs_of(truth, found)
    others = [n for n in range(len(found.labels)) if n not in pairs]
    duplicates = sum(bool(ious[n].max() >= FOUND_IOU) for n in others)
    return Tally(
        regions=len(truth.labels),
        found=len(pairs),
        labelled=sum(found.labels[n] == truth.labels[t] for n, t in pairs.items()),
        duplicates=duplicates,
        inventions=len(others) - duplicates,
    )


def tallies_by_kind(pictures: Iterable[tuple[Boxes, Boxes]]) -> Mapping[str, Tally]:
    """The counts over (truth, found) of many pictures, for each kind and for `all`."""
    tallies: dict[str, Tally] = {"all": Tally()}
    for truth, found in pictures:
        for kind in sorted({*truth.kinds, *found.kinds}):
            parts = (one.only(_of_kind(one, kind)) for one in (truth, found))
            tally = tally_of(*parts)
            tallies[kind] = tallies.get(kind, Tally()) + tally
            tallies["all"] += tally
    return tallies


def _of_kind(boxes: Boxes, kind: str) -> NDArray[np.intp]:
    return np.flatnonzero(np.array(boxes.kinds) == kind)


def outcomes(pictures: Iterable[tuple[Boxes, Boxes]]) -> tuple[Floats, NDArray[np.bool_]]:
    """The confidence of every found box, and whether it found a region and named it rightly."""
    confidences, right = [np.zeros(0, np.float32)], [np.zeros(0, np.bool_)]
    for truth, found in pictures:
        pairs = pairs_of(truth, found)[0] if truth.labels and found.labels else {}
        hit = [
            n in pairs and found.labels[n] == truth.labels[pairs[n]]
            for n in range(len(found.labels))
        ]
        confidences.append(found.confidences)
        right.append(np.array(hit, np.bool_))
    return np.concatenate(confidences), np.concatenate(right)


def calibration(confidences: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset by which logits become the probability of being right (Platt 1999).

    Newton's method on the log likelihood, with a small pull towards (1, 0).
    """
    p = np.clip(confidences.astype(np.float64), LOGIT_LIMIT, 1 - LOGIT_LIMIT)
    design = np.stack([np.log(p / (1 - p)), np.ones_like(p)], axis=1)
    start = np.array([1.0, 0.0])
    weights = start.copy()
    for _ in range(CALIBRATION_STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (chance - right) + 1e-2 * (weights - start)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-2 * np.eye(2)
        change = np.linalg.solve(curve, slope)
        weights = weights - change
        if np.abs(change).max() < 1e-9:  # noqa: PLR2004  converged
            break
    return float(weights[0]), float(weights[1])


def calibration_error(confidences: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and share of right ones, by bins."""
    if not len(confidences):
        return 0.0
    places = np.minimum((confidences * bins).astype(np.intp), bins - 1)
    gaps = [
        abs(float(confidences[places == b].mean()) - float(right[places == b].mean()))
        * float((places == b).mean())
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))
