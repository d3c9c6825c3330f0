from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.ingest.models.export.onnx import Precision
from iconograph.ingest.models.export.sam import export_sam
from iconograph.ingest.models.libraries import tensors_in
from iconograph.ingest.models.segment.prompts import Frame, grid, mask_of
from iconograph.ingest.models.segment.sam import SamSegmenter, sam_of
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from tests.models.tiny import SAM_SIZES, damage, picture, sam_folder

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
segment_anything = pytest.importorskip("segment_anything", reason="needs the extra `ml`")

BOXES_PX = np.array([[10, 10, 150, 120], [40, 20, 240, 180], [3, 3, 90, 60]], np.float32)
POINTS_PX = grid(256, 192, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sam_folder(tmp_path_factory.mktemp("sam"))


@pytest.fixture(scope="module")
def segmenter(folder: Path) -> SamSegmenter:
    return SamSegmenter.load(folder, device="cpu")


def test_masks_are_those_of_the_predictor(folder: Path, segmenter: SamSegmenter) -> None:
    pixels = picture(192, 256)
    sam = sam_of(SAM_SIZES)
    sam.load_state_dict(tensors_in(folder / "model.safetensors"))
    predictor = segment_anything.SamPredictor(sam.eval())
    predictor.set_image(pixels)

    found = segmenter(pixels).at_points(POINTS_PX)

    frame = Frame.fitted(256, 192, SAM_SIZES["image_size_px"])
    for index, point in enumerate(POINTS_PX):
        masks, scores, logits = predictor.predict(
            point_coords=point[None], point_labels=np.ones(1), multimask_output=True
        )
        best, mask = scores.argmax(), found.masks[index]
        expected = mask_of(logits[best], frame, 0.0)
        assert mask is not None
        assert expected is not None
        assert mask.iou(expected) > 0.99
        # The predictor scales its logits up in two steps, which moves edges a little.
        assert (mask.within(256, 192) == masks[best]).mean() > 0.97
        assert found.confidences[index] == pytest.approx(np.clip(scores.max(), 0, 1), abs=1e-4)


@pytest.mark.parametrize("precision", list(Precision))
def test_onnx_answers_as_torch_does(
    segmenter: SamSegmenter, folder: Path, tmp_path: Path, precision: Precision
) -> None:
    sam = sam_of(SAM_SIZES)
    sam.load_state_dict(tensors_in(folder / "model.safetensors"))
    export_sam(sam, tmp_path, name="tiny", encoder_precision=precision, decoder_precision=precision)
    onnx = SamOnnxSegmenter.load(tmp_path, threads=1)
    least_iou = {Precision.FP32: 0.99, Precision.FP16: 0.97, Precision.INT8: 0.5}[precision]
    pixels = picture(192, 256)
    first, second = segmenter(pixels), onnx(pixels)

    for ours, theirs in (
        (first.in_boxes(BOXES_PX), second.in_boxes(BOXES_PX)),
        (first.at_points(POINTS_PX), second.at_points(POINTS_PX)),
    ):
        pairs = list(zip(ours.masks, theirs.masks, strict=True))
        ious = [a.iou(b) for a, b in pairs if a is not None and b is not None]
        assert len(ious) == len(pairs)
        assert np.mean(ious) > least_iou
        if precision is Precision.FP32:
            assert min(ious) > least_iou
        assert np.allclose(ours.confidences, theirs.confidences, atol=0.05)


def test_a_single_mask_can_be_exported(tmp_path: Path) -> None:
    torch.manual_seed(1)
    export_sam(sam_of(SAM_SIZES), tmp_path, name="tiny", several_masks=False)

    found = SamOnnxSegmenter.load(tmp_path, threads=1)(picture(64, 64)).in_boxes(BOXES_PX[:1])
    assert len(found.masks) == 1


@pytest.mark.parametrize(
    ("height_px", "width_px"),
    [(1, 1), (1, 300), (2000, 5), (129, 128)],
    ids=["1x1", "one row", "tall", "nearly square"],
)
def test_odd_sizes(segmenter: SamSegmenter, height_px: int, width_px: int) -> None:
    pixels = picture(height_px, width_px)
    found = segmenter(pixels).at_points(np.array([[0.5, 0.5]], np.float32))

    assert len(found.masks) == 1
    for mask in found.masks:
        assert mask is None or mask.within(width_px, height_px).sum() == mask.area_px2


def test_no_prompts(segmenter: SamSegmenter) -> None:
    found = segmenter(picture(30, 40)).in_boxes(np.empty((0, 4), np.float32))

    assert found.masks == ()
    assert found.confidences.shape == (0,)


def test_not_finite(tmp_path: Path) -> None:
    folder = sam_folder(tmp_path)
    damage(folder / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        SamSegmenter.load(folder, device="cpu")(picture(30, 40)).in_boxes(BOXES_PX)


def test_plain_tensors_in_a_pth_are_read(folder: Path, tmp_path: Path) -> None:
    torch.save(tensors_in(folder / "model.safetensors"), tmp_path / "sam.pth")
    (tmp_path / "sam.toml").write_text((folder / "sam.toml").read_text())

    assert SamSegmenter.load(tmp_path, device="cpu").name == "tiny-sam"


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.path,)


def test_a_pickle_is_refused(folder: Path, tmp_path: Path) -> None:
    torch.save({"weights": Trap(tmp_path / "sprung")}, tmp_path / "sam.pth")
    (tmp_path / "sam.toml").write_text((folder / "sam.toml").read_text())

    with pytest.raises(MissingModelError, match="no file of plain tensors"):
        SamSegmenter.load(tmp_path)

    assert not (tmp_path / "sprung").exists()


def test_weights_that_do_not_fit(folder: Path, tmp_path: Path) -> None:
    settings = (folder / "sam.toml").read_text().replace("depth = 2", "depth = 3")
    (tmp_path / "sam.toml").write_text(settings)
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())

    with pytest.raises(MissingModelError, match="does not fit"):
        SamSegmenter.load(tmp_path)


def test_unknown_architecture(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sam.toml").write_text('name = "x"\narchitecture = "vit_z"')
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())

    with pytest.raises(MissingModelError, match="vit_b"):
        SamSegmenter.load(tmp_path)
