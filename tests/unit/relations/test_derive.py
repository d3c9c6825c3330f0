from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind, EdgeLayer, EdgeStatus, Review
from iconograph.graph.model.region import Level, RegionKind
from iconograph.relations.derive import RULES, derive
from iconograph.relations.stage import DeriveRelations
from tests.builders import a_region, a_run, a_work, an_edge, an_image
from tests.unit.relations.pictures import OBJECT, PERSON, THRESHOLDS, a_picture, edges_of, named

EVE = ("Eve", PERSON, (200.0, 200.0, 400.0, 900.0))
ADAM = ("Adam", PERSON, (420.0, 200.0, 620.0, 900.0))
APPLE = ("apple", OBJECT, (300.0, 500.0, 340.0, 540.0))


@pytest.fixture
def eden() -> ImageBundle:
    return a_picture(EVE, ADAM, APPLE)


def of_kind(bundle: ImageBundle, kind: EdgeKind) -> Edge:
    return next(edge for edge in bundle.edges if edge.kind is kind)


def test_edges_say_who_made_them_and_why(eden: ImageBundle) -> None:
    derived = derive(eden, thresholds=THRESHOLDS)
    edge = of_kind(derived, EdgeKind.BESIDE)
    run = next(run for run in derived.runs if run.id == edge.run_id)

    assert edge.method == "geometry/beside@2"
    assert edge.layer is EdgeLayer.OBSERVED
    assert edge.evidence.number("gap_sizes") == pytest.approx(20 / 700, abs=1e-5)
    assert edge.evidence.lacked == ("heads",)
    assert "geometry/beside@2" in dict(run.parameters)["rules"]
    assert dict(run.parameters)["thresholds_sha256"] == THRESHOLDS.sha256


def test_deriving_twice_changes_nothing(eden: ImageBundle) -> None:
    once = derive(eden, thresholds=THRESHOLDS)
    twice = derive(once, thresholds=THRESHOLDS)

    assert twice.edges == once.edges
    assert twice.axes == once.axes
    assert twice.runs == once.runs
    assert twice.removed_edges == frozenset()


def test_edges_that_are_not_found_again_are_removed(eden: ImageBundle) -> None:
    derived = derive(eden, thresholds=THRESHOLDS)
    adam = named(eden)["Adam"].id
    stale = {e.id for e in derived.edges if adam in (e.subject_id, e.object_id)}
    fewer = ImageBundle(
        work=eden.work,
        image=eden.image,
        runs=derived.runs,
        regions=derived.regions,
        edges=derived.edges,
    )
    without_beside = tuple(rule for rule in RULES if rule.kind is EdgeKind.BESIDE)
    gone = replace(without_beside[0], find=lambda *_: ())
    again = derive(fewer, thresholds=THRESHOLDS, rules=(gone,))

    assert stale
    assert of_kind(derived, EdgeKind.BESIDE).id in again.removed_edges
    assert all(edge.kind is not EdgeKind.BESIDE for edge in again.edges)
    assert of_kind(again, EdgeKind.HOLDS) == of_kind(derived, EdgeKind.HOLDS)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"layer": EdgeLayer.ASSERTED, "method": "annotation"}, id="asserted"),
        pytest.param({"method": "pose/holds@1"}, id="another method"),
        pytest.param(
            {
                "method": "geometry/holds@2",
                "status": EdgeStatus.REJECTED,
                "review": Review(by="a curator", at="2026-01-01", reason="it hangs on a tree"),
            },
            id="rejected",
        ),
        pytest.param(
            {
                "method": "geometry/holds@2",
                "status": EdgeStatus.ACCEPTED,
                "review": Review(by="a curator", at="2026-01-01"),
            },
            id="accepted",
        ),
    ],
)
def test_what_others_said_stays(eden: ImageBundle, changes: dict[str, object]) -> None:
    regions = named(eden)
    said = an_edge(EdgeKind.HOLDS, regions["Eve"], regions["apple"], **changes)

    derived = derive(replace(eden, edges=(said,)), thresholds=THRESHOLDS)

    assert said in derived.edges
    assert derived.removed_edges == frozenset()


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([], id="nothing"),
        pytest.param([EVE], id="one person"),
        pytest.param([APPLE], id="no person"),
        pytest.param([EVE, ("speck", OBJECT, (300.0, 300.0, 301.0, 301.0))], id="one pixel"),
        pytest.param([EVE, ("twin", PERSON, (200.0, 200.0, 400.0, 900.5))], id="the same place"),
    ],
)
def test_sparse_pictures_pass(things: list[tuple[str, RegionKind, tuple[float, ...]]]) -> None:
    derived = derive(a_picture(*things), thresholds=THRESHOLDS)  # type: ignore[arg-type]  # 4 corners

    assert all(0.3 <= edge.confidence <= 1 for edge in derived.edges)


def test_groups_and_scenes_have_no_edges_of_their_own(eden: ImageBundle) -> None:
    scene = a_region(eden.image, "Eden", (0, 0, 1000, 1000), level=Level.SCENE)
    with_scene = replace(eden, regions=(*eden.regions, scene))

    derived = derive(with_scene, thresholds=THRESHOLDS)

    assert derived.edges == derive(eden, thresholds=THRESHOLDS).edges


def test_the_stage_derives(eden: ImageBundle) -> None:
    stage = DeriveRelations(thresholds=THRESHOLDS)

    assert stage.name == "relations"
    assert stage(eden, None).edges == derive(eden, thresholds=THRESHOLDS).edges


def crowd(count: int) -> ImageBundle:
    """Things of the same size spread evenly, a tenth of them persons."""
    random = np.random.default_rng(0)
    run, work = a_run(), a_work("crowd")
    image = an_image(work, width_px=4000, height_px=4000)
    size = 4000 / count**0.5
    kinds = random.choice([PERSON, OBJECT, RegionKind.ATTRIBUTE], size=count, p=[0.1, 0.6, 0.3])
    places = random.uniform(0, 4000 - size, size=(count, 2))
    regions = tuple(
        a_region(image, "sword", (x, y, x + size, y + size), kind=RegionKind(kind), run=run)
        for kind, (x, y) in zip(kinds, places, strict=True)
    )
    return ImageBundle(work=work, image=image, runs=(run,), regions=regions)


def test_edges_grow_with_the_things_and_not_with_their_pairs() -> None:
    few, many = (derive(crowd(n), thresholds=THRESHOLDS).edges for n in (500, 5000))

    assert len(few) > 500
    assert len(many) < 15 * len(few)


def test_everything_over_everything_stays_bounded() -> None:
    pile = a_picture(*[(f"p{n}", PERSON, (100.0 + n / 10, 100, 900, 900)) for n in range(200)])
    most = THRESHOLDS.common.most_neighbours

    assert len(edges_of(pile, EdgeKind.BESIDE)) <= 200 * most
