"""A join that begins at few regions answers as looking at every region does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import ConceptId
from iconograph.graph.model.region import Label, Level
from iconograph.graph.search.calibration import calibrations
from iconograph.graph.search.match import Matcher
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.search.plan import Plan, planned
from iconograph.graph.search.ranking import Ranking, rank
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import CLIP_SPACE
from tests.congruence.data import CONCEPTS, a_vector, random_bundles
from tests.congruence.test_stores_agree import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.store.candidates import Candidates
    from iconograph.graph.store.neo4j.store import Neo4jStore
    from iconograph.graph.store.port import GraphStore

pytestmark = pytest.mark.neo4j
IMAGES = 8
LIMIT = 10
MIN_PROBABILITY = 0.35
FEW, MANY = 5, 250
"""Seeds: of 320 regions a vector's floor is passed by far more than FEW and by fewer than MANY."""

LABELS = ("Eve", "goat", "old man", "angel", "lily", "figure", "xyzzy", "")
LEXICON = load_lexicon()
KINDS = (EdgeKind.HOLDS, EdgeKind.BESIDE, EdgeKind.ABOVE)


class Encoder:
    """Gives each phrase a vector of its own."""

    space = CLIP_SPACE

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """The vectors of phrases."""
        return np.stack(
            [a_vector(CLIP_SPACE, sum(map(ord, text)))[CLIP_SPACE.name] for text in texts]
        )


@dataclass(frozen=True)
class Depicting:
    """A `ConceptFinder` that knows what Eve depicts."""

    def concepts_for(self, phrase: str, /) -> Mapping[ConceptId, float]:
        """Concepts with their fit."""
        return {CONCEPTS[0].id: 1.0} if phrase == "Eve" else {}


def edge(subject: str, object_: str, *kinds: EdgeKind, **fields: Any) -> PatternEdge:
    return PatternEdge(subject=subject, object=object_, kinds=frozenset(kinds or KINDS), **fields)


def pattern(phrases: Sequence[str], *edges: PatternEdge, **fields: Any) -> Pattern:
    nodes = tuple(PatternNode(role=f"n{n}", phrase=p) for n, p in enumerate(phrases))
    return Pattern(nodes=nodes, edges=edges, **fields)


def with_optional(own: Pattern) -> Pattern:
    return replace(own, nodes=(*own.nodes[:-1], replace(own.nodes[-1], optional=True)))


PATTERNS = {
    "pair": pattern(["Eve", "goat"], edge("n0", "n1")),
    "directed": pattern(["angel", "lily"], edge("n0", "n1", EdgeKind.HOLDS)),
    "backward": pattern(
        ["lily", "angel"], edge("n0", "n1", EdgeKind.ABOVE, backward=frozenset({EdgeKind.HOLDS}))
    ),
    "mutual": pattern(["Eve", "goat"], edge("n0", "n1", mutual=True)),
    "a kind of region": pattern(["person", "lily"], edge("n0", "n1")),
    "anything": pattern(["thing", "goat"], edge("n0", "n1")),
    "quality": pattern(["old man", "angel"], edge("n0", "n1")),
    "unknown to the lexicon": pattern(["xyzzy", "goat"], edge("n0", "n1")),
    "chain": pattern(["Eve", "goat", "lily"], edge("n0", "n1"), edge("n1", "n2")),
    "ring": pattern(["Eve", "goat", "angel"], edge("n0", "n1"), edge("n1", "n2"), edge("n2", "n0")),
    "negated": pattern(
        ["angel", "goat", "lily"],
        edge("n0", "n1"),
        edge("n0", "n2", EdgeKind.HOLDS, negated=True),
    ),
    "alone": pattern(["goat"]),
    "optional": with_optional(pattern(["Eve", "goat", "lily"], edge("n0", "n1"))),
    "a node without an edge": pattern(["Eve", "goat", "lily"], edge("n0", "n1")),
    "absent": pattern(["man", "lily"], edge("n0", "n1", negated=True)),
    "nothing": pattern(["elephant", "bicycle"], edge("n0", "n1")),
}
LEGIBLE = frozenset(PATTERNS) - {"anything", "unknown to the lexicon"}
"""Patterns of which labels that the lexicon knows say all."""


def relabelled(bundle: ImageBundle, seed: int) -> ImageBundle:
    """The bundle with labels that fit, that do not, that say nothing, and with none."""
    rng = np.random.default_rng(seed)
    regions = []
    for region in bundle.regions:
        text = LABELS[rng.integers(len(LABELS))]
        labels = (Label(text=text, confidence=float(rng.uniform(0.5, 1.0))),) if text else ()
        regions.append(replace(region, labels=labels))
    return replace(bundle, regions=tuple(regions))


def speaking(bundle: ImageBundle) -> ImageBundle:
    """The bundle with a label known to the lexicon on every region."""
    regions = (
        region if region.label in LABELS[:5] else replace(region, labels=(Label(text="sword"),))
        for region in bundle.regions
    )
    return replace(bundle, regions=tuple(regions))


@dataclass(frozen=True)
class Stores:
    """The same regions in both stores; `legible` when each has a label that the lexicon knows."""

    embedded: SqliteStore
    served: Neo4jStore
    legible: bool


@pytest.fixture(params=[False, True], ids=["mixed labels", "known labels"], scope="module")
def stores(request: pytest.FixtureRequest, neo4j_url: str) -> Iterator[Stores]:
    with (
        SqliteStore.in_memory() as embedded,
        opened(f"{neo4j_url}?route=exact") as served,
    ):
        served.clear()
        for number, bundle in enumerate(random_bundles(IMAGES, seed=3)):
            mixed = relabelled(bundle, number)
            for store in (embedded, served):
                store.write(speaking(mixed) if request.param else mixed)
        yield Stores(embedded=embedded, served=served, legible=request.param)


def ranked(plan: Plan, store: GraphStore, seeds: int) -> tuple[Ranking, Candidates]:
    matcher = Matcher(lexicon=LEXICON, curves=calibrations(store.spaces()))
    columns = store.candidates(plan.request(seeds, matcher.curves, MIN_PROBABILITY))
    found = rank(plan, columns, matcher, limit=LIMIT, min_probability=MIN_PROBABILITY)
    return found, columns


def told(ranking: Ranking) -> list[tuple[str, str, object]]:
    columns = ranking.join.candidates
    return [
        (columns.work_ids[f.work], columns.image_ids[f.image], pytest.approx(f.score, abs=1e-4))
        for f in ranking.found
    ]


def plan_of(name: str) -> Plan:
    return planned(PATTERNS[name], LEXICON, [Encoder()], Depicting())


@pytest.mark.parametrize("name", PATTERNS)
def test_an_answer_called_exact_is_that_of_the_embedded_store(stores: Stores, name: str) -> None:
    plan = plan_of(name)
    expected, whole = ranked(plan, stores.embedded, MANY)

    few, many = (ranked(plan, stores.served, seeds) for seeds in (FEW, MANY))

    for found, columns in (few, many):
        assert not columns.complete
        assert not found.exact or told(found) == told(expected)
    assert many[0].exact or name == "anything"
    if stores.legible and name in LEGIBLE:
        assert few[0].exact
        assert len(few[1].region_ids) < len(whole.region_ids)


def test_a_level_limits_the_join(stores: Stores) -> None:
    own = PATTERNS["pair"]
    nodes = tuple(replace(node, levels=frozenset({Level.GROUP})) for node in own.nodes)
    plan = planned(replace(own, nodes=nodes), LEXICON, [Encoder()], None)

    found, columns = ranked(plan, stores.served, MANY)

    assert told(found) == told(ranked(plan, stores.embedded, MANY)[0])
    assert {tuple(Level)[place] for place in columns.level} <= {Level.GROUP}
