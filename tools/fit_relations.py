"""Fits the logistic models of relations/data/thresholds.toml on annotated pictures and photographs.

Prints each model's weights as the TOML to paste, with its average precision and expected
calibration error over five folds of pictures, and writes the reliability of each as JSON.
Needs scikit-learn (extra `evaluate`). The annotations are not part of the repository.

    python tools/fit_relations.py --annotations FOLDER --out reliability.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from iconograph.evaluation.annotations import AnnotatedPicture, Verdict, read_annotations
from iconograph.evaluation.measures import average_precision, calibration_error, reliability
from iconograph.evaluation.photo_pairs import PhotoPairs, read_photo_pairs
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.ids import RegionId
from iconograph.relations.rules.beside import BESIDE
from iconograph.relations.rules.holds import HOLDS
from iconograph.relations.rules.rule import Rule
from iconograph.relations.rules.wears import WEARS
from iconograph.relations.scene import scene_of
from iconograph.relations.thresholds import Thresholds, read_thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
PAINTING_WEIGHT = 30.0
"""One judged pair of a painting counts as this many of a photograph's: there are few, and they are
what the product is for."""

Truth = Callable[[RegionId, RegionId], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the thresholds: its rule, its measures, and which sets it is fitted on."""

    name: str
    rule: Rule
    measures: tuple[str, ...]
    sets: tuple[str, ...]
    with_pose: bool = False


HOLDS_THING = (
    "is_animal", "is_fixed", "is_part", "is_person", "is_portable", "is_worn", "covered_fraction",
)  # fmt: skip
PHOTOS = ("vcoco_trainval", "hicodet_dev")
PAINTINGS = "dev_paintings"
MODELS = (
    Model(
        name="holds.without_hands",
        rule=HOLDS,
        measures=(
            *HOLDS_THING, "rival_covered_fraction", "off_middle_heights", "aside_widths",
            "size_log_ratio",
        ),
        sets=(*PHOTOS, PAINTINGS),
    ),
    Model(
        name="holds.with_hands",
        rule=HOLDS,
        measures=(*HOLDS_THING, "hand_gap_heads", "hand_off_centre_sizes", "hand_lead_heads"),
        sets=(PAINTINGS,),
        with_pose=True,
    ),
    Model(
        name="beside.things",
        rule=BESIDE,
        measures=("gap_sizes", "size_log_ratio", "level_fraction", "shared_width_fraction"),
        sets=("vrd_dev",),
    ),
    Model(
        name="beside.figures_with_heads",
        rule=BESIDE,
        measures=("gap_sizes", "size_log_ratio", "head_log_ratio"),
        sets=(PAINTINGS,),
        with_pose=True,
    ),
    Model(
        name="wears.confidence",
        rule=WEARS,
        measures=(
            "covered_fraction", "rival_covered_fraction", "aside_widths", "is_attribute",
            "is_garment", "is_portable",
        ),
        sets=(PAINTINGS,),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Judged pairs: their measures (n x m), truths, set and picture."""

    measures: NDArray[np.float64]
    truths: NDArray[np.bool_]
    sets: NDArray[np.str_]
    pictures: NDArray[np.intp]

    @property
    def weights(self) -> NDArray[np.float64]:
        """How much each pair counts."""
        mixed = len(set(self.sets.tolist())) > 1
        paintings = self.sets == PAINTINGS
        return np.where(paintings & mixed, PAINTING_WEIGHT, 1.0)


def main() -> None:
    """Fit all models and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--annotations", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    thresholds = read_thresholds()
    record = {}
    for model in MODELS:
        sample = sample_of(model, arguments.annotations, thresholds)
        record[model.name] = told(model, sample)
    arguments.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def told(model: Model, sample: Sample) -> dict[str, object]:
    """Print a model's weights, and give its quality over folds by set."""
    bias, weights = fitted(sample)
    held_out = predicted_in_folds(sample)
    print(f"\n[{model.name}]\nbias = {bias:.2f}")
    for name, weight in zip(model.measures, weights, strict=True):
        print(f"{name} = {weight:.2f}")
    quality = {}
    for name in model.sets:
        own = sample.sets == name
        scores, truths = held_out[own], sample.truths[own]
        quality[name] = {
            "pairs": int(own.sum()),
            "true": int(truths.sum()),
            "average_precision": round(average_precision(scores, truths), 3),
            "calibration_error": round(calibration_error(scores, truths), 3),
            "reliability": [asdict(part) for part in reliability(scores, truths)],
        }
        shown = {key: value for key, value in quality[name].items() if key != "reliability"}
        print(f"# {name}: {shown}")
    return {"date": datetime.now(tz=UTC).date().isoformat(), "folds": FOLDS, "sets": quality}


def fitted(sample: Sample) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights of the logistic regression with scikit-learn's ridge of 1."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=5000)
    model.fit(sample.measures, sample.truths, sample_weight=sample.weights)
    return float(model.intercept_[0]), model.coef_[0]


def predicted_in_folds(sample: Sample) -> NDArray[np.float64]:
    """The probability of each pair by a model that saw none of its picture."""
    from sklearn.model_selection import GroupKFold

    held_out = np.zeros(len(sample.truths))
    folds = GroupKFold(FOLDS).split(sample.measures, sample.truths, sample.pictures)
    for seen, unseen in folds:
        part = Sample(
            measures=sample.measures[seen],
            truths=sample.truths[seen],
            sets=sample.sets[seen],
            pictures=sample.pictures[seen],
        )
        bias, weights = fitted(part)
        held_out[unseen] = 1.0 / (1.0 + np.exp(-(bias + sample.measures[unseen] @ weights)))
    return held_out


def sample_of(model: Model, annotations: Path, thresholds: Thresholds) -> Sample:
    """All judged pairs of a model's sets that its rule looks at with these measures."""
    found = [
        (row, truth, name, picture)
        for name in model.sets
        for picture, (bundle, truth_of) in enumerate(bundles(annotations / f"{name}.json", model))
        for row, truth in judged_rows(model, bundle, truth_of, thresholds)
    ]
    names = np.array([name for _, _, name, _ in found])
    first = {name: 100_000 * place for place, name in enumerate(model.sets)}
    return Sample(
        measures=np.array([row for row, _, _, _ in found]),
        truths=np.array([truth for _, truth, _, _ in found], np.bool_),
        sets=names,
        pictures=np.array([first[name] + picture for _, _, name, picture in found], np.intp),
    )


def judged_rows(
    model: Model, bundle: ImageBundle, truth_of: Truth, thresholds: Thresholds
) -> Iterator[tuple[list[float], bool]]:
    """Measures and truth of the pairs of a picture that the annotation judges."""
    scene = scene_of(bundle, thresholds)
    for findings in model.rule.find(scene, thresholds):
        if set(findings.measures) != set(model.measures):
            continue
        table = np.stack([findings.measures[name] for name in model.measures], axis=1)
        ends = zip(findings.subjects, findings.objects, strict=True)
        for row, (subject, object_) in zip(table.tolist(), ends, strict=True):
            truth = truth_of(scene.regions[subject].id, scene.regions[object_].id)
            if truth is not None:
                yield row, truth


def bundles(path: Path, model: Model) -> Iterator[tuple[ImageBundle, Truth]]:
    """The pictures of a set, and what is true in each."""
    if path.stem == PAINTINGS:
        for picture in read_annotations(path).pictures:
            yield _shown(picture.bundle, model), _painting_truth(picture, model)
    else:
        for photograph in read_photo_pairs(path).photographs:
            yield photograph.bundle, _photo_truth(photograph)


def _shown(bundle: ImageBundle, model: Model) -> ImageBundle:
    if model.with_pose:
        return bundle
    regions = tuple(replace(region, pose=None, gaze=None) for region in bundle.regions)
    return replace(bundle, regions=regions)


def _painting_truth(picture: AnnotatedPicture, model: Model) -> Truth:
    verdicts = {Verdict.TRUE: True, Verdict.FALSE: False}
    return lambda subject, object_: verdicts.get(picture.verdict(model.rule.kind, subject, object_))


def _photo_truth(photograph: PhotoPairs) -> Truth:
    def truth(subject: RegionId, object_: RegionId) -> bool | None:
        pair = (subject, object_)
        return pair in photograph.true if pair in photograph.judged else None

    return truth


if __name__ == "__main__":
    main()
