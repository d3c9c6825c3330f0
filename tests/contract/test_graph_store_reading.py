"""What every store promises about reading (see `graph.store.port`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import StoreError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeStatus
from iconograph.graph.model.ids import EdgeId, ImageId, RegionId, WorkId
from iconograph.graph.model.run import run_of
from iconograph.graph.store.port import SCHEMA_VERSION
from tests.builders import (
    CLIP_SPACE,
    TEXT_SPACE,
    a_run,
    a_work,
    an_image,
    eden_bundle,
)
from tests.contract.bundles import EVE_IN_ICONCLASS, assert_same, full_bundle

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore


def test_a_bundle_comes_back_in_order(store: GraphStore) -> None:
    store.write(full_bundle())

    found = store.bundle(full_bundle().image.id)

    assert found is not None
    for values in (found.regions, found.edges, found.axes):
        ids = [value.id for value in values]
        assert ids == sorted(ids)
    assert [vectors.space.name for vectors in found.vectors] == ["clip:test/tiny", "text:test"]
    for vectors in found.vectors:
        assert list(vectors.region_ids) == sorted(vectors.region_ids)


def test_an_image_that_is_not_there_is_none(store: GraphStore) -> None:
    assert store.bundle(ImageId("0" * 64)) is None


def test_an_empty_store_answers_everything_with_nothing(store: GraphStore) -> None:
    assert list(store.bundles()) == []
    assert store.spaces() == ()
    assert store.works(limit=10) == []
    assert store.regions(limit=10) == []
    assert store.runs() == []
    assert store.info().counts["region"] == 0
    store.remove_image(ImageId("0" * 64))


def test_works_come_in_pages(store: GraphStore) -> None:
    for name in ("eden", "ark", "flood", "babel", "sodom"):
        store.write(eden_bundle(name, with_vectors=False))

    pages, after = [], None
    while page := store.works(after=after, limit=2):
        pages.append(page)
        after = page[-1].id

    ids = [work.id for page in pages for work in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5


def test_regions_come_in_pages_of_one_image_or_of_all(store: GraphStore) -> None:
    eden, ark = eden_bundle(with_vectors=False), eden_bundle("ark", with_vectors=False)
    store.write(eden)
    store.write(ark)
    everything = sorted([*eden.regions, *ark.regions], key=lambda region: region.id)
    of_ark = sorted(ark.regions, key=lambda region: region.id)

    assert store.regions(limit=100) == everything
    assert store.regions(after=everything[2].id, limit=3) == everything[3:6]
    assert store.regions(image_id=ark.image.id, limit=3) == of_ark[:3]
    assert store.regions(image_id=ark.image.id, after=of_ark[2].id, limit=3) == of_ark[3:]
    assert store.regions(after=everything[-1].id, limit=3) == []


def test_images_come_one_at_a_time_in_order(store: GraphStore) -> None:
    bundles = [eden_bundle(name) for name in ("eden", "ark", "flood")]
    for bundle in bundles:
        store.write(bundle)

    found = list(store.bundles())

    assert [b.image.id for b in found] == sorted(b.image.id for b in bundles)
    for bundle in found:
        assert_same(bundle, store.bundle(bundle.image.id))


def test_values_are_found_by_id(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)
    work, image, edge, region = bundle.work, bundle.image, bundle.edges[0], bundle.regions[0]

    assert store.works_by_id([work.id, WorkId("w0")]) == {work.id: work}
    assert store.images_by_id([image.id, ImageId("0")]) == {image.id: image}
    assert store.regions_by_id([region.id, RegionId("r0")]) == {region.id: region}
    assert store.edges_by_id([edge.id, EdgeId("e0")]) == {edge.id: edge}
    concept = EVE_IN_ICONCLASS
    assert store.concepts_by_id([concept.id]) == {concept.id: concept}
    assert store.works_by_id([]) == {}


def test_edges_of_a_region_begin_or_end_there(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)
    eve, goat, _, _ = (region.id for region in bundle.regions)

    found = store.edges_of([eve, goat, RegionId("r0")])

    for region in (eve, goat):
        expected = [e for e in bundle.edges if region in (e.subject_id, e.object_id)]
        assert found[region] == sorted(expected, key=lambda edge: edge.id)
    assert found[RegionId("r0")] == []
    assert any(edge.status is EdgeStatus.REJECTED for edge in found[goat])


def test_images_of_a_work_come_in_order(store: GraphStore) -> None:
    work = a_work("altar")
    images = [an_image(work, name=name) for name in ("left", "middle", "right")]
    for image in images:
        store.write(ImageBundle(work=work, image=image))

    found = store.images_of([work.id, WorkId("w0")])

    assert found == {work.id: sorted(images, key=lambda image: image.id), WorkId("w0"): []}


def test_all_runs_are_kept(store: GraphStore) -> None:
    bundle = eden_bundle(with_vectors=False)
    unused = run_of("iconograph test", started_at="2026-03-03T00:00:00Z", parameters=(("k", "1"),))

    store.write(replace(bundle, runs=(a_run(), unused)))

    assert store.runs() == sorted((a_run(), unused), key=lambda run: run.id)
    found = store.bundle(bundle.image.id)
    assert found is not None
    assert found.runs == (a_run(),)


def test_info_counts_records(store: GraphStore) -> None:
    store.write(full_bundle())

    info = store.info()

    assert info.url == store.url
    assert info.schema_version == SCHEMA_VERSION
    assert info.spaces == (CLIP_SPACE, TEXT_SPACE)
    assert dict(info.counts) == {
        "work": 1,
        "image": 1,
        "run": 1,
        "concept": 1,
        "region": 4,
        "axis": 1,
        "edge": 4,
        "edge:ABOVE": 2,
        "edge:BESIDE": 1,
        "edge:HOLDS": 1,
    }


def test_closing_twice_does_nothing_and_a_closed_store_says_so(store: GraphStore) -> None:
    store.close()
    store.close()

    with pytest.raises(StoreError, match="closed"):
        store.works(limit=1)
