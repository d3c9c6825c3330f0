"""The same data in both stores, the same requests, the same answers.

Cosines may differ by 1e-4: one store multiplies 32-bit numbers, the other sums 64-bit ones.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.candidates import (
    CandidateRequest,
    LinkRequest,
    NodeRequest,
    WorkFilter,
)
from iconograph.graph.store.neo4j.store import Neo4jStore
from iconograph.graph.store.sqlite.store import SqliteStore
from iconograph.graph.store.transfer import compare_stores
from tests.builders import CLIP_SPACE, TEXT_SPACE, eden_bundle
from tests.congruence.data import (
    CONCEPTS,
    IN_EVE_BRANCH,
    Comparable,
    a_vector,
    random_bundles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.store.candidates import Candidates

pytestmark = pytest.mark.neo4j
COSINE_TOLERANCE = 1e-4
IMAGES = 8
ALL = 10_000
"""More seeds than there are regions: the stores must agree on everything."""

EVE = NodeRequest(tokens=frozenset({"eve", "lily"}), vectors=a_vector(CLIP_SPACE, 1))
GOAT = NodeRequest(tokens=frozenset({"goat"}), vectors=a_vector(CLIP_SPACE, 2))
KEYS = NodeRequest(tokens=frozenset({"key", "peter"}))
BOTH_SPACES = NodeRequest(vectors={**a_vector(CLIP_SPACE, 3), **a_vector(TEXT_SPACE, 4)})
IN_BRANCH = NodeRequest(concepts=frozenset({IN_EVE_BRANCH, CONCEPTS[2].id}))


def linked(
    *kinds: EdgeKind, subject: int = 0, object_: int = 1, negated: bool = False
) -> LinkRequest:
    return LinkRequest(subject=subject, object=object_, kinds=frozenset(kinds), negated=negated)


REQUESTS = {
    "one node": CandidateRequest(nodes=[EVE]),
    "symmetric": CandidateRequest(nodes=[EVE, GOAT], links=[linked(EdgeKind.BESIDE)]),
    "directed": CandidateRequest(nodes=[EVE, GOAT], links=[linked(EdgeKind.HOLDS)]),
    "any of several": CandidateRequest(
        nodes=[EVE, GOAT], links=[linked(EdgeKind.HOLDS, EdgeKind.BESIDE, EdgeKind.WEARS)]
    ),
    "chain": CandidateRequest(
        nodes=[EVE, GOAT, KEYS],
        links=[linked(EdgeKind.BESIDE), linked(EdgeKind.ABOVE, subject=1, object_=2)],
    ),
    "negated": CandidateRequest(
        nodes=[EVE, GOAT, BOTH_SPACES],
        links=[linked(EdgeKind.HOLDS), linked(EdgeKind.WEARS, object_=2, negated=True)],
    ),
    "concepts": CandidateRequest(nodes=[IN_BRANCH, KEYS], links=[linked(EdgeKind.FACES)]),
    "two spaces": CandidateRequest(nodes=[BOTH_SPACES, EVE], links=[linked(EdgeKind.TOUCHES)]),
}


@pytest.fixture(scope="module")
def bundles() -> list[ImageBundle]:
    return [*random_bundles(IMAGES), eden_bundle()]


@pytest.fixture(scope="module")
def embedded(bundles: list[ImageBundle]) -> Iterator[SqliteStore]:
    with SqliteStore.in_memory() as store:
        for bundle in bundles:
            store.write(bundle)
        yield store


def opened(url: str) -> Neo4jStore:
    user, password = os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
    return Neo4jStore.open(url, user=user, password=password)


@pytest.fixture(scope="module")
def served(neo4j_url: str, bundles: list[ImageBundle]) -> Iterator[Neo4jStore]:
    with opened(neo4j_url) as store:
        store.clear()
        for bundle in bundles:
            store.write(bundle)
        yield store


@pytest.fixture(scope="module")
def exact(neo4j_url: str, served: Neo4jStore) -> Iterator[Neo4jStore]:
    del served
    with opened(f"{neo4j_url}?route=exact") as store:
        yield store


@pytest.fixture(params=["index", "exact"])
def neo4j_store(request: pytest.FixtureRequest) -> Neo4jStore:
    store: Neo4jStore = request.getfixturevalue("served" if request.param == "index" else "exact")
    return store


def asked(request: CandidateRequest, *, seeds: int) -> CandidateRequest:
    return CandidateRequest(
        nodes=request.nodes, links=request.links, work_filter=request.work_filter, seeds=seeds
    )


def test_both_hold_the_same(embedded: SqliteStore, served: Neo4jStore) -> None:
    assert compare_stores(embedded, served).lines() == compare_stores(embedded, embedded).lines()
    assert dict(served.info().counts) == dict(embedded.info().counts)


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_both_answer_the_same(
    embedded: SqliteStore, neo4j_store: Neo4jStore, request_: CandidateRequest
) -> None:
    whole = asked(request_, seeds=ALL)

    columns = neo4j_store.candidates(whole)

    expected, found = Comparable.of(embedded.candidates(whole)), Comparable.of(columns)
    assert columns.complete
    assert found.regions == expected.regions
    assert found.labels == expected.labels
    assert found.captions == expected.captions
    assert found.concepts == expected.concepts
    assert found.edges == expected.edges
    assert found.cosines == pytest.approx(expected.cosines, abs=COSINE_TOLERANCE)


@pytest.mark.parametrize("seeds", [5, 100])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_what_is_near_the_seeds_is_a_part_of_the_whole(
    embedded: SqliteStore, neo4j_store: Neo4jStore, request_: CandidateRequest, seeds: int
) -> None:
    columns = neo4j_store.candidates(asked(request_, seeds=seeds))

    whole, part = Comparable.of(embedded.candidates(request_)), Comparable.of(columns)
    assert part.regions.items() <= whole.regions.items()
    assert part.labels == {row for row in whole.labels if row[1] in part.regions}
    assert part.captions == {row for row in whole.captions if row[1] in part.regions}
    assert part.concepts == {row for row in whole.concepts if row[1] in part.regions}
    assert part.edges.items() <= whole.edges.items()
    expected = {key: whole.cosines[key] for key in part.cosines}
    assert part.cosines == pytest.approx(expected, abs=COSINE_TOLERANCE)


@pytest.mark.parametrize("seeds", [5, 25, 100])
@pytest.mark.parametrize("kind", [EdgeKind.BESIDE, EdgeKind.HOLDS])
def test_no_pair_above_the_bound_is_left_out(
    embedded: SqliteStore, neo4j_store: Neo4jStore, kind: EdgeKind, seeds: int
) -> None:
    request = CandidateRequest(nodes=[EVE, GOAT], links=[linked(kind)], seeds=seeds)

    columns = neo4j_store.candidates(request)

    bound = sum(unseen[CLIP_SPACE.name] for unseen in columns.unseen_cosine)
    above = {edge for edge, total in pair_sums(embedded.candidates(request), kind) if total > bound}
    assert above <= set(columns.edges[kind].ids)
    assert not columns.complete
    assert seeds < 100 or len(above) >= 5


def pair_sums(columns: Candidates, kind: EdgeKind) -> list[tuple[str, float]]:
    """For each edge the larger sum of cosines of its ends, in the directions that it may be read."""
    first, second = columns.cosines[CLIP_SPACE.name][:2]
    edges = columns.edges[kind]
    sums = []
    for edge, s, o in zip(edges.ids, edges.subject, edges.object, strict=True):
        forward, backward = first[s] + second[o], first[o] + second[s]
        sums.append((edge, float(max(forward, backward) if kind.symmetric else forward)))
    return sums


def test_the_bound_holds_for_every_region_left_out(
    embedded: SqliteStore, exact: Neo4jStore
) -> None:
    request = CandidateRequest(nodes=[BOTH_SPACES, GOAT], seeds=30)

    columns = exact.candidates(request)

    left_out = {
        key: cosine
        for key, cosine in Comparable.of(embedded.candidates(request)).cosines.items()
        if key[2] not in set(columns.region_ids)
    }
    assert left_out
    for (space, node, _), cosine in left_out.items():
        if space in columns.unseen_cosine[node]:
            assert cosine <= columns.unseen_cosine[node][space] + COSINE_TOLERANCE


def test_a_token_with_more_regions_than_seeds_is_reported(served: Neo4jStore) -> None:
    goats = NodeRequest(tokens=frozenset({"goat"}))

    few, many = (
        served.candidates(CandidateRequest(nodes=[goats], seeds=seeds)) for seeds in (3, 300)
    )

    assert (few.unseen_token, few.complete) == ([True], False)
    assert (many.unseen_token, many.complete) == ([False], True)
    assert len(few.region_ids) == 3 < len(many.region_ids)


def test_label_tokens_are_sought_in_labels_only(embedded: SqliteStore, served: Neo4jStore) -> None:
    names = frozenset({"goat", "angel", *(f"word{number}" for number in range(1500))})
    request = CandidateRequest(nodes=[NodeRequest(label_tokens=names)], seeds=300)

    found = Comparable.of(served.candidates(request))

    whole = Comparable.of(embedded.candidates(request))
    bearers = {region for text, region, _ in whole.labels if text in ("goat", "angel")}
    assert found.regions.keys() == bearers


@pytest.mark.parametrize(
    "work_filter",
    [
        pytest.param(WorkFilter(makers=("grünewald",)), id="maker"),
        pytest.param(WorkFilter(earliest_year=1515), id="years"),
        pytest.param(WorkFilter(iconclass="71A"), id="iconclass"),
        pytest.param(WorkFilter(makers=("Rembrandt",)), id="none"),
    ],
)
def test_a_filter_leaves_the_same_works(
    embedded: SqliteStore, neo4j_store: Neo4jStore, work_filter: WorkFilter
) -> None:
    request = CandidateRequest(
        nodes=[EVE, GOAT], links=[linked(EdgeKind.BESIDE)], work_filter=work_filter, seeds=20
    )

    expected, found = (
        Comparable.of(store.candidates(request)) for store in (embedded, neo4j_store)
    )

    passing = {region: row for region, row in expected.regions.items() if row[-1]}
    assert {region: row for region, row in found.regions.items() if row[-1]} == passing
    assert found.edges.items() <= expected.edges.items()
    assert {e for e, row in expected.edges.items() if row[1] in passing} <= set(found.edges)
