from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.training.corpora import (
    default_folders,
    drawn_corpus,
    mask_of,
    pixels_of,
    read_corpus,
    seen_numbers,
    seen_squares,
    small_extent,
    small_picture,
    small_pictures,
    split,
    training_corpora,
)
from tests.unit.ingest.training.drawn import pixels, write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path


def test_a_picture_is_read_with_its_truth(tmp_path: Path) -> None:
    picture = read_corpus(write_tiny_corpus(tmp_path))[0]
    woman = picture.regions[1]

    assert (picture.style, picture.recipe) == ("panel", "eve_and_goat")
    assert picture.relations == ((2, "GAZES_AT", 4),)
    assert [region.label for region in picture.entities] == ["sky", "woman", "red robe", "apple"]
    assert (woman.kind, woman.level) == (RegionKind.PERSON, Level.ENTITY)
    assert woman.box_px.tolist() == [20, 20, 50, 80]
    assert woman.key_points is not None
    assert woman.key_points.shape == (17, 3)
    assert woman.key_points[1].tolist() == [21, 31, 2]
    assert woman.head_box_px is not None
    assert woman.head_box_px.tolist() == [25, 20, 35, 30]
    assert woman.gaze is not None
    assert (woman.gaze.target_px, woman.gaze.target_id) == ((70, 55), 4)


def test_a_mask_covers_its_polygon(tmp_path: Path) -> None:
    picture = read_corpus(write_tiny_corpus(tmp_path))[0]

    mask = mask_of(picture, picture.regions[3])

    assert mask.shape == (80, 100)
    assert mask[50:60, 66:76].all()
    assert mask.sum() == 100


def test_a_drawn_corpus_is_drawn_once_and_read_back(tmp_path: Path) -> None:
    write_corpus(tmp_path, count=1, seed=3)
    before = (tmp_path / "annotations.json").stat().st_mtime_ns

    (picture,) = drawn_corpus(tmp_path, count=1, seed=3)

    assert (tmp_path / "annotations.json").stat().st_mtime_ns == before
    assert picture.style
    figures = [region for region in picture.entities if region.kind is RegionKind.PERSON]
    assert figures
    for figure in figures:
        x0, y0, x1, y1 = figure.box_px.astype(int)
        mask = mask_of(picture, figure)
        assert mask[y0:y1, x0:x1].sum() == mask.sum() > 0


def test_corpora_for_training_differ_in_seed(tmp_path: Path) -> None:
    folders = default_folders(tmp_path)

    one, other = training_corpora(folders, count=1, seed=2)

    assert [picture.path.parent for picture in (*one, *other)] == list(folders)
    assert one[0].path.name == other[0].path.name
    assert one[0].path.read_bytes() != other[0].path.read_bytes()


def test_a_folder_without_annotations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"holds no annotations\.json; draw a corpus"):
        read_corpus(tmp_path)


def test_one_style_is_held_out(tmp_path: Path) -> None:
    seen, unseen = split(read_corpus(write_tiny_corpus(tmp_path, ("panel", "northern", "baroque"))))

    assert [picture.style for picture in seen] == ["panel", "baroque"]
    assert [picture.style for picture in unseen] == ["northern"]


def test_small_pictures_are_kept_and_made_anew_when_others_are_asked_for(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    cache = tmp_path / "small.npy"

    first = small_pictures(pictures, 50, cache)
    made = cache.stat().st_mtime_ns
    again = small_pictures(pictures, 50, cache)

    assert first.shape == (2, 50, 50, 3)
    assert cache.stat().st_mtime_ns == made
    assert np.array_equal(first, again)
    assert small_pictures(pictures[:1], 50, cache).shape == (1, 50, 50, 3)


def test_a_small_picture_lies_in_the_upper_left_of_grey(tmp_path: Path) -> None:
    picture = read_corpus(write_tiny_corpus(tmp_path))[0]

    square = small_picture(picture, 50)

    assert small_extent(picture, 50) == (50, 40)
    assert (square[40:] == 114).all()
    assert square[35, 17].tolist() == [170, 30, 30]
    assert np.array_equal(pixels_of(picture), pixels())


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    picture = read_corpus(write_tiny_corpus(tmp_path))[0]
    picture.path.write_bytes(b"no picture")

    with pytest.raises(InvalidValueError, match=r"0001_eve_and_goat\.png is no picture"):
        pixels_of(picture)


def test_training_sees_no_picture_of_the_style_held_out(tmp_path: Path) -> None:
    corpora = {
        tmp_path / name: read_corpus(write_tiny_corpus(tmp_path / name, styles))
        for name, styles in (("one", ("northern", "panel")), ("two", ("fresco", "northern")))
    }

    seen = seen_squares(corpora)

    assert [seen_numbers(pictures) for pictures in corpora.values()] == [[1], [0]]
    assert [picture.style for picture, _ in seen] == ["panel", "fresco"]
    assert all(square.shape == (448, 448, 3) for _, square in seen)
    assert np.array_equal(seen[0][1], small_picture(seen[0][0], 448))
