from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.training.augment import View
from iconograph.ingest.training.corpora import read_corpus, small_picture
from iconograph.ingest.training.detect_classes import COLOURS, Vocabulary
from iconograph.ingest.training.detect_targets import Truth, batches, targets
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

SIZE_PX = 128
PLAIN = View(scale_x=1, scale_y=1, shift_x_px=0, shift_y_px=0, size_px=SIZE_PX)


def truth_in(folder: Path) -> tuple[Vocabulary, Truth]:
    pictures = read_corpus(write_tiny_corpus(folder))
    vocabulary = Vocabulary.of(pictures)
    return vocabulary, Truth.of(pictures[0], vocabulary, 100)


def test_a_middle_is_hot_and_its_cell_knows_the_box(tmp_path: Path) -> None:
    vocabulary, truth = truth_in(tmp_path)

    asked = targets([(truth, True)], vocabulary, SIZE_PX)

    # The apple lies at 66..76, 50..60: its middle (71, 55) is in column 8, row 6.
    apple = [one.name for one in vocabulary.classes].index("apple")
    assert asked["heat"].shape == (1, 4, 16, 16)
    assert np.argwhere(asked["heat"][0, apple] == 1).tolist() == [[6, 8]]
    family = vocabulary.families.index("object")
    (place,) = np.flatnonzero((asked["positives"] == (0, family, 6, 8)).all(axis=1))
    sides = asked["positive_sides"][place] * 8
    assert np.allclose(sides, [68 - 66, 52 - 50, 76 - 68, 60 - 52])


def test_every_positive_gives_back_a_true_box(tmp_path: Path) -> None:
    vocabulary, truth = truth_in(tmp_path)

    asked = targets([(truth, True)], vocabulary, SIZE_PX)

    known = {tuple(box) for box in truth.boxes_px.tolist()}
    for (_, _, y, x), (left, top, right, bottom) in zip(
        asked["positives"].tolist(), asked["positive_sides"].tolist(), strict=True
    ):
        box = [
            (x + 0.5 - left) * 8,
            (y + 0.5 - top) * 8,
            (x + 0.5 + right) * 8,
            (y + 0.5 + bottom) * 8,
        ]
        assert tuple(np.round(box).tolist()) in known


def test_colours_are_asked_for_where_they_are_true(tmp_path: Path) -> None:
    vocabulary, truth = truth_in(tmp_path)

    asked, strange = (targets([(truth, true)], vocabulary, SIZE_PX) for true in (True, False))

    assert set(asked["clothed_colours"].tolist()) == {COLOURS.index("red")}
    assert len(strange["clothed"]) == 0
    assert len(strange["positives"]) == len(asked["positives"])


def test_every_thing_counts_once_however_large_it_is(tmp_path: Path) -> None:
    vocabulary, truth = truth_in(tmp_path)

    asked = targets([(truth, True)], vocabulary, SIZE_PX)

    for family in range(len(vocabulary.families)):
        own = asked["positives"][:, 1] == family
        assert np.isclose(asked["positive_weights"][own].sum(), 1)
    assert np.isclose(asked["clothed_weights"].sum(), 1)


def test_a_view_leaves_out_what_it_cuts_off(tmp_path: Path) -> None:
    _, truth = truth_in(tmp_path)
    # The view ends at 60, 60: the apple is gone, the rest stays, cut.
    view = View(scale_x=1, scale_y=1, shift_x_px=0, shift_y_px=0, size_px=60)

    seen = truth.seen_in(view)

    assert seen.boxes_px[:, 0].min() >= 0
    assert seen.boxes_px.max() <= 60
    assert len(seen.classes) == len(truth.classes) - 1
    assert len(truth.seen_in(PLAIN).classes) == len(truth.classes)


def test_batches_follow_their_generator(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    vocabulary = Vocabulary.of(pictures)
    squares = [small_picture(picture, 100) for picture in pictures]
    batch_of = batches(pictures, squares, vocabulary, size_px=64, count=3)

    first, again, other = (batch_of(np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first["pixels"].shape == (3, 64, 64, 3)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["pixels"], other["pixels"])


def test_of_two_boxes_of_one_family_the_nearer_one_has_a_cell(tmp_path: Path) -> None:
    vocabulary, _ = truth_in(tmp_path)
    woman = [one.name for one in vocabulary.classes].index("woman")
    mother, child = [0.0, 0.0, 120.0, 120.0], [40.0, 40.0, 100.0, 100.0]
    for boxes in ([mother, child], [child, mother]):
        truth = Truth(
            boxes_px=np.array(boxes, np.float32), classes=np.array([woman, woman]),
            colours=np.array([-1, -1]), least_seen=np.array([0.4, 0.4], np.float32),
        )  # fmt: skip

        asked = targets([(truth, True)], vocabulary, SIZE_PX)

        cells = {(y, x): sides for (_, _, y, x), sides in zip(
            asked["positives"].tolist(), asked["positive_sides"].tolist(), strict=True
        )}  # fmt: skip
        assert len(cells) == len(asked["positives"])
        # Their middles are 60, 60 (cell 7, 7) and 70, 70 (cell 8, 8).
        assert cells[7, 7] == [7.5, 7.5, 7.5, 7.5]
        assert cells[8, 8] == [3.5, 3.5, 4.0, 4.0]
