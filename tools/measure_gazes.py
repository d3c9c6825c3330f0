"""Measures faces and gazes on pictures judged by eye, with the figures' boxes given.

    python tools/measure_gazes.py dev_paintings.json PICTURES [CACHE]

prints what the numbers in `face.toml` and `gaze.toml` rest on, beside what key points and head boxes
alone say of gazes. It needs what `measure_poses.py` needs.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measure_poses import WITHIN_DEG, figures_of, pixels_of, print_bands
from platformdirs import user_cache_path

from iconograph.evaluation.annotations import read_annotations
from iconograph.evaluation.gaze import without_gazes
from iconograph.graph.model.pose import GazeState
from iconograph.ingest.models.face.finder import MeshFaces
from iconograph.ingest.models.face.gaze import gaze_of
from iconograph.ingest.models.pose.agreed import AgreedPoses
from iconograph.relations.gaze.heads import gazes_of
from iconograph.relations.scene import scene_of
from iconograph.relations.thresholds import read_thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iconograph.evaluation.annotations import AnnotatedPicture
    from iconograph.graph.model.pose import Gaze, Pose
    from iconograph.graph.model.region import Region
    from iconograph.ingest.models.face.port import Face
    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True)
class Seen:
    """A judged picture, its figures with their poses, and the faces found, in all and by figure."""

    picture: AnnotatedPicture
    figures: tuple[Region, ...]
    poses: tuple[Pose | None, ...]
    faces: tuple[Face, ...]
    of_figure: tuple[Face | None, ...]


def main(annotations: Path, pictures: Path, cache_dir: Path) -> None:
    """Print all measures."""
    poses, finder = AgreedPoses.open(cache_dir), MeshFaces.open(cache_dir)
    seen = []
    for picture in read_annotations(annotations, pictures).pictures:
        figures, boxes = figures_of(picture)
        pixels = pixels_of(picture, pictures)
        faces = finder(pixels, boxes)
        of_figure = tuple(
            next((face for face in faces if _is_on(face, region)), None) for region in figures
        )
        seen.append(Seen(picture, figures, poses(pixels, boxes), faces, of_figure))
    _print_faces(seen)
    _print_gazes(seen)


def _is_on(face: Face, region: Region) -> bool:
    head = region.pose.head if region.pose else None
    if head is None or not head.holds(face.box.centre):
        return False
    return 0.3 < face.box.height_px / head.height_px < 1.4  # noqa: PLR2004


def _print_faces(seen: list[Seen]) -> None:
    heads = sum(bool(r.pose and r.pose.head) for s in seen for r in s.figures)
    on = sum(face is not None for s in seen for face in s.of_figure)
    total = sum(len(s.faces) for s in seen)
    print(
        f"\nfaces: {total}, on {on} of {heads} judged heads; the others lie on heads not judged, or on none"
    )


def _print_gazes(seen: list[Seen]) -> None:
    thresholds = read_thresholds()
    print("\ngazes of figures with a judged gaze, and a found face")
    print("  method: directions found, median error, within 45 deg; states right")
    methods: dict[str, Callable[[Seen], Iterable[Gaze | None]]] = {
        "face": lambda one: (gaze_of(face) if face else None for face in one.of_figure),
        "geometry, head boxes": lambda one: _geometry(one, thresholds, key_points=False),
        "geometry, key points": lambda one: _geometry(one, thresholds, key_points=True),
    }
    for where in ("with a face", "all"):
        for name, method in methods.items():
            judged = [
                (region.gaze, gaze)
                for one in seen
                for region, face, gaze in zip(one.figures, one.of_figure, method(one), strict=True)
                if region.gaze and (face or where == "all")
            ]
            _print_gaze(f"{where}, {name}", judged)


def _geometry(one: Seen, thresholds: Thresholds, *, key_points: bool) -> list[Gaze | None]:
    """What is made of heads and key points without looking at faces."""
    bundle = without_gazes(one.picture.bundle)
    found = dict(zip((r.id for r in one.figures), one.poses, strict=True))
    regions = []
    for region in bundle.regions:
        pose = found.get(region.id) if key_points else None
        head = region.pose.head if region.pose else None
        regions.append(replace(region, pose=replace(pose, head=head)) if pose else region)
    scene = scene_of(replace(bundle, regions=tuple(regions)), thresholds)
    by_id = {r.id: gaze for r, gaze in zip(scene.regions, gazes_of(scene, thresholds), strict=True)}
    return [by_id[region.id] for region in one.figures]


def _print_gaze(name: str, judged: list[tuple[Gaze, Gaze | None]]) -> None:
    directed = [(true, gaze) for true, gaze in judged if true.direction]
    errors = [
        _between_deg(t.direction, g.direction)
        for t, g in directed
        if t.direction and g and g.direction
    ]
    kinds: list[tuple[str, str]] = [
        (_kind(true), _kind(gaze)) for true, gaze in judged if gaze and _kind(true) != "none"
    ]
    right = sum(true == found for true, found in kinds)
    within = sum(error <= 45 for error in errors)  # noqa: PLR2004
    median = f"{np.median(errors):.1f} deg" if errors else "-"
    print(
        f"  {name}: {len(errors)} of {len(directed)}, {median}, {within}; "
        f"{right} of {len(kinds)} {dict(Counter(k for k in kinds if k[0] != k[1]))}"
    )
    rated = [
        (gaze.confidence, _kind(true) == _kind(gaze) and _is_near(true, gaze))
        for true, gaze in judged
        if gaze and _kind(true) != "none" and gaze.confidence > 0
    ]
    if rated:
        print_bands("confidence", rated)


def _is_near(true: Gaze, found: Gaze) -> bool:
    if true.direction is None or found.direction is None:
        return true.direction is None and found.direction is None
    return _between_deg(true.direction, found.direction) <= WITHIN_DEG


def _kind(gaze: Gaze) -> str:
    """Viewer, closed or directed; out of the picture counts as directed, if it has a direction."""
    if gaze.state in (GazeState.VIEWER, GazeState.CLOSED):
        return gaze.state.value
    return "directed" if gaze.direction else "none"


def _between_deg(first: tuple[float, float], second: tuple[float, float]) -> float:
    turn = math.degrees(math.atan2(first[1], first[0]) - math.atan2(second[1], second[0]))
    return abs((turn + 180) % 360 - 180)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]) if len(sys.argv) > 3 else user_cache_path("iconograph"),  # noqa: PLR2004
    )
