"""The small pose model: plain convolutions, read out along each side of its input (SimCC).

Needs torch when imported; only training does so. SimCC: Li et al., arXiv:2107.03332.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.training.blocks import Residual, step

WIDTH_PX, HEIGHT_PX = 96, 128
SPLIT_RATIO = 2
"""Steps a pixel."""

SPREAD_STEPS = 4.0
"""Standard deviation of the soft labels."""

MIDDLE = 127.5
"""Mean and half range of pixel values, as the network takes them."""

SIGNS = 4
"""Maps for each key point."""

HIDDEN_WEIGHT, SEEN_WEIGHT = 0.3, 0.5
POINT_WEIGHTS = (*(1.0,) * 7, 1.5, 1.5, 2.0, 2.0, *(1.0,) * 6)
"""By key point: what is held is told by the wrists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    """How the confidence of each key point is made: a logistic curve over two measures.

    They are the logit that it is seen, and the logarithm of its places' probability along both sides.
    """

    seen: tuple[float, ...] = (1.0,) * 17
    sharpness: tuple[float, ...] = (0.0,) * 17
    offset: tuple[float, ...] = (0.0,) * 17


class PoseNetwork(nn.Module):  # type: ignore[misc]  # torch shows no types here
    """Pixels (batch x 3 x 128 x 96, RGB in -1..1) to logits of places and of being seen.

    Answers are batch x 17 x 192 (steps along x), batch x 17 x 256 (along y) and batch x 17.
    """

    def __init__(self) -> None:
        super().__init__()
        points, cells = len(COCO_KEY_POINTS), WIDTH_PX * HEIGHT_PX // 64
        self.eighth = nn.Sequential(step(3, 24, 2), step(24, 40, 2), step(40, 64, 2), Residual(64))
        self.sixteenth = nn.Sequential(step(64, 128, 2), Residual(128))
        self.whole = nn.Linear(128, 128)
        self.from_sixteenth = step(128, 64, size=1)
        self.joined = step(64, 64)
        self.signs = nn.Conv2d(64, points * SIGNS, 1)
        self.read = nn.Linear(SIGNS * cells, 128)
        self.along = nn.Linear(128, (WIDTH_PX + HEIGHT_PX) * SPLIT_RATIO)
        self.seen_there = nn.Linear(128, 1)
        self.seen_by_body = nn.Linear(128, points)

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The three answers."""
        eighth = self.eighth(pixels)
        deep = self.sixteenth(eighth)
        body = torch.relu(self.whole(deep.mean(dim=(2, 3))))
        deep = torch.relu(deep + body[:, :, None, None])
        up = nn.functional.interpolate(self.from_sixteenth(deep), scale_factor=2.0, mode="nearest")
        signs = self.signs(self.joined(eighth + up))
        # One reader for all key points: where a sign lies means the same for each.
        rows = signs.reshape(-1, len(COCO_KEY_POINTS), self.read.in_features)
        read = torch.relu(self.read(rows))
        x, y = self.along(read).split([WIDTH_PX * SPLIT_RATIO, HEIGHT_PX * SPLIT_RATIO], dim=2)
        return x, y, self.seen_there(read)[:, :, 0] + self.seen_by_body(body)


def losses_of(network: nn.Module, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The pose model's losses on a batch of `pose_crops.batches`."""
    pixels = batch["pixels"].permute(0, 3, 1, 2).float() / MIDDLE - 1
    answers = network(pixels.contiguous(memory_format=torch.channels_last))
    along_x, along_y, seen = (answer.float() for answer in answers)
    visibility = batch["visibility"]
    weights = torch.where(visibility == 1, HIDDEN_WEIGHT, (visibility > 0).float())
    weights = weights * torch.tensor(POINT_WEIGHTS, device=weights.device)
    places = batch["places"].unbind(dim=2)
    wrong = sum(divergence(*pair) for pair in zip((along_x, along_y), places, strict=True))
    truth = (visibility == 2).float()  # noqa: PLR2004  COCO's mark of what is seen
    return {
        "place": (wrong * weights).sum() / weights.sum().clamp(min=1),
        "seen": SEEN_WEIGHT * nn.functional.binary_cross_entropy_with_logits(seen, truth),
    }


def divergence(logits: torch.Tensor, places_px: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence of the softmax from Gaussians about the places (... x steps, ...)."""
    steps = torch.arange(logits.shape[-1], device=logits.device)
    away = steps - places_px[..., None] * SPLIT_RATIO
    label = torch.softmax(-0.5 * (away / SPREAD_STEPS) ** 2, dim=-1)
    gap = label.clamp(min=1e-12).log() - torch.log_softmax(logits, dim=-1)
    return (label * gap).sum(dim=-1)


def sharpness(along_x: torch.Tensor, along_y: torch.Tensor) -> torch.Tensor:
    """Logarithm of the probability of the likeliest steps along both sides."""
    peaks = [torch.log_softmax(along, dim=2).amax(dim=2) for along in (along_x, along_y)]
    return peaks[0] + peaks[1]


class Decoder(nn.Module):  # type: ignore[misc]  # as above
    """A trained network as it is exported: `simcc_x` and `simcc_y` peak at the confidence."""

    def __init__(self, network: nn.Module, read_out: ReadOut) -> None:
        super().__init__()
        self.network, self.read_out = network, read_out

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores over steps along x and y, 0..1."""
        along_x, along_y, seen = self.network(pixels)
        way, sharp = self.read_out, sharpness(along_x, along_y)
        of_seen, of_sharp, offset = (torch.tensor(v) for v in (way.seen, way.sharpness, way.offset))
        sure = torch.sigmoid(of_seen * seen + of_sharp * sharp + offset)[:, :, None]
        return tuple(
            torch.exp(along - along.amax(dim=2, keepdim=True)) * sure
            for along in (along_x, along_y)
        )
