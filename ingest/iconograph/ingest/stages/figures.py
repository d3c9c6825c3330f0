"""Gives persons whom a curator outlined the pose, head, hands and gaze that nobody gave them."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.geometry import Box
from iconograph.graph.model.pose import Gaze, Pose
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.models.face.figures import FACE_POINTS
from iconograph.ingest.models.face.gaze import gaze_of, load_gaze_numbers
from iconograph.ingest.runs import origin_of, run_now
from iconograph.ingest.stages.claims import ADDED, as_given, with_seen
from iconograph.ingest.stages.faces_of_persons import faces_of_persons
from iconograph.ingest.stages.fitting import scaled_box, scaled_gaze, scaled_pose
from iconograph.ingest.stages.heads import gazes_of_heads
from iconograph.ingest.stages.heads import head_of as head_of_pose
from iconograph.ingest.stages.known import MACHINE_ORIGINS
from iconograph.ingest.stages.looks import Models, Turns, looked_at
from iconograph.ingest.stages.stored_outputs import FACES, POSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.region import Region
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.models.face.port import Face, FaceFinder
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.models.port import PictureModel
    from iconograph.ingest.models.pose.port import PoseEstimator
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.problems import Problem
    from iconograph.ingest.stages.looks import Look

ORIGIN = "figures"
"""Origins of the runs of this stage begin with it, and go on with the names of its models."""

MOST_PX2 = 3_000_000
"""The pixels at which a picture is looked at: boxes that were given are few, and faces small."""

HEAD_WIDTH_FACES, HEAD_HEIGHT_FACES, HEAD_RISE_FACES = 1.66, 1.75, 0.16
"""A head by its face: so much wider and higher, its middle so far above; medians of 62 faces."""

SQUARE_OF_BOX = 0.3
"""Side of the square about a head in which its face is looked for, in longer sides of the figure's box."""


class FiguresOfRegions:
    """A stage: looks at the persons that were given, not at those that models found.

    It adds key points, hands, a head and a gaze where none were given, and never changes one that
    was. What models added before is taken back first, so that repeating it changes nothing and other
    models replace it (see `claims`). What `gazes` sees is believed more
    than the turn of a face. It goes before relations are derived. `most_px2` bounds the pixels that are
    looked at. Another stage that has the same models needs the same `turns`.
    """

    name = "figures"

    def __init__(  # noqa: PLR0913  one argument for each choice
        self,
        *,
        poses: PoseEstimator | None = None,
        faces: FaceFinder | None = None,
        gazes: GazeTargetEstimator | None = None,
        cache: OutputCache | None = None,
        most_px2: int = MOST_PX2,
        turns: Turns | None = None,
        now: datetime | None = None,
    ) -> None:
        self._poses, self._faces, self._gazes = poses, faces, gazes
        self._cache, self._turns, self._most_px2 = cache, turns or Turns(), most_px2
        self._gaze_numbers = load_gaze_numbers()
        models: list[PictureModel] = [model for model in (poses, faces, gazes) if model]
        refs = {ref for model in models for ref in model.models}
        own = {f"{m.name} {name}": value for m in models for name, value in m.parameters}
        gazing = self._gaze_numbers.parameters if faces else ()
        self._run = run_now(
            f"{ORIGIN}:{'+'.join(model.name for model in models)}",
            models=tuple(sorted(refs, key=lambda ref: (ref.name, ref.sha256))),
            parameters=(("most_px2", str(most_px2)), *own.items(), *gazing),
            now=now,
        )

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with more known of its persons; without a picture nothing changes."""
        if picture is None:
            return draft
        bare = [as_given(region) for region in draft.regions]
        machines = {run.id for run in draft.runs if origin_of(run) in MACHINE_ORIGINS}
        rows = [row for row, region in enumerate(bare) if _is_given(region, machines)]
        if any(_lacks_something(bare[row]) for row in rows):
            look = looked_at(picture, self._most_px2, turns=self._turns, cache=self._cache)
            seen = self._seen([bare[row] for row in rows], look)
            for row, region in zip(rows, seen, strict=True):
                bare[row] = region
        made = any((name, self._run.id) in r.attributes for r in bare for name in ADDED)
        known = any(run.id == self._run.id for run in draft.runs)
        runs = (*draft.runs, self._run) if made and not known else draft.runs
        return dataclasses.replace(draft, runs=runs, regions=tuple(bare))

    def take_notes(self) -> tuple[Problem, ...]:
        """What the cache has to tell."""
        return self._cache.take_notes() if self._cache else ()

    def _seen(self, persons: Sequence[Region], look: Look) -> list[Region]:
        boxes = np.array([r.box.corners_px for r in persons], np.float32) * np.float32(look.scale)
        found: tuple[Pose | None, ...] = (None,) * len(persons)
        faces: Sequence[Face | None] = [None] * len(persons)
        if self._poses:
            look_at = partial(self._poses, look.pixels, boxes)
            found = look.remembered(self._poses, POSES, look_at, boxes)
        if self._faces:
            near = np.concatenate([boxes, head_squares_px(found, boxes)])
            look_at_faces = partial(self._faces, look.pixels, near)
            there = look.remembered(self._faces, FACES, look_at_faces, near)
            heads = [_given_head(person, look.scale) for person in persons]
            faces = faces_of_persons(there, boxes, found, heads)
        targets = self._targets(persons, found, faces, look)
        return [
            self._with_seen(person, pose, face, target, 1.0 / look.scale)
            for person, pose, face, target in zip(persons, found, faces, targets, strict=True)
        ]

    def _targets(
        self,
        persons: Sequence[Region],
        poses: Sequence[Pose | None],
        faces: Sequence[Face | None],
        look: Look,
    ) -> list[Gaze | None]:
        """What each person's head is seen to look at: the given head's, the face's or the pose's."""
        heads = {
            row: head
            for row, (person, pose, face) in enumerate(zip(persons, poses, faces, strict=True))
            if person.gaze is None
            and (
                head := _given_head(person, look.scale)
                or (head_of(face) if face else None)
                or (head_of_pose(pose) if pose else None)
            )
        }
        seen = gazes_of_heads(heads, look, self._gazes) if self._gazes else {}
        return [seen.get(row) for row in range(len(persons))]

    def _with_seen(
        self,
        person: Region,
        pose: Pose | None,
        face: Face | None,
        target: Gaze | None,
        factor: float,
    ) -> Region:
        """The person with what was seen, in pixels of a picture `factor` times as large."""
        seen = scaled_pose(pose, factor) if pose else Pose()
        if face and self._faces:
            head, method = scaled_box(head_of(face), factor), seen.method or self._faces.name
            seen = dataclasses.replace(seen, head=head, method=method)
        gaze = target or (gaze_of(face, self._gaze_numbers) if face else None)
        return with_seen(person, seen, scaled_gaze(gaze, factor) if gaze else None, self._run.id)


def figures_of_profile(
    profile: str, cache_dir: Path, *, cache: OutputCache | None = None
) -> FiguresOfRegions:
    """The stage with the models of bodies of a profile, opened; raises as `models_of_bodies` does."""
    models = models_of_bodies(profile, cache_dir)
    return FiguresOfRegions(poses=models.poses, faces=models.faces, gazes=models.gazes, cache=cache)


def models_of_bodies(profile: str, cache_dir: Path) -> Models:
    """What a profile sees bodies with, opened.

    Raises `MissingModelError` or `MissingExtraError`, and the former for a profile without such.
    """
    if profile == "laptop":
        from iconograph.ingest.models.face.finder import MeshFaces
        from iconograph.ingest.models.pose.closer import CloserHeads

        return Models(poses=CloserHeads.open(cache_dir), faces=MeshFaces.open(cache_dir))
    if profile == "mini":
        from iconograph.ingest.models.gaze.heatmap import HeatmapGazes
        from iconograph.ingest.models.pose.simcc import SimccPoses

        return Models(
            poses=SimccPoses.open(cache_dir, "mini-pose"),
            gazes=HeatmapGazes.open(cache_dir, "mini-gaze"),
        )
    message = f"the profile {profile} has no models of poses and faces; use laptop or mini"
    raise MissingModelError(message)


def head_squares_px(
    poses: Sequence[Pose | None], boxes_px: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Squares about the heads that poses of figures in boxes (n x 4) show, m x 4: faces are larger there."""
    squares = []
    for pose, box in zip(poses, boxes_px, strict=True):
        points = [point for name in FACE_POINTS if pose and (point := pose.key_point(name))]
        if points:
            middle = np.mean([(point.x_px, point.y_px) for point in points], axis=0)
            half_px = SQUARE_OF_BOX * float(np.max(box[2:] - box[:2])) / 2
            squares.append(np.concatenate([middle - half_px, middle + half_px]))
    return np.array(squares, np.float32).reshape(-1, 4)


def head_of(face: Face) -> Box:
    """The head of a face; it may reach out of the picture."""
    middle, half_px = face.box.centre, face.box.width_px * HEAD_WIDTH_FACES / 2
    y_px = middle.y_px - HEAD_RISE_FACES * face.box.height_px
    tall_px = face.box.height_px * HEAD_HEIGHT_FACES / 2
    return Box(
        x0_px=middle.x_px - half_px,
        y0_px=y_px - tall_px,
        x1_px=middle.x_px + half_px,
        y1_px=y_px + tall_px,
    )


def _is_given(region: Region, machines: set[RunId]) -> bool:
    person = region.kind is RegionKind.PERSON and region.level is Level.ENTITY
    return person and region.run_id not in machines


def _lacks_something(region: Region) -> bool:
    pose = region.pose
    return region.gaze is None or pose is None or not (pose.key_points and pose.head and pose.hands)


def _given_head(person: Region, scale: float) -> Box | None:
    head = person.pose.head if person.pose else None
    return scaled_box(head, scale) if head else None
