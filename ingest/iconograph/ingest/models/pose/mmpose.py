"""Key points through mmpose itself, for its models that have no ONNX file.

mmpose needs an environment of its own (`tools/mmpose`). A folder of this format holds the model's
configuration as `config.json` (a configuration in Python would be run as code) and one file of
weights: `.safetensors`, or OpenMMLab's `.pth` where it holds nothing but tensors, numbers and text.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import IconographError, MissingExtraError, MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, json_settings
from iconograph.ingest.models.libraries import device_name, inference, library, tensors_in
from iconograph.ingest.models.pose.gates import GATES, gated_pose
from iconograph.ingest.models.pose.in_boxes import poses_in_boxes
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose

CONFIG_FILE = "config.json"
BATCH_SIZE = 16


class MissingMmposeError(MissingExtraError):
    """mmpose is not installed; it is no extra, since it does not go beside the other libraries."""

    def __init__(self, needed_by: str) -> None:
        IconographError.__init__(
            self,
            f"{needed_by} needs mmpose, which is not installed; install it into an environment of its "
            "own with tools/mmpose/install.sh of the sources, or use the model's ONNX file",
        )


class MmposePoses:
    """A `PoseEstimator` on mmpose's `init_model` and `inference_topdown`.

    Not for several threads at once.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401  a TopdownPoseEstimator
        *,
        name: str,
        models: tuple[ModelRef, ...],
        config_sha256: str,
    ) -> None:
        self._model = model
        self.name = name
        self.models = models
        self.parameters = (*GATES, ("config", config_sha256))

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "mmpose") -> Self:
        """The estimator of a model that the registry knows.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without mmpose.
        """
        folder, ref = located_folder(record_name, cache_dir)
        return cls.open_folder(folder, name=record_name, models=(ref,))

    @classmethod
    def open_folder(
        cls,
        folder: Path,
        *,
        name: str | None = None,
        models: tuple[ModelRef, ...] = (),
        device: str | None = None,
    ) -> Self:
        """The estimator of a folder; `models` are worked out from its weights when not given.

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without mmpose.
        """
        called = name or folder.name
        config = files_in(folder, [CONFIG_FILE], model=called)[CONFIG_FILE]
        weights = _weights_file(folder, called)
        return cls(
            _loaded(config, weights, called, device),
            name=f"{called}@1",
            models=models or (ModelRef(name=called, sha256=sha256_of(weights)),),
            config_sha256=sha256_of(config),
        )

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no body was recognised, or the box is outside.

        Raises `InvalidValueError` when the picture is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short even for one box.
        """
        require_rgb(pixels)
        # mmpose takes what OpenCV reads: blue first.
        picture = np.ascontiguousarray(pixels[:, :, ::-1])
        return poses_in_boxes(
            pixels, boxes_px, lambda boxes: self._poses(picture, boxes), batch_size=BATCH_SIZE
        )

    def _poses(
        self, picture: NDArray[np.uint8], boxes_px: NDArray[np.float32]
    ) -> list[Pose | None]:
        with inference(self.name):
            samples = _mmpose(self.name).inference_topdown(self._model, picture, boxes_px)
        return [
            gated_pose(
                np.asarray(sample.pred_instances.keypoints[0], np.float64),
                np.asarray(sample.pred_instances.keypoint_scores[0], np.float64),
                method=self.name,
            )
            for sample in samples
        ]


def _mmpose(needed_by: str) -> Any:  # noqa: ANN401  a module without types
    try:
        return importlib.import_module("mmpose.apis")
    except ModuleNotFoundError as error:
        raise MissingMmposeError(needed_by) from error


def _loaded(config: Path, weights: Path, name: str, device: str | None) -> Any:  # noqa: ANN401
    """The model that mmpose builds of a configuration, with every weight from the file."""
    apis = _mmpose(name)
    settings = importlib.import_module("mmengine.config").Config(json_settings(config))
    try:
        # It warns that it goes by COCO's key points where the configuration has no data set, and
        # sets a filter of its own for it.
        with warnings.catch_warnings(record=True):
            model = apis.init_model(settings, None, device=device or device_name())
        model.load_state_dict(state_dict_in(weights))
        _ = settings.test_dataloader.dataset.pipeline
    except (AttributeError, KeyError, TypeError, RuntimeError, ValueError) as error:
        message = (
            f"{config} and {weights} are no model that mmpose can build: {error}; export the "
            "configuration again, and use the weights that belong to it"
        )
        raise MissingModelError(message) from error
    return model


def state_dict_in(path: Path) -> dict[str, Any]:
    """The weights of a file; of a checkpoint, those under `state_dict`.

    Pickles are read with `weights_only`, whatever the environment says: beside tensors they may hold
    NumPy's arrays and scalars, as OpenMMLab's descriptions of data sets do, and nothing that runs.
    Raises `MissingModelError` for a file that holds anything else.
    """
    serialization = library("torch.serialization", needed_by=f"the file {path.name}")
    with serialization.safe_globals(_numpy_globals()):
        tensors = tensors_in(path)
    inner = tensors.get("state_dict", tensors)
    return dict(inner)


def _numpy_globals() -> list[Any]:
    """What NumPy's arrays and scalars are pickled by, under the module names of NumPy 1 and 2."""
    multiarray = importlib.import_module("numpy._core.multiarray")
    functions = [
        (getattr(multiarray, function), f"numpy.{core}.multiarray.{function}")
        for core in ("core", "_core")
        for function in ("_reconstruct", "scalar")
    ]
    kinds = {type(np.dtype(code)) for code in np.typecodes["All"]}
    return [*functions, np.ndarray, np.dtype, *kinds]


def _weights_file(folder: Path, name: str) -> Path:
    found = sorted(path for path in folder.iterdir() if path.suffix in {".safetensors", ".pth"})
    if len(found) != 1:
        message = (
            f"the folder of {name} holds {', '.join(path.name for path in found) or 'no weights'}: "
            f"{folder}; expected one .safetensors or .pth"
        )
        raise MissingModelError(message)
    return found[0]
