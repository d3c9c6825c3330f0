from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.ingest.models.segment.sam2 import Sam2Segmenter
from tests.models.tiny import damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")

SIDE_PX = 128
BOXES_PX = np.array([[10, 10, 150, 120], [40, 20, 240, 180]], np.float32)


def sam2_folder(folder: Path) -> Path:
    """A folder as transformers writes it, of a SAM 2 for pictures of 128 x 128 px."""
    backbone = transformers.Sam2HieraDetConfig(
        hidden_size=12,
        num_attention_heads=1,
        blocks_per_stage=[1, 2, 2, 2],
        embed_dim_per_stage=[12, 24, 48, 96],
        num_attention_heads_per_stage=[1, 2, 4, 8],
        window_size_per_stage=[8, 4, 4, 4],
        global_attention_blocks=[4, 6],
        image_size=[SIDE_PX, SIDE_PX],
        window_positional_embedding_background_size=[7, 7],
    )
    vision = transformers.Sam2VisionConfig(
        backbone_config=backbone,
        backbone_channel_list=[96, 48, 24, 12],
        backbone_feature_sizes=[[SIDE_PX // part] * 2 for part in (4, 8, 16)],
        fpn_hidden_size=32,
    )
    config = transformers.Sam2Config(
        vision_config=vision,
        prompt_encoder_config={
            "hidden_size": 32,
            "image_size": SIDE_PX,
            "patch_size": 16,
            "mask_input_channels": 4,
        },
        mask_decoder_config={
            "hidden_size": 32,
            "mlp_dim": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": 32,
        },
    )
    torch.manual_seed(0)
    transformers.Sam2Model(config).save_pretrained(folder)
    side = {"height": SIDE_PX, "width": SIDE_PX}
    small = {"height": SIDE_PX // 4, "width": SIDE_PX // 4}
    processor = transformers.Sam2ImageProcessor(size=side, mask_size=small)
    transformers.Sam2Processor(processor).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sam2_folder(tmp_path_factory.mktemp("sam2"))


def theirs(folder: Path, pixels: Any, **prompts: Any) -> tuple[Any, Any]:
    model = transformers.Sam2Model.from_pretrained(folder).eval()
    processor = transformers.Sam2Processor.from_pretrained(folder)
    inputs = processor(images=PillowImage.fromarray(pixels), return_tensors="pt", **prompts)
    with torch.inference_mode():
        found = model(**inputs, multimask_output=True)
    masks = processor.post_process_masks(found.pred_masks, inputs["original_sizes"])
    return masks[0].numpy(), found.iou_scores[0].numpy()


@pytest.mark.parametrize("prompt", ["boxes", "points"])
def test_masks_are_those_of_the_library(folder: Path, prompt: str) -> None:
    pixels = picture(192, 256)
    points = np.array([[50, 60], [200, 150]], np.float32)
    segmented = Sam2Segmenter.load(folder, device="cpu")(pixels)
    if prompt == "boxes":
        found = segmented.in_boxes(BOXES_PX)
        masks, scores = theirs(folder, pixels, input_boxes=[BOXES_PX.tolist()])
    else:
        found = segmented.at_points(points)
        masks, scores = theirs(
            folder,
            pixels,
            input_points=[[[point] for point in points.tolist()]],
            input_labels=[[[1], [1]]],
        )

    assert found.confidences == pytest.approx(np.clip(scores.max(axis=1), 0, 1), abs=1e-4)
    for index, mask in enumerate(found.masks):
        expected = masks[index, scores[index].argmax()]
        if prompt == "boxes":
            x0, y0, x1, y1 = near(BOXES_PX[index])
            outside = np.ones_like(expected)
            outside[y0:y1, x0:x1] = False
            expected = expected & ~outside
        assert mask is not None
        ours = mask.within(256, 192)
        assert (ours & expected).sum() / (ours | expected).sum() > 0.95


def near(box: Any) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    across, down = (x1 - x0) / 4, (y1 - y0) / 4
    return (
        max(0, int(np.floor(x0 - across))),
        max(0, int(np.floor(y0 - down))),
        int(np.ceil(x1 + across)),
        int(np.ceil(y1 + down)),
    )


def test_a_single_pixel(folder: Path) -> None:
    found = Sam2Segmenter.load(folder, device="cpu")(picture(1, 1))

    assert len(found.at_points(np.array([[0.5, 0.5]], np.float32)).masks) == 1


def test_not_finite(tmp_path: Path) -> None:
    damage(sam2_folder(tmp_path) / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        Sam2Segmenter.load(tmp_path, device="cpu")(picture(30, 40)).in_boxes(BOXES_PX)


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    torch.save({}, tmp_path / "pytorch_model.bin")

    with pytest.raises(MissingModelError, match="not loaded"):
        Sam2Segmenter.load(tmp_path)
