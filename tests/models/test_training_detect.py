"""The small detector's network, read-out and export, untrained or trained for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.person_onnx import End2EndDetector
from iconograph.ingest.training.corpora import read_corpus, small_picture
from iconograph.ingest.training.detect_classes import COLOURS, STRIDE_PX, Vocabulary
from iconograph.ingest.training.detect_targets import Truth, batches, targets
from iconograph.ingest.training.loop import Plan, train
from tests.unit.ingest.training.drawn import pixels, write_tiny_corpus

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
pytest.importorskip("onnx", reason="needs the extra `ml`")

if TYPE_CHECKING:
    from pathlib import Path

SIZE_PX = 128


class Planted(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Answers the three maps of a perfect network for one truth."""

    def __init__(self, vocabulary: Vocabulary, asked: dict[str, Any]) -> None:
        super().__init__()
        cells = SIZE_PX // STRIDE_PX
        # The middles first, what lies around them far less sure.
        self.heat = torch.from_numpy(np.where(asked["heat"] == 1, 4.0, -8.0).astype(np.float32))
        self.colours = torch.zeros(1, len(vocabulary.garments) * len(COLOURS), cells, cells)
        self.sides = torch.zeros(1, len(vocabulary.families) * 4, cells, cells)
        for (_, family, y, x), sides in zip(
            asked["positives"], asked["positive_sides"], strict=True
        ):
            self.sides[0, 4 * family : 4 * family + 4, y, x] = torch.from_numpy(np.log(sides))
        for (_, garment, y, x), colour in zip(
            asked["clothed"], asked["clothed_colours"], strict=True
        ):
            self.colours[0, garment * len(COLOURS) + int(colour), y, x] = 5.0

    def forward(self, _: Any) -> tuple[Any, Any, Any]:
        return self.heat, self.colours, self.sides


def test_the_read_out_gives_back_what_the_targets_ask_for(tmp_path: Path) -> None:
    from iconograph.ingest.training.detect_net import Decoder, ReadOut

    picture = read_corpus(write_tiny_corpus(tmp_path))[0]
    vocabulary = Vocabulary.of([picture])
    truth = Truth.of(picture, vocabulary, 100)
    asked = targets([(truth, True)], vocabulary, SIZE_PX)
    decoder = Decoder(Planted(vocabulary, asked), vocabulary, ReadOut(count=6))

    dets, labels = decoder(torch.zeros(1, 3, SIZE_PX, SIZE_PX))

    found = {
        vocabulary.labels[int(label)][0]: row[:4].round().tolist()
        for row, label in zip(dets[0], labels[0], strict=True)
        if row[4] > 0.5
    }
    assert found == {region.label: region.box_px.tolist() for region in picture.entities}


def test_of_two_rivals_in_one_place_the_surer_one_counts(tmp_path: Path) -> None:
    from iconograph.ingest.training.detect_net import Decoder, ReadOut

    vocabulary = Vocabulary.of(read_corpus(write_tiny_corpus(tmp_path)))
    decoder = Decoder(torch.nn.Identity(), vocabulary, ReadOut(count=4, same_iou=0.5))
    boxes = torch.tensor([[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 9], [40, 0, 50, 10.0]])

    free = decoder.free(boxes, torch.tensor([1, 1, 2, 1]))

    assert free.tolist() == [1, 0, 1, 1]


def test_the_loss_falls_on_a_few_pictures(tmp_path: Path) -> None:
    from iconograph.ingest.training.detect_net import DetectorNetwork, losses_of

    pictures = read_corpus(write_tiny_corpus(tmp_path))
    vocabulary = Vocabulary.of(pictures)
    torch.manual_seed(1)
    network = DetectorNetwork(vocabulary)
    squares = [small_picture(picture, 64) for picture in pictures]
    source = batches(pictures, squares, vocabulary, size_px=64, count=4)
    plan = Plan(steps=16, seed=1, warm_up_steps=2, checkpoint_steps=4, learning_rate=3e-3)
    reports: list[Any] = []

    train(
        network, batch_of=source, losses_of=losses_of, plan=plan, folder=tmp_path / "run",
        on_progress=reports.append,
    )  # fmt: skip

    assert sum(reports[-1].losses.values()) < 0.8 * sum(reports[0].losses.values())


def test_what_is_exported_is_read_by_the_adapter_and_agrees_with_torch(tmp_path: Path) -> None:
    from iconograph.ingest.training.detect_export import write_settings, written
    from iconograph.ingest.training.detect_net import Decoder, DetectorNetwork, ReadOut

    vocabulary = Vocabulary.of(read_corpus(write_tiny_corpus(tmp_path)))
    torch.manual_seed(1)
    network = DetectorNetwork(vocabulary).eval()
    read_out = ReadOut(count=20, slope=1.0, offset=4.0)

    run = written(network, vocabulary, read_out, tmp_path, 64)
    write_settings(vocabulary, 0.0, tmp_path)

    square = np.full((64, 64, 3), 114, np.uint8)
    square[:51] = np.resize(pixels()[:51, :64], (51, 64, 3))
    dets, labels = run(square)
    fed = torch.from_numpy((square.astype(np.float32).transpose(2, 0, 1)[None] - 127.5) / 127.5)
    with torch.no_grad():
        own_dets, own_labels = Decoder(network, vocabulary, read_out)(fed)
    assert np.abs(np.sort(dets[:, 4]) - np.sort(own_dets[0, :, 4].numpy())).max() < 0.02
    assert len(set(labels.tolist()) & set(own_labels[0].tolist())) > 0
    detections = End2EndDetector.of_folder(tmp_path, threads=1)(pixels())
    assert len(detections) > 0
    assert set(detections.labels) <= {label for label, _ in vocabulary.labels}
    assert set(detections.kinds) <= set(RegionKind)
