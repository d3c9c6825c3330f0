"""Measures poses on pictures judged by eye, with the figures' boxes given, and what they cost.

    python tools/measure_poses.py dev_paintings.json PICTURES [CACHE]

prints what the numbers in `pose.toml` rest on. It needs the models of the profile `laptop` in the
cache, and the extra `people`.
"""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image as PillowImage
from platformdirs import user_cache_path

from iconograph.evaluation.annotations import read_annotations
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.face.finder import MeshFaces
from iconograph.ingest.models.face.gaze import gaze_of
from iconograph.ingest.models.pose.agreed import AgreedPoses
from iconograph.ingest.models.pose.blazepose import BlazePose
from iconograph.ingest.models.pose.hands import HandLooker
from iconograph.ingest.models.pose.movenet import MoveNet
from iconograph.ingest.models.pose.numbers import load_pose_numbers
from iconograph.ingest.models.registry import located, record_named
from iconograph.ingest.models.runtime.onnx import open_session
from iconograph.ingest.models.runtime.tflite import open_interpreter
from iconograph.ingest.pixels import upright_rgb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from iconograph.evaluation.annotations import AnnotatedPicture
    from iconograph.graph.model.geometry import Box, Point
    from iconograph.graph.model.pose import KeyPoint, Pose
    from iconograph.graph.model.region import Region
    from iconograph.ingest.models.pose.port import PoseEstimator
    from iconograph.ingest.models.runtime.port import Session

NEAR_HEADS = 0.35
"""A wrist or hand this near to a judged hand is right, in heights of the figure's head."""

BANDS = ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 1.01))
MODELS = (
    "movenet-lightning",
    "blazepose-landmark",
    "hand-landmark",
    "face-detection",
    "face-mesh",
    "iris",
)
WRISTS = [COCO_KEY_POINTS.index(name) for name in ("left_wrist", "right_wrist")]
HEAD_POINTS, FACE_POINTS = 5, 3
WITHIN_DEG = 45.0
"""A direction this near to the judged one counts as right where right and wrong are counted."""


@dataclass
class TimedSession:
    """A session that counts its own seconds."""

    session: Session
    spent_s: float = 0.0

    @property
    def inputs(self) -> Mapping[str, tuple[int | None, ...]]:
        """Those of the session."""
        return self.session.inputs

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        """The session's answer."""
        begun = time.perf_counter()
        answer = self.session.run(feeds)
        self.spent_s += time.perf_counter() - begun
        return answer


@dataclass
class Tally:
    """What an estimator made of judged figures: counts, and confidences with what was right."""

    heads: int = 0
    bodies: int = 0
    bodies_on_head: int = 0
    hands: int = 0
    hands_found: int = 0
    hands_given: list[bool] = field(default_factory=list)
    wrists: list[tuple[float, bool]] = field(default_factory=list)
    head_points: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, region: Region, pose: Pose | None) -> None:
        """Count a figure; one whose head was not judged is left out."""
        judged = region.pose
        if judged is None or judged.head is None:
            return
        self.heads += 1
        self.hands += len(judged.hands)
        if pose is None:
            return
        self.bodies += 1
        self._add_head(pose, judged.head)
        if judged.hands:
            self._add_hands(pose, judged, NEAR_HEADS * judged.head.height_px)

    def _add_head(self, pose: Pose, head: Box) -> None:
        margin = 0.05 * head.height_px
        points = pose.key_points[:HEAD_POINTS]
        middle = np.mean([(p.x_px, p.y_px) for p in points[:FACE_POINTS]], axis=0)
        on = [
            head.x0_px - margin <= x <= head.x1_px + margin
            and head.y0_px - margin <= y <= head.y1_px + margin
            for x, y in [middle, *((p.x_px, p.y_px) for p in points)]
        ]
        self.bodies_on_head += on[0]
        self.head_points += [
            (point.confidence, right)
            for point, right in zip(points, on[1:], strict=True)
            if point.confidence > 0
        ]

    def _add_hands(self, pose: Pose, judged: Pose, near_px: float) -> None:
        def is_near(place: Point | KeyPoint, others: Iterable[Point | KeyPoint]) -> bool:
            return any(
                math.dist((place.x_px, place.y_px), (other.x_px, other.y_px)) <= near_px
                for other in others
            )

        found = [pose.key_points[row] for row in WRISTS if pose.key_points[row].confidence > 0]
        self.hands_found += sum(is_near(hand, (*found, *pose.hands)) for hand in judged.hands)
        self.wrists += [(wrist.confidence, is_near(wrist, judged.hands)) for wrist in found]
        self.hands_given += [is_near(hand, judged.hands) for hand in pose.hands]


def main(annotations: Path, pictures: Path, cache_dir: Path) -> None:
    """Print all measures."""
    sessions = {name: TimedSession(opened(name, cache_dir)) for name in MODELS}
    estimators = _estimators(sessions)
    finder = MeshFaces(*(sessions[name] for name in MODELS[3:]))
    spent_s = dict.fromkeys((*estimators, "faces"), 0.0)
    tallies = {name: Tally() for name in estimators}
    figure_count = 0
    for picture in read_annotations(annotations, pictures).pictures:
        figures, boxes = figures_of(picture)
        pixels = pixels_of(picture, pictures)
        figure_count += len(figures)
        for name, estimator in estimators.items():
            begun = time.perf_counter()
            poses = estimator(pixels, boxes)
            spent_s[name] += time.perf_counter() - begun
            for region, pose in zip(figures, poses, strict=True):
                tallies[name].add(region, pose)
        begun = time.perf_counter()
        for face in finder(pixels, boxes):
            gaze_of(face)
        spent_s["faces"] += time.perf_counter() - begun
    _print_speed(sessions, spent_s, figure_count)
    for name, tally in tallies.items():
        _print_tally(name, tally)


def _estimators(sessions: Mapping[str, TimedSession]) -> dict[str, PoseEstimator]:
    movenet, blazepose = MoveNet(sessions[MODELS[0]]), BlazePose(sessions[MODELS[1]])
    hands = HandLooker(sessions[MODELS[2]], sides=load_pose_numbers().hand_sides)
    return {
        "MoveNet": movenet,
        "BlazePose": blazepose,
        "AgreedPoses": AgreedPoses(movenet, blazepose, hands),
    }


def _print_speed(
    sessions: Mapping[str, TimedSession], spent_s: Mapping[str, float], figure_count: int
) -> None:
    bare_s = {
        "poses": sum(sessions[name].spent_s for name in MODELS[:3]),
        "faces": sum(sessions[name].spent_s for name in MODELS[3:]),
    }
    # MoveNet and BlazePose ran twice: alone and for their agreement.
    used_s = {
        "poses": sum(seconds for name, seconds in spent_s.items() if name != "faces"),
        "faces": spent_s["faces"],
    }
    for what, bare in bare_s.items():
        print(f"{what}: {used_s[what] / bare:.2f} times the sessions")
    print(f"poses and faces: {sum(used_s.values()) / sum(bare_s.values()):.2f} times the sessions")
    for what in ("AgreedPoses", "faces"):
        print(f"{what}: {1e3 * spent_s[what] / figure_count:.0f} ms a figure")


def _print_tally(name: str, tally: Tally) -> None:
    print(f"\n{name}: {tally.bodies} poses of {tally.heads} judged heads,", end=" ")
    print(f"{tally.bodies_on_head} on the head")
    print(f"  hands found {tally.hands_found} of {tally.hands};", end=" ")
    print(f"hands given {len(tally.hands_given)}, right {sum(tally.hands_given)}")
    print_bands("wrists", tally.wrists)
    print_bands("points of the head", tally.head_points)


def figures_of(picture: AnnotatedPicture) -> tuple[tuple[Region, ...], NDArray[np.float32]]:
    """The persons of a picture and their boxes, n x 4."""
    figures = tuple(r for r in picture.bundle.regions if r.kind is RegionKind.PERSON)
    boxes = np.array([region.box.corners_px for region in figures], dtype=np.float32)
    return figures, boxes.reshape(-1, 4)


def pixels_of(picture: AnnotatedPicture, pictures: Path) -> NDArray[np.uint8]:
    """The picture's pixels."""
    with PillowImage.open(pictures / Path(picture.bundle.image.uri).name) as file:
        return upright_rgb(file)


def opened(name: str, cache_dir: Path) -> Session:
    """A session of a pulled model."""
    (path,) = located(record_named(name), cache_dir).values()
    return open_session(path) if path.suffix == ".onnx" else open_interpreter(path)


def print_bands(what: str, judged: list[tuple[float, bool]]) -> None:
    """Print how often what was said with a confidence was right, by bands of confidence."""
    error = 0.0
    parts = []
    for low, high in BANDS:
        inside = [(c, right) for c, right in judged if low <= c < high]
        if inside:
            said, was = np.mean(np.array(inside, dtype=np.float64), axis=0)
            error += len(inside) / len(judged) * abs(said - was)
            parts.append(f"{low:.2f}: {was:.2f} of {len(inside)}")
    wrong = sum(not right for _, right in judged)
    print(f"  {what}: {len(judged)}, wrong {wrong}; right by confidence from {'; '.join(parts)}")
    print(f"    expected calibration error {error:.3f}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]) if len(sys.argv) > 3 else user_cache_path("iconograph"),  # noqa: PLR2004
    )
