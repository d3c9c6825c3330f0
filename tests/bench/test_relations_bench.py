"""Measures the relation stage without models: 200 regions, growth with their number, time by rule."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.divides import find_axes
from iconograph.relations.derive import RULES, derive
from iconograph.relations.groups.stage import GroupFigures
from iconograph.relations.scene import scene_of
from iconograph.relations.thresholds import read_thresholds
from tests.bench.measuring import cpu_s, cpu_timed, show, table_of
from tests.bench.pasted import painting, tiles

if TYPE_CHECKING:
    from rich.table import Table

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.region import Region

SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
A_PAINTING = 200
CROWD = 1000
MANY = 1000
"""From so many regions on one try is enough."""

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Region, ...]]:
    """Drawn scenes to paste."""
    return tiles(tmp_path_factory.mktemp("tiles"))


def test_growth_with_the_number_of_regions(
    scenes: list[tuple[Region, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    table = table_of(
        "relation stage without models, CPU time",
        ("regions", "persons", "edges", "all rules", "per region", "groups"),
    )
    for size in SIZES:
        _add(table, f"{size:,}", painting(scenes, size))
    _add(table, f"{CROWD:,}, all at one spot", painting(scenes, CROWD, at_one_spot=True))
    show(table, capsys)


def test_where_the_time_goes(
    scenes: list[tuple[Region, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each step as it comes in the stage: a rule finds shared areas worked out by those before it."""
    thresholds, bundle = read_thresholds(), painting(scenes, A_PAINTING)
    spent_s: dict[str, list[float]] = {}
    for _ in range(9):
        for step, seconds in _steps_s(bundle).items():
            spent_s.setdefault(step, []).append(seconds)
    whole_s = cpu_s(partial(derive, bundle, thresholds=thresholds), tries=9)
    middles = {step: sorted(found)[len(found) // 2] for step, found in spent_s.items()}
    middles["edges and the rest"] = max(0.0, whole_s - sum(middles.values()))
    table = table_of(
        f"where the time goes, {A_PAINTING} regions, {_persons(bundle)} persons, CPU time",
        ("step", "ms", "share"),
    )
    for step, seconds in sorted(middles.items(), key=lambda pair: -pair[1]):
        table.add_row(step, f"{1000 * seconds:.1f}", f"{seconds / whole_s:.0%}")
    table.add_row("whole", f"{1000 * whole_s:.1f}", "")
    show(table, capsys)


def _add(table: Table, name: str, bundle: ImageBundle) -> None:
    thresholds = read_thresholds()
    tries = 1 if len(bundle.regions) >= MANY else 7
    derived = derive(bundle, thresholds=thresholds)
    seconds = cpu_s(partial(derive, bundle, thresholds=thresholds), tries=tries)
    grouped_s = cpu_s(partial(GroupFigures(thresholds=thresholds), derived, None), tries=tries)
    table.add_row(
        name,
        str(_persons(bundle)),
        f"{len(derived.edges):,}",
        f"{1000 * seconds:,.1f} ms",
        f"{1000 * seconds / len(bundle.regions):.3f} ms",
        f"{1000 * grouped_s:,.1f} ms",
    )


def _steps_s(bundle: ImageBundle) -> dict[str, float]:
    thresholds = read_thresholds()
    scene, scene_s = cpu_timed(partial(scene_of, bundle, thresholds))
    run_id = bundle.runs[0].id
    axes, axes_s = cpu_timed(partial(find_axes, scene, None, thresholds, run_id=run_id))
    scene = replace(scene, axes=axes)
    steps = {"arrays of the regions": scene_s, "axes": axes_s}
    for rule in RULES:
        _, steps[rule.kind.value] = cpu_timed(partial(rule.find, scene, thresholds))
    return steps


def _persons(bundle: ImageBundle) -> int:
    return sum(region.kind is RegionKind.PERSON for region in bundle.regions)
