"""Gives persons their pose, and the head and gaze of the face that is theirs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from iconograph.graph.model.pose import Gaze, Pose
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.face.figures import faces_of_figures
from iconograph.ingest.stages.figures import head_of as head_of_face
from iconograph.ingest.stages.fitting import boxes_of
from iconograph.ingest.stages.heads import gazes_of_heads, head_of
from iconograph.ingest.stages.stored_outputs import FACES, POSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iconograph.ingest.models.face.port import Face
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.regions.proposal import Proposal
    from iconograph.ingest.stages.looks import Look, Models


def with_bodies(
    proposals: Sequence[Proposal],
    look: Look,
    models: Models,
    gaze_of: Callable[[Face, str], Gaze | None],
) -> tuple[Proposal, ...]:
    """The proposals, persons among them with pose and gaze as far as models saw them."""
    places = [n for n, p in enumerate(proposals) if p.kind is RegionKind.PERSON]
    if not places or not (models.poses or models.faces):
        return tuple(proposals)
    persons = [proposals[n] for n in places]
    boxes, pixels = boxes_of(persons), look.pixels
    done = list(persons)
    poses: tuple[Pose | None, ...] = ()
    if models.poses:
        estimator = models.poses
        poses = look.remembered(estimator, POSES, lambda: estimator(pixels, boxes), boxes)
        done = [
            dataclasses.replace(person, pose=pose) for person, pose in zip(done, poses, strict=True)
        ]
    if models.faces:
        finder = models.faces
        found = look.remembered(finder, FACES, lambda: finder(pixels, boxes), boxes)
        done = [
            _with_face(person, face, gaze_of(face, finder.name), finder.name) if face else person
            for person, face in zip(done, faces_of_figures(found, boxes, poses), strict=True)
        ]
    if models.gazes:
        done = _with_targets(done, look, models.gazes)
    seen = dict(zip(places, done, strict=True))
    return tuple(seen.get(n, proposal) for n, proposal in enumerate(proposals))


def _with_face(person: Proposal, face: Face, gaze: Gaze | None, method: str) -> Proposal:
    pose = person.pose or Pose(method=method)
    head = pose.head or head_of_face(face)
    return dataclasses.replace(person, pose=dataclasses.replace(pose, head=head), gaze=gaze)


def _with_targets(
    persons: Sequence[Proposal], look: Look, gazes: GazeTargetEstimator
) -> list[Proposal]:
    """The persons, those with a head with what is seen from the whole picture.

    It is trusted more than their faces alone, which serve where it sees nothing.
    """
    heads = {
        n: head
        for n, person in enumerate(persons)
        if person.pose and (head := head_of(person.pose))
    }
    seen = gazes_of_heads(heads, look, gazes)
    return [dataclasses.replace(p, gaze=seen.get(n) or p.gaze) for n, p in enumerate(persons)]
