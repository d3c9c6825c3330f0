"""Measures poses and gazes of persons beside the bare time of the networks that they run.

Time is that of the asking thread, which works along with those of the runtime: on a quiet machine it
is what passes, and on a busy one it leaves out what others take.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.cli.options import cache_folder
from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import draw_scene
from tests.bench.measuring import show, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from rich.table import Table

    from iconograph.ingest.scenes.values import DrawnPart, DrawnScene

    Look = Callable[[NDArray[np.uint8], NDArray[np.float32]], object]

SEED = 77
TRIES = 7
CROWD, ALONE = "battle", "saint"

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


@dataclass(slots=True)
class Networks:
    """Seconds of the asking thread inside the runtimes of models, and how often they ran."""

    seconds_s: float = 0.0
    runs: int = 0

    def timed(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, its seconds counted."""

        @wraps(run)
        def counted(*given: Any, **named: Any) -> Any:
            started_s = time.thread_time()
            try:
                return run(*given, **named)
            finally:
                self.seconds_s += time.thread_time() - started_s
                self.runs += 1

        return counted


@contextmanager
def counted_networks(*runtimes: tuple[type, str]) -> Iterator[Networks]:
    """Counts what passes in methods of runtimes' classes."""
    networks = Networks()
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in runtimes:
            patch.setattr(owner, name, networks.timed(getattr(owner, name)))
        yield networks


def test_mini_poses_and_gazes(capsys: pytest.CaptureFixture[str]) -> None:
    from onnxruntime import InferenceSession

    from iconograph.ingest.models.gaze.heatmap import HeatmapGazes
    from iconograph.ingest.models.pose.simcc import SimccPoses

    poses, gazes = SimccPoses.open(cache_folder()), HeatmapGazes.open(cache_folder())
    table = _table("mini")
    with counted_networks((InferenceSession, "run")) as networks:
        for recipe in (CROWD, ALONE):
            scene = draw_scene(SEED, recipe=recipe)
            _add(table, "mini-pose", scene, poses, boxes_px(scene), networks=networks)
            _add(table, "mini-gaze", scene, gazes, heads_px(scene), networks=networks)
    show(table, capsys)


def test_laptop_poses_and_faces(capsys: pytest.CaptureFixture[str]) -> None:
    interpreter = pytest.importorskip("ai_edge_litert.interpreter", reason="needs the extra people")
    from onnxruntime import InferenceSession

    from iconograph.ingest.models.face.finder import MeshFaces
    from iconograph.ingest.models.face.gaze import gaze_of, load_gaze_numbers
    from iconograph.ingest.models.pose.closer import CloserHeads

    try:
        poses, faces = CloserHeads.open(cache_folder()), MeshFaces.open(cache_folder())
    except (MissingModelError, MissingExtraError) as error:
        pytest.skip(f"the laptop models are not here: {error}")
    numbers = load_gaze_numbers()

    def gazes(pixels: NDArray[np.uint8], boxes: NDArray[np.float32]) -> object:
        return [gaze_of(face, numbers) for face in faces(pixels, boxes) if face]

    table = _table("laptop")
    runtimes = (InferenceSession, "run"), (interpreter.Interpreter, "invoke")
    with counted_networks(*runtimes) as networks:
        for recipe in (CROWD, ALONE):
            scene = draw_scene(SEED, recipe=recipe)
            _add(table, "poses, four networks", scene, poses, boxes_px(scene), networks=networks)
            _add(table, "faces and gazes, three", scene, gazes, boxes_px(scene), networks=networks)
    show(table, capsys)


def _table(profile: str) -> Table:
    title = f"{profile}: poses and gazes beside the bare sessions, middle of {TRIES} tries"
    return table_of(
        title, ("what", "persons", "runs", "whole, per person", "bare, per person", "ratio")
    )


def _add(
    table: Table,
    name: str,
    scene: DrawnScene,
    look: Look,
    boxes: NDArray[np.float32],
    *,
    networks: Networks,
) -> None:
    """The middle try by its ratio; a network that is warm is asked."""
    ask = partial(look, scene.picture, boxes)
    ask()
    tries = []
    for _ in range(TRIES):
        before_s, runs = networks.seconds_s, networks.runs
        started_s = time.thread_time()
        ask()
        whole_s = time.thread_time() - started_s
        tries.append((whole_s, networks.seconds_s - before_s, networks.runs - runs))
    whole_s, bare_s, runs = sorted(tries, key=lambda one: one[0] / one[1])[TRIES // 2]
    each_ms = 1000 / len(boxes)
    table.add_row(
        name,
        str(len(boxes)),
        str(runs),
        f"{each_ms * whole_s:.1f} ms",
        f"{each_ms * bare_s:.1f} ms",
        f"{whole_s / bare_s:.2f}",
    )


def boxes_px(scene: DrawnScene) -> NDArray[np.float32]:
    """Boxes of the drawn persons."""
    return np.array([_box_px(part) for part in _persons(scene)], np.float32)


def heads_px(scene: DrawnScene) -> NDArray[np.float32]:
    """Boxes of their heads."""
    return np.array([part.head for part in _persons(scene) if part.head], np.float32)


def _persons(scene: DrawnScene) -> list[DrawnPart]:
    return [part for part in scene.parts if part.kind is RegionKind.PERSON]


def _box_px(part: DrawnPart) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(part.mask.any(axis=1)), np.flatnonzero(part.mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
