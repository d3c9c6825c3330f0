from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.onnx_settings import (
    DetectorSettings,
    ListedClass,
    read_detector_settings,
)

PERSON = '[[classes]]\nlabel = "person"\nkind = "person"\n'


def read(folder: Path, settings: str, classes: str = PERSON) -> DetectorSettings:
    (folder / "detector.toml").write_text(settings, encoding="utf-8")
    (folder / "classes.toml").write_text(classes, encoding="utf-8")
    return read_detector_settings(folder / "detector.toml", folder / "classes.toml")


def test_a_family_says_how_it_is_fed(tmp_path: Path) -> None:
    yolox = read(tmp_path, 'family = "yolox"')
    rtmdet = read(tmp_path, 'family = "rtmdet"\ninput_size_px = [640, 640]\npad_value = 0')

    assert (yolox.channel_order, yolox.mean, yolox.std) == ("bgr", (0, 0, 0), (1, 1, 1))
    assert yolox.pad_value == 114
    assert rtmdet.channel_order == "bgr"
    assert rtmdet.mean == (103.53, 116.28, 123.675)
    assert rtmdet.input_size_px == (640, 640)
    assert rtmdet.pad_value == 0


def test_classes_go_by_place_or_by_index(tmp_path: Path) -> None:
    listed = PERSON + '[[classes]]\nindex = 16\nlabel = "dog"\nkind = "animal"\n'
    listed += '[[classes]]\nkind = "object"\nsmallest_confidence = 0.5\n'

    assert read(tmp_path, "", listed).classes == {
        0: ListedClass(label="person", kind=RegionKind.PERSON),
        16: ListedClass(label="dog", kind=RegionKind.ANIMAL),
        2: ListedClass(label="", kind=RegionKind.OBJECT, smallest_confidence=0.5),
    }


def test_two_readings_share_no_classes(tmp_path: Path) -> None:
    read(tmp_path, "")

    other = read(tmp_path, "", '[[classes]]\nindex = 5\nkind = "animal"\n')

    assert set(other.classes) == {5}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('family = "yolo"', "family is 'yolo'; expected yolox or rtmdet"),
        ("colour = 1", "unexpected keyword argument 'colour'"),
        ('channel_order = "gbr"', "channel_order is 'gbr', expected rgb or bgr"),
        ('interpolation = "cubic"', "interpolation is 'cubic', expected linear or area"),
        ("mean = [1, 2]", "expected three numbers each"),
        ("std = [1, 0, 1]", "expected numbers above 0"),
        ("input_size_px = [640, 0]", "expected \\[width, height\\] or one number"),
        ("input_size_px = [1, 2, 3]", "expected \\[width, height\\] or one number"),
        ("mean =", "is not TOML"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(MissingModelError, match=message):
        read(tmp_path, settings)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ("", "found no 'kind'"),
        ("classes = [1]", "found 'int' object"),
        ('[[classes]]\nlabel = "x"', "found no 'kind'"),
        ('[[classes]]\nkind = "thing"', "'thing' is not a valid RegionKind"),
        ('[[classes]]\nkind = "object"\ncolour = 1', "unexpected keyword argument"),
    ],
    ids=["empty", "no tables", "no kind", "unknown kind", "unknown key"],
)
def test_class_lists_that_cannot_be_are_refused(tmp_path: Path, classes: str, message: str) -> None:
    with pytest.raises(MissingModelError, match=message):
        read(tmp_path, "", classes)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"cannot read .*detector\.toml"):
        read_detector_settings(tmp_path / "detector.toml", tmp_path / "classes.toml")
