"""ViTPose through transformers: key points from heat maps of a figure's crop.

ViTPose, Xu et al., arXiv:2204.12484; ViTPose++ with experts for several sets of key points, Xu et
al., arXiv:2212.04246.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.libraries import inference, library
from iconograph.ingest.models.pose.gates import GATES, gated_pose
from iconograph.ingest.models.pose.in_boxes import poses_in_boxes
from iconograph.ingest.models.pose.simcc import padded_window
from iconograph.ingest.models.transformers_model import Architecture, TransformersModel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose

ARCHITECTURE = Architecture(
    network="VitPoseForPoseEstimation",
    processor="VitPoseImageProcessor",
    files=("config.json", "preprocessor_config.json"),
    # The processor warps with it, and says late and unclearly that it is not there.
    modules=("scipy.ndimage",),
)
BATCH_SIZE = 16

COCO_EXPERT = 0
"""Which expert of ViTPose++ was trained on COCO's key points."""


class VitPosePoses:
    """A `PoseEstimator` on torch; its folder is one of `VitPoseForPoseEstimation`.

    Not for several threads at once.
    """

    def __init__(self, model: TransformersModel) -> None:
        self._model = model
        self.name = f"{model.name}@1"
        self.models = model.models
        self.parameters = GATES
        size = model.processor.size
        self._input_size_px = (int(size["width"]), int(size["height"]))

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "vitpose") -> Self:
        """The estimator of a model of the registry; raises as `TransformersModel.open` does."""
        return cls(TransformersModel.open(cache_dir, ARCHITECTURE, name=record_name))

    @classmethod
    def open_folder(
        cls, folder: Path, *, name: str | None = None, device: str | None = None
    ) -> Self:
        """The estimator of a folder; raises as `TransformersModel.load` does."""
        called = name or folder.name
        return cls(TransformersModel.load(folder, ARCHITECTURE, name=called, device=device))

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no body was recognised, or the box is outside.

        Raises `InvalidValueError` when the picture is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short even for one box.
        """
        require_rgb(pixels)
        picture = PillowImage.fromarray(pixels)
        return poses_in_boxes(
            pixels, boxes_px, lambda boxes: self._poses(picture, boxes), batch_size=BATCH_SIZE
        )

    def _poses(
        self, picture: PillowImage.Image, boxes_px: NDArray[np.float32]
    ) -> list[Pose | None]:
        """Poses of a batch."""
        # The library's boxes are (x, y, width, height).
        corner_and_size = np.hstack([boxes_px[:, :2], boxes_px[:, 2:] - boxes_px[:, :2]])
        asked = [corner_and_size.astype(np.float32)]
        prepared = self._model.processor(images=picture, boxes=asked, return_tensors="pt")
        with inference(self.name):
            fed = prepared["pixel_values"].to(self._model.device, self._model.network.dtype)
            answer = self._model.network(fed, **self._expert(len(boxes_px)))
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
            return self._model.processor.post_process_pose_estimation(answer, boxes=asked)
        except np.linalg.LinAlgError as error:
            message = f"a heat map of {self.name} is flat: {error}; its weights may be damaged"
            raise ModelOutputError(message) from error

    def _expert(self, count: int) -> dict[str, Any]:
        """Which expert is asked, where there are several."""
        if self._model.network.config.backbone_config.num_experts == 1:
            return {}
        torch = library("torch", needed_by=self.name)
        return {"dataset_index": torch.full((count,), COCO_EXPERT, device=self._model.device)}
