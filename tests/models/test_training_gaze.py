"""The small gaze model's network, losses and export, untrained or trained for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.ingest.training.gaze import main
from iconograph.ingest.training.gaze_views import IN_FRAME, OUTSIDE, VIEWER
from tests.unit.ingest.training.drawn import pixels, write_tiny_corpus

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
pytest.importorskip("onnx", reason="needs the extra `ml`")

if TYPE_CHECKING:
    from pathlib import Path

MOST_PARAMETERS = 600_000


Module: Any = torch.nn.Module


class Planted(Module):  # type: ignore[misc]
    """Answers given maps, directions and states."""

    def __init__(self, heat: Any, direction: Any, state: Any) -> None:
        super().__init__()
        self.answers = heat, direction, state

    def forward(self, *_: Any) -> tuple[Any, Any, Any]:
        return self.answers


def peak(row: int, column: int) -> Any:
    heat = torch.full((1, 1, 32, 32), -9.0)
    heat[0, 0, row, column] = 9.0
    return heat


def test_the_model_is_small() -> None:
    from iconograph.ingest.training.gaze_net import GazeNetwork

    assert sum(p.numel() for p in GazeNetwork().parameters()) <= MOST_PARAMETERS


def test_heads_are_seen_with_their_surroundings() -> None:
    from iconograph.ingest.training.gaze_net import HEAD_PAD, HEAD_PX, seen_heads

    picture = torch.zeros(2, 3, 256, 256)
    picture[1, 0, 100:120, 60:80] = 1.0
    heads = torch.tensor([[[60, 100, 80, 120]], [[60, 100, 80, 120]]]) / 256
    seen = seen_heads(picture, heads.expand(2, 2, 4))
    assert seen.shape == (4, 3, HEAD_PX, HEAD_PX)
    assert seen[:2].abs().sum() == 0
    assert seen[2, 0, HEAD_PX // 2, HEAD_PX // 2] == 1
    assert float(seen[3, 0].mean()) == pytest.approx(1 / HEAD_PAD**2, abs=0.04)


def test_the_loss_is_least_at_the_truth() -> None:
    from iconograph.ingest.training.gaze_net import losses_of

    batch = {
        "pixels": torch.zeros(1, 256, 256, 3, dtype=torch.uint8),
        "heads": torch.zeros(1, 1, 4),
        "targets": torch.tensor([[[(20 + 0.5) / 32, (8 + 0.5) / 32]]]),
        "directions": torch.tensor([[[1.0, 0.0]]]),
        "states": torch.tensor([[IN_FRAME]]),
        "counts": torch.ones(1, 1),
    }
    ahead, aside = torch.tensor([[[1.0, 0.0]]]), torch.tensor([[[0.0, 1.0]]])
    inside, viewer = torch.tensor([[[4.0, 0, 0]]]), torch.tensor([[[0, 0, 4.0]]])
    right = losses_of(Planted(peak(8, 20), ahead, inside), batch)
    wrong = losses_of(Planted(peak(20, 8), aside, viewer), batch)
    assert all(right[name] < wrong[name] for name in right)
    none = losses_of(Planted(peak(20, 8), aside, viewer), batch | {"counts": torch.zeros(1, 1)})
    assert all(float(loss) == 0 for loss in none.values())


def test_looks_at_the_viewer_ask_for_neither_map_nor_direction() -> None:
    from iconograph.ingest.training.gaze_net import losses_of

    batch = {
        "pixels": torch.zeros(1, 256, 256, 3, dtype=torch.uint8),
        "heads": torch.zeros(1, 2, 4),
        "targets": torch.zeros(1, 2, 2),
        "directions": torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]),
        "states": torch.tensor([[VIEWER, OUTSIDE]]),
        "counts": torch.tensor([[1.0, 0.0]]),
    }
    answers = Planted(torch.rand(1, 2, 32, 32), torch.rand(1, 2, 2), torch.zeros(1, 2, 3))
    losses = losses_of(answers, batch)
    assert float(losses["map"]) == float(losses["direction"]) == 0
    assert float(losses["state"]) == pytest.approx(np.log(3))
    outside = losses_of(answers, batch | {"counts": torch.tensor([[0.0, 1.0]])})
    assert float(outside["map"]) == 0
    assert float(outside["direction"]) > 0


def test_scores_are_probabilities_of_one_state_against_all_others() -> None:
    from iconograph.ingest.training.gaze_net import Decoder, ReadOut

    chances = torch.tensor([[0.7, 0.1, 0.2], [0.05, 0.05, 0.9]])
    network = Planted(
        torch.rand(1, 2, 32, 32), torch.tensor([[[3.0, 4.0], [0, 2]]]), chances.log()[None]
    )
    maps, in_frame, at_viewer, directions = Decoder(network, ReadOut())(None, torch.zeros(2, 4))
    assert in_frame.tolist() == pytest.approx([0.7, 0.05], abs=1e-5)
    assert at_viewer.tolist() == pytest.approx([0.2, 0.9], abs=1e-5)
    assert directions[0].tolist() == pytest.approx([0.6, 0.8])
    assert maps.amax(dim=(1, 2)).tolist() == [1, 1]


def test_the_command_trains_exports_and_measures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from iconograph.ingest.models.gaze.heatmap import HeatmapGazes

    write_tiny_corpus(tmp_path / "corpus", ("panel", "northern", "panel", "northern"))
    arguments = ["--out", str(tmp_path), "--steps", "3", "--batch", "2"]
    main([*arguments, "--corpus", str(tmp_path / "corpus")])

    said = capsys.readouterr().out
    assert "3/3" in said
    assert '"median_angle_deg"' in said
    gazes = HeatmapGazes.open_folder(tmp_path, name="mini-gaze")
    heads = np.array([[25, 20, 35, 30], [200, 0, 210, 9], [0, 0, 9, 9]], np.float32)
    found = gazes(pixels(), heads)
    assert [one is not None for one in found] == [True, False, True]


def test_the_onnx_file_and_torch_agree_for_any_number_of_heads(tmp_path: Path) -> None:
    from iconograph.ingest.models.runtime.onnx import open_session
    from iconograph.ingest.training.gaze_export import PLAIN, written
    from iconograph.ingest.training.gaze_net import Decoder, GazeNetwork, ReadOut

    torch.manual_seed(1)
    network = GazeNetwork().eval()
    written(network, ReadOut(), PLAIN, tmp_path)
    session = open_session(tmp_path / "model.onnx", threads=1)
    fed = torch.rand(1, 3, 256, 256) * 2 - 1
    for count in (1, 5):
        heads = torch.rand(count, 4).sort(dim=1).values
        with torch.no_grad():
            own = Decoder(network, ReadOut())(fed, heads)
        found = session.run({"pixels": fed.numpy(), "heads": heads.numpy()})
        names = ("heatmaps", "in_frame", "at_viewer", "directions")
        for name, value in zip(names, own, strict=True):
            assert found[name].shape == tuple(value.shape)
            assert np.abs(found[name] - value.numpy()).max() < 5e-3
