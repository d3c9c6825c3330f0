from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.graph.model.run import ModelRef
from iconograph.graph.model.vector import Modality, VectorSpace
from iconograph.ingest.models.encode.crops import Preprocessing
from iconograph.ingest.models.encode.towers import TwoTowers

SPACE = VectorSpace(name="clip:t/t", dim=3, weights_sha256="0", modality=Modality.IMAGE)


def mean_colours(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(pixels.mean(axis=(2, 3)) + np.float32(1e-3))


def lengths(tokens: np.ndarray) -> np.ndarray:
    return np.stack([tokens[:, 0], tokens[:, 0] * 0 + 1, tokens[:, 0] * 0], 1).astype(np.float32)


def counted(texts: Any) -> np.ndarray:
    return np.array([[len(text)] for text in texts], np.int64)


def encoder(**parts: Any) -> TwoTowers:
    plain: dict[str, Any] = {
        "space": SPACE,
        "models": (ModelRef(name="t"),),
        "preprocessing": Preprocessing(image_size_px=4, mean=(0, 0, 0), std=(1, 1, 1)),
        "tokens": counted,
        "image_tower": mean_colours,
        "text_tower": lengths,
        "batch_size": 2,
    }
    return TwoTowers(**(plain | parts))


def test_crops_in_order() -> None:
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    crops = [np.full((5, 9, 3), colour, np.uint8) for colour in colours]

    vectors = encoder().encode(crops)
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(np.eye(3), abs=2e-3)


def test_texts_in_order() -> None:
    vectors = encoder().encode(["", "abc", "a", "ab"])

    assert vectors[:, 0] / vectors[:, 1] == pytest.approx([0, 3, 1, 2])


def test_nothing() -> None:
    assert encoder().encode([]).shape == (0, 3)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(np.full((1, 3), np.nan, np.float32), id="NaN"),
        pytest.param(np.full((1, 3), np.inf, np.float32), id="infinite"),
        pytest.param(np.zeros((1, 3), np.float32), id="zero"),
        pytest.param(np.ones((1, 4), np.float32), id="other size"),
        pytest.param(np.ones((2, 3), np.float32), id="other count"),
    ],
)
def test_nonsense(answer: np.ndarray) -> None:
    with pytest.raises(ModelOutputError, match=r"expected \(1, 3\)"):
        encoder(text_tower=lambda _: answer).encode(["a"])


def test_grey_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="RGB"):
        encoder().encode([np.zeros((4, 4), np.uint8)])
