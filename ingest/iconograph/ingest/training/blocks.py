"""Blocks that the small networks are built of. Needs torch when imported; only training does so."""

from __future__ import annotations

import torch
from torch import nn


def step(ins: int, outs: int, stride: int = 1, size: int = 3) -> nn.Module:
    """A convolution with batch normalisation and a rectifier; `size` is odd."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):  # type: ignore[misc]  # torch shows no types here
    """Two convolutions whose result is added to what came in (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = step(width, width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum, rectified; of the shape of `x`."""
        return torch.relu(x + self.norm(self.second(self.first(x))))
