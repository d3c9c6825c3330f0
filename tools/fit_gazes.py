"""Fits the numbers of relations/data/gaze.toml.

    python tools/fit_gazes.py places gazefollow_dev.json
    python tools/fit_gazes.py confidence dev_paintings.json PICTURES [DRAWN [STYLE [LIMIT]]]

The first prints how distance and place draw eyes in photographs, by maximum likelihood over a grid of
places. The second prints the weights of the confidence over gazes seen in pixels (profile `laptop`),
over directions given, and over a folder of drawn pictures (profile `mini`), with F1 and calibration
error of each painting by weights that were fitted without it. It needs the models of both profiles.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

from iconograph.evaluation.annotations import Verdict, read_annotations
from iconograph.evaluation.gaze import without_targets
from iconograph.evaluation.measures import calibration_error
from iconograph.evaluation.pixels import picture_at_hand
from iconograph.evaluation.relation_drawn import read_drawn
from iconograph.evaluation.relations import without_bodies
from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.stages.figures import figures_of_profile
from iconograph.relations.gaze.target import gaze_masses
from iconograph.relations.scene import scene_of
from iconograph.relations.thresholds import read_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.annotations import AnnotatedPicture
    from iconograph.graph.model.bundle import ImageBundle

    Floats = NDArray[np.float64]

MEASURES = ("mass_logit", "is_first")
DRAWN_WEIGHT = 0.2
"""What a pair of a drawn picture counts: there are many, of few kinds."""

RAISE = 0.3
RIDGE = 0.05
CELLS = 24
"""Places tried along each side of a photograph."""

PHOTO_ASPECT = 1.3
"""Width by height: the annotations do not tell it."""

HEADS = (0.03, 0.4)
"""Heights of heads, in heights of the picture, that can be told from the eye and the body's box."""

FEWEST_ANNOTATORS = 4


def fit_places(annotations: Path) -> None:
    """Print the powers of distance and place, for several lengths at which distance begins to count."""
    people = [
        (image["eye"], 2 * (image["eye"][1] - image["body"][1]), np.array(image["gaze"]))
        for image in json.loads(annotations.read_text(encoding="utf-8"))["images"]
    ]
    kept = [
        (eye, head, np.median(inside, axis=0))
        for eye, head, gaze in people
        if HEADS[0] < head < HEADS[1]
        and 0 <= min(eye) <= max(eye) <= 1
        and len(inside := gaze[((gaze >= 0) & (gaze <= 1)).all(axis=1)]) >= FEWEST_ANNOTATORS
    ]
    eyes, heads = np.array([k[0] for k in kept]), np.array([k[1] for k in kept])
    ends = np.array([k[2] for k in kept])[:, np.newaxis]
    steps = (np.arange(CELLS) + 0.5) / CELLS
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    print(f"{len(kept)} gazes")
    for near_heads in (0.5, 1.0, 2.0, 6.0):
        places = _place_measures(grid, eyes, heads, near_heads)
        chosen = _place_measures(ends, eyes, heads, near_heads)[:, 0]
        weights, loss = _by_choice(places, chosen)
        print(f"from {near_heads} heads on: {weights.round(2)}, loss {loss:.4f}")


def _place_measures(points: Floats, eyes: Floats, heads: Floats, near_heads: float) -> Floats:
    """Log of one plus the distance, and how far off the middle, people x places x 2."""
    away = (points - eyes[:, np.newaxis]) * (PHOTO_ASPECT, 1.0)
    distance = np.linalg.norm(away, axis=2) / heads[:, np.newaxis] / near_heads
    off_centre = np.linalg.norm(points * 2 - 1, axis=2) / np.sqrt(2.0)
    off = np.broadcast_to(off_centre, distance.shape)
    # On a face nobody looks at himself.
    own = np.where(distance * near_heads < 0.5, np.inf, 0.0)  # noqa: PLR2004
    return np.stack([np.log1p(distance) + own, off], axis=-1)


def _by_choice(places: Floats, chosen: Floats) -> tuple[Floats, float]:
    """Weights of a conditional logit by Newton's steps, and the mean negative log likelihood."""
    open_places = np.isfinite(places[..., 0])
    measures = np.where(open_places[..., np.newaxis], places, 0.0)
    kept = np.isfinite(chosen[:, 0])
    weights = np.zeros(2)
    for _ in range(20):
        score = np.where(open_places, measures @ weights, -np.inf)[kept]
        share = np.exp(score - score.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        mean = np.einsum("np,npm->nm", share, measures[kept])
        square = np.einsum("np,npm,npk->mk", share, measures[kept], measures[kept])
        curve = square - mean.T @ mean
        weights = weights + np.linalg.solve(curve, (chosen[kept] - mean).sum(axis=0))
    score = np.where(open_places, measures @ weights, -np.inf)[kept]
    top = score.max(axis=1)
    total = top + np.log(np.exp(score - top[:, np.newaxis]).sum(axis=1))
    return weights, float((total - chosen[kept] @ weights).mean())


@dataclass(frozen=True)
class Judged:
    """Pairs of one picture: measures with a leading 1, what is true of those judged, and all truths."""

    measures: Floats
    verdicts: NDArray[np.int64]
    true: int

    @property
    def told(self) -> NDArray[np.bool_]:
        """Which pairs are judged."""
        return self.verdicts >= 0


def fit_confidence(annotations: Path, pictures: Path, drawn: Sequence[str]) -> None:
    """Print weights, and what they are worth for paintings left out of the fit."""
    cache = user_cache_path("iconograph")
    bodies = figures_of_profile("laptop", cache, cache=OutputCache(cache / "outputs"))
    paintings = read_annotations(annotations, pictures).pictures
    seen = [
        _judged(p, bodies(without_bodies(p.bundle), picture_at_hand(p.bundle.image)))
        for p in paintings
    ]
    given = [_judged(p, without_targets(p.bundle)) for p in paintings]
    others = _drawn(drawn, cache) if drawn else []
    weights = _fitted([*seen, *given], others)
    print("confidence", dict(zip(("bias", *MEASURES), weights.round(2), strict=True)))
    left_out = [
        _fitted([*_without(seen, row), *_without(given, row)], others)
        for row in range(len(paintings))
    ]
    for raised in (0.0, RAISE):
        for name, rows in (("seen", seen), ("given", given)):
            print(
                f"{name}, each left out, bias raised by {raised}:", _worth(rows, left_out, raised)
            )
        if others:
            every = [weights] * len(others)
            print(f"drawn, in sample, bias raised by {raised}:", _worth(others, every, raised))


def _drawn(wanted: Sequence[str], cache: Path) -> list[Judged]:
    folder, style, limit = (*wanted, *("", "", "0")[len(wanted) :])
    stage = figures_of_profile("mini", cache)
    return [
        _judged(p, stage(without_bodies(p.bundle), picture_at_hand(p.bundle.image)))
        for p in read_drawn(Path(folder), style=style, limit=int(limit) or None).pictures
    ]


def _judged(picture: AnnotatedPicture, seen: ImageBundle) -> Judged:
    thresholds = read_thresholds()
    scene = scene_of(seen, thresholds)
    (first, second), measures = gaze_masses(scene, thresholds)
    codes = {Verdict.TRUE: 1, Verdict.FALSE: 0, Verdict.UNJUDGED: -1}
    ids = [region.id for region in scene.regions]
    verdicts = [
        codes[picture.verdict(EdgeKind.GAZES_AT, ids[a], ids[b])]
        for a, b in zip(first, second, strict=True)
    ]
    columns = [np.ones(len(verdicts)), *(measures[name] for name in MEASURES)]
    true = sum(triple[0] is EdgeKind.GAZES_AT for triple in picture.true)
    return Judged(np.stack(columns, axis=1), np.array(verdicts, dtype=np.int64), true)


def _without(rows: list[Judged], out: int) -> list[Judged]:
    return [row for number, row in enumerate(rows) if number != out]


def _fitted(paintings: list[Judged], drawn: list[Judged]) -> Floats:
    """Weights of a logistic model by Newton's steps, with a slight ridge on all but the bias."""
    parts = [(row, 1.0) for row in paintings] + [(row, DRAWN_WEIGHT) for row in drawn]
    measures = np.concatenate([row.measures[row.told] for row, _ in parts])
    truths = np.concatenate([row.verdicts[row.told] for row, _ in parts]).astype(np.float64)
    counts = np.concatenate([np.full(int(row.told.sum()), weight) for row, weight in parts])
    ridge = 2 * RIDGE * np.diag([0.0] + [1.0] * len(MEASURES))
    weights = np.zeros(measures.shape[1])
    for _ in range(30):
        chance = _logistic(measures @ weights)
        slope = measures.T @ (counts * (truths - chance)) - ridge @ weights
        curve = (measures * (counts * chance * (1 - chance))[:, np.newaxis]).T @ measures + ridge
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def _worth(rows: list[Judged], weights: list[Floats], raised: float) -> str:
    stored = read_thresholds().common.smallest_confidence
    sure = np.concatenate(
        [_logistic(r.measures @ w + raised) for r, w in zip(rows, weights, strict=True)]
    )
    verdicts = np.concatenate([row.verdicts for row in rows])
    said = sure >= 0.5  # noqa: PLR2004
    right, wrong = int((said & (verdicts == 1)).sum()), int((said & (verdicts == 0)).sum())
    f1 = 2 * right / (right + wrong + sum(row.true for row in rows))
    kept = (verdicts >= 0) & (sure >= stored)
    error = calibration_error(sure[kept], verdicts[kept] == 1)
    return (
        f"F1 {f1:.2f} ({right} right, {wrong} wrong), calibration error {error:.2f} of {kept.sum()}"
    )


def _logistic(values: Any) -> Floats:  # noqa: ANN401  an array of any float
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30.0, 30.0))), dtype=np.float64)


if __name__ == "__main__":
    if sys.argv[1] == "places":
        fit_places(Path(sys.argv[2]))
    else:
        fit_confidence(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
