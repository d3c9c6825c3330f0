from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.errors import InvalidValueError, ModelMemoryError, ModelOutputError
from iconograph.ingest.models.segment.prompts import (
    Frame,
    PromptedPicture,
    framed_pixels,
    grid,
    mask_of,
)

WIDE = Frame.fitted(200, 100, 64)


@dataclass(slots=True, kw_only=True)
class Disc:
    """Answers for every prompt a disc around its middle, and a worse mask of everything."""

    size_px: int = 64
    cells: int = 32
    radius_px: float = 10.0
    most: int = 1000
    bad: float = 0.0
    given: list[int] = field(default_factory=list)

    def of_boxes(self, boxes_px: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        return self.of_points((boxes_px[:, :2] + boxes_px[:, 2:]) / 2)

    def of_points(self, points_px: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        self.given.append(len(points_px))
        if len(points_px) > self.most:
            message = "too much"
            raise ModelMemoryError(message)
        middles = (np.arange(self.cells) + 0.5) * self.size_px / self.cells
        x = middles[None, None, :] - points_px[:, 0, None, None]
        y = middles[None, :, None] - points_px[:, 1, None, None]
        disc = self.radius_px - np.hypot(x, y) + self.bad
        logits = np.stack([np.ones_like(disc), disc], axis=1).astype(np.float32)
        return logits, np.tile(np.array([0.4, 1.3], np.float32), (len(points_px), 1))


def prompted(decoder: Disc, frame: Frame = WIDE, batch_size: int = 64) -> PromptedPicture:
    return PromptedPicture(frame=frame, decoder=decoder, mask_threshold=0.0, batch_size=batch_size)


@pytest.mark.parametrize(
    ("frame", "filled", "scales"),
    [
        pytest.param(Frame.fitted(200, 100, 64), (64, 32), (0.32, 0.32), id="fitted"),
        pytest.param(Frame.fitted(3, 3, 64), (64, 64), (64 / 3, 64 / 3), id="small"),
        pytest.param(Frame.fitted(5000, 3, 64), (64, 1), (0.0128, 1 / 3), id="one row"),
        pytest.param(Frame.squashed(200, 100, 64), (64, 64), (0.32, 0.64), id="squashed"),
    ],
)
def test_frames(frame: Frame, filled: tuple[int, int], scales: tuple[float, float]) -> None:
    assert frame.filled_px == filled
    assert tuple(frame.scales) == pytest.approx(scales)


def test_framed_pixels() -> None:
    pixels = np.full((100, 200, 3), (10, 20, 30), np.uint8)
    square = framed_pixels(pixels, WIDE, (10.0, 10.0, 10.0), (1.0, 2.0, 4.0))

    assert square.shape == (1, 3, 64, 64)
    assert square[0, :, 5, 5] == pytest.approx([0.0, 5.0, 5.0])
    assert (square[0, :, 32:] == 0).all()


def test_best_mask_at_its_place() -> None:
    found = prompted(Disc()).at_points(np.array([[100, 50], [20, 80]], np.float32))

    assert found.confidences == pytest.approx([1.0, 1.0])
    for mask, middle in zip(found.masks, ((100, 50), (20, 80)), strict=True):
        assert mask is not None
        x, y = np.meshgrid(np.arange(200) + 0.5, np.arange(100) + 0.5)
        disc = np.hypot(x - middle[0], y - middle[1]) < 10 / 0.32
        ours = mask.within(200, 100)
        assert (ours & disc).sum() / (ours | disc).sum() > 0.95


def test_a_mask_ends_near_its_box() -> None:
    box = np.array([[90, 40, 110, 60]], np.float32)
    (mask,) = prompted(Disc(radius_px=30)).in_boxes(box).masks

    assert mask is not None
    assert mask.box.corners_px == (85, 35, 115, 65)


def test_no_mask_outside_of_the_picture() -> None:
    found = prompted(Disc(radius_px=2)).at_points(np.array([[100, 190]], np.float32))

    assert found.masks == (None,)


def test_prompts_in_batches() -> None:
    decoder = Disc(most=2)
    found = prompted(decoder, batch_size=4).at_points(grid(200, 100, 3))

    assert len(found.masks) == 9
    assert decoder.given == [4, 2, 2, 2, 2, 1]


@pytest.mark.parametrize(
    "prompts",
    [np.zeros((2, 3)), np.zeros(4), np.array([[0, 0, np.nan, 1]])],
    ids=["columns", "flat", "NaN"],
)
def test_impossible_boxes(prompts: np.ndarray) -> None:
    with pytest.raises(InvalidValueError, match="prompts need"):
        prompted(Disc()).in_boxes(prompts.astype(np.float32))


def test_not_finite() -> None:
    with pytest.raises(ModelOutputError, match="not finite"):
        prompted(Disc(bad=float("nan"))).at_points(grid(200, 100, 1))


@dataclass(slots=True, kw_only=True)
class Wrong:
    logits: tuple[int, ...]
    scores: tuple[int, ...]

    def of_boxes(self, _: Any, /) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(self.logits, np.float32), np.zeros(self.scores, np.float32)

    of_points = of_boxes


@pytest.mark.parametrize(
    "answer",
    [
        Wrong(logits=(1, 3, 8), scores=(1, 3)),
        Wrong(logits=(1, 3, 8, 8), scores=(1, 2)),
        Wrong(logits=(2, 3, 8, 8), scores=(2, 3)),
        Wrong(logits=(1, 0, 8, 8), scores=(1, 0)),
    ],
    ids=["flat", "scores", "count", "no masks"],
)
def test_impossible_answers(answer: Wrong) -> None:
    picture = PromptedPicture(frame=WIDE, decoder=answer, mask_threshold=0.0)
    with pytest.raises(ModelOutputError, match="for 1 prompts"):
        picture.at_points(grid(200, 100, 1))


@settings(max_examples=80)
@given(
    width_px=st.integers(1, 90),
    height_px=st.integers(1, 90),
    size_px=st.sampled_from((32, 64)),
    squashed=st.booleans(),
    seed=st.integers(0, 10_000),
)
def test_mask_is_that_of_all_logits_scaled_up(
    *, width_px: int, height_px: int, size_px: int, squashed: bool, seed: int
) -> None:
    make = Frame.squashed if squashed else Frame.fitted
    frame = make(width_px, height_px, size_px)
    rng = np.random.default_rng(seed)
    logits = rng.normal(-1, 1, (16, 16)).astype(np.float32)

    mask = mask_of(logits, frame, 0.0)

    x = (np.arange(width_px) + 0.5) * frame.x_scale * 16 / size_px - 0.5
    y = (np.arange(height_px) + 0.5) * frame.y_scale * 16 / size_px - 0.5
    columns, rows = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    whole = cv2.remap(logits, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    clear = np.abs(whole) > 0.15  # OpenCV places pixels to 1/32
    ours = np.zeros_like(clear) if mask is None else mask.within(width_px, height_px)
    assert (ours == (whole > 0))[clear].all()


def test_grid() -> None:
    assert grid(40, 20, 2).tolist() == [[10, 5], [30, 5], [10, 15], [30, 15]]
    assert grid(100, 100, 32).shape == (1024, 2)
