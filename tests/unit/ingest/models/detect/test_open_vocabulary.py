from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.open_vocabulary import (
    MOST_DETECTIONS,
    Curve,
    ScoredBoxes,
    corners,
    vocabulary_hash,
)
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.models.detect.vocabulary import Term

TERMS = (
    Term(label="man", kind=RegionKind.PERSON, prompt="a man"),
    Term(label="woman", kind=RegionKind.PERSON, prompt="a woman"),
    Term(label="dog", kind=RegionKind.ANIMAL, prompt="a dog"),
)
HALF = Curve(least_score=0.2, scores=(0.0, 1.0), confidences=(0.0, 0.5), basis="test")


def found(boxes: list[list[float]], scores: list[list[float]]) -> Detections:
    scored = ScoredBoxes(
        boxes_px=np.array(boxes, np.float32).reshape(-1, 4),
        scores=np.array(scores, np.float32).reshape(-1, 3),
    )
    return scored.detections(TERMS, HALF, 100, 50)


def test_surest_first_with_its_best_term() -> None:
    detections = found([[0, 0, 10, 10], [50, 0, 90, 40]], [[0.3, 0.1, 0.2], [0.1, 0.2, 0.8]])

    assert detections.labels == ("dog", "man")
    assert detections.kinds == (RegionKind.ANIMAL, RegionKind.PERSON)
    assert detections.confidences == pytest.approx([0.4, 0.15])
    assert detections.boxes_px[0].tolist() == [50, 0, 90, 40]


@pytest.mark.parametrize(
    ("second", "scores", "labels"),
    [
        pytest.param([0, 0, 40, 41], [0.0, 0.7, 0.0], ("man",), id="same kind, same place"),
        pytest.param([0, 0, 40, 41], [0.0, 0.0, 0.7], ("man", "dog"), id="other kind"),
        pytest.param([30, 0, 70, 40], [0.0, 0.7, 0.0], ("man", "woman"), id="other place"),
        pytest.param([60, 0, 90, 40], [0.0, 0.1, 0.0], ("man",), id="too unsure"),
        pytest.param([100, 0, 140, 40], [0.0, 0.7, 0.0], ("man",), id="outside"),
    ],
)
def test_what_is_left_out(
    second: list[float], scores: list[float], labels: tuple[str, ...]
) -> None:
    assert found([[0, 0, 40, 40], second], [[0.9, 0.0, 0.0], scores]).labels == labels


def test_boxes_are_cut_to_the_picture() -> None:
    detections = found([[-5, -5, 120, 60]], [[0.9, 0, 0]])

    assert detections.boxes_px.tolist() == [[0, 0, 100, 50]]


def test_nothing_found() -> None:
    assert len(found([], [])) == 0


def test_not_too_many() -> None:
    boxes = [[x / 5, 0, x / 5 + 1, 50] for x in range(2 * MOST_DETECTIONS)]
    detections = found(boxes, [[0.9, 0, 0]] * len(boxes))

    assert len(detections) == MOST_DETECTIONS


@pytest.mark.parametrize(
    ("boxes", "scores"),
    [
        pytest.param(np.zeros((2, 4)), np.zeros((2, 2)), id="terms"),
        pytest.param(np.zeros((1, 4)), np.zeros((2, 3)), id="count"),
        pytest.param(np.full((1, 4), np.nan), np.zeros((1, 3)), id="NaN box"),
        pytest.param(np.zeros((1, 4)), np.full((1, 3), np.nan), id="NaN score"),
    ],
)
def test_nonsense(boxes: np.ndarray, scores: np.ndarray) -> None:
    scored = ScoredBoxes(boxes_px=boxes, scores=scores)
    with pytest.raises(ModelOutputError):
        scored.detections(TERMS, HALF, 100, 50)


@pytest.mark.parametrize("detector", ["owlv2", "grounding-dino"])
def test_curves_rise_and_say_that_they_are_guesses(detector: str) -> None:
    curve = Curve.named(detector)
    confidences = curve.confidence(np.linspace(0, 1, 50, dtype=np.float32))

    assert (np.diff(confidences) >= 0).all()
    assert curve.basis.startswith("a guess")
    assert 0 < curve.least_score < 1


@pytest.mark.parametrize(
    ("scores", "confidences"),
    [((0.0, 0.0), (0.0, 1.0)), ((0.0, 1.0), (0.5, 0.1)), ((0.0, 1.0), (0.0,)), ((0.0,), (1.5,))],
    ids=["standing still", "falling", "count", "above 1"],
)
def test_impossible_curves(scores: tuple[float, ...], confidences: tuple[float, ...]) -> None:
    with pytest.raises(InvalidValueError, match="rising"):
        Curve(least_score=0.1, scores=scores, confidences=confidences, basis="test")


def test_corners() -> None:
    boxes = np.array([[0.5, 0.5, 0.2, 1.0]], np.float32)

    assert corners(boxes, 100, 50) == pytest.approx(np.array([[40, 0, 60, 50]]))


def test_hash_follows_the_vocabulary() -> None:
    assert vocabulary_hash(TERMS) == vocabulary_hash(TERMS)
    assert vocabulary_hash(TERMS) != vocabulary_hash(TERMS[::-1])
