"""Fits the logistic models of relations/data/thresholds.toml on annotated pictures and photographs.

Prints each model's weights as the TOML to paste, with its average precision and expected
calibration error over five folds of pictures, and writes the reliability of each as JSON. Bodies
are seen by models in paintings (profile laptop) and in drawn pictures (profile mini).
Needs scikit-learn (extra `evaluate`). The annotations are not part of the repository.

    python -m iconograph.ingest.scenes CORPUS --count 168 --seed 1001
    python tools/fit_relations.py --data FOLDER --drawn CORPUS --out reliability.json
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from relation_samples import MODELS, Model, Sample, Sources, sample_of

from iconograph.evaluation.measures import average_precision, calibration_error, reliability
from iconograph.relations.thresholds import Thresholds, read_thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
COMMANDS = (
    "python -m iconograph.ingest.scenes CORPUS --count 168 --seed 1001",
    "python tools/fit_relations.py --data FOLDER --drawn CORPUS --out reliability.json",
)
"""What made the numbers that this package has."""


def main() -> None:
    """Fit models and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="has annotations/, paintings/")
    parser.add_argument("--drawn", type=Path, required=True, help="a corpus of drawn pictures")
    parser.add_argument("--limit", type=int, help="drawn pictures at the most")
    parser.add_argument("--out", type=Path, required=True, help="JSON; other models in it stay")
    parser.add_argument("--only", action="append", choices=[model.name for model in MODELS])
    arguments = parser.parse_args()
    sources = Sources(data=arguments.data, drawn=arguments.drawn, limit=arguments.limit)
    thresholds = read_thresholds()
    record = json.loads(arguments.out.read_text("utf-8")) if arguments.out.is_file() else {}
    for model in MODELS:
        if arguments.only is None or model.name in arguments.only:
            record[model.name] = told(model, sample_of(model, sources, thresholds), thresholds)
            arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def told(model: Model, sample: Sample, thresholds: Thresholds) -> dict[str, object]:
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
        stored = scores >= thresholds.common.smallest_confidence
        quality[name] = {
            "pairs": int(own.sum()),
            "true": int(truths.sum()),
            "average_precision": round(average_precision(scores, truths), 3),
            "calibration_error": round(calibration_error(scores, truths), 3),
            "stored": int(stored.sum()),
            "stored_calibration_error": round(calibration_error(scores[stored], truths[stored]), 3),
            "reliability": [
                {key: round(value, 4) for key, value in asdict(part).items()}
                for part in reliability(scores, truths)
            ],
        }
        print(f"# {name}: { {k: v for k, v in quality[name].items() if k != 'reliability'} }")
    sys.stdout.flush()
    day = datetime.now(tz=UTC).date().isoformat()
    how = {"date": day, "commands": COMMANDS, "given": model.given, "folds": FOLDS}
    return how | {"sets": quality}


def fitted(sample: Sample) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights of a logistic regression with a ridge on measures of unit deviation."""
    from sklearn.linear_model import LogisticRegression

    deviations = sample.measures.std(axis=0)
    deviations[deviations == 0.0] = 1.0
    model = LogisticRegression(C=1.0 / sample.ridge, max_iter=5000)
    model.fit(sample.measures / deviations, sample.truths, sample_weight=sample.weights)
    return float(model.intercept_[0]), model.coef_[0] / deviations


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


if __name__ == "__main__":
    main()
