"""Gaze-LLE on torch: where heads look, from a frozen DINOv2 and a small decoder.

Ryan et al., arXiv:2412.09586. A folder of this format holds the backbone as transformers writes it
(`config.json`, `model.safetensors` of a `Dinov2Model`), the decoder's state dict as released, in
`gaze_lle.safetensors` (or `gaze_lle.pt`, where that holds nothing but tensors), and, where gazes of
these weights were measured, `gaze.toml` (see `GazeSettings`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in
from iconograph.ingest.models.gaze.gaze_lle_layers import GazeDecoder, head_maps
from iconograph.ingest.models.gaze.heatmap import SETTINGS_FILE, HeatmapGazes
from iconograph.ingest.models.gaze.numbers import GazeSettings, MapNumbers, read_gaze_settings
from iconograph.ingest.models.libraries import (
    array_of,
    device_name,
    inference,
    library,
    pretrained,
    tensors_in,
)
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Gaze

BACKBONE_FILES = ("config.json", "model.safetensors")
DECODER_FILES = ("gaze_lle.safetensors", "gaze_lle.pt")

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of the pixels 0..255 that DINOv2 was trained on."""

POSITION_OFFSET = 0.1
"""DINOv2's release scales its position embeddings to the grid and so much of a patch more."""


class GazeLleGazes:
    """A `GazeTargetEstimator` on torch; not for several threads at once.

    Without `gaze.toml` nothing is known of how often these weights' directions are right: each
    counts as right in half of the cases.
    """

    def __init__(
        self,
        session: GazeLleSession,
        settings: GazeSettings,
        models: tuple[ModelRef, ...],
        *,
        name: str,
        numbers: MapNumbers | None = None,
    ) -> None:
        self._gazes = HeatmapGazes(session, settings, models[0], name=name, numbers=numbers)
        self.name = name
        self.models = models
        self.parameters = self._gazes.parameters

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "gaze-lle") -> Self:
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
        numbers: MapNumbers | None = None,
    ) -> Self:
        """The estimator of a folder; `models` are backbone and decoder when not given.

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without the
        extra `ml`.
        """
        called = name or folder.name
        backbone = files_in(folder, BACKBONE_FILES, model=called)["model.safetensors"]
        decoder = _decoder_file(folder, called)
        session = GazeLleSession(
            pretrained("Dinov2Model", folder, model=called, use_safetensors=True),
            decoder,
            name=called,
            device=device,
        )
        settings = _settings(folder / SETTINGS_FILE, session.input_size_px)
        refs = models or (
            ModelRef(name=f"{called}-backbone", sha256=sha256_of(backbone)),
            ModelRef(name=called, sha256=sha256_of(decoder)),
        )
        return cls(session, settings, refs, name=f"{called}@1", numbers=numbers)

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        """A gaze for each head; None where the head has no area within the picture.

        Raises `InvalidValueError` when the picture is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short even for one head.
        """
        require_rgb(pixels)
        return self._gazes(pixels, heads_px)


class GazeLleSession:
    """The network as a `Session` of `HeatmapGazes`: `pixels` and `heads` to `heatmaps` and `in_frame`.

    The backbone runs once for one array of pixels, however many batches of heads follow.
    """

    def __init__(
        self,
        backbone: Any,  # noqa: ANN401  a Dinov2Model
        decoder: Path,
        *,
        name: str,
        device: str | None = None,
    ) -> None:
        self._name, self._device = name, device or device_name()
        self._backbone = backbone.to(self._device).eval()
        config = self._backbone.config
        self._decoder = GazeDecoder.of(
            tensors_in(decoder), decoder, features=config.hidden_size, device=self._device
        )
        self._seen: tuple[Any, Any] | None = None
        self.input_size_px = self._decoder.grid * int(config.patch_size)
        self.inputs: Mapping[str, tuple[int | None, ...]] = {
            "pixels": (1, 3, self.input_size_px, self.input_size_px),
            "heads": (None, 4),
        }
        with inference(name):
            _fit_positions(self._backbone, self._decoder.grid)

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        """Heat maps, n x 2 grid x 2 grid, and scores of in frame, n, in 0..1.

        Raises `ModelOutputError` when an answer is not finite, `ModelMemoryError` when memory is
        short.
        """
        torch = library("torch", needed_by=self._name)
        maps = torch.from_numpy(head_maps(feeds["heads"], self._decoder.grid)).to(self._device)
        with inference(self._name):
            heat, in_frame = self._decoder(self._patches(feeds["pixels"]), maps)
            return {
                "heatmaps": array_of(heat, model=self._name),
                "in_frame": array_of(in_frame, model=self._name),
            }

    def _patches(self, pixels: NDArray[Any]) -> Any:  # noqa: ANN401  1 x features x grid x grid
        if self._seen is None or self._seen[0] is not pixels:
            torch = library("torch", needed_by=self._name)
            fed = torch.from_numpy(pixels).to(self._device)
            # The first token stands for the whole picture.
            tokens = self._backbone(pixel_values=fed).last_hidden_state[:, 1:].float()
            grid = (self._decoder.grid, self._decoder.grid)
            self._seen = pixels, tokens.transpose(1, 2).unflatten(2, grid)
        return self._seen[1]


def _fit_positions(backbone: Any, grid: int) -> None:  # noqa: ANN401  a Dinov2Model
    """Bring the position embeddings to the grid once, as DINOv2's release does.

    Transformers would leave out the offset, which shifts them by up to a tenth of a patch.
    """
    torch = library("torch", needed_by="Gaze-LLE")
    embeddings = backbone.embeddings
    known = embeddings.position_embeddings
    side = round((known.shape[1] - 1) ** 0.5)
    if side == grid:
        return
    square = known[:, 1:].unflatten(1, (side, side)).permute(0, 3, 1, 2).float()
    scale = (grid + POSITION_OFFSET) / side
    fitted = torch.nn.functional.interpolate(square, scale_factor=(scale, scale), mode="bicubic")
    patches = fitted.flatten(2).transpose(1, 2).to(known.dtype)
    joined = torch.cat([known[:, :1], patches], dim=1)
    embeddings.position_embeddings = torch.nn.Parameter(joined, requires_grad=False)


def _decoder_file(folder: Path, name: str) -> Path:
    for file in DECODER_FILES:
        if (folder / file).is_file():
            return folder / file
    message = (
        f"the folder of {name} lacks the decoder: {folder}; expected {' or '.join(DECODER_FILES)}; "
        "copy the released state dict there"
    )
    raise MissingModelError(message)


def _settings(path: Path, input_size_px: int) -> GazeSettings:
    """Those of a file, or those of the release where there is none."""
    if not path.is_file():
        return GazeSettings(
            input_size_px=input_size_px,
            mean=MEAN,
            std=STD,
            letterbox=False,
            direct_share=0.0,
            right_bias=0.0,
            right_slope_per_deg=0.0,
        )
    settings = read_gaze_settings(path)
    if settings.input_size_px != input_size_px:
        message = (
            f"{path} says input_size_px {settings.input_size_px}, expected {input_size_px}: the "
            "decoder's grid times the backbone's patch; correct it or leave the file out"
        )
        raise MissingModelError(message)
    return settings
