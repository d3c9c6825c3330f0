"""What every store answers to a search (see `graph.store.candidates`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import ConceptId
from iconograph.graph.model.region import Label, Level, RegionKind
from iconograph.graph.store.candidates import (
    LinkRequest,
    NodeRequest,
)
from tests.builders import CLIP_SPACE, TEXT_SPACE, eden_bundle, random_vectors
from tests.contract.bundles import EVE_IN_ICONCLASS, full_bundle

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore
from tests.contract.found import found, near


def test_regions_come_sorted_with_their_columns(store: GraphStore) -> None:
    eden, ark = eden_bundle(), eden_bundle("ark")
    store.write(eden)
    store.write(ark)

    columns = found(store, NodeRequest(vectors=near(eden))).columns

    regions = {str(region.id): region for region in (*eden.regions, *ark.regions)}
    assert list(columns.region_ids) == sorted(regions)
    assert list(columns.image_ids) == sorted([eden.image.id, ark.image.id])
    assert list(columns.work_ids) == sorted([eden.work.id, ark.work.id])
    for row, region_id in enumerate(columns.region_ids):
        region = regions[region_id]
        bundle = eden if region.image_id == eden.image.id else ark
        assert columns.image_ids[columns.image_of[row]] == region.image_id
        assert columns.work_ids[columns.work_of[row]] == bundle.work.id
        assert tuple(Level)[columns.level[row]] is region.level
        assert tuple(RegionKind)[columns.kind[row]] is region.kind
    assert columns.eligible.all()


def test_columns_have_the_stated_types(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    link = LinkRequest(subject=0, object=1, kinds=frozenset({EdgeKind.HOLDS}))
    node = NodeRequest(
        tokens=frozenset({"woman"}), concepts=frozenset({ConceptId("x:1")}), vectors=near(bundle)
    )

    columns = found(store, node, NodeRequest(vectors=near(bundle)), links=[link]).columns

    assert columns.image_of.dtype == columns.work_of.dtype == np.int32
    assert columns.level.dtype == columns.kind.dtype == np.int8
    assert columns.eligible.dtype == np.bool_
    assert columns.labels.offsets.dtype == np.int64
    assert columns.labels.regions.dtype == columns.caption_hits["woman"].dtype == np.int32
    assert columns.labels.confidence.dtype == np.float32
    assert columns.concept_hits[ConceptId("x:1")].dtype == np.int32
    assert columns.cosines[CLIP_SPACE.name].dtype == np.float32
    assert columns.cosines[CLIP_SPACE.name].shape == (2, len(bundle.regions))
    edges = columns.edges[EdgeKind.HOLDS]
    assert edges.subject.dtype == edges.object.dtype == np.int32
    assert edges.confidence.dtype == np.float32
    assert len(columns.unseen_cosine) == len(columns.unseen_token) == 2


def test_labels_name_the_regions_that_bear_them(store: GraphStore) -> None:
    bundle = eden_bundle()
    eve, goat, *others = bundle.regions
    eve = replace(
        eve,
        labels=(
            Label(text="woman", confidence=0.75),
            Label(text="Eve"),
            Label(text="woman", confidence=0.5, language="de"),
        ),
    )
    goat = replace(goat, labels=(Label(text="woman", confidence=0.25),))
    store.write(replace(bundle, regions=(eve, goat, *others)))

    labels = found(store, NodeRequest(vectors=near(bundle))).labels()

    assert labels["woman"] == {eve.id: 0.75, goat.id: 0.25}
    assert labels["Eve"] == {eve.id: 1.0}
    assert set(labels) == {"woman", "Eve", "apple", "angel"}


@pytest.mark.parametrize(
    ("caption", "token", "hit"),
    [
        pytest.param("Two women holding flowers", "flower", True, id="plural"),
        pytest.param("Two women holding flowers", "woman", True, id="irregular plural"),
        pytest.param("A HALO of gold", "halo", True, id="upper case"),
        pytest.param("John's lamb", "john", True, id="possessive"),
        pytest.param("at one o'clock", "o'clock", True, id="inner apostrophe"),
        pytest.param("un ange d\u00e9chu", "d\u00e9chu", True, id="accent"),
        pytest.param("un ange d\u00e9chu", "dechu", False, id="accent is not dropped"),
        pytest.param("a goatherd", "goat", False, id="part of a word"),
        pytest.param("a goat AND a kid", "OR", False, id="operator of a query language"),
        pytest.param("a goat", '"', False, id="quotation mark"),
        pytest.param("", "goat", False, id="no caption"),
    ],
)
def test_a_caption_is_hit_by_its_lemmas(
    store: GraphStore, caption: str, token: str, *, hit: bool
) -> None:
    bundle = eden_bundle()
    eve, *others = bundle.regions
    others = [replace(region, caption="") for region in others]
    store.write(replace(bundle, regions=(replace(eve, caption=caption), *others)))

    answer = found(store, NodeRequest(tokens=frozenset({token}), vectors=near(bundle)))

    hits = answer.ids(answer.columns.caption_hits.get(token, np.empty(0, np.int32)))
    assert hits == ({eve.id} if hit else set())


def test_a_changed_caption_is_found_by_its_new_words_only(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    eve, *others = bundle.regions
    store.write(replace(bundle, regions=(replace(eve, caption="a queen"), *others)))

    tokens = frozenset({"hair", "queen"})
    answer = found(store, NodeRequest(tokens=tokens, vectors=near(bundle)))

    hits = {token: answer.ids(rows) for token, rows in answer.columns.caption_hits.items()}
    assert hits.get("hair", set()) == set()
    assert hits["queen"] == {eve.id}


def test_concepts_of_a_region_and_of_its_work(store: GraphStore) -> None:
    bundle = full_bundle()
    of_work = replace(bundle, work=replace(bundle.work, concepts=(ConceptId("iconclass:71A"),)))
    store.write(of_work)
    store.write(eden_bundle("ark"))
    asked = frozenset({EVE_IN_ICONCLASS.id, ConceptId("iconclass:71A"), ConceptId("iconclass:9")})

    answer = found(store, NodeRequest(concepts=asked, vectors=near(bundle)))

    hits = {c: answer.ids(rows) for c, rows in answer.columns.concept_hits.items() if len(rows)}
    assert hits == {
        EVE_IN_ICONCLASS.id: {bundle.regions[0].id},
        ConceptId("iconclass:71A"): {region.id for region in bundle.regions},
    }


def test_cosines_with_every_vector(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    clip, text = bundle.vectors
    nodes = (NodeRequest(vectors=near(bundle, 0)), NodeRequest(vectors=near(bundle, 1)))

    answer = found(store, *nodes)

    for vectors in (clip, text):
        for node in (0, 1):
            expected = vectors.matrix @ vectors.matrix[node]
            by_region = dict(zip(vectors.region_ids, expected.tolist(), strict=True))
            assert answer.cosines(vectors.space.name, node) == pytest.approx(by_region, abs=1e-5)


def test_regions_without_a_vector_and_nodes_without_a_query_have_no_cosine(
    store: GraphStore,
) -> None:
    bundle = eden_bundle(with_vectors=False)
    clip = random_vectors(CLIP_SPACE, bundle.regions[:2])
    text = random_vectors(TEXT_SPACE, bundle.regions[1:])
    store.write(replace(bundle, vectors=(clip, text)))
    nodes = (
        NodeRequest(vectors={CLIP_SPACE.name: clip.matrix[0]}),
        NodeRequest(vectors={TEXT_SPACE.name: text.matrix[0]}),
    )

    answer = found(store, *nodes)

    assert set(answer.cosines(CLIP_SPACE.name, 0)) == set(clip.region_ids)
    assert set(answer.cosines(TEXT_SPACE.name, 1)) == set(text.region_ids)
    assert answer.cosines(CLIP_SPACE.name, 1) == answer.cosines(TEXT_SPACE.name, 0) == {}


@pytest.mark.parametrize(
    ("name", "dim", "message"),
    [
        pytest.param("clip:other/model", 8, r"clip:other/model.*clip:test/tiny", id="space"),
        pytest.param("clip:test/tiny", 5, r"clip:test/tiny.*5.*8", id="size"),
    ],
)
def test_a_query_of_another_space_or_size_is_refused(
    store: GraphStore, name: str, dim: int, message: str
) -> None:
    store.write(eden_bundle())
    vector = np.eye(dim, dtype=np.float32)[0]

    with pytest.raises(VectorSpaceError, match=message):
        found(store, NodeRequest(vectors={name: vector}))


def test_edges_of_the_kinds_asked_for(store: GraphStore) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    kinds = frozenset({EdgeKind.HOLDS, EdgeKind.ABOVE, EdgeKind.WEARS})
    node = NodeRequest(vectors=near(bundle))

    answer = found(store, node, node, links=[LinkRequest(subject=0, object=1, kinds=kinds)])

    assert set(answer.columns.edges) == kinds
    for kind in kinds:
        expected = {(e.id, e.subject_id, e.object_id) for e in bundle.edges if e.kind is kind}
        assert answer.edges(kind) == expected
    assert answer.columns.edges[EdgeKind.HOLDS].confidence == pytest.approx([0.8])


def test_rejected_edges_never_match(store: GraphStore) -> None:
    bundle = full_bundle()
    store.write(bundle)
    kinds = frozenset({EdgeKind.BESIDE})
    node = NodeRequest(vectors=near(bundle))

    answer = found(store, node, node, links=[LinkRequest(subject=0, object=1, kinds=kinds)])

    assert answer.edges(EdgeKind.BESIDE) == set()


def test_a_search_sees_what_was_written_and_removed_before(store: GraphStore) -> None:
    eden, ark = eden_bundle(), eden_bundle("ark")
    node = NodeRequest(vectors=near(eden))
    store.write(eden)
    assert len(found(store, node).columns.region_ids) == 4

    store.write(ark)
    assert len(found(store, node).columns.region_ids) == 8

    store.remove_image(eden.image.id)
    assert set(found(store, node).columns.region_ids) == {region.id for region in ark.regions}


def test_an_empty_store_has_no_candidates(store: GraphStore) -> None:
    link = LinkRequest(subject=0, object=1, kinds=frozenset({EdgeKind.HOLDS}))
    node = NodeRequest(tokens=frozenset({"goat"}))

    answer = found(store, node, node, links=[link])

    assert list(answer.columns.region_ids) == []
    assert answer.edges(EdgeKind.HOLDS) == set()
    assert answer.labels() == {}
