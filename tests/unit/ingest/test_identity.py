from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind, EdgeLayer, EdgeStatus, Review
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import RegionId, axis_id
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import Label, Level, Region, RegionKind
from iconograph.graph.model.run import Run, run_of
from iconograph.graph.model.work import Text, Work
from iconograph.graph.store.open import open_store
from iconograph.ingest.identity import changes_nothing, reconciled
from iconograph.ingest.runs import origin_of
from iconograph.ingest.works import unknown_work
from tests.builders import (
    CLIP_SPACE,
    TEXT_SPACE,
    a_region,
    a_work,
    an_edge,
    an_image,
    random_vectors,
)

WORK = a_work()
IMAGE = an_image(WORK)
Box = tuple[float, float, float, float]
EVE: Box = (20, 20, 60, 90)
EVE_MOVED: Box = (21, 20, 61, 90)
FAR: Box = (150, 10, 180, 40)
REVIEW = Review(by="curator", at="2026-01-01", reason="seen")


def origin(name: str, version: str = "1") -> Run:
    return run_of(f"iconograph {version}", started_at="2026-01-01", parameters=(("origin", name),))


ANNOTATED, RULED, CURATED = origin("annotations:a.json"), origin("rules"), origin("curator")


def region(box: Box, source_id: str = "", *, run: Run = ANNOTATED, **fields: Any) -> Region:
    return a_region(IMAGE, "x", box, run=run, source_id=source_id, **fields)


def edge(subject: Region, object_: Region, **fields: Any) -> Edge:
    return an_edge(EdgeKind.HOLDS, subject, object_, **{"run_id": RULED.id, **fields})


def bundle(*regions: Region, edges: tuple[Edge, ...] = (), **fields: Any) -> ImageBundle:
    runs = (ANNOTATED, RULED)
    return ImageBundle(
        **{"work": WORK, "image": IMAGE, "runs": runs, "regions": regions, "edges": edges, **fields}
    )


def test_without_a_stored_image_nothing_changes() -> None:
    new = bundle(region(EVE))
    assert reconciled(new, None) is new
    assert not changes_nothing(new, None)


def test_what_is_stored_already_changes_nothing() -> None:
    eve, goat = region(EVE, "1"), region(FAR, "2")
    vectors = (random_vectors(TEXT_SPACE, (eve, goat)),)
    stored = bundle(eve, goat, edges=(edge(eve, goat),), vectors=vectors)
    assert changes_nothing(reconciled(stored, stored), stored)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"work": dataclasses.replace(WORK, medium="oil")}, id="work"),
        pytest.param({"image": dataclasses.replace(IMAGE, source_id="9")}, id="image"),
        pytest.param({"regions": (region(EVE, "1", caption="new"),)}, id="region"),
        pytest.param({"regions": ()}, id="region-gone"),
        pytest.param({"vectors": (random_vectors(TEXT_SPACE, (region(EVE, "1"),)),)}, id="vector"),
    ],
)
def test_whatever_differs_is_a_change(fields: dict[str, Any]) -> None:
    stored = bundle(region(EVE, "1"))
    new = dataclasses.replace(stored, **fields)
    assert not changes_nothing(reconciled(new, stored), stored)


def test_a_run_that_no_fact_names_is_no_change() -> None:
    stored = bundle(region(EVE, "1"))
    assert changes_nothing(
        reconciled(bundle(region(EVE, "1"), runs=(ANNOTATED, CURATED)), stored), stored
    )


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        pytest.param(region(EVE), region(EVE), True, id="same-outline"),
        pytest.param(region(EVE, "1"), region(FAR, "1"), True, id="source-id-far-away"),
        pytest.param(region(EVE, "1"), region(EVE_MOVED, "2"), True, id="overlap"),
        pytest.param(region(EVE), region(EVE_MOVED), True, id="overlap-without-source-id"),
        pytest.param(region(EVE), region((30, 20, 70, 90)), False, id="overlap-too-small"),
        pytest.param(region(EVE, level=Level.GROUP), region(EVE), False, id="another-level"),
        pytest.param(
            region(EVE, kind=RegionKind.ATTRIBUTE), region(EVE_MOVED), False, id="another-kind"
        ),
        pytest.param(
            region(EVE, kind=RegionKind.UNKNOWN), region(EVE_MOVED), True, id="kind-not-known"
        ),
        pytest.param(region(EVE, "1", run=RULED), region(FAR, "1"), False, id="anothers-source-id"),
    ],
)
def test_which_region_keeps_a_stored_id(old: Region, new: Region, same: bool) -> None:  # noqa: FBT001  a parameter of the table
    (kept,) = reconciled(bundle(new), bundle(old)).regions
    assert (kept.id == old.id) is same
    assert kept.outline == new.outline


def test_twins_in_one_outline_keep_their_ids_when_their_order_changes() -> None:
    woman, dress = region(EVE, "woman"), region(EVE, "dress", ordinal=1)
    turned = (region(EVE, "dress"), region(EVE, "woman", ordinal=1))
    found = {r.source_id: r.id for r in reconciled(bundle(*turned), bundle(woman, dress)).regions}
    assert found == {"woman": woman.id, "dress": dress.id}


def test_a_new_region_does_not_take_the_id_of_one_that_moved() -> None:
    stored = bundle(region(EVE, "1"))
    new = bundle(region(FAR, "1"), region(EVE, "2"))
    first, second = reconciled(new, stored).regions
    assert first.id == stored.regions[0].id
    assert second.id == region(EVE, ordinal=1).id
    again = reconciled(new, reconciled(new, stored))
    assert [r.id for r in again.regions] == [first.id, second.id]


def test_everything_that_names_a_region_follows_its_kept_id() -> None:
    old_eve, old_goat = region(EVE, "1"), region(FAR, "2")
    eve, goat = region(EVE_MOVED, "1"), region((151, 10, 181, 40), "2")
    gaze = Gaze(state=GazeState.TARGET, origin=Point(x_px=1, y_px=1), target_region=goat.id)
    eve = dataclasses.replace(eve, gaze=gaze, parent_id=goat.id)
    new = bundle(
        eve, goat, edges=(edge(eve, goat),), vectors=(random_vectors(TEXT_SPACE, (eve, goat)),)
    )
    found = reconciled(new, bundle(old_eve, old_goat, edges=(edge(old_eve, old_goat),)))
    assert found.regions[0].parent_id == old_goat.id
    assert found.regions[0].gaze is not None
    assert found.regions[0].gaze.target_region == old_goat.id
    assert [e.id for e in found.edges] == [edge(old_eve, old_goat).id]
    assert found.vectors[0].region_ids == (old_eve.id, old_goat.id)
    assert np.array_equal(found.vectors[0].matrix, new.vectors[0].matrix)
    assert not found.removed_regions
    assert not found.removed_edges


def test_the_ends_of_a_symmetric_edge_are_put_in_order_again() -> None:
    old = (region(EVE, "1"), region(FAR, "2"))
    new = (region(EVE_MOVED, "1"), region((151, 10, 181, 40), "2"))
    beside = an_edge(EdgeKind.BESIDE, *new, run_id=RULED.id)
    (found,) = reconciled(bundle(*new, edges=(beside,)), bundle(*old)).edges
    assert found.id == an_edge(EdgeKind.BESIDE, *old, run_id=RULED.id).id


def test_what_the_same_origin_says_no_more_is_removed_even_by_another_version() -> None:
    eve, goat = region(EVE, "1"), region(FAR, "2")
    stored = bundle(eve, goat, edges=(edge(eve, goat), edge(goat, eve)))
    newer = origin("annotations:a.json", version="2")
    rules = origin("rules", version="2")
    said = (region(EVE, "1", run=newer), region(FAR, "2", run=newer))
    only = edge(eve, goat, run_id=rules.id)
    found = reconciled(bundle(*said, edges=(only,), runs=(newer, rules)), stored)
    assert found.removed_edges == {edge(goat, eve).id}
    found = reconciled(bundle(said[0], runs=(newer,)), stored)
    assert found.removed_regions == {goat.id}


def test_what_other_origins_say_stays() -> None:
    eve, goat = region(EVE, "1"), region(FAR, "2")
    stored = bundle(eve, goat, edges=(edge(eve, goat),))
    found = reconciled(bundle(eve, goat, runs=(ANNOTATED,)), stored)
    assert not found.removed_edges
    other = origin("annotations:b.json")
    found = reconciled(bundle(region((80, 5, 90, 15), run=other), runs=(other,)), stored)
    assert not found.removed_regions


@pytest.mark.parametrize(
    "judged",
    [
        pytest.param({"status": EdgeStatus.ACCEPTED, "review": REVIEW}, id="accepted"),
        pytest.param({"status": EdgeStatus.REJECTED, "review": REVIEW}, id="rejected"),
        pytest.param(
            {"layer": EdgeLayer.ASSERTED, "method": "curator", "run_id": CURATED.id}, id="asserted"
        ),
    ],
)
def test_judged_edges_and_their_regions_stay(judged: dict[str, Any]) -> None:
    parent, eve, goat = region((0, 0, 99, 99), "0"), region(EVE, "1"), region(FAR, "2")
    eve = dataclasses.replace(eve, parent_id=parent.id)
    kept = edge(eve, goat, **judged)
    runs = (ANNOTATED, RULED, CURATED)
    stored = bundle(parent, eve, goat, edges=(kept,), runs=runs)
    found = reconciled(bundle(), stored)
    assert not found.removed_regions
    assert not found.removed_edges


def test_what_a_stage_takes_away_is_removed_unless_somebody_judged_it() -> None:
    eve, goat = region(EVE, "1"), region(FAR, "2")
    accepted = edge(goat, eve, status=EdgeStatus.ACCEPTED, review=REVIEW)
    edges = (edge(eve, goat), accepted)
    stored = bundle(eve, goat, edges=edges)
    removed = frozenset(e.id for e in edges)
    new = bundle(eve, goat, runs=(ANNOTATED,), removed_edges=removed)
    assert reconciled(new, stored).removed_edges == {edges[0].id}


def axis(run: Run, ordinal: int = 0) -> Axis:
    return Axis(
        id=axis_id(IMAGE.id, AxisKind.DIVIDE, ordinal),
        image_id=IMAGE.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=100, y_px=50),
        angle_deg=90,
        length_px=100,
        strength=0.5,
        method="gap",
        run_id=run.id,
    )


def test_axes_that_are_not_found_again_are_removed_and_those_of_others_stay() -> None:
    runs = (ANNOTATED, RULED, CURATED)
    found_again, lost, curated = axis(RULED), axis(RULED, 1), axis(CURATED, 2)
    stored = bundle(axes=(found_again, lost, curated), runs=runs)
    new = reconciled(bundle(axes=(found_again,)), stored)
    assert new.removed_axes == {lost.id}
    assert not changes_nothing(new, stored)


def test_a_run_without_an_origin_is_known_by_its_software_and_parameters() -> None:
    def run(version: str, **parameters: str) -> Run:
        pairs = tuple(parameters.items())
        return run_of(f"iconograph {version}", started_at="2026", parameters=pairs)

    assert origin_of(run("1", rules="a")) == origin_of(run("2", rules="b"))
    assert origin_of(run("1", rules="a")) != origin_of(run("1", curator="a"))
    assert origin_of(run("1", rules="a", origin="x")) == "x"


def test_a_reviewed_edge_is_not_said_again_by_the_machine() -> None:
    eve, goat = region(EVE, "1"), region(FAR, "2")
    accepted = edge(eve, goat, status=EdgeStatus.ACCEPTED, review=REVIEW)
    found = reconciled(
        bundle(eve, goat, edges=(edge(eve, goat, confidence=0.1),)),
        bundle(eve, goat, edges=(accepted,)),
    )
    assert found.edges == ()
    assert not found.removed_edges


def test_a_work_known_by_its_file_alone_does_not_overwrite_a_stored_one() -> None:
    unknown = unknown_work(IMAGE.id, IMAGE.file_name)
    image = dataclasses.replace(IMAGE, work_id=unknown.id)
    found = reconciled(bundle(work=unknown, image=image), bundle())
    assert (found.work, found.image) == (WORK, IMAGE)


def test_a_work_of_which_a_title_is_known_overwrites_a_stored_one() -> None:
    titled = Work(id=WORK.id, titles=(Text(text="The Fall"),))
    assert reconciled(bundle(work=titled), bundle()).work == titled


def with_vectors(*regions: Region) -> ImageBundle:
    """Regions with a vector of words and one of the picture each."""
    spaces = (TEXT_SPACE, CLIP_SPACE)
    return bundle(*regions, vectors=tuple(random_vectors(space, regions) for space in spaces))


TWO = with_vectors(region(EVE, "1"), region(FAR, "2"))
HELD = {(v.space.name, i) for v in TWO.vectors for i in v.region_ids}
NAMED = dataclasses.replace(region(EVE, "1"), labels=(Label(text="Eve"),))
WORDS_OF_EVE = {(TEXT_SPACE.name, TWO.regions[0].id)}
LOOK_OF_EVE = {(CLIP_SPACE.name, TWO.regions[0].id)}


@pytest.mark.parametrize(
    ("eve", "gone"),
    [
        pytest.param(region(EVE, "1"), set(), id="unchanged"),
        pytest.param(region(EVE, "3"), set(), id="other-source-id"),
        pytest.param(NAMED, WORDS_OF_EVE, id="label"),
        pytest.param(region(EVE, "1", caption="a woman"), WORDS_OF_EVE, id="caption"),
        pytest.param(region(EVE_MOVED, "1"), LOOK_OF_EVE, id="outline"),
        pytest.param(
            region(EVE_MOVED, "1", caption="a woman"), WORDS_OF_EVE | LOOK_OF_EVE, id="both"
        ),
    ],
)
def test_vectors_of_what_changed_are_removed(eve: Region, gone: set[tuple[str, RegionId]]) -> None:
    with open_store("memory:") as store:
        store.write(TWO)
        found = reconciled(bundle(eve, region(FAR, "2")), store.bundle(IMAGE.id))
        store.write(found)
        now = store.bundle(IMAGE.id)

    assert now is not None
    assert found.removed_vectors == gone
    assert {(v.space.name, i) for v in now.vectors for i in v.region_ids} == HELD - gone


def test_vectors_that_the_new_bundle_brings_are_not_removed() -> None:
    moved = region(EVE_MOVED, "1", caption="a woman")
    brought = bundle(moved, vectors=(random_vectors(TEXT_SPACE, (moved,)),))
    found = reconciled(brought, TWO)

    assert found.removed_vectors & (WORDS_OF_EVE | LOOK_OF_EVE) == LOOK_OF_EVE
    assert found.vectors[0].region_ids == (TWO.regions[0].id,)


def test_vectors_that_a_stage_takes_away_are_removed_from_the_region_that_it_is() -> None:
    moved = region(EVE_MOVED, "3")
    taken = frozenset({(TEXT_SPACE.name, moved.id), (TEXT_SPACE.name, TWO.regions[1].id)})
    found = reconciled(bundle(moved, removed_vectors=taken), TWO)

    assert found.removed_vectors >= {(TEXT_SPACE.name, r.id) for r in TWO.regions}


def test_taking_a_vector_away_is_a_change_while_it_is_stored() -> None:
    taken = frozenset({(TEXT_SPACE.name, TWO.regions[1].id)})
    new = dataclasses.replace(TWO, vectors=(), removed_vectors=taken)

    assert not changes_nothing(reconciled(new, TWO), TWO)
    without = dataclasses.replace(TWO, vectors=TWO.vectors[1:])
    assert changes_nothing(reconciled(new, without), without)


boxes = st.tuples(
    st.integers(0, 60), st.integers(0, 40), st.integers(5, 120), st.integers(5, 50)
).map(lambda b: (float(b[0]), float(b[1]), float(b[0] + b[2]), float(b[1] + b[3])))


@given(
    before=st.lists(boxes, max_size=6, unique=True),
    after=st.lists(boxes, max_size=6, unique=True),
    with_ids=st.booleans(),
)
def test_reconciling_twice_changes_nothing_more(
    before: list[Box],
    after: list[Box],
    with_ids: bool,  # noqa: FBT001  drawn by hypothesis
) -> None:
    def drawn(found: list[Box]) -> ImageBundle:
        return bundle(*(region(b, str(i) if with_ids else "") for i, b in enumerate(found)))

    first = reconciled(drawn(after), drawn(before))
    stored = dataclasses.replace(first, removed_regions=frozenset())
    assert changes_nothing(reconciled(drawn(after), stored), stored)
    assert len({r.id for r in first.regions}) == len(after)
    assert {r.outline for r in first.regions} == {region(b).outline for b in after}
