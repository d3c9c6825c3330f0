"""The numbers of the colour merge tree, read from data."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.segment.box_cut import BOX_MEASURES
from iconograph.ingest.models.segment.merging_order import MergeWeights
from iconograph.ingest.models.segment.node_measures import NODE_MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLimits:
    """Which nodes may be proposed, and which are the same."""

    smallest_fraction: float
    largest_fraction: float
    most_considered: int
    same_iou: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MergeTreeNumbers:
    """All numbers, and the SHA-256 of their file.

    Weights (float64) are in the order of their measures, the bias last; `box_confidence` are weight
    and bias of a logistic in the expected IoU.
    """

    working_side_px: int
    superpixels: int
    trees: tuple[MergeWeights, ...]
    nodes: NodeLimits
    node_weights: NDArray[np.float64]
    box_weights: NDArray[np.float64]
    box_confidence: tuple[float, float]
    sha256: str


def read_merge_tree_numbers() -> MergeTreeNumbers:
    """The numbers that ship with this package."""
    here = resources.files("iconograph.ingest.models.segment")
    text = here.joinpath("merge_tree.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return MergeTreeNumbers(
        working_side_px=table["picture"]["working_side_px"],
        superpixels=table["picture"]["superpixels"],
        trees=tuple(MergeWeights(**weights) for weights in table["trees"]),
        nodes=NodeLimits(**table["nodes"]),
        node_weights=_weights(table["node_weights"], NODE_MEASURES),
        box_weights=_weights(table["box_weights"], BOX_MEASURES),
        box_confidence=(table["box_confidence"]["weight"], table["box_confidence"]["bias"]),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _weights(table: Mapping[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([float(table[name]) for name in (*names, "bias")])
