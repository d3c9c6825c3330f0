"""The small SAM through segment_anything itself and through its ONNX files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from iconograph.ingest.training.corpora import read_corpus
from iconograph.ingest.training.loop import Plan, train
from iconograph.ingest.training.segment_owners import Owners
from iconograph.ingest.training.segment_windows import Shape, batches
from tests.unit.ingest.training.drawn import pixels, write_tiny_corpus

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
pytest.importorskip("segment_anything", reason="needs the extra `ml`")
pytest.importorskip("onnx", reason="needs the extra `ml`")

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def sam() -> Any:
    from iconograph.ingest.training.segment_net import small_sam

    torch.manual_seed(3)
    return small_sam().eval()


def test_it_is_a_sam_that_the_library_prompts(sam: Any) -> None:
    from segment_anything import SamPredictor

    predictor = SamPredictor(sam)
    predictor.set_image(pixels())

    masks, scores, _ = predictor.predict(box=np.array([20, 20, 50, 80]), multimask_output=True)

    assert masks.shape == (2, 80, 100)
    assert scores.shape == (2,)


def test_the_library_and_the_exported_files_answer_the_same(sam: Any, tmp_path: Path) -> None:
    from iconograph.ingest.models.export.sam import box_as_mask
    from iconograph.ingest.training.segment_export import written
    from iconograph.ingest.training.segment_net import masks_of_boxes

    segmenter = written(sam, tmp_path, several=False).inner
    assert isinstance(segmenter, SamOnnxSegmenter)
    box = np.array([[20, 20, 50, 80]], np.float32)

    picture = segmenter(pixels())
    logits, scores = picture.decoder.of_boxes(box * np.tile(picture.frame.scales, 2))

    corners = torch.from_numpy(box * np.tile(picture.frame.scales, 2)).reshape(1, 2, 2)
    square = torch.from_numpy(_square(picture.frame))
    with torch.no_grad():
        trained, trained_scores = masks_of_boxes(sam, square, corners)
        sparse, _ = sam.prompt_encoder(points=None, boxes=corners.reshape(1, 4), masks=None)
        own, own_scores = sam.mask_decoder(
            image_embeddings=sam.image_encoder(square),
            image_pe=sam.prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=box_as_mask(
                sam.prompt_encoder, corners, torch.tensor([[2.0, 3.0]])
            ),
            multimask_output=False,
        )
    tolerance = 0.05 * float(own.abs().max())
    assert float((trained[:, :1] - own).abs().max()) < 1e-3 * float(own.abs().max())
    assert np.abs(logits - own.numpy()).max() < tolerance
    assert scores == pytest.approx(own_scores.numpy(), abs=0.02)
    assert float(trained_scores[0, 0]) == pytest.approx(float(own_scores[0, 0]), abs=1e-4)


def test_a_box_given_as_a_mask_tells_inside_from_outside(sam: Any) -> None:
    from iconograph.ingest.models.export.sam import box_as_mask

    boxes = torch.tensor([[[0.0, 0.0], [64.0, 128.0]], [[64.0, 0.0], [128.0, 128.0]]])
    with torch.no_grad():
        left, right = box_as_mask(sam.prompt_encoder, boxes, torch.tensor([[2.0, 3.0]] * 2))
        point = box_as_mask(sam.prompt_encoder, boxes[:1], torch.tensor([[1.0, -1.0]]))

    assert not torch.allclose(left, right)
    assert torch.allclose(left[:, :, 4], right[:, :, 28], atol=1e-5)
    none = sam.prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1)
    assert torch.allclose(point, none.expand_as(point))


def _square(frame: Any) -> Any:
    from iconograph.ingest.models.segment.prompts import framed_pixels
    from iconograph.ingest.training.segment_net import MEAN, SPREAD

    return framed_pixels(pixels(), frame, (MEAN,) * 3, (SPREAD,) * 3)


def test_the_loss_falls_on_a_few_windows(tmp_path: Path) -> None:
    from iconograph.ingest.training.segment_net import INPUT_PX, losses_of, small_sam

    pictures = read_corpus(write_tiny_corpus(tmp_path, ("panel",)))
    store = Owners.of(pictures, tmp_path / "owners.npz")
    source = batches([(pictures[0], store, 0)], Shape(pictures=1, windows=2, size_px=INPUT_PX))
    torch.manual_seed(3)
    plan = Plan(steps=9, seed=1, warm_up_steps=1, checkpoint_steps=3, learning_rate=2e-3)
    reports: list[Any] = []

    train(
        small_sam(), batch_of=source, losses_of=losses_of, plan=plan, folder=tmp_path / "run",
        on_progress=reports.append,
    )  # fmt: skip

    assert sum(reports[-1].losses.values()) < sum(reports[0].losses.values())
