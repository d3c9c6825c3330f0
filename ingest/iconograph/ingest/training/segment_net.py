"""The small SAM: a plain convolutional encoder before segment_anything's own prompt encoder and decoder.

It looks at windows (see `models.segment.windowed`), so that its square is small. Needs torch when
imported; only training does so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from iconograph.ingest.models.export.sam import box_as_mask, labelled_points

INPUT_PX, STRIDE_PX, WIDTH = 128, 4, 32
MEAN, SPREAD = 127.5, 64.0
"""Of pixel values, for every channel."""

CROSS_ENTROPY_WEIGHT, ONE_WEIGHT = 2.0, 0.7
"""Weight of the cross entropy against the dice loss, and of the single answer against the best of several."""

CORNERS = (2.0, 3.0)
"""SAM's labels of a box's corners."""


def _step(ins: int, outs: int, stride: int = 1, size: int = 3) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(ins, outs, size, stride, size // 2), nn.GroupNorm(8, outs), nn.GELU()
    )


class ConvolutionalEncoder(nn.Module):  # type: ignore[misc]  # torch shows no types here
    """Pixels (b x 3 x 128 x 128, normalised) to an embedding (b x 32 x 32 x 32)."""

    def __init__(self) -> None:
        super().__init__()
        self.img_size = INPUT_PX
        self.fourth = nn.Sequential(_step(3, 16, 2, 5), _step(16, 48, 2), _step(48, 48))
        self.eighth = nn.Sequential(_step(48, 64, 2), _step(64, 64), _step(64, 64))
        self.sixteenth = nn.Sequential(_step(64, 96, 2), _step(96, 96))
        self.to_eighth, self.to_fourth = nn.Conv2d(96, 64, 1), nn.Conv2d(64, 48, 1)
        self.last = nn.Sequential(_step(48, 48), nn.Conv2d(48, WIDTH, 1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """The embedding."""
        fourth = self.fourth(pixels)
        eighth = self.eighth(fourth)
        eighth = eighth + _doubled(self.to_eighth(self.sixteenth(eighth)))
        embedding: torch.Tensor = self.last(fourth + _doubled(self.to_fourth(eighth)))
        return embedding


def _doubled(cells: torch.Tensor) -> torch.Tensor:
    return nn.functional.interpolate(cells, scale_factor=2.0, mode="nearest")


def small_sam() -> nn.Module:
    """An untrained segment_anything `Sam` with 32 channels."""
    from segment_anything.modeling import MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

    cells = INPUT_PX // STRIDE_PX
    return Sam(
        image_encoder=ConvolutionalEncoder(),
        prompt_encoder=PromptEncoder(
            embed_dim=WIDTH, image_embedding_size=(cells, cells), input_image_size=(INPUT_PX, INPUT_PX), mask_in_chans=8
        ),
        mask_decoder=MaskDecoder(
            num_multimask_outputs=2, transformer_dim=WIDTH, iou_head_depth=2, iou_head_hidden_dim=WIDTH,
            transformer=TwoWayTransformer(depth=2, embedding_dim=WIDTH, mlp_dim=2 * WIDTH, num_heads=4),
        ),
        pixel_mean=[MEAN] * 3,
        pixel_std=[SPREAD] * 3,
    )  # fmt: skip


def losses_of(sam: nn.Module, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The losses on a batch of `segment_windows.batches`."""
    pixels = (batch["pixels"].permute(0, 3, 1, 2).float() - MEAN) / SPREAD
    logits, scores = masks_of_boxes(sam, pixels.contiguous(), batch["corners"])
    masks = batch["masks"][:, None].expand_as(logits)
    apart = _apart(logits, masks)
    true = _ious(logits.detach() > 0, masks >= 0.5)  # noqa: PLR2004  a half
    return {
        "mask": apart[:, 1:].amin(dim=1).mean(),
        "one_mask": ONE_WEIGHT * apart[:, 0].mean(),
        "score": nn.functional.mse_loss(scores, true),
    }


def masks_of_boxes(
    sam: nn.Module, pixels: torch.Tensor, corners: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits n x 3 x 128 x 128 and scores n x 3 of one box in each of n windows.

    The decoder's own `predict_masks` takes many prompts of one picture; this is the same for one
    prompt of each of many.
    """
    labels = corners.new_tensor([CORNERS]).expand(len(corners), -1)
    decoder: Any = sam.mask_decoder
    embedding = sam.image_encoder(pixels) + box_as_mask(sam.prompt_encoder, corners, labels)
    points = labelled_points(sam.prompt_encoder, corners, labels)
    count, channels, height, width = embedding.shape
    own = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight])
    tokens = torch.cat([own[None].expand(count, -1, -1), points], dim=1)
    places = sam.prompt_encoder.get_dense_pe().expand(count, -1, -1, -1)
    answers, cells = decoder.transformer(embedding, places, tokens)
    cells = cells.transpose(1, 2).reshape(count, channels, height, width)
    fine = decoder.output_upscaling(cells)
    wanted = torch.stack(
        [
            head(answers[:, 1 + number])
            for number, head in enumerate(decoder.output_hypernetworks_mlps)
        ],
        dim=1,
    )
    logits = (wanted @ fine.flatten(2)).unflatten(2, fine.shape[2:])
    return logits, decoder.iou_prediction_head(answers[:, 0])


def _apart(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Cross entropy and dice loss of each answer against its mask, n x answers."""
    wrong = nn.functional.binary_cross_entropy_with_logits(logits, masks, reduction="none")
    p = logits.sigmoid()
    shared, both = (p * masks).sum(dim=(2, 3)), p.sum(dim=(2, 3)) + masks.sum(dim=(2, 3))
    return CROSS_ENTROPY_WEIGHT * wrong.mean(dim=(2, 3)) + 1 - (2 * shared + 1) / (both + 1)


def _ious(found: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    shared = (found & masks).sum(dim=(2, 3)).float()
    return shared / (found | masks).sum(dim=(2, 3)).clamp(min=1)
