"""The small detector: a pyramid of plain convolutions, read out at an eighth of its input.

Needs torch when imported; only training does so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from iconograph.ingest.training.blocks import Residual, step
from iconograph.ingest.training.detect_classes import COLOURS, STRIDE_PX, Vocabulary

RARE_LOGIT = -4.6
"""First logit of every class at every place: a chance of 1 in 100."""

WIDEST_LOG = 4.6
"""Largest logarithm of a box side's distance in strides, so that half precision cannot overflow."""

HEAT_POWER, NEAR_POWER = 2.0, 4.0
"""Exponents of the penalty-reduced focal loss (alpha and beta in Zhou, Wang, Kraehenbuehl 2019)."""

BOX_WEIGHT, COLOUR_WEIGHT = 2.0, 1.0
NO_PEAK_LOGIT = -20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    """How answers are read: at most `count`, rivals with an IoU above `same_iou` count once.

    The probability of a detection is the logistic function of slope * logit + offset.
    """

    count: int = 150
    same_iou: float = 0.6
    slope: float = 1.0
    offset: float = 0.0


class DetectorNetwork(nn.Module):  # type: ignore[misc]  # torch shows no types here
    """Pixels (batch x 3 x S x S, RGB in -1..1, S a multiple of 32) to three maps of S/8 x S/8.

    Logits of the classes, logits of the colours (garments x colours), and logarithms of the distances
    to a box's left, top, right and bottom in strides (families x 4).
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.eighth = nn.Sequential(step(3, 16, 2), step(16, 32, 2), step(32, 64, 2), Residual(64))
        self.sixteenth = nn.Sequential(step(64, 96, 2), Residual(96))
        self.thirtysecond = nn.Sequential(step(96, 128, 2), Residual(128), Residual(128))
        self.whole = nn.Linear(128, 128)
        self.from_thirtysecond = step(128, 96, size=1)
        self.joined = step(96, 96)
        self.from_sixteenth = step(96, 64, size=1)
        self.last = step(64, 64)
        self.heat = nn.Conv2d(64, len(vocabulary.classes), 1)
        self.colours = nn.Conv2d(64, len(vocabulary.garments) * len(COLOURS), 1)
        self.sides = nn.Conv2d(64, len(vocabulary.families) * 4, 1)
        nn.init.constant_(self.heat.bias, RARE_LOGIT)
        nn.init.constant_(self.sides.bias, 1.0)

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The three maps."""
        eighth = self.eighth(pixels)
        sixteenth = self.sixteenth(eighth)
        deep = self.thirtysecond(sixteenth)
        # What the picture is about decides who is who in it.
        deep = torch.relu(deep + self.whole(deep.mean(dim=(2, 3)))[:, :, None, None])
        sixteenth = self.joined(sixteenth + _doubled(self.from_thirtysecond(deep)))
        read = self.last(eighth + _doubled(self.from_sixteenth(sixteenth)))
        return self.heat(read), self.colours(read), self.sides(read).clamp(max=WIDEST_LOG)


def _doubled(x: torch.Tensor) -> torch.Tensor:
    return nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")


def losses_of(network: nn.Module, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The detector's losses on a batch of `detect_targets.batches`."""
    pixels = batch["pixels"].permute(0, 3, 1, 2).float() / 127.5 - 1
    answers = network(pixels.contiguous(memory_format=torch.channels_last))
    heat, colours, sides = (answer.float() for answer in answers)
    picture, family, row, column = batch["positives"].T
    weights = batch["positive_weights"]
    logs = sides.unflatten(1, (-1, 4))[picture, family, :, row, column]
    overlap = generalised_iou(logs.exp(), batch["positive_sides"])
    picture, garment, row, column = batch["clothed"].T
    logits = colours.unflatten(1, (-1, len(COLOURS)))[picture, garment, :, row, column]
    wrong = nn.functional.cross_entropy(logits, batch["clothed_colours"], reduction="none")
    clothed = batch["clothed_weights"]
    return {
        "heat": _focal(heat, batch["heat"]),
        "box": BOX_WEIGHT * ((1 - overlap) * weights).sum() / weights.sum().clamp(min=1),
        "colour": COLOUR_WEIGHT * (wrong * clothed).sum() / clothed.sum().clamp(min=1),
    }


def _focal(logits: torch.Tensor, heat: torch.Tensor) -> torch.Tensor:
    log_p, log_not = nn.functional.logsigmoid(logits), nn.functional.logsigmoid(-logits)
    p = log_p.exp()
    middle = heat == 1
    hits = torch.where(middle, (1 - p) ** HEAT_POWER * log_p, 0.0)
    misses = torch.where(middle, 0.0, (1 - heat) ** NEAR_POWER * p**HEAT_POWER * log_not)
    return -(hits.sum() + misses.sum()) / middle.sum().clamp(min=1)


def generalised_iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Generalised IoU (Rezatofighi 2019) of boxes around one point, n x 4 (left, top, right, bottom)."""

    def area(box: torch.Tensor) -> torch.Tensor:
        return (box[:, 0] + box[:, 2]) * (box[:, 1] + box[:, 3])

    shared, hull = area(torch.minimum(a, b)), area(torch.maximum(a, b))
    union = area(a) + area(b) - shared
    return shared / union - (hull - union) / hull


class Decoder(nn.Module):  # type: ignore[misc]  # as above
    """A trained network with its read-out, as it is exported.

    Input: 1 x 3 x S x S, RGB in -1..1. Output: `dets`, 1 x n x 5 (x0, y0, x1, y1 in input pixels and
    the probability, the surest first; 0 where a surer rival lies in the same place), and `labels`,
    1 x n (int64), the numbers of the vocabulary's labels.
    """

    def __init__(self, network: nn.Module, vocabulary: Vocabulary, read_out: ReadOut) -> None:
        super().__init__()
        self.network, self.read_out = network, read_out
        classes, garments = vocabulary.classes, vocabulary.garments
        families, rivals = vocabulary.families, vocabulary.rivals
        for name, values in {
            "family": [families.index(one.family) for one in classes],
            "rival": [rivals.index(one.rival) for one in classes],
            "garment": [garments.index(one.name) if one.coloured else 0 for one in classes],
            "coloured": [int(one.coloured) for one in classes],
            "first": list(vocabulary.first_labels),
        }.items():
            self.register_buffer(name, torch.tensor(values), persistent=False)

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Detections and their labels."""
        heat, colours, sides = self.network(pixels)
        peak = heat == nn.functional.max_pool2d(heat, 3, 1, 1)
        peaks = torch.where(peak, heat, torch.tensor(NO_PEAK_LOGIT))
        width, cells = heat.shape[3], heat.shape[2] * heat.shape[3]
        logits, places = torch.topk(peaks[0].flatten(), self.read_out.count)
        kinds, cell = places // cells, places % cells
        reach = sides[0].reshape(-1, 4, cells)[self.family[kinds], :, cell].exp()
        middle = torch.stack([cell % width, cell // width], dim=1) + 0.5
        boxes = torch.cat([middle - reach[:, :2], middle + reach[:, 2:]], dim=1) * STRIDE_PX
        boxes = boxes.clamp(0.0, float(width * STRIDE_PX))
        tints = colours[0].reshape(-1, len(COLOURS), cells)[self.garment[kinds], :, cell]
        labels = self.first[kinds] + self.coloured[kinds] * tints.argmax(dim=1)
        sure = torch.sigmoid(logits * self.read_out.slope + self.read_out.offset)
        free = self.free(boxes, self.rival[kinds])
        return torch.cat([boxes, (sure * free)[:, None]], dim=1)[None], labels[None]

    def free(self, boxes: torch.Tensor, rival: torch.Tensor) -> torch.Tensor:
        """1.0, or 0.0 where a surer box of the same rivals lies in the same place."""
        low = torch.maximum(boxes[:, None, :2], boxes[None, :, :2])
        high = torch.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
        sides, own = (high - low).clamp(min=0), boxes[:, 2:] - boxes[:, :2]
        shared, area = sides[:, :, 0] * sides[:, :, 1], own[:, 0] * own[:, 1]
        iou = shared / (area[:, None] + area[None] - shared).clamp(min=1e-6)
        order = torch.arange(self.read_out.count)
        surer = order[:, None] < order[None]
        same = (rival[:, None] == rival[None]) & (iou > self.read_out.same_iou) & surer
        return 1.0 - same.to(boxes.dtype).amax(dim=0)
