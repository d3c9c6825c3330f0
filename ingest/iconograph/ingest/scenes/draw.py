"""One scene from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes.canvas import Canvas
from iconograph.ingest.scenes.recipes import RECIPES, RECIPES_BY_NAME
from iconograph.ingest.scenes.settings import paint_border
from iconograph.ingest.scenes.stage import Entry, Stage
from iconograph.ingest.scenes.styles import STYLES, STYLES_BY_NAME
from iconograph.ingest.scenes.texture import finished
from iconograph.ingest.scenes.truth import truth_of
from iconograph.ingest.scenes.values import DrawnScene

LONG_SIDE_PX = 768
SMALLEST_SIDE_PX, LARGEST_SIDE_PX = 48, 4096

Named = TypeVar("Named")


def draw_scene(
    seed: int,
    *,
    recipe: str | None = None,
    style: str | None = None,
    size_px: tuple[int, int] | None = None,
) -> DrawnScene:
    """The scene of a seed: the same arguments always give the same picture and truth.

    Without a recipe or style the seed picks one; without `size_px` (width, height) the longer side
    has 768 px in the recipe's format. Raises `InvalidValueError` for a name or size that is not
    known.
    """
    rng = np.random.default_rng(seed)
    chosen = recipe or RECIPES[int(rng.integers(len(RECIPES)))]
    manner = style or STYLES[int(rng.integers(len(STYLES)))]
    plan, look = _known(chosen, RECIPES_BY_NAME, "recipe"), _known(manner, STYLES_BY_NAME, "style")
    width, height = size_px or _format(plan.aspect)
    if not all(SMALLEST_SIDE_PX <= side <= LARGEST_SIDE_PX for side in (width, height)):
        message = (
            f"a drawn scene has sides of {SMALLEST_SIDE_PX} to {LARGEST_SIDE_PX} px, "
            f"got {width} x {height}"
        )
        raise InvalidValueError(message)
    stage = Stage(Canvas.blank(width, height, look.sky[1]), look, rng)
    plan.compose(stage)
    if look.border:
        frame = (0.0, 0.0, stage.width, stage.height)
        paint_border(
            stage.setting("border", kind=RegionKind.ORNAMENT), frame, look.border * stage.height
        )
    stage.entries.append(
        Entry(
            id=len(stage.entries) + 1, level=Level.SCENE, kind=RegionKind.UNKNOWN, label=stage.title,
            attributes=(("style", look.name), ("subject", stage.subject)),
        )
    )  # fmt: skip
    parts, relations = truth_of(stage)
    return DrawnScene(
        seed=seed, recipe=chosen, style=look.name, title=stage.title, subject=stage.subject,
        picture=finished(stage.canvas.pixels, look, rng), parts=parts, relations=relations,
        year=int(rng.integers(*look.period)),
    )  # fmt: skip


def _format(aspect: float) -> tuple[int, int]:
    if aspect >= 1:
        return LONG_SIDE_PX, round(LONG_SIDE_PX / aspect)
    return round(LONG_SIDE_PX * aspect), LONG_SIDE_PX


def _known(name: str, table: Mapping[str, Named], what: str) -> Named:
    if name not in table:
        message = f"there is no {what} {name!r}; known are {', '.join(table)}"
        raise InvalidValueError(message)
    return table[name]
