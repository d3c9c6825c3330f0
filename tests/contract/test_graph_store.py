"""What every store promises about writing (see `graph.store.port`)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import AxisId, EdgeId, RegionId, axis_id
from iconograph.graph.model.record import to_record
from iconograph.graph.model.region import Label
from iconograph.graph.model.work import Text
from tests.builders import (
    CLIP_SPACE,
    TEXT_SPACE,
    a_region,
    a_run,
    a_work,
    an_edge,
    an_image,
    eden_bundle,
    random_vectors,
)
from tests.contract.bundles import assert_same, full_bundle

if TYPE_CHECKING:
    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.store.port import GraphStore


def test_everything_of_an_image_comes_back(store: GraphStore) -> None:
    bundle = full_bundle()

    store.write(bundle)

    assert_same(bundle, store.bundle(bundle.image.id))


def test_writing_the_same_again_changes_nothing(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)
    counts = dict(store.info().counts)

    store.write(bundle)

    assert dict(store.info().counts) == counts
    assert_same(bundle, store.bundle(bundle.image.id))


def test_a_value_with_a_known_id_is_replaced(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    eve, *others = bundle.regions
    relabelled = replace(eve, labels=(Label(text="Venus"),), caption="a standing woman")
    changed = replace(
        bundle,
        work=replace(bundle.work, medium="oil on panel"),
        regions=(relabelled, *others),
        edges=tuple(replace(edge, confidence=0.25) for edge in bundle.edges),
    )

    store.write(changed)

    assert_same(changed, store.bundle(bundle.image.id))


def test_what_a_bundle_does_not_name_stays(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)

    store.write(replace(bundle, regions=bundle.regions[:2], edges=(), axes=(), vectors=()))

    parents = {region.id: region for region in store.regions(limit=10)}
    assert len(parents) == len(bundle.regions)
    found = store.bundle(bundle.image.id)
    assert found is not None
    assert len(found.edges) == len(bundle.edges)
    assert len(found.axes) == 1
    assert [len(vectors.region_ids) for vectors in found.vectors] == [4, 4]


def test_vectors_of_some_regions_leave_those_of_others(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    again = random_vectors(CLIP_SPACE, bundle.regions[:1], seed=7)

    store.write(replace(bundle, vectors=(again,)))

    found = store.bundle(bundle.image.id)
    assert found is not None
    clip = dict(zip(found.vectors[0].region_ids, found.vectors[0].matrix, strict=True))
    before = dict(zip(bundle.vectors[0].region_ids, bundle.vectors[0].matrix, strict=True))
    assert np.allclose(clip[bundle.regions[0].id], again.matrix[0], atol=1e-6)
    assert np.allclose(clip[bundle.regions[1].id], before[bundle.regions[1].id], atol=1e-6)


def test_a_removed_region_takes_its_edges_and_vectors_along(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)
    eve, _, apple, _ = bundle.regions

    store.write(
        ImageBundle(work=bundle.work, image=bundle.image, removed_regions=frozenset({eve.id}))
    )

    found = store.bundle(bundle.image.id)
    assert found is not None
    assert eve.id not in {region.id for region in found.regions}
    assert [(edge.subject_id, edge.kind) for edge in found.edges] == [
        (bundle.regions[3].id, EdgeKind.ABOVE)
    ]
    assert all(eve.id not in vectors.region_ids for vectors in found.vectors)
    assert [len(vectors.region_ids) for vectors in found.vectors] == [3, 3]
    assert store.regions_by_id([apple.id])[apple.id].parent_id is None


def test_removed_edges_go_and_their_regions_stay(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    gone = bundle.edges[1].id

    store.write(ImageBundle(work=bundle.work, image=bundle.image, removed_edges=frozenset({gone})))

    assert store.edges_by_id([gone]) == {}
    assert store.info().counts["edge"] == len(bundle.edges) - 1
    assert store.info().counts["region"] == len(bundle.regions)


def test_removed_axes_go_and_the_others_stay(store: GraphStore) -> None:
    bundle = full_bundle()
    (axis,) = bundle.axes
    other = replace(axis, id=axis_id(bundle.image.id, axis.kind, 1))
    store.write(replace(bundle, axes=(axis, other)))

    store.write(
        ImageBundle(work=bundle.work, image=bundle.image, removed_axes=frozenset({axis.id}))
    )

    assert_same(replace(bundle, axes=(other,)), store.bundle(bundle.image.id))
    assert store.info().counts["axis"] == 1


def test_removed_vectors_go_from_their_space_alone(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    eve, goat, *_ = bundle.regions
    removed = frozenset({(TEXT_SPACE.name, eve.id), (TEXT_SPACE.name, goat.id)})

    store.write(ImageBundle(work=bundle.work, image=bundle.image, removed_vectors=removed))

    found = store.bundle(bundle.image.id)
    assert found is not None
    clip, text = found.vectors
    assert (clip.space, text.space) == (CLIP_SPACE, TEXT_SPACE)
    assert set(clip.region_ids) == {region.id for region in bundle.regions}
    assert set(text.region_ids) == {region.id for region in bundle.regions[2:]}
    assert {region.id for region in found.regions} == {region.id for region in bundle.regions}


def test_all_vectors_of_a_space_can_go_and_come_back(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    all_of_it = frozenset((TEXT_SPACE.name, region.id) for region in bundle.regions)

    store.write(ImageBundle(work=bundle.work, image=bundle.image, removed_vectors=all_of_it))
    without = store.bundle(bundle.image.id)
    store.write(bundle)

    assert without is not None
    assert [vectors.space for vectors in without.vectors] == [CLIP_SPACE]
    assert_same(bundle, store.bundle(bundle.image.id))


def test_removing_what_is_not_there_does_nothing(store: GraphStore) -> None:
    bundle = eden_bundle()

    store.write(
        replace(
            bundle,
            removed_regions=frozenset({RegionId("r0")}),
            removed_edges=frozenset({EdgeId("e0")}),
            removed_axes=frozenset({AxisId("a0")}),
            removed_vectors=frozenset(
                {("clip:none", RegionId("r0")), ("text:test", RegionId("r0"))}
            ),
        )
    )

    assert_same(bundle, store.bundle(bundle.image.id))


def test_a_run_keeps_the_time_of_its_first_start(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    later = replace(bundle.runs[0], started_at="2027-07-07T00:00:00Z")

    store.write(replace(bundle, runs=(later,)))

    assert [run.started_at for run in store.runs()] == [bundle.runs[0].started_at]


def test_removing_an_image_removes_all_that_hangs_on_it(store: GraphStore) -> None:
    eden, other = full_bundle(), eden_bundle("ark")
    store.write(eden)
    store.write(other)

    store.remove_image(eden.image.id)

    assert store.bundle(eden.image.id) is None
    assert_same(other, store.bundle(other.image.id))
    counts = store.info().counts
    assert (counts["work"], counts["image"], counts["region"]) == (1, 1, 4)
    assert (counts["edge"], counts["axis"]) == (4, 0)


def test_a_work_stays_until_its_last_image_goes(store: GraphStore) -> None:
    first = eden_bundle()
    verso = an_image(first.work, name="verso")
    store.write(first)
    store.write(ImageBundle(work=first.work, image=verso))

    store.remove_image(first.image.id)
    assert set(store.works_by_id([first.work.id])) == {first.work.id}
    assert store.images_of([first.work.id]) == {first.work.id: [verso]}

    store.remove_image(verso.id)
    assert store.works_by_id([first.work.id]) == {}


def test_an_image_can_move_to_another_work(store: GraphStore) -> None:
    bundle, work = eden_bundle(), a_work("paradise")
    store.write(bundle)
    moved = replace(bundle, work=work, image=replace(bundle.image, work_id=work.id))

    store.write(moved)

    assert_same(moved, store.bundle(bundle.image.id))
    assert [found.id for found in store.works(limit=10)] == [work.id]


def test_spaces_are_independent(store: GraphStore) -> None:
    bundle = eden_bundle(with_vectors=False)
    clip = random_vectors(CLIP_SPACE, bundle.regions)
    text = random_vectors(TEXT_SPACE, bundle.regions[:2])
    store.write(replace(bundle, vectors=(text,)))
    assert store.spaces() == (TEXT_SPACE,)

    store.write(replace(bundle, vectors=(clip,)))

    assert store.spaces() == (CLIP_SPACE, TEXT_SPACE)
    assert_same(replace(bundle, vectors=(clip, text)), store.bundle(bundle.image.id))


@pytest.mark.parametrize(
    "space",
    [
        pytest.param(replace(CLIP_SPACE, dim=5), id="another size"),
        pytest.param(replace(CLIP_SPACE, weights_sha256="e" * 64), id="other weights"),
    ],
)
def test_a_space_that_does_not_fit_is_refused_and_nothing_stored(
    store: GraphStore, space: VectorSpace
) -> None:
    store.write(eden_bundle())
    other = eden_bundle("ark", with_vectors=False)
    vectors = random_vectors(space, other.regions)

    with pytest.raises(VectorSpaceError, match=r"clip:test/tiny.*clip:test/tiny"):
        store.write(replace(other, vectors=(vectors,)))

    assert store.bundle(other.image.id) is None
    assert store.works_by_id([other.work.id]) == {}
    assert store.info().counts["region"] == 4


def test_texts_of_all_languages_come_back(store: GraphStore) -> None:
    work = a_work("icon", titles=(Text(text="Спас \u2028 \u202e é '\"\\", language="ru"),))
    image = an_image(work, name="spas")
    region = a_region(image, "聖人", (1, 1, 9, 9), caption="нимб; DROP TABLE region; --")

    store.write(ImageBundle(work=work, image=image, runs=(a_run(),), regions=(region,)))

    assert to_record(store.works(limit=1)[0]) == to_record(work)
    assert store.regions(limit=1) == [region]


def test_a_bundle_of_many_regions_is_stored_whole(store: GraphStore) -> None:
    work = a_work("crowd")
    image = an_image(work, width_px=2000, height_px=2000)
    regions = tuple(
        a_region(image, f"figure {i}", (i, i, i + 10, i + 10), ordinal=i) for i in range(300)
    )
    edges = tuple(an_edge(EdgeKind.BESIDE, a, b) for a, b in pairwise(regions))
    vectors = (random_vectors(CLIP_SPACE, regions),)
    bundle = ImageBundle(
        work=work, image=image, runs=(a_run(),), regions=regions, edges=edges, vectors=vectors
    )

    store.write(bundle)

    assert_same(bundle, store.bundle(image.id))
