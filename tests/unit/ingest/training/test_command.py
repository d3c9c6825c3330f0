"""What the training commands share; none of it needs torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from iconograph.ingest.training import detect, gaze, pose, segment
from iconograph.ingest.training.command import (
    Training,
    say_measures,
    training_options,
)
from iconograph.ingest.training.loop import Plan
from tests.unit.ingest.training.drawn import write_tiny_corpus

STYLES = ("panel", "northern", "fresco", "northern")


def training(
    *arguments: str, test_pictures: int | None = None, half_precision: bool = False
) -> Training:
    parser = training_options(
        "A test.", steps=50, batch=(4, "things"), learning_rate=0.5, test_pictures=test_pictures
    )
    return Training.of(parser.parse_args(arguments), half_precision=half_precision)


def test_corpora_are_those_named_by_their_folders(tmp_path: Path) -> None:
    folders = [write_tiny_corpus(tmp_path / name, STYLES) for name in ("one", "two")]
    named = [argument for folder in folders for argument in ("--corpus", str(folder))]

    corpora = training("--out", str(tmp_path), *named).corpora

    assert list(corpora) == folders
    assert [len(pictures) for pictures in corpora.values()] == [4, 4]


def test_two_corpora_are_drawn_where_none_is_named(tmp_path: Path) -> None:
    corpora = training("--out", str(tmp_path), "--pictures", "1", "--seed", "2").corpora

    assert list(corpora) == [tmp_path / "corpus" / "1", tmp_path / "corpus" / "2"]
    one, other = (pictures[0].path.read_bytes() for pictures in corpora.values())
    assert one != other


@pytest.mark.parametrize(
    ("arguments", "default", "count"),
    [((), None, 2), ((), 1, 1), (("--test-pictures", "2"), 1, 2), ((), 9, 2)],
    ids=["all", "default", "named", "fewer than asked for"],
)
def test_the_style_held_out_is_measured_on(
    tmp_path: Path, arguments: tuple[str, ...], default: int | None, count: int
) -> None:
    folder = write_tiny_corpus(tmp_path / "corpus", STYLES)
    asked = training(
        "--out", str(tmp_path), "--corpus", str(folder), *arguments, test_pictures=default
    )

    assert [picture.style for picture in asked.unseen] == ["northern"] * count


def test_the_plan_is_as_the_options_say(tmp_path: Path) -> None:
    folder = write_tiny_corpus(tmp_path / "corpus", STYLES)
    always = ("--out", str(tmp_path), "--corpus", str(folder))

    asked = training(*always, half_precision=True)
    assert (asked.out, asked.batch) == (tmp_path, 4)
    assert asked.plan == Plan(
        steps=50, seed=1, learning_rate=0.5, half_precision=True, checkpoint_steps=50
    )
    named = ("--steps", "300", "--seed", "4", "--learning-rate", "0.1", "--batch", "7")
    asked = training(*always, *named)
    assert asked.batch == 7
    assert asked.plan == Plan(steps=300, seed=4, learning_rate=0.1, checkpoint_steps=100)


def test_measures_are_said_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    say_measures({"recall": 0.5})

    assert capsys.readouterr().out == '{\n "recall": 0.5\n}\n'


@pytest.mark.parametrize(
    "main",
    [detect.main, gaze.main, pose.main, segment.main],
    ids=["detect", "gaze", "pose", "segment"],
)
def test_every_command_has_the_same_options(
    main: Callable[[Sequence[str]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])

    said = capsys.readouterr().out
    for option in ("out", "steps", "seed", "batch", "learning-rate", "corpus", "pictures", "test-"):
        assert f"--{option}" in said
