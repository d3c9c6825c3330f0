"""The small gaze model: a head's look, the whole scene, and a map of what is looked at.

Needs torch when imported; only training does so. The head's place beside features of the whole picture
is the idea of Gaze-LLE (Ryan et al., arXiv:2412.09586), the cone before the head that of the field of
view in Fang et al. (CVPR 2021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from iconograph.ingest.training.blocks import Residual, step
from iconograph.ingest.training.gaze_views import IN_FRAME, VIEWER

SIZE_PX = 256
MAP_CELLS = 32
"""Cells along each side of a heat map."""

HEAD_PX, HEAD_PAD = 32, 1.9
"""Side of what is seen of a head, and how much of its surroundings, in longer sides of its box."""

MIDDLE = 127.5
"""Mean and half range of pixel values, as the network takes them."""

SPREAD_CELLS = 1.5
"""Standard deviation of the soft labels."""

CONE_POWERS = (2.0, 12.0)
"""Exponents of the cosine to the head's direction: a wide cone and a narrow one."""

DIRECTION_WEIGHT, STATE_WEIGHT = 2.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    """Slope and offset of the logits of being in the frame, and of looking at the viewer."""

    in_frame: tuple[float, float] = (1.0, 0.0)
    at_viewer: tuple[float, float] = (1.0, 0.0)


class GazeNetwork(nn.Module):  # type: ignore[misc]  # torch shows no types here
    """Pixels (b x 3 x 256 x 256, RGB in -1..1) and heads (b x n x 4, fractions) to four answers.

    They are logits of the map (b x n x 32 x 32), directions (b x n x 2, not of length 1) and logits of the
    three states (b x n x 3).
    """

    def __init__(self) -> None:
        super().__init__()
        self.smaller = nn.AvgPool2d(2)
        self.quarter = nn.Sequential(step(3, 16, 2), step(16, 32, 2))
        self.eighth = nn.Sequential(step(32, 48, 2), Residual(48))
        self.from_eighth = step(48, 32, size=1)
        self.head = nn.Sequential(
            step(3, 32, 2), step(32, 48), step(48, 64, 2), Residual(64), step(64, 96, 2),
            nn.Flatten(), nn.Linear(96 * (HEAD_PX // 8) ** 2, 128), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.look = nn.Sequential(nn.Linear(128 + 4, 64), nn.ReLU(inplace=True))
        self.direction = nn.Linear(64, 2)
        self.asked = nn.Linear(64, 24)
        self.scene = nn.Conv2d(32, 24, 1)
        self.geometry = nn.Conv2d(len(CONE_POWERS) + 2, 24, 1, bias=False)
        self.decide = nn.Sequential(
            nn.BatchNorm2d(24), nn.ReLU(inplace=True), step(24, 16),
            nn.Conv2d(16, 16, 3, 1, 3, dilation=3), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.heat = nn.Conv2d(16, 1, 1)
        self.state = nn.Sequential(
            nn.Linear(64 + 2 * 16 + 1, 48), nn.ReLU(inplace=True), nn.Linear(48, 3)
        )
        row = (torch.arange(MAP_CELLS) + 0.5) / MAP_CELLS
        cells = torch.stack([row[None].expand(MAP_CELLS, -1), row[:, None].expand(-1, MAP_CELLS)])
        self.register_buffer("cells", cells, persistent=False)

    def forward(
        self, pixels: torch.Tensor, heads: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The answers."""
        pictures, count = heads.shape[0], heads.shape[1]
        quarter = self.quarter(self.smaller(pixels))
        deep = self.eighth(quarter)
        up = nn.functional.interpolate(self.from_eighth(deep), scale_factor=2.0, mode="nearest")
        scene = self.scene(quarter + up)
        look = self.head(seen_heads(pixels, heads)).reshape(pictures, count, 128)
        look = self.look(torch.cat([look, heads], dim=2))
        direction = self.direction(look)
        cones = self._cones(heads.flatten(0, 1), direction.flatten(0, 1))
        asked = self.geometry(cones) + self.asked(look).flatten(0, 1)[:, :, None, None]
        joined = scene[:, None] + asked.reshape(pictures, count, 24, MAP_CELLS, MAP_CELLS)
        signs = self.decide(joined.flatten(0, 1))
        heat = self.heat(signs)[:, 0]
        state = self.state(torch.cat([look.flatten(0, 1), _seen_there(signs, heat)], dim=1))
        cells = (pictures, count, MAP_CELLS, MAP_CELLS)
        return heat.reshape(cells), direction, state.reshape(pictures, count, 3)

    def _cones(self, heads: torch.Tensor, direction: torch.Tensor) -> torch.Tensor:
        """For each head and cell: in both cones, how far away, and whether the head's own."""
        middle = (heads[:, :2] + heads[:, 2:]) / 2
        away = self.cells[None] - middle[:, :, None, None]
        far = (away.square().sum(dim=1, keepdim=True) + 1e-6).sqrt()
        along = direction / (direction.square().sum(dim=1, keepdim=True) + 1e-6).sqrt()
        cosine = (away * along[:, :, None, None]).sum(dim=1, keepdim=True) / far
        ahead = cosine.clamp(min=0.0, max=1.0)
        size = (heads[:, 2:] - heads[:, :2]).amax(dim=1)[:, None, None, None]
        cones = [torch.exp(power * (cosine - 1)) * (ahead > 0) for power in CONE_POWERS]
        return torch.cat([*cones, far, torch.exp(-far / (size + 1e-3))], dim=1)


def _seen_there(signs: torch.Tensor, heat: torch.Tensor) -> torch.Tensor:
    """What lies where the heat is, what lies anywhere, and how sharp the heat is (n x 33)."""
    chances = torch.log_softmax(heat.flatten(1), dim=1)
    there = (signs.flatten(2) * chances.exp()[:, None]).sum(dim=2)
    return torch.cat([there, signs.mean(dim=(2, 3)), chances.amax(dim=1, keepdim=True)], dim=1)


def seen_heads(pixels: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
    """Squares around heads (b x n x 4, fractions) of pictures: b * n x 3 x 32 x 32."""
    count = heads.shape[1]
    middle = (heads[:, :, :2] + heads[:, :, 2:]) / 2
    half = (heads[:, :, 2:] - heads[:, :, :2]).amax(dim=2, keepdim=True) / 2 * HEAD_PAD
    row = (torch.arange(HEAD_PX, device=heads.device) + 0.5) * (2 / HEAD_PX) - 1
    grid = torch.stack([row[None].expand(HEAD_PX, -1), row[:, None].expand(-1, HEAD_PX)], dim=2)
    places = middle[:, :, None, None] + half[:, :, None, None] * grid
    # All heads of a picture in one tall strip: the picture is not copied for each.
    strip = places.flatten(1, 2) * 2 - 1
    seen = nn.functional.grid_sample(
        pixels, strip, mode="bilinear", padding_mode="border", align_corners=False
    )
    parts = seen.reshape(len(pixels), 3, count, HEAD_PX, HEAD_PX)
    return parts.permute(0, 2, 1, 3, 4).flatten(0, 1)


def losses_of(network: nn.Module, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The gaze model's losses on a batch of `gaze_views.batches`."""
    pixels = batch["pixels"].permute(0, 3, 1, 2).float() / MIDDLE - 1
    answers = network(pixels.contiguous(memory_format=torch.channels_last), batch["heads"])
    heat, direction, state = (answer.float() for answer in answers)
    counts, states = batch["counts"], batch["states"]
    inside, looking = counts * (states == IN_FRAME), counts * (states != VIEWER)
    wrong = divergence(heat, batch["targets"])
    off = 1 - nn.functional.cosine_similarity(direction, batch["directions"], dim=2)
    # The length is of no use; near 1 its direction is steady.
    off = off + 0.1 * (direction.square().sum(dim=2) - 1).square().clamp(max=4.0)
    missed = nn.functional.cross_entropy(state.flatten(0, 1), states.flatten(), reduction="none")
    return {
        "map": (wrong * inside).sum() / inside.sum().clamp(min=1),
        "direction": DIRECTION_WEIGHT * (off * looking).sum() / looking.sum().clamp(min=1),
        "state": STATE_WEIGHT * (missed * counts.flatten()).sum() / counts.sum().clamp(min=1),
    }


def divergence(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence of maps (b x n x h x w) from Gaussians about targets (b x n x 2)."""
    cells = logits.shape[-1]
    row = torch.arange(cells, device=logits.device) + 0.5
    away_x = row[None, None, None, :] - targets[:, :, 0, None, None] * cells
    away_y = row[None, None, :, None] - targets[:, :, 1, None, None] * cells
    label = -0.5 * (away_x.square() + away_y.square()) / SPREAD_CELLS**2
    label = torch.softmax(label.flatten(2), dim=2)
    gap = label.clamp(min=1e-12).log() - torch.log_softmax(logits.flatten(2), dim=2)
    return (label * gap).sum(dim=2)


class Decoder(nn.Module):  # type: ignore[misc]  # as above
    """A trained network as it is exported, for one picture and any number of heads.

    Inputs: `pixels` 1 x 3 x 256 x 256 and `heads` n x 4. Outputs: `heatmaps` n x 32 x 32, the
    largest 1; `in_frame` n and `at_viewer` n, probabilities; `directions` n x 2, of length 1.
    """

    def __init__(self, network: nn.Module, read_out: ReadOut) -> None:
        super().__init__()
        self.network, self.read_out = network, read_out

    def forward(self, pixels: torch.Tensor, heads: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The four outputs."""
        heat, direction, state = self.network(pixels, heads[None])
        heat, direction, logits = heat[0], direction[0], state_logits(state[0])
        maps = torch.exp(heat - heat.amax(dim=(1, 2), keepdim=True))
        length = (direction.square().sum(dim=1, keepdim=True) + 1e-9).sqrt()
        (slope, offset), (viewer_slope, viewer_offset) = (
            self.read_out.in_frame,
            self.read_out.at_viewer,
        )
        in_frame = torch.sigmoid(slope * logits[:, 0] + offset)
        at_viewer = torch.sigmoid(viewer_slope * logits[:, 1] + viewer_offset)
        return maps, in_frame, at_viewer, direction / length


def state_logits(state: torch.Tensor) -> torch.Tensor:
    """Logits of being in the frame, and of looking at the viewer, each against all else (n x 2)."""
    of_one = torch.softmax(state, dim=1).clamp(1e-6, 1 - 1e-6)
    return torch.logit(of_one)[:, [IN_FRAME, VIEWER]]
