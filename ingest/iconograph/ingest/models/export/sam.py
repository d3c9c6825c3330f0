"""A segment-anything model as a folder that `SamOnnxSegmenter` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from iconograph.ingest.models.export.onnx import Precision, export_module
from iconograph.ingest.models.libraries import library
from iconograph.ingest.models.segment.sam_onnx import DECODER, ENCODER, LONGEST_SIDE, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

MASK_PER_CELL = 4
"""Side of SAM's mask prompt, in cells of the embedding."""

BOX_SLOPE_PX, BOX_LOGIT = 4.0, 4.0


def export_sam(  # noqa: PLR0913  each is a choice of its own
    sam: Any,  # noqa: ANN401  a segment_anything Sam with any image encoder
    folder: Path,
    *,
    name: str,
    several_masks: bool = True,
    boxes_as_masks: bool = False,
    encoder_precision: Precision = Precision.FP32,
    decoder_precision: Precision = Precision.FP32,
) -> None:
    """Write `encoder.onnx`, `decoder.onnx` and `sam.toml`.

    `sam` needs what segment_anything's `Sam` has: `image_encoder` (with `img_size`),
    `prompt_encoder`, `mask_decoder`, `pixel_mean`, `pixel_std` and `mask_threshold`. With
    `several_masks` the decoder answers those for an ambiguous prompt, else its single one; with
    `boxes_as_masks` it sees a box as a mask prompt, too (see `box_as_mask`). Raises
    `MissingExtraError` without torch or onnx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    embedding = _export_encoder(sam, folder / ENCODER, encoder_precision)
    _export_decoder(
        _decoder(sam, several_masks=several_masks, boxes_as_masks=boxes_as_masks),
        embedding,
        folder / DECODER,
        size_px=int(sam.image_encoder.img_size),
        precision=decoder_precision,
    )
    _write_settings(sam, folder / SETTINGS, name)


def _export_encoder(sam: Any, path: Path, precision: Precision) -> Any:  # noqa: ANN401
    """Write the encoder; answers an embedding (torch.Tensor) to trace the decoder on."""
    torch = library("torch", needed_by="the export to ONNX")
    size_px = int(sam.image_encoder.img_size)
    pixels = torch.zeros(1, 3, size_px, size_px)
    export_module(
        sam.image_encoder,
        (pixels,),
        path,
        inputs=["pixels"],
        outputs=["embedding"],
        free={},
        precision=precision,
    )
    with torch.no_grad():
        return sam.image_encoder(pixels)


def _export_decoder(
    decoder: Any,  # noqa: ANN401  torch module and tensor
    embedding: Any,  # noqa: ANN401
    path: Path,
    *,
    size_px: int,
    precision: Precision,
) -> None:
    torch = library("torch", needed_by="the export to ONNX")
    coords = torch.full((2, 2, 2), size_px / 2)
    labels = torch.tensor([[2.0, 3.0], [1.0, -1.0]])
    prompts = {0: "n", 1: "k"}
    free = {
        "point_coords": prompts,
        "point_labels": prompts,
        "masks": {0: "n"},
        "scores": {0: "n"},
    }
    export_module(
        decoder,
        (embedding, coords, labels),
        path,
        inputs=["embedding", "point_coords", "point_labels"],
        outputs=["masks", "scores"],
        free=free,
        precision=precision,
    )


def _write_settings(sam: Any, path: Path, name: str) -> None:  # noqa: ANN401
    settings = {
        "name": name,
        "image_size_px": int(sam.image_encoder.img_size),
        "mean": [round(float(value), 4) for value in sam.pixel_mean.flatten()],
        "std": [round(float(value), 4) for value in sam.pixel_std.flatten()],
        "mask_threshold": float(sam.mask_threshold),
        "resize": LONGEST_SIDE,
    }
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    path.write_text("".join(lines), encoding="utf-8")


def _decoder(sam: Any, *, several_masks: bool, boxes_as_masks: bool) -> Any:  # noqa: ANN401  torch modules
    torch = library("torch", needed_by="the export to ONNX")

    class Decoder(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.prompt_encoder = sam.prompt_encoder
            self.mask_decoder = sam.mask_decoder

        def forward(self, embedding: Any, coords: Any, labels: Any) -> Any:  # noqa: ANN401
            sparse = labelled_points(self.prompt_encoder, coords, labels)
            dense = self.prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1)
            if boxes_as_masks:
                dense = box_as_mask(self.prompt_encoder, coords, labels)
            return self.mask_decoder(
                image_embeddings=embedding,
                image_pe=self.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=several_masks,
            )

    return Decoder().eval().cpu().float()


def labelled_points(prompt_encoder: Any, coords: Any, labels: Any) -> Any:  # noqa: ANN401
    """SAM's embedding of points with labels -1..3, in operations that can be traced.

    Tensors: `coords` n x k x 2 in pixels of the square, `labels` n x k; returns n x k x channels.
    """
    height, width = prompt_encoder.input_image_size
    size = coords.new_tensor([width, height])
    places = prompt_encoder.pe_layer._pe_encoding((coords + 0.5) / size)  # noqa: SLF001
    label = labels.unsqueeze(-1)
    embedded = places * (label != -1) + prompt_encoder.not_a_point_embed.weight * (label == -1)
    for number, embedding in enumerate(prompt_encoder.point_embeddings):
        embedded = embedded + embedding.weight * (label == number)
    return embedded


def box_as_mask(prompt_encoder: Any, coords: Any, labels: Any) -> Any:  # noqa: ANN401
    """SAM's dense embedding of a box given as a mask prompt, none for points; it can be traced.

    Tensors as in `labelled_points`; returns n x channels x h x w. The logits of the mask rise from
    the box's sides inwards, by 1 for `BOX_SLOPE_PX`, to `BOX_LOGIT`.
    """
    torch = library("torch", needed_by="the export to ONNX")
    height, width = prompt_encoder.input_image_size
    rows, columns = (MASK_PER_CELL * side for side in prompt_encoder.image_embedding_size)
    xs = (torch.arange(columns, dtype=coords.dtype, device=coords.device) + 0.5) * (width / columns)
    ys = (torch.arange(rows, dtype=coords.dtype, device=coords.device) + 0.5) * (height / rows)
    upper, lower = coords[:, 0], coords[:, 1]
    across = torch.minimum(xs[None] - upper[:, 0:1], lower[:, 0:1] - xs[None])
    down = torch.minimum(ys[None] - upper[:, 1:2], lower[:, 1:2] - ys[None])
    depth = torch.minimum(across[:, None, :], down[:, :, None])
    logits = (depth / BOX_SLOPE_PX).clamp(-BOX_LOGIT, BOX_LOGIT)[:, None]
    is_box = ((labels[:, 0] == 2) & (labels[:, 1] == 3)).to(coords.dtype)  # noqa: PLR2004  corners
    is_box = is_box[:, None, None, None]
    none = prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1)
    return is_box * prompt_encoder.mask_downscaling(logits) + (1 - is_box) * none
