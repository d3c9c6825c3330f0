from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.gaze.heatmap import HeatmapGazes, fed_square
from iconograph.ingest.models.gaze.numbers import GazeSettings, read_gaze_settings
from tests.unit.ingest.models.gaze.test_maps import blob

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.models.gaze.port import GazeTargetEstimator

SETTINGS = GazeSettings(
    input_size_px=64, mean=(0.0, 0.0, 0.0), std=(255.0, 255.0, 255.0), letterbox=False,
    direct_share=0.0, right_bias=2.0, right_slope_per_deg=-0.1,
)  # fmt: skip
MODEL = ModelRef(name="planted")
PICTURE = np.full((100, 200, 3), 90, np.uint8)
HEAD = np.array([[20, 10, 40, 30]], np.float32)


class Planted:
    """Answers the same for every head: a map with one warm place, and scores."""

    def __init__(self, most: int = 99, **answers: Any) -> None:
        self.inputs = {"pixels": (1, 3, 64, 64), "heads": (None, 4)}
        self.most = most
        self.answers = {"heatmaps": blob(0.75, 0.5), "in_frame": 0.9} | answers
        self.fed: list[Mapping[str, NDArray[Any]]] = []

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        count = len(feeds["heads"])
        if count > self.most:
            message = "too many at once"
            raise ModelMemoryError(message)
        self.fed.append(feeds)
        return {
            name: np.stack([np.asarray(value, np.float32)] * count)
            for name, value in self.answers.items()
            if value is not None
        }


def gazes(session: Planted, **settings: Any) -> GazeTargetEstimator:
    return HeatmapGazes(session, replace(SETTINGS, **settings), MODEL, name="planted@1")


def test_a_look_at_something_in_the_picture_has_its_place_and_direction() -> None:
    (gaze,) = gazes(Planted())(PICTURE, HEAD)
    assert gaze is not None
    assert gaze.state is GazeState.TARGET
    assert (gaze.origin.x_px, gaze.origin.y_px) == (30, 20)
    assert gaze.target is not None
    assert (gaze.target.x_px, gaze.target.y_px) == pytest.approx((150, 50), abs=2)
    assert gaze.direction == pytest.approx((0.970, 0.243), abs=0.02)
    assert gaze.method == "planted@1"
    assert 0.5 < gaze.confidence < 0.9 * 0.881


@pytest.mark.parametrize(
    ("answers", "state", "direction", "confidence"),
    [
        ({"in_frame": 0.2}, GazeState.OUTSIDE, None, 0.8),
        ({"in_frame": 0.1, "at_viewer": 0.7}, GazeState.VIEWER, None, 0.7),
        ({"in_frame": 0.1, "at_viewer": 0.2, "directions": (0, -2)}, GazeState.OUTSIDE, (0, -1), None),
        ({"in_frame": 0.6, "at_viewer": 0.55}, GazeState.TARGET, (0.97, 0.243), None),
    ],
    ids=["out of the picture", "at the viewer", "out of it, direction known", "likelier within"],
)  # fmt: skip
def test_scores_decide_the_state(
    answers: dict[str, Any],
    state: GazeState,
    direction: tuple[float, float] | None,
    confidence: float | None,
) -> None:
    (gaze,) = gazes(Planted(**answers))(PICTURE, HEAD)
    assert gaze is not None
    assert gaze.state is state
    assert (gaze.target is None) == (state is not GazeState.TARGET)
    if direction is None:
        assert gaze.direction is None
    else:
        assert gaze.direction == pytest.approx(direction, abs=0.02)
    if confidence is not None:
        assert gaze.confidence == pytest.approx(confidence, abs=1e-6)


def test_the_models_own_direction_counts_as_far_as_it_is_trusted() -> None:
    session = Planted(directions=(0.0, 1.0))
    (none,), (all_of_it,) = (
        gazes(session, direct_share=share)(PICTURE, HEAD) for share in (0.0, 1.0)
    )
    assert none is not None
    assert all_of_it is not None
    assert none.direction == pytest.approx((0.970, 0.243), abs=0.02)
    assert all_of_it.direction == pytest.approx((0, 1))


def test_heat_all_over_makes_a_wide_cone_and_little_confidence() -> None:
    (sharp,), (vague,) = (
        gazes(Planted(heatmaps=heat))(PICTURE, HEAD)
        for heat in (blob(0.75, 0.5, 1.0), blob(0.75, 0.5, 8.0))
    )
    assert sharp is not None
    assert vague is not None
    assert 10 <= sharp.cone_deg < vague.cone_deg <= 180
    assert sharp.confidence > vague.confidence


def test_heads_beside_the_picture_get_nothing_and_do_not_shift_the_others() -> None:
    heads = np.array([[300, 0, 320, 20], [20, 10, 40, 30], [5, 5, 5, 9]], np.float32)
    session = Planted()
    found = gazes(session)(PICTURE, heads)
    assert [gaze is not None for gaze in found] == [False, True, False]
    assert [len(fed["heads"]) for fed in session.fed] == [1]
    assert gazes(session)(PICTURE, np.zeros((0, 4), np.float32)) == ()


@pytest.mark.parametrize(
    ("letterbox", "expected"),
    [(False, (0.1, 0.1, 0.2, 0.3)), (True, (0.1, 0.05, 0.2, 0.15))],
    ids=["stretched", "in its shape"],
)
def test_heads_are_fed_in_fractions_of_the_input(
    letterbox: bool,  # noqa: FBT001
    expected: tuple[float, ...],
) -> None:
    session = Planted()
    (gaze,) = gazes(session, letterbox=letterbox)(PICTURE, HEAD)
    assert session.fed[0]["heads"][0] == pytest.approx(expected)
    # The lower half of the square is not the picture: the same cell lies twice as low.
    assert gaze is not None
    assert gaze.target is not None
    assert gaze.target.y_px == pytest.approx(100 if letterbox else 50, abs=2)


def test_the_picture_is_normalised_and_padded_with_grey() -> None:
    values, ratio = fed_square(PICTURE, replace(SETTINGS, letterbox=True))
    assert values.shape == (1, 3, 64, 64)
    assert ratio == pytest.approx((0.32, 0.32))
    assert values[0, 0, :32].mean() == pytest.approx(90 / 255)
    assert values[0, 0, 32:].mean() == pytest.approx(114 / 255)


def test_less_memory_means_fewer_heads_at_once() -> None:
    session = Planted(most=2)
    found = gazes(session)(PICTURE, np.repeat(HEAD, 5, axis=0))
    assert len(found) == 5
    assert all(gaze == found[0] for gaze in found)
    assert max(len(fed["heads"]) for fed in session.fed) <= 2


@pytest.mark.parametrize(
    "answers",
    [
        {"heatmaps": -blob(0.5, 0.5)},
        {"heatmaps": np.zeros((32, 32))},
        {"heatmaps": np.ones(32)},
        {"in_frame": 1.5},
        {"in_frame": None},
        {"at_viewer": -0.1},
        {"directions": (0.0, 1.0, 0.0)},
    ],
    ids=["negative heat", "no heat", "no map", "above 1", "no score", "below 0", "3 numbers"],
)
def test_nonsense_is_an_error(answers: dict[str, Any]) -> None:
    with pytest.raises(ModelOutputError, match="planted@1"):
        gazes(Planted(**answers))(PICTURE, HEAD)


def test_runs_know_the_model_and_all_numbers() -> None:
    known = gazes(Planted())
    assert known.models == (MODEL,)
    assert {"in_frame_gate", "direct_share", "letterbox"} <= dict(known.parameters).keys()


TOML = """input_size_px = 64
mean = [1, 2, 3.5]
std = [1, 1, 1]
letterbox = true
direct_share = 0.5
right_bias = 1
right_slope_per_deg = -0.1
"""


def test_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "gaze.toml"
    file.write_text(TOML)
    read = read_gaze_settings(file)
    assert read.mean == (1.0, 2.0, 3.5)
    assert read.direction_right(10.0) == pytest.approx(0.5)
    assert read.direction_right(0.0) > read.direction_right(20.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("letterbox = true", ""),
        ("std = [1, 1, 1]", "std = [1, 0, 1]"),
        ("mean = [1, 2, 3.5]", "mean = [1, 2]"),
        ("direct_share = 0.5", "direct_share = 1.5"),
        ("input_size_px = 64", "input_size_px = 0"),
    ],
    ids=["missing", "no spread", "two colours", "more than all", "no size"],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "gaze.toml"
    file.write_text(TOML.replace(old, new))
    with pytest.raises(MissingModelError, match=r"gaze\.toml"):
        read_gaze_settings(file)


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"gaze\.toml"):
        HeatmapGazes.open_folder(tmp_path, name="ours")
