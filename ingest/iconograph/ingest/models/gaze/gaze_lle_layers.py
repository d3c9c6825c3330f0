"""The network of Gaze-LLE on top of its frozen DINOv2 (Ryan et al., arXiv:2412.09586, section 3).

Patches are brought to a narrow width; those under the head get the head's token added; a token for
in or out of frame goes through the same transformer layers; the patches become a heat map of twice
their grid, the token a score. Weights have the names of the release's state dict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.libraries import library

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

HEADS = 8
"""Of attention, as released; weights do not tell it."""

NORM_EPSILON = 1e-5

LAYER_SHAPES = {
    "norm1.weight": ("width",),
    "norm1.bias": ("width",),
    "attn.qkv.weight": ("three widths", "width"),
    "attn.proj.weight": ("width", "width"),
    "attn.proj.bias": ("width",),
    "norm2.weight": ("width",),
    "norm2.bias": ("width",),
    "mlp.fc1.weight": ("hidden", "width"),
    "mlp.fc1.bias": ("hidden",),
    "mlp.fc2.weight": ("width", "hidden"),
    "mlp.fc2.bias": ("width",),
}
SHAPES = {
    "linear.weight": ("width", "features", 1, 1),
    "linear.bias": ("width",),
    "pos_embed": ("width", "grid", "grid"),
    "head_token.weight": (1, "width"),
    "heatmap_head.0.weight": ("width", "width", 2, 2),
    "heatmap_head.0.bias": ("width",),
    "heatmap_head.1.weight": (1, "width", 1, 1),
    "inout_token.weight": (1, "width"),
    "inout_head.0.weight": ("narrow", "width"),
    "inout_head.0.bias": ("narrow",),
    "inout_head.3.weight": (1, "narrow"),
    "inout_head.3.bias": (1,),
}
"""Sides by name: each name stands for one number in a file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GazeDecoder:
    """The released weights (torch tensors by name), for patches of `grid` x `grid`."""

    weights: Mapping[str, Any]
    layers: int
    grid: int

    @classmethod
    def of(cls, tensors: Mapping[str, Any], path: Path, *, features: int, device: str) -> Self:
        """The decoder of a file's tensors, on a backbone with so many features for each patch.

        Raises `MissingModelError`, which names what is missing or has another shape. Tensors of a
        backbone in the same file are left out.
        """
        layers = len({name.split(".")[1] for name in tensors if name.startswith("transformer.")})
        needed = dict(SHAPES)
        for layer in range(layers):
            needed |= {f"transformer.{layer}.{name}": sides for name, sides in LAYER_SHAPES.items()}
        missing = sorted(needed.keys() - tensors.keys())
        if missing or not layers:
            message = (
                f"{path} lacks {', '.join(missing) or 'transformer.*'}; expected the weights of a "
                "Gaze-LLE with the score for in or out of frame (`_inout`)"
            )
            raise MissingModelError(message)
        width, grid = tensors["linear.weight"].shape[0], tensors["pos_embed"].shape[-1]
        sides = {"width": width, "three widths": 3 * width, "features": features, "grid": grid}
        sides["hidden"] = tensors["transformer.0.mlp.fc1.bias"].shape[0]
        sides["narrow"] = tensors["inout_head.0.bias"].shape[0]
        for name, expected in needed.items():
            shape = tuple(sides[side] if isinstance(side, str) else side for side in expected)
            if tuple(tensors[name].shape) != shape or width % HEADS:
                message = (
                    f"{name} of {path} is {tuple(tensors[name].shape)}, expected {shape}; the weights "
                    "belong to another backbone or are no Gaze-LLE's"
                )
                raise MissingModelError(message)
        kept = {name: tensors[name].float().to(device) for name in needed}
        return cls(weights=kept, layers=layers, grid=grid)

    def __call__(self, patches: Any, head_maps: Any) -> tuple[Any, Any]:  # noqa: ANN401  tensors
        """Heat maps, n x 2 grid x 2 grid, and scores of in frame, n, all in 0..1.

        Takes one picture's patches, 1 x features x grid x grid, and n x grid x grid maps that are 1
        under each head.
        """
        torch = library("torch", needed_by="Gaze-LLE")
        functional, weights = torch.nn.functional, self.weights
        narrow = functional.conv2d(patches, weights["linear.weight"], weights["linear.bias"])
        tokens = narrow + weights["pos_embed"]
        tokens = tokens + head_maps[:, None] * weights["head_token.weight"][:, :, None, None]
        tokens = tokens.flatten(2).transpose(1, 2)
        in_out = weights["inout_token.weight"][None].expand(len(tokens), -1, -1)
        tokens = torch.cat([in_out, tokens], dim=1)
        for layer in range(self.layers):
            tokens = self._layer(tokens, f"transformer.{layer}")
        seen = tokens[:, 1:].transpose(1, 2).unflatten(2, (self.grid, self.grid))
        first, second = "heatmap_head.0", "heatmap_head.1"
        wide = functional.conv_transpose2d(
            seen, weights[f"{first}.weight"], weights[f"{first}.bias"], stride=2
        )
        maps = functional.conv2d(wide, weights[f"{second}.weight"])[:, 0].sigmoid()
        score = self._linear(self._linear(tokens[:, 0], "inout_head.0").relu(), "inout_head.3")
        return maps, score[:, 0].sigmoid()

    def _layer(self, tokens: Any, prefix: str) -> Any:  # noqa: ANN401
        functional = library("torch", needed_by="Gaze-LLE").nn.functional
        normed = self._norm(tokens, f"{prefix}.norm1")
        mixed = functional.linear(normed, self.weights[f"{prefix}.attn.qkv.weight"])
        query, key, value = mixed.unflatten(2, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value)
        tokens = tokens + self._linear(attended.transpose(1, 2).flatten(2), f"{prefix}.attn.proj")
        hidden = self._linear(self._norm(tokens, f"{prefix}.norm2"), f"{prefix}.mlp.fc1")
        return tokens + self._linear(functional.gelu(hidden), f"{prefix}.mlp.fc2")

    def _norm(self, tokens: Any, prefix: str) -> Any:  # noqa: ANN401
        functional = library("torch", needed_by="Gaze-LLE").nn.functional
        weight, bias = self.weights[f"{prefix}.weight"], self.weights[f"{prefix}.bias"]
        return functional.layer_norm(tokens, weight.shape, weight, bias, NORM_EPSILON)

    def _linear(self, tokens: Any, prefix: str) -> Any:  # noqa: ANN401
        functional = library("torch", needed_by="Gaze-LLE").nn.functional
        weight, bias = self.weights[f"{prefix}.weight"], self.weights[f"{prefix}.bias"]
        return functional.linear(tokens, weight, bias)


def head_maps(heads: NDArray[np.floating], grid: int) -> NDArray[np.float32]:
    """Maps, n x grid x grid, that are 1 under each head: boxes in fractions of the input, n x 4.

    Edges go to the nearest line of the grid. A head too small for any patch gets the one under its
    middle: the network was trained to see a head.
    """
    maps = np.zeros((len(heads), grid, grid), np.float32)
    for one, box in zip(maps, np.asarray(heads, np.float64), strict=True):
        x0, y0, x1, y1 = np.clip(np.rint(box * grid), 0, grid).astype(int)
        column, row = np.clip((box[:2] + box[2:]) / 2 * grid, 0, grid - 1).astype(int)
        columns = slice(x0, x1) if x0 < x1 else slice(column, column + 1)
        rows = slice(y0, y1) if y0 < y1 else slice(row, row + 1)
        one[rows, columns] = 1.0
    return maps
