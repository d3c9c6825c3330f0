"""SAM through segment_anything: its published sizes, and any other that a small file describes.

A folder of this format holds `sam.toml` and one file of weights, `.safetensors` or a `.pth` that
holds nothing but tensors. `sam.toml` has a `name` and an `architecture`: one of segment_anything's
(`vit_b`, `vit_l`, `vit_h`) or `own`, described by the table `[size]` with the keys of `SIZES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, toml_settings
from iconograph.ingest.models.libraries import (
    array_of,
    device_name,
    inference,
    library,
    tensors_in,
)
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)
from iconograph.ingest.models.segment.prompts import Frame, PromptedPicture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

SETTINGS = "sam.toml"
OWN = "own"
SIZES = (
    "image_size_px",
    "patch_px",
    "depth",
    "width",
    "heads",
    "window",
    "global_attention",
    "channels",
    "decoder_width",
    "decoder_heads",
)
"""Of the image encoder: picture and patch, layers, their width and heads, window of the local ones,
list of the global ones; then channels of the embedding, width and heads of the mask decoder."""

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of the pixels 0..255 that SAM was trained on."""


class SamSegmenter:
    """A `Segmenter` on torch; not for several threads at once."""

    def __init__(
        self,
        sam: Any,  # noqa: ANN401  a segment_anything Sam
        *,
        name: str,
        models: tuple[ModelRef, ...],
        device: str | None = None,
    ) -> None:
        self._device = device or device_name()
        self._sam = sam.to(self._device).eval()
        self._name = name
        self._models = models

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
        """
        folder, ref = located_folder(name, cache_dir)
        return cls.load(folder, models=(ref,))

    @classmethod
    def load(
        cls, folder: Path, *, models: tuple[ModelRef, ...] = (), device: str | None = None
    ) -> Self:
        """The model of a folder; `models` are worked out from its weights when not given.

        Raises `MissingModelError` when the folder is not complete or the weights do not fit,
        `MissingExtraError` without the extra `ml`.
        """
        path = files_in(folder, [SETTINGS], model="a SAM")[SETTINGS]
        settings = toml_settings(path, {"name": str, "architecture": str})
        weights = _weights(folder, settings["name"])
        sam = _built(settings, path)
        try:
            sam.load_state_dict(tensors_in(weights))
        except RuntimeError as error:
            message = f"{weights} does not fit {path}: {error}; copy the model's files again"
            raise MissingModelError(message) from error
        refs = models or (ModelRef(name=settings["name"], sha256=sha256_of(weights)),)
        return cls(sam, name=settings["name"], models=refs, device=device)

    @property
    def name(self) -> str:
        """The name in its settings."""
        return self._name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The file of weights."""
        return self._models

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The threshold of its logits."""
        return (("mask_threshold", str(float(self._sam.mask_threshold))),)

    def __call__(self, pixels: NDArray[np.uint8], /) -> PromptedPicture:
        """Embed a picture (uint8, height x width x RGB) once.

        Raises `InvalidValueError` when it is not RGB, `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        torch = library("torch", needed_by=self._name)
        predictor = library("segment_anything", needed_by=self._name).SamPredictor(self._sam)
        height, width = pixels.shape[:2]
        frame = Frame.fitted(width, height, int(self._sam.image_encoder.img_size))
        # Scaled here, since the predictor's own scaling fails on a side that becomes 0 px.
        small = PillowImage.fromarray(pixels).resize(
            frame.filled_px, PillowImage.Resampling.BILINEAR
        )
        square = torch.from_numpy(np.array(small).transpose(2, 0, 1)[None])
        with inference(self._name):
            predictor.set_torch_image(square.to(self._device), (height, width))
        return PromptedPicture(
            frame=frame,
            decoder=_TorchDecoder(predictor=predictor, name=self._name, device=self._device),
            mask_threshold=float(self._sam.mask_threshold),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _TorchDecoder:
    predictor: Any
    name: str
    device: str

    def of_boxes(
        self, boxes_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._decoded(points=None, boxes=self._tensor(boxes_px))

    def of_points(
        self, points_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        points = self._tensor(points_px)[:, None]
        return self._decoded(points=(points, points.new_ones(len(points), 1)), boxes=None)

    def _tensor(self, array: NDArray[np.float32]) -> Any:  # noqa: ANN401  a torch.Tensor
        torch = library("torch", needed_by=self.name)
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self.device)

    def _decoded(
        self,
        *,
        points: tuple[Any, Any] | None,
        boxes: Any,  # noqa: ANN401
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        # `predict_torch` would scale every mask up to the whole picture; these stay small.
        model = self.predictor.model
        with inference(self.name):
            sparse, dense = model.prompt_encoder(points=points, boxes=boxes, masks=None)
            logits, scores = model.mask_decoder(
                image_embeddings=self.predictor.features,
                image_pe=model.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=True,
            )
            return array_of(logits, model=self.name), array_of(scores, model=self.name)


def _weights(folder: Path, name: str) -> Path:
    found = [path for path in sorted(folder.glob("*")) if path.suffix in {".safetensors", ".pth"}]
    if len(found) != 1:
        seen = ", ".join(path.name for path in found) or "no weights"
        message = (
            f"the folder of {name} holds {seen}: {folder}; expected one .safetensors or .pth file"
        )
        raise MissingModelError(message)
    return found[0]


def _built(settings: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401  a Sam
    name, architecture = settings["name"], settings["architecture"]
    known = library("segment_anything", needed_by=name).sam_model_registry
    if architecture in known:
        return known[architecture]()
    sizes = settings.get("size")
    if architecture != OWN or not isinstance(sizes, dict) or set(sizes) != set(SIZES):
        message = (
            f"{path} describes no model: architecture is {architecture!r}; expected one of "
            f"{', '.join(known)}, or {OWN!r} with a table [size] of {', '.join(SIZES)}"
        )
        raise MissingModelError(message)
    return sam_of(sizes)


def sam_of(sizes: Mapping[str, Any]) -> Any:  # noqa: ANN401  a Sam
    """A segment_anything model of the sizes named in `SIZES`, its weights not yet loaded."""
    modeling = library("segment_anything.modeling", needed_by="a SAM")
    channels, side_px = sizes["channels"], sizes["image_size_px"]
    cells = side_px // sizes["patch_px"]
    prompts = modeling.PromptEncoder(
        embed_dim=channels,
        image_embedding_size=(cells, cells),
        input_image_size=(side_px, side_px),
        mask_in_chans=16,
    )
    transformer = modeling.TwoWayTransformer(
        depth=2,
        embedding_dim=channels,
        mlp_dim=sizes["decoder_width"],
        num_heads=sizes["decoder_heads"],
    )
    decoder = modeling.MaskDecoder(
        num_multimask_outputs=3,
        transformer=transformer,
        transformer_dim=channels,
        iou_head_depth=3,
        iou_head_hidden_dim=256,
    )
    return modeling.Sam(_image_encoder(sizes, modeling), prompts, decoder, list(MEAN), list(STD))


def _image_encoder(sizes: Mapping[str, Any], modeling: Any) -> Any:  # noqa: ANN401  torch modules
    torch = library("torch", needed_by="a SAM")
    return modeling.ImageEncoderViT(
        img_size=sizes["image_size_px"],
        patch_size=sizes["patch_px"],
        embed_dim=sizes["width"],
        depth=sizes["depth"],
        num_heads=sizes["heads"],
        mlp_ratio=4,
        out_chans=sizes["channels"],
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
        qkv_bias=True,
        use_rel_pos=True,
        window_size=sizes["window"],
        global_attn_indexes=tuple(sizes["global_attention"]),
    )
