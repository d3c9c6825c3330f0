from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.ingest.models.adding import add, described
from iconograph.ingest.models.pose.simcc import SMALLEST_SCORE
from iconograph.ingest.models.pose.vitpose import VitPosePoses
from iconograph.ingest.models.registry import model_ref
from tests.models.tiny import damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")

BOXES = np.array([(10, 5, 60, 110), (50, 20, 110, 90), (70, 60, 120, 150)], dtype=np.float32)


def vitpose_folder(folder: Path, *, experts: int = 1, key_points: int = 17) -> Path:
    """A folder as transformers writes it, of a ViTPose for crops of 48 x 64 px."""
    torch.manual_seed(0)
    config = transformers.VitPoseConfig(
        backbone_config=transformers.VitPoseBackboneConfig(
            image_size=[64, 48],
            patch_size=[16, 16],
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            mlp_ratio=2,
            num_experts=experts,
            part_features=8 if experts > 1 else 0,
            out_indices=[2],
        ),
        use_simple_decoder=True,
        scale_factor=4,
        id2label={number: str(number) for number in range(key_points)},
    )
    model = transformers.VitPoseForPoseEstimation(config)
    # Peaks of random weights are low: these figures are to count as recognised.
    torch.nn.init.normal_(model.head.conv.weight, std=0.3)
    torch.nn.init.constant_(model.head.conv.bias, 0.3)
    model.save_pretrained(folder)
    size = {"height": 64, "width": 48}
    transformers.VitPoseImageProcessor(size=size).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vitpose_folder(tmp_path_factory.mktemp("vitpose"))


def opened(folder: Path) -> VitPosePoses:
    return VitPosePoses.open_folder(folder, name="tiny-vitpose", device="cpu")


def test_key_points_are_those_of_the_library(folder: Path) -> None:
    pixels = picture(160, 130)
    model = transformers.VitPoseForPoseEstimation.from_pretrained(folder).eval()
    processor = transformers.VitPoseImageProcessor.from_pretrained(folder)
    asked = [[[x0, y0, x1 - x0, y1 - y0] for x0, y0, x1, y1 in BOXES.tolist()]]
    inputs = processor(images=PillowImage.fromarray(pixels), boxes=asked, return_tensors="pt")
    with torch.inference_mode():
        (expected,) = processor.post_process_pose_estimation(model(**inputs), boxes=asked)

    found = opened(folder)(pixels, BOXES)

    assert len(found) == len(expected)
    for pose, theirs in zip(found, expected, strict=True):
        assert pose is not None
        assert pose.method == "tiny-vitpose@1"
        points = [(point.x_px, point.y_px) for point in pose.key_points]
        assert np.abs(np.array(points) - theirs["keypoints"].numpy()).max() < 1e-3
        scores = theirs["scores"].numpy()
        confidences = np.array([point.confidence for point in pose.key_points])
        kept = confidences > 0
        assert kept.sum() > 8
        assert np.allclose(confidences[kept], np.minimum(scores[kept], 1.0), atol=1e-5)
        assert (scores[kept] >= SMALLEST_SCORE).all()


def test_boxes_keep_their_places(folder: Path) -> None:
    pixels = picture(160, 130)
    estimator = opened(folder)
    outside = np.array([(200, 10, 260, 90), (-50, -60, -1, -2)], dtype=np.float32)
    mixed = np.vstack([outside[:1], BOXES[:2], outside[1:], BOXES[2:]])

    found = estimator(pixels, mixed)

    assert [pose is None for pose in found] == [True, False, False, True, False]
    assert tuple(pose for pose in found if pose) == estimator(pixels, BOXES)
    assert estimator(pixels, np.zeros((0, 4), np.float32)) == ()


def test_a_box_across_the_border_is_seen(folder: Path) -> None:
    (pose,) = opened(folder)(picture(160, 130), np.array([(-40, -30, 50, 90)], np.float32))

    assert pose is not None
    assert len(pose.key_points) == 17


def test_short_memory_halves_the_batch(folder: Path) -> None:
    estimator = opened(folder)
    pixels = picture(160, 130)
    expected = estimator(pixels, BOXES)
    asked: list[int] = []

    def short(_module: Any, inputs: tuple[Any, ...]) -> None:
        asked.append(len(inputs[0]))
        if len(inputs[0]) > limit:
            raise torch.OutOfMemoryError

    estimator._model.network.register_forward_pre_hook(short)  # noqa: SLF001
    limit = 1
    found = estimator(pixels, BOXES)

    assert asked == [3, 1, 1, 1]
    for pose, other in zip(found, expected, strict=True):
        assert pose is not None
        assert other is not None
        for one, two in zip(pose.key_points, other.key_points, strict=True):
            assert (one.x_px, one.y_px) == pytest.approx((two.x_px, two.y_px), abs=0.01)
    limit = 0
    with pytest.raises(ModelMemoryError):
        estimator(pixels, BOXES)


def test_experts(tmp_path: Path) -> None:
    poses = opened(vitpose_folder(tmp_path, experts=2))(picture(160, 130), BOXES)

    assert all(poses)


def test_whole_body_gives_hands(tmp_path: Path) -> None:
    poses = opened(vitpose_folder(tmp_path, key_points=133))(picture(160, 130), BOXES)

    assert all(pose is not None and len(pose.key_points) == 17 for pose in poses)
    assert any(pose is not None and pose.hands for pose in poses)


def test_other_key_points_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelOutputError, match=r"expected k x 2 and k for k in \[17, 133\]"):
        opened(vitpose_folder(tmp_path, key_points=21))(picture(160, 130), BOXES)


def test_what_it_says_of_itself(folder: Path) -> None:
    estimator = opened(folder)

    assert estimator.name == "tiny-vitpose@1"
    assert [(ref.name, len(ref.sha256)) for ref in estimator.models] == [("tiny-vitpose", 64)]
    assert dict(estimator.parameters) == {"smallest_score": "0.05", "smallest_mean_score": "0.2"}


def test_not_finite(tmp_path: Path) -> None:
    damage(vitpose_folder(tmp_path) / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        opened(tmp_path)(picture(160, 130), BOXES)


def test_a_model_of_the_registry(tmp_path: Path) -> None:
    vitpose_folder(tmp_path / "own")
    (tmp_path / "cache").mkdir()
    record = described(
        tmp_path / "own", name="mine", task="key points of one figure", licence="none"
    )
    placed = add(record, tmp_path / "cache")

    estimator = VitPosePoses.open(tmp_path / "cache", "mine")
    assert estimator.name == "mine@1"
    assert estimator.models == (model_ref(record),)

    weights = placed / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(MissingModelError, match="mine"):
        VitPosePoses.open(tmp_path / "cache", "mine")
