"""Large paintings for benches: drawn scenes pasted side by side, so that density stays as they grow."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from iconograph.evaluation.drawn_truth import drawn_pictures
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Box, Outline, Point, Polygon
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, region_of
from iconograph.ingest.regions.outlines import mask_of, outline_of
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.scenes.recipes import RECIPES
from tests.builders import a_run, a_work, an_image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.pose import Gaze, Pose
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.work import Image

    Move = Callable[[float, float], tuple[float, float]]

SEED = 5
TILE_PX = 768
FEW_PERSONS = (
    "annunciation",
    "jerome",
    "shepherds",
    "eve_and_goat",
    "adoration_of_the_magi",
    "lady_and_unicorn",
    "catherine",
    "paradise",
    "river",
    "virgin_and_child",
)
"""Recipes that together have one person among ten regions."""


def tiles(folder: Path) -> list[tuple[Region, ...]]:
    """The entities of one scene of each recipe, outlined as the pipeline outlines masks."""
    write_corpus(folder, count=len(RECIPES), seed=SEED)
    scenes: dict[str, tuple[Region, ...]] = {}
    for item in drawn_pictures(folder):
        image = item.draft.image
        recipe = image.file_name.split("_", 1)[1].removesuffix(".jpg")
        if recipe in FEW_PERSONS:
            scenes[recipe] = tuple(
                replace(region, outline=through_mask(region.outline, image))
                for region in item.draft.regions
                if region.level is Level.ENTITY
            )
    return [scenes[recipe] for recipe in FEW_PERSONS]


def through_mask(outline: Outline, image: Image) -> Outline:
    """What the pipeline makes of a mask that is this outline."""
    return outline_of(mask_of(outline, width_px=image.width_px, height_px=image.height_px))


def painting(
    scenes: Sequence[Sequence[Region]], size: int, *, at_one_spot: bool = False
) -> ImageBundle:
    """So many regions in rows of scenes, each scene in a square of its own.

    `at_one_spot` all are in one square, each scene moved by one pixel more, so that everything
    overlaps everything.
    """
    picked: list[Sequence[Region]] = []
    while (left := size - sum(map(len, picked))) > 0:
        picked.append(scenes[len(picked) % len(scenes)][:left])
    per_row = math.ceil(math.sqrt(len(picked)))
    side_px = TILE_PX + len(picked) if at_one_spot else TILE_PX * per_row
    work, run = a_work(f"{size} {at_one_spot}"), a_run()
    image = an_image(work, width_px=side_px, height_px=side_px)
    regions: list[Region] = []
    for number, scene in enumerate(picked):
        row, column = divmod(number, per_row)
        x_px, y_px = (number, number) if at_one_spot else (column * TILE_PX, row * TILE_PX)
        regions += (moved(region, image, x_px, y_px, run_id=run.id) for region in scene)
    return ImageBundle(work=work, image=image, runs=(run,), regions=tuple(regions))


def moved(region: Region, image: Image, x_px: float, y_px: float, *, run_id: RunId) -> Region:
    """The region elsewhere, in another picture."""

    def move(x: float, y: float) -> tuple[float, float]:
        return x + x_px, y + y_px

    return region_of(
        image,
        _moved_outline(region.outline, move),
        run_id=run_id,
        kind=region.kind,
        labels=region.labels,
        caption=region.caption,
        pose=_moved_pose(region.pose, move) if region.pose else None,
        gaze=_moved_gaze(region.gaze, move) if region.gaze else None,
        attributes=region.attributes,
    )


def _moved_outline(outline: Outline, move: Move) -> Outline:
    return Outline(
        parts=tuple(
            Polygon(
                exterior=tuple(move(*corner) for corner in part.exterior),
                holes=tuple(tuple(move(*corner) for corner in hole) for hole in part.holes),
            )
            for part in outline.parts
        )
    )


def _moved_pose(pose: Pose, move: Move) -> Pose:
    head = pose.head
    if head:
        (x0, y0), (x1, y1) = move(head.x0_px, head.y0_px), move(head.x1_px, head.y1_px)
        head = Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1)
    return replace(
        pose,
        head=head,
        hands=tuple(_moved_point(hand, move) for hand in pose.hands),
        key_points=tuple(
            replace(point, x_px=x, y_px=y)
            for point in pose.key_points
            for x, y in (move(point.x_px, point.y_px),)
        ),
    )


def _moved_gaze(gaze: Gaze, move: Move) -> Gaze:
    """The gaze without its target, as a model gives it: where it goes is for the rules to say."""
    state = GazeState.UNKNOWN if gaze.state is GazeState.TARGET else gaze.state
    origin = _moved_point(gaze.origin, move)
    return replace(gaze, state=state, origin=origin, target=None, target_region=None)


def _moved_point(point: Point, move: Move) -> Point:
    x, y = move(point.x_px, point.y_px)
    return Point(x_px=x, y_px=y)
