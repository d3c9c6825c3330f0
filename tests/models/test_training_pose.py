"""The small pose model's network, losses and export, untrained or trained for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.ingest.models.pose.simcc import decoded
from iconograph.ingest.training.corpora import read_corpus
from iconograph.ingest.training.pose import main
from tests.unit.ingest.training.drawn import pixels, write_tiny_corpus

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
pytest.importorskip("onnx", reason="needs the extra `ml`")

if TYPE_CHECKING:
    from pathlib import Path

MOST_PARAMETERS = 800_000


Module: Any = torch.nn.Module


class Planted(Module):  # type: ignore[misc]
    """Answers sharp peaks at given places, and the same logit for all points."""

    def __init__(self, places: Any, seen: float) -> None:
        super().__init__()
        from iconograph.ingest.training.pose_net import HEIGHT_PX, SPLIT_RATIO, WIDTH_PX

        steps = [torch.arange(side * SPLIT_RATIO) for side in (WIDTH_PX, HEIGHT_PX)]
        self.along = [
            -((row - places[:, :, axis, None] * SPLIT_RATIO) ** 2) / 20
            for axis, row in enumerate(steps)
        ]
        self.seen = torch.full(places.shape[:2], seen)

    def forward(self, _: Any) -> tuple[Any, Any, Any]:
        return self.along[0], self.along[1], self.seen


def test_the_model_is_small() -> None:
    from iconograph.ingest.training.pose_net import PoseNetwork

    assert sum(p.numel() for p in PoseNetwork().parameters()) <= MOST_PARAMETERS


def test_the_adapter_reads_places_and_confidence_from_what_is_exported() -> None:
    from iconograph.ingest.training.pose_net import SPLIT_RATIO, Decoder, ReadOut

    places = torch.rand(2, 17, 2) * torch.tensor([90.0, 120.0]) + 3
    read_out = ReadOut(seen=(0.5,) * 17, offset=(1.0,) * 17)
    x, y = Decoder(Planted(places, seen=2.0), read_out)(None)
    found, scores = decoded(x.numpy(), y.numpy(), SPLIT_RATIO)
    assert np.abs(found - places.numpy()).max() < 0.05
    assert scores == pytest.approx(np.full((2, 17), 1 / (1 + np.exp(-2.0))))


def test_blurred_places_are_less_sure() -> None:
    from iconograph.ingest.training.pose_net import sharpness

    sharp = Planted(torch.full((1, 17, 2), 40.0), 0.0)
    flat = [along / 50 for along in sharp.along]
    assert (sharpness(*sharp.along) > sharpness(flat[0], flat[1])).all()


def test_the_loss_is_least_at_the_truth_and_hidden_points_count_less() -> None:
    from iconograph.ingest.training.pose_net import losses_of

    places = torch.full((1, 17, 2), 40.0)
    batch = {"pixels": torch.zeros(1, 128, 96, 3, dtype=torch.uint8), "places": places}

    def place_loss(off: float, wrist: int) -> float:
        found = places.clone()
        found[0, 9] += off
        visibility = torch.full((1, 17), 2.0)
        visibility[0, 9] = wrist
        losses = losses_of(Planted(found, 1.0), batch | {"visibility": visibility})
        return float(losses["place"])

    assert place_loss(0, 2) < place_loss(3, 1) < place_loss(3, 2)
    assert place_loss(30, 0) == pytest.approx(place_loss(0, 0))


def test_the_command_trains_exports_and_measures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from iconograph.ingest.models.pose.simcc import SimccPoses

    write_tiny_corpus(tmp_path / "corpus", ("panel", "northern", "panel", "northern"))
    arguments = ["--out", str(tmp_path), "--steps", "3", "--batch", "2"]
    main([*arguments, "--corpus", str(tmp_path / "corpus")])

    said = capsys.readouterr().out
    assert "3/3" in said
    assert '"recognised"' in said
    poses = SimccPoses.open_folder(tmp_path, name="mini-pose")
    boxes = np.array([[20, 20, 50, 80], [18, 20, 50, 70], [0, 0, 99, 79]], np.float32)
    assert len(poses(pixels(), boxes)) == 3


def test_the_onnx_file_and_torch_agree(tmp_path: Path) -> None:
    from iconograph.ingest.models.runtime.onnx import open_session
    from iconograph.ingest.training.pose_export import written
    from iconograph.ingest.training.pose_net import Decoder, PoseNetwork, ReadOut

    torch.manual_seed(1)
    network = PoseNetwork().eval()
    written(network, ReadOut(), tmp_path)
    fed = torch.rand(3, 3, 128, 96) * 2 - 1
    with torch.no_grad():
        own = Decoder(network, ReadOut())(fed)
    found = open_session(tmp_path / "model.onnx", threads=1).run({"pixels": fed.numpy()})
    for name, value in zip(("simcc_x", "simcc_y"), own, strict=True):
        assert np.abs(found[name] - value.numpy()).max() < 5e-3


def test_confidences_are_fitted_to_what_is_right(tmp_path: Path) -> None:
    from iconograph.ingest.training.pose_export import fitted_read_out, half_lengths, whole_figures
    from iconograph.ingest.training.pose_net import PoseNetwork

    pictures = read_corpus(write_tiny_corpus(tmp_path))
    torch.manual_seed(1)
    shown = [*whole_figures(pictures), *half_lengths(pictures)]
    read_out = fitted_read_out(PoseNetwork().eval(), shown)
    numbers = np.array([read_out.seen, read_out.sharpness, read_out.offset])
    assert numbers.shape == (3, 17)
    assert np.isfinite(numbers).all()


def test_each_part_of_the_body_has_its_own_curve() -> None:
    from iconograph.ingest.training.pose_export import curves_of

    rng = np.random.default_rng(1)
    measures = rng.normal(0, 1, (4000, 17, 2))
    offsets = np.zeros(17)
    offsets[9:11] = 2.0
    right = rng.random((4000, 17)) < 1 / (1 + np.exp(-(2 * measures[:, :, 0] + offsets)))
    read_out = curves_of(measures, right)
    assert read_out.seen == pytest.approx([2.0] * 17, rel=0.15)
    assert read_out.offset == pytest.approx(offsets, abs=0.15)


def test_a_half_length_ends_in_the_figure_and_knows_what_is_cut_off(tmp_path: Path) -> None:
    from iconograph.ingest.training.pose_export import half_lengths

    (one,) = half_lengths(read_corpus(write_tiny_corpus(tmp_path, ("panel",))))
    end = len(one.pixels)
    assert 44 <= end <= 62
    assert one.boxes_px[0, 3] <= end
    (truth,) = one.truths
    assert (truth[truth[:, 1] >= end, 2] == 0).all()
    assert (truth[1:, 2][truth[1:, 1] < end] == 2).all()
