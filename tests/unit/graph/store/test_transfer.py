"""Copying a store and comparing two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.model.run import run_of
from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import bundle_differences, compare_stores, copy_store
from tests.builders import CLIP_SPACE, a_run, eden_bundle, random_vectors
from tests.contract.bundles import full_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.store.port import GraphStore


@pytest.fixture
def source() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        for bundle in (full_bundle(), eden_bundle("ark"), eden_bundle("flood")):
            store.write(bundle)
        yield store


@pytest.fixture
def target(tmp_path: Path) -> Iterator[GraphStore]:
    with open_store(f"sqlite:///{tmp_path / 'target.db'}") as store:
        yield store


def test_a_copy_is_equal(source: GraphStore, target: GraphStore) -> None:
    seen: list[str] = []

    report = copy_store(source, target, on_image=seen.append)

    assert (report.written, report.unchanged) == (3, 0)
    assert seen == [bundle.image.id for bundle in source.bundles()]
    difference = compare_stores(source, target)
    assert difference.equal
    assert difference.lines() == ["equal: 3 images"]


def test_copying_again_writes_what_changed(source: GraphStore, target: GraphStore) -> None:
    copy_store(source, target)
    ark = eden_bundle("ark")
    source.write(replace(ark, work=replace(ark.work, medium="ink")))

    report = copy_store(source, target)

    assert (report.written, report.unchanged) == (1, 2)
    assert compare_stores(source, target).equal


def test_a_copy_takes_away_what_the_source_lacks(source: GraphStore, target: GraphStore) -> None:
    copy_store(source, target)
    eden = full_bundle()
    source.write(
        replace(
            eden,
            removed_regions=frozenset({eden.regions[0].id}),
            removed_edges=frozenset({eden.edges[3].id}),
            removed_axes=frozenset({eden.axes[0].id}),
        )
    )

    copy_store(source, target)

    assert compare_stores(source, target).equal


def test_images_that_only_the_target_holds_stay(source: GraphStore, target: GraphStore) -> None:
    babel = eden_bundle("babel")
    target.write(babel)

    copy_store(source, target)

    assert target.bundle(babel.image.id) is not None
    assert compare_stores(source, target).extra == (babel.image.id,)


def test_runs_that_no_fact_names_are_copied(source: GraphStore, target: GraphStore) -> None:
    copy_store(source, target)
    old = run_of("iconograph older", started_at="2025-01-01T00:00:00Z")
    source.write(replace(eden_bundle("ark"), runs=(a_run(), old)))
    assert compare_stores(source, target).runs == (f"run {old.id} is missing in the second store",)

    copy_store(source, target)

    assert compare_stores(source, target).equal


def without_an_edge(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, edges=bundle.edges[1:])


def with_another_caption(bundle: ImageBundle) -> ImageBundle:
    eve, *others = bundle.regions
    return replace(bundle, regions=(replace(eve, caption="a queen"), *others))


def without_text_vectors(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, vectors=bundle.vectors[:1])


def with_other_vectors(bundle: ImageBundle) -> ImageBundle:
    other = random_vectors(CLIP_SPACE, bundle.regions, seed=9)
    return replace(bundle, vectors=(other, bundle.vectors[1]))


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        pytest.param(without_an_edge, "edge {edge} is missing in the second store", id="edge"),
        pytest.param(with_another_caption, "region {region} differs in caption", id="caption"),
        pytest.param(
            without_text_vectors, "vectors of text:test are in one store only", id="space"
        ),
        pytest.param(with_other_vectors, "vectors of clip:test/tiny differ", id="vectors"),
    ],
)
def test_each_difference_is_named(
    target: GraphStore, change: Callable[[ImageBundle], ImageBundle], finding: str
) -> None:
    bundle = eden_bundle()
    expected = finding.format(edge=bundle.edges[0].id, region=bundle.regions[0].id)
    target.write(change(bundle))
    with open_store("memory:") as first:
        first.write(bundle)

        difference = compare_stores(first, target)

    assert [image.records for image in difference.differing] == [(expected,)]
    assert difference.lines() == [f"{bundle.image.uri}: {expected}"]
    assert difference.to_record() == {
        "equal": False,
        "compared": 1,
        "missing": [],
        "extra": [],
        "differing": [
            {"image_id": bundle.image.id, "uri": bundle.image.uri, "records": [expected]}
        ],
        "runs": [],
    }


def test_images_of_one_store_only_are_named(source: GraphStore, target: GraphStore) -> None:
    ark = eden_bundle("ark")
    target.write(ark)

    lost, won = compare_stores(source, target), compare_stores(target, source)

    assert lost.missing == won.extra
    assert len(lost.missing) == 2
    assert ark.image.id not in lost.missing
    assert lost.lines() == [f"the second store lacks image {i}" for i in lost.missing]
    assert won.lines() == [f"only the second store has image {i}" for i in won.extra]


@pytest.mark.parametrize(("step", "equal"), [(1e-7, True), (1e-4, False)])
def test_vectors_may_differ_by_rounding_only(step: float, *, equal: bool) -> None:
    bundle = eden_bundle()
    clip, text = bundle.vectors
    moved = replace(clip, matrix=(clip.matrix + step).astype(np.float32))

    found = bundle_differences(bundle, replace(bundle, vectors=(moved, text)))

    assert (found == ()) is equal
