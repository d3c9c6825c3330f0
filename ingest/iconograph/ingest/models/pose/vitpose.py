"""ViTPose through transformers: key points from heat maps of a figure's crop.

ViTPose, Xu et al., arXiv:2204.12484; ViTPose++ with experts for several sets of key points, Xu et
al., arXiv:2212.04246.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, weights_in
from iconograph.ingest.models.libraries import (
    device_name,
    inference,
    library,
    pretrained,
)
from iconograph.ingest.models.pose.crops import overlaps_picture
from iconograph.ingest.models.pose.gates import GATES, gated_pose
from iconograph.ingest.models.pose.simcc import padded_window
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose

BATCH_SIZE = 16

COCO_EXPERT = 0
"""Which expert of ViTPose++ was trained on COCO's key points."""


class VitPosePoses:
    """A `PoseEstimator` on torch; its folder is one of `VitPoseForPoseEstimation`.

    Not for several threads at once.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401  a VitPoseForPoseEstimation
        processor: Any,  # noqa: ANN401  a VitPoseImageProcessor
        *,
        name: str,
        models: tuple[ModelRef, ...],
        device: str | None = None,
    ) -> None:
        self._device = device or device_name()
        self._model = model.to(self._device).eval()
        self._processor = processor
        self.name = name
        self.models = models
        self.parameters = GATES
        size = processor.size
        self._input_size_px = (int(size["width"]), int(size["height"]))

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "vitpose") -> Self:
        """The estimator of a model that the registry knows.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
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

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without the
        extra `ml`.
        """
        called = name or folder.name
        files_in(folder, ["config.json", "preprocessor_config.json"], model=called)
        weights = weights_in(folder, model=called)
        # The processor warps with it, and says so late and unclearly.
        library("scipy.ndimage", needed_by=called)
        return cls(
            pretrained("VitPoseForPoseEstimation", folder, model=called, use_safetensors=True),
            pretrained("VitPoseImageProcessor", folder, model=called),
            name=f"{called}@1",
            models=models or (ModelRef(name=called, sha256=sha256_of(weights)),),
            device=device,
        )

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no body was recognised, or the box is outside.

        Raises `InvalidValueError` when the picture is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short even for one box.
        """
        require_rgb(pixels)
        rows = [row for row, box in enumerate(boxes_px) if overlaps_picture(pixels, box)]
        picture = PillowImage.fromarray(pixels)
        boxes = np.asarray(boxes_px, np.float64).reshape(-1, 4)[rows]
        poses: list[Pose | None] = [None] * len(boxes_px)
        found = (
            pose
            for batch in in_batches(
                len(rows), BATCH_SIZE, lambda part: self._poses(picture, boxes[part])
            )
            for pose in batch
        )
        for row, pose in zip(rows, found, strict=True):
            poses[row] = pose
        return tuple(poses)

    def _poses(
        self, picture: PillowImage.Image, boxes_px: NDArray[np.float64]
    ) -> list[Pose | None]:
        """Poses of a batch."""
        # The library's boxes are (x, y, width, height).
        corner_and_size = np.hstack([boxes_px[:, :2], boxes_px[:, 2:] - boxes_px[:, :2]])
        asked = [corner_and_size.astype(np.float32)]
        crops = self._processor(images=picture, boxes=asked, return_tensors="pt")["pixel_values"]
        with inference(self.name):
            fed = crops.to(self._device, self._model.dtype)
            answer = self._model(fed, **self._expert(len(boxes_px)))
            answer.heatmaps = answer.heatmaps.float()
            (figures,) = self._refined(answer, asked)
        return [
            gated_pose(
                figure["keypoints"].double().numpy(),
                figure["scores"].double().numpy(),
                method=self.name,
                window=padded_window(box, self._input_size_px),
            )
            for box, figure in zip(boxes_px, figures, strict=True)
        ]

    def _refined(self, answer: Any, asked: list[NDArray[np.float32]]) -> Any:  # noqa: ANN401
        try:
            return self._processor.post_process_pose_estimation(answer, boxes=asked)
        except np.linalg.LinAlgError as error:
            message = f"a heat map of {self.name} is flat: {error}; its weights may be damaged"
            raise ModelOutputError(message) from error

    def _expert(self, count: int) -> dict[str, Any]:
        """Which expert is asked, where there are several."""
        if self._model.config.backbone_config.num_experts == 1:
            return {}
        torch = library("torch", needed_by=self.name)
        return {"dataset_index": torch.full((count,), COCO_EXPERT, device=self._device)}
