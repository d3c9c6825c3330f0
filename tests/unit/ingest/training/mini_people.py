"""A drawn scene in the style that no training sees, and the folders of the models in the wheel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.scenes import draw_scene
from iconograph.ingest.training.corpora import HELD_OUT_STYLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.scenes.values import DrawnPart, DrawnScene

WEIGHTS = Path(str(resources.files("iconograph.ingest.models"))) / "weights"
LARGEST_PACK_BYTES = 2_500_000


def unseen_scene(seed: int) -> tuple[DrawnScene, tuple[DrawnPart, ...]]:
    """The scene and its figures."""
    scene = draw_scene(seed, recipe="annunciation", style=HELD_OUT_STYLE)
    return scene, tuple(part for part in scene.parts if part.key_points)


def box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def card_of(model: str) -> str:
    return (WEIGHTS / model / "CARD.md").read_text("utf-8")
