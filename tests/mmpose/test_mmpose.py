"""The real mmpose on a tiny checkpoint; run with `make test-mmpose`."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.ingest.models.adding import add, described
from iconograph.ingest.models.pose.mmpose import MmposePoses
from iconograph.ingest.models.pose.simcc import SimccPoses
from iconograph.ingest.models.registry import model_ref
from tests.mmpose.tiny import HIGH, MEAN, STD, WIDE, config, rtmpose_folder, wake
from tests.models.tiny import damage, picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose

pytest.importorskip("mmpose", reason="needs the environment of tools/mmpose (make test-mmpose)")
torch = pytest.importorskip("torch", reason="comes with mmpose")
pytestmark = pytest.mark.timeout(300)  # the first import of mmpose alone takes long

BOXES = np.array([(60, 60, 120, 160), (100, 80, 150, 210), (50, 120, 190, 180)], np.float32)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("rtmpose")
    return folder, rtmpose_folder(folder)


def opened(folder: Path) -> MmposePoses:
    return MmposePoses.open_folder(folder, name="tiny-rtmpose", device="cpu")


def points(poses: tuple[Pose | None, ...]) -> NDArray[np.float64]:
    """Figures x 17 x (x, y, confidence)."""
    assert all(poses)
    return np.array(
        [
            [(point.x_px, point.y_px, point.confidence) for point in pose.key_points]
            for pose in poses
            if pose is not None
        ]
    )


def test_key_points_are_those_of_mmpose(model: tuple[Path, Any]) -> None:
    from mmpose.apis import inference_topdown

    folder, theirs = model
    pixels = picture(300, 260)
    samples = inference_topdown(theirs, np.ascontiguousarray(pixels[:, :, ::-1]), BOXES)

    found = points(opened(folder)(pixels, BOXES))

    for figure, sample in zip(found, samples, strict=True):
        assert np.allclose(figure[:, :2], sample.pred_instances.keypoints[0], atol=1e-3)
        assert np.allclose(figure[:, 2], sample.pred_instances.keypoint_scores[0], atol=1e-5)


def export(model: Any, folder: Path) -> Path:
    """What OpenMMLab's deploy releases hold: the network between normalised crop and decoder."""
    folder.mkdir()
    names = ["input", "simcc_x", "simcc_y"]
    torch.onnx.export(
        model,
        (torch.zeros(1, 3, HIGH, WIDE), None),
        str(folder / "model.onnx"),
        dynamo=False,
        opset_version=17,
        input_names=names[:1],
        output_names=names[1:],
        dynamic_axes={name: {0: "batch"} for name in names},
    )
    settings = f"""
input_size_px = [{WIDE}, {HIGH}]
mean = {MEAN}
std = {STD}
split_ratio = 2.0
key_points = "coco17"
"""
    (folder / "pose.toml").write_text(settings, encoding="utf-8")
    return folder


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the exporter that the releases used
def test_its_onnx_file_agrees(model: tuple[Path, Any], tmp_path: Path) -> None:
    folder, theirs = model
    pixels = picture(300, 260)
    ours = points(SimccPoses.open_folder(export(theirs, tmp_path / "onnx"))(pixels, BOXES))

    found = points(opened(folder)(pixels, BOXES))

    assert np.abs(found - ours)[..., :2].max() <= 1.0
    assert np.abs(found - ours)[..., 2].max() < 0.02
    # Random weights that answered alike for all would agree, too.
    assert all(len(np.unique(figure[:, :2].round(), axis=0)) > 5 for figure in found)
    assert np.abs(found[:, :, :2] - BOXES[:, None, :2])[0].std() > 5
    swapped = points(opened(folder)(np.ascontiguousarray(pixels[:, :, ::-1]), BOXES))
    assert np.abs(found - swapped)[..., :2].mean() > 2


def test_boxes_keep_their_places(model: tuple[Path, Any]) -> None:
    estimator, pixels = opened(model[0]), picture(300, 260)
    outside = np.array([(400, 10, 460, 90), (-50, -60, -1, -2)], np.float32)
    mixed = np.vstack([outside[:1], BOXES[:1], outside[1:], BOXES[1:]])

    found = estimator(pixels, mixed)

    assert [pose is None for pose in found] == [True, False, True, False, False]
    expected = points(estimator(pixels, BOXES))
    kept = points(tuple(pose for pose in found if pose is not None))
    assert np.allclose(kept, expected, atol=0.01)
    assert estimator(pixels, BOXES[:0]) == ()


def test_short_memory_halves_the_batch(model: tuple[Path, Any]) -> None:
    estimator, pixels = opened(model[0]), picture(300, 260)
    asked: list[int] = []

    def short(_module: Any, inputs: tuple[Any, ...]) -> None:
        asked.append(len(inputs[0]))
        if len(inputs[0]) > limit:
            raise torch.OutOfMemoryError

    estimator._model.backbone.register_forward_pre_hook(short)  # noqa: SLF001
    limit = 1
    assert all(estimator(pixels, BOXES))
    assert asked == [3, 1, 1, 1]
    limit = 0
    with pytest.raises(ModelMemoryError):
        estimator(pixels, BOXES)


def test_whole_body(tmp_path: Path) -> None:
    rtmpose_folder(tmp_path, key_points=133)
    poses = opened(tmp_path)(picture(300, 260), BOXES)

    assert all(pose is not None and len(pose.key_points) == 17 and pose.hands for pose in poses)


def test_what_it_says_of_itself(model: tuple[Path, Any]) -> None:
    estimator = opened(model[0])

    assert estimator.name == "tiny-rtmpose@1"
    assert [(ref.name, len(ref.sha256)) for ref in estimator.models] == [("tiny-rtmpose", 64)]
    assert len(dict(estimator.parameters)["config"]) == 64


def checkpoint(folder: Path, model: Any, **meta: Any) -> None:
    """A `.pth` in place of the folder's weights, as mmengine saves one."""
    (folder / "config.json").write_text(json.dumps(config()), encoding="utf-8")
    torch.save({"meta": meta, "state_dict": model.state_dict()}, folder / "model.pth")


def test_a_checkpoint_with_arrays(model: tuple[Path, Any], tmp_path: Path) -> None:
    sigmas = np.full(17, 0.1, np.float32)
    checkpoint(tmp_path, model[1], dataset_meta={"sigmas": sigmas, "largest": sigmas.max()})
    pixels = picture(300, 260)

    assert np.allclose(
        points(opened(tmp_path)(pixels, BOXES)), points(opened(model[0])(pixels, BOXES))
    )


@pytest.mark.parametrize(
    "forced", [False, True], ids=["by default", "where all pickles are let in"]
)
def test_a_checkpoint_that_could_run_code(
    model: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, forced: bool
) -> None:
    if forced:
        monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    checkpoint(tmp_path, model[1], runs=print)

    with pytest.raises(MissingModelError, match="is refused"):
        opened(tmp_path)


def test_weights_of_another_model(model: tuple[Path, Any], tmp_path: Path) -> None:
    checkpoint(tmp_path, model[1].head)
    with pytest.raises(MissingModelError, match="no model that mmpose can build"):
        opened(tmp_path)


@pytest.mark.parametrize("kept", ["model", "test_dataloader"])
def test_half_a_configuration(model: tuple[Path, Any], tmp_path: Path, kept: str) -> None:
    checkpoint(tmp_path, model[1])
    (tmp_path / "config.json").write_text(json.dumps({kept: config()[kept]}), encoding="utf-8")
    with pytest.raises(MissingModelError, match="no model that mmpose can build"):
        opened(tmp_path)


def test_not_finite(tmp_path: Path) -> None:
    rtmpose_folder(tmp_path)
    damage(tmp_path / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        opened(tmp_path)(picture(300, 260), BOXES)


def test_a_published_configuration(tmp_path: Path) -> None:
    import mmpose
    from mmengine.config import Config
    from mmpose.apis import inference_topdown, init_model
    from tools.mmpose.convert import convert

    configs = Path(mmpose.__file__).parent / ".mim/configs/body_2d_keypoint/rtmpose/coco"
    published = configs / "rtmpose-t_8xb256-420e_coco-256x192.py"
    with warnings.catch_warnings(record=True):
        theirs = init_model(Config.fromfile(published), None, device="cpu")
    wake(theirs)
    torch.nn.init.normal_(theirs.head.cls_x.weight, std=0.5)
    torch.nn.init.normal_(theirs.head.cls_y.weight, std=0.5)
    meta = {"dataset_meta": {"sigmas": np.full(17, 0.1, np.float32)}}
    torch.save({"meta": meta, "state_dict": theirs.state_dict()}, tmp_path / "published.pth")

    convert(published, tmp_path / "published.pth", tmp_path / "folder")

    pixels = picture(300, 260)
    flipped_too = inference_topdown(theirs, np.ascontiguousarray(pixels[:, :, ::-1]), BOXES)
    found = opened(tmp_path / "folder")(pixels, BOXES)
    for pose, sample in zip(points(found), flipped_too, strict=True):
        assert np.allclose(pose[:, :2], sample.pred_instances.keypoints[0], atol=1e-3)


def test_a_model_of_the_registry(tmp_path: Path) -> None:
    rtmpose_folder(tmp_path / "own")
    (tmp_path / "cache").mkdir()
    record = described(
        tmp_path / "own", name="mine", task="key points of one figure", licence="none"
    )
    placed = add(record, tmp_path / "cache")

    estimator = MmposePoses.open(tmp_path / "cache", "mine")
    assert estimator.name == "mine@1"
    assert estimator.models == (model_ref(record),)

    weights = placed / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(MissingModelError, match="mine"):
        MmposePoses.open(tmp_path / "cache", "mine")
