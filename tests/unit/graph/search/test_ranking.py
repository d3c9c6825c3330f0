"""Ranking over columns: direction, negation, distinct regions, counts, order."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.iconography.lexicon import Lexicon, load_lexicon
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.vector import Modality
from iconograph.graph.search.calibration import Calibration
from iconograph.graph.search.match import Matcher
from iconograph.graph.search.parse import parse
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.search.plan import planned
from iconograph.graph.search.ranking import Ranking, rank
from iconograph.graph.store.candidates import Candidates
from tests.unit.graph.search.columns import Link, columns

HOLDS, BESIDE, ABOVE, GAZES = (
    EdgeKind.HOLDS,
    EdgeKind.BESIDE,
    EdgeKind.ABOVE,
    EdgeKind.GAZES_AT,
)
CURVE = Calibration(modality=Modality.TEXT, slope=25.0, centre=0.62, most=0.8)
LEXICON = load_lexicon()


def ranked(query: str | Pattern, candidates: Candidates, lexicon: Lexicon = LEXICON) -> Ranking:
    pattern = parse(query, lexicon) if isinstance(query, str) else query
    return rank(
        planned(pattern, lexicon, (), None),
        candidates,
        Matcher(lexicon=lexicon, curves={"text:x": CURVE}),
        limit=10,
        min_probability=0.35,
    )


def rows(ranking: Ranking) -> list[list[int]]:
    """The regions of each hit, by role in the order of the pattern, for each assignment shown."""
    found = ranking.assignments.rows
    roles = [node.role for node in ranking.plan.pattern.nodes if node.role in found]
    return [
        [int(found[role][place]) for place in hit.places for role in roles] for hit in ranking.found
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("man gazing at a woman", [[0, 1]]),
        ("woman gazing at a man", []),
        ("man and woman gazing at each other", []),
        ("woman beside a man", [[1, 0]]),
        ("man beside a woman", [[0, 1]]),
        ("man above a woman", []),
        ("woman above a man", [[1, 0]]),
        ("man below a woman", [[0, 1]]),
    ],
)
def test_directed_edges_are_never_matched_backwards(query: str, expected: list[list[int]]) -> None:
    edges: dict[EdgeKind, list[Link]] = {
        GAZES: [(0, 1, 0.9)],
        BESIDE: [(0, 1, 0.8)],
        ABOVE: [(1, 0, 0.7)],
    }

    assert rows(ranked(query, columns(["man", "woman"], edges))) == expected


def test_each_other_wants_both_directions() -> None:
    edges: dict[EdgeKind, list[Link]] = {GAZES: [(0, 1, 0.9), (1, 0, 0.6), (2, 0, 0.9)]}
    found = ranked("two men gazing at each other", columns(["man"] * 3, edges))

    assert rows(found) == [[0, 1]]
    assert found.found[0].score == pytest.approx((0.98 * 0.98 * 0.6) ** (1 / 3), abs=1e-3)


def test_the_two_ends_are_two_regions() -> None:
    loop: dict[EdgeKind, list[Link]] = {BESIDE: [(0, 1, 0.9)], HOLDS: [(0, 2, 0.9)]}
    found = ranked("man holding a sword beside a man", columns(["man", "man", "sword"], loop))

    assert rows(found) == [[0, 2, 1]]
    alone: dict[EdgeKind, list[Link]] = {BESIDE: [(0, 1, 0.9)]}
    assert rows(ranked("man beside a dog beside a man", columns(["man", "dog"], alone))) == []


def test_with_is_any_of_its_kinds_and_a_part_the_other_way() -> None:
    edges: dict[EdgeKind, list[Link]] = {EdgeKind.PART_OF: [(1, 0, 0.9)]}

    assert rows(ranked("angel with wings", columns(["angel", "wing"], edges))) == [[0, 1]]
    assert rows(ranked("wing with an angel", columns(["angel", "wing"], edges))) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("man without a hat holding a sword", [[2, 3]]),
        ("man holding a sword", [[0, 1], [2, 3]]),
        ("sword that nobody holds", [[4]]),
        ("man holding nothing", [[5]]),
    ],
)
def test_what_is_negated_is_absent(query: str, expected: list[list[int]]) -> None:
    labels = ["man", "sword", "man", "sword", "sword", "man in a hat", "hat"]
    images = [0, 0, 1, 1, 2, 3, 0]
    edges: dict[EdgeKind, list[Link]] = {
        HOLDS: [(0, 1, 0.9), (2, 3, 0.9)],
        EdgeKind.WEARS: [(0, 6, 0.9)],
    }
    found = rows(ranked(query, columns(labels, edges, images=images)))

    assert sorted(found) == expected


def test_a_label_that_mentions_the_hat_is_not_without_it() -> None:
    assert rows(ranked("man without a hat", columns(["man in a top hat", "man"]))) == [[1]]


def test_a_count_wants_as_many_different_regions() -> None:
    edges: dict[EdgeKind, list[Link]] = {BESIDE: [(0, 2, 0.9), (1, 2, 0.8), (3, 4, 0.9)]}
    labels, images = ["man", "man", "table", "man", "table"], [0, 0, 0, 1, 1]
    found = ranked("two men beside a table", columns(labels, edges, images=images))

    assert rows(found) == [[0, 2, 1, 2]]
    assert rows(ranked("three men beside a table", columns(labels, edges, images=images))) == []


def test_who_holds_a_head_holds_its_owner() -> None:
    edges: dict[EdgeKind, list[Link]] = {HOLDS: [(0, 1, 0.9)]}
    candidates = columns(["Judith", "Holofernes"], edges)

    assert rows(ranked("woman holding the head of Holofernes", candidates)) == [[0, 1]]
    assert rows(ranked("woman holding the head of Goliath", candidates)) == []


def test_nodes_without_an_edge_share_the_image() -> None:
    candidates = columns(["man", "dog", "man", "cat"], images=[0, 0, 1, 1])

    assert rows(ranked("man and dog", candidates)) == [[0, 1]]


def test_an_optional_thing_raises_the_score() -> None:
    across: dict[EdgeKind, list[Link]] = {
        EdgeKind.ACROSS_DIVIDE: [(0, 1, 0.8), (2, 3, 0.8)],
    }
    candidates = columns(["man"] * 4 + ["cloud"], across, images=[0, 0, 1, 1, 1])
    found = ranked("two men separated by a cloud", candidates).found

    assert [hit.image for hit in found] == [1, 0]
    assert found[0].score > found[1].score


def test_sure_edges_stand_above_unsure_ones_and_ties_go_by_id() -> None:
    edges: dict[EdgeKind, list[Link]] = {HOLDS: [(0, 1, 0.5), (2, 3, 0.9), (4, 5, 0.5)]}
    labels, images = ["man", "sword"] * 3, [0, 0, 1, 1, 2, 2]
    found = ranked("man holding a sword", columns(labels, edges, images=images)).found

    assert [hit.work for hit in found] == [1, 0, 2]
    assert found[1].score == found[2].score


def test_a_work_is_shown_once_by_its_best_image() -> None:
    edges: dict[EdgeKind, list[Link]] = {HOLDS: [(0, 1, 0.5), (2, 3, 0.9)]}
    candidates = columns(["man", "sword"] * 2, edges, images=[0, 0, 1, 1], works=[0, 0])
    found = ranked("man holding a sword", candidates).found

    assert [(hit.work, hit.image) for hit in found] == [(0, 1)]


def test_min_confidence_leaves_out_weak_edges() -> None:
    pattern = Pattern(
        nodes=(PatternNode(role="a", phrase="man"), PatternNode(role="b", phrase="sword")),
        edges=(PatternEdge(subject="a", kinds=frozenset({HOLDS}), object="b"),),
        min_confidence=0.6,
    )
    edges: dict[EdgeKind, list[Link]] = {HOLDS: [(0, 1, 0.5)]}

    assert rows(ranked(pattern, columns(["man", "sword"], edges))) == []


def test_no_match_gives_nothing_not_the_nearest() -> None:
    edges: dict[EdgeKind, list[Link]] = {HOLDS: [(0, 1, 0.9)]}
    candidates = columns(["woman", "flower"], edges, cosines={"text:x": [[0.9, 0.9], [0.9, 0.9]]})

    assert rows(ranked("dragon holding a trumpet", candidates)) == []
    assert rows(ranked("woman holding a sword", candidates)) == []


@pytest.mark.parametrize(
    ("unseen", "token", "exact"),
    [(0.3, False, True), (0.9, False, False), (0.3, True, False)],
    ids=["nothing near is left", "a near vector may be left", "a word may be left"],
)
def test_an_approximate_answer_says_whether_it_may_lack_something(
    unseen: float, *, token: bool, exact: bool
) -> None:
    candidates = columns(
        ["man", "sword"],
        {HOLDS: [(0, 1, 0.9)]},
        complete=False,
        unseen_cosine=[{"text:x": unseen}] * 2,
        unseen_token=[token] * 2,
    )

    assert ranked("man holding a sword", candidates).exact is exact


@pytest.mark.parametrize(
    ("query", "whole", "exact"),
    [
        ("man holding a sword", {0}, True),
        ("man holding a sword", {1}, True),
        ("man holding a sword", set(), False),
        ("man holding a sword and standing beside a dog", {0}, True),
        ("man holding a sword and standing beside a dog", {1}, False),
        ("person beside a person", {0}, True),
        ("man", {0}, True),
    ],
)
def test_one_whole_end_makes_an_edge_exact(query: str, whole: set[int], *, exact: bool) -> None:
    candidates = columns(
        ["man", "sword", "dog"],
        {HOLDS: [(0, 1, 0.9)], BESIDE: [(1, 2, 0.9)]},
        complete=False,
        unseen_token=[True] * 3,
        whole_nodes=frozenset(whole),
    )

    assert ranked(query, candidates).exact is exact


def test_what_every_region_shows_may_always_be_left_out() -> None:
    candidates = columns(["man", "sword"], {HOLDS: [(0, 1, 0.9)]}, complete=False)

    assert ranked("man holding a sword", candidates).exact
    assert not ranked("anything holding anything", candidates).exact
    assert not ranked("person", candidates).exact


LABELS = ("man", "woman", "king", "sword", "dog")
LINKS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([0.2, 0.5, 0.9])).filter(
        lambda link: link[0] != link[1]
    ),
    max_size=40,
)


@given(
    labels=st.lists(st.sampled_from(LABELS), min_size=12, max_size=12),
    holds=LINKS,
    beside=LINKS,
    query=st.sampled_from(["man holding a dog", "man beside a woman", "man with a sword"]),
)
def test_ranking_equals_trying_every_pair(
    labels: list[str], holds: list[Link], beside: list[Link], query: str
) -> None:
    images = [row // 3 for row in range(12)]
    edges = {
        kind: [link for link in links if images[link[0]] == images[link[1]]]
        for kind, links in ((HOLDS, holds), (BESIDE, beside))
    }
    found = ranked(query, columns(labels, edges, images=images))
    expected = _by_trying(query, labels, images, edges)

    assert {hit.image: hit.score for hit in found.found} == pytest.approx(expected, abs=1e-5)


def _by_trying(
    query: str, labels: list[str], images: list[int], edges: dict[EdgeKind, list[Link]]
) -> dict[int, float]:
    """The best score of each image, by looking at every pair of regions and every edge."""
    pattern = parse(query, LEXICON)
    (edge,), (subject, object_) = pattern.edges, pattern.nodes
    fits = {("man", "man"): 0.98, ("man", "king"): 0.95, ("woman", "woman"): 0.98}
    fits |= {("dog", "dog"): 0.98, ("sword", "sword"): 0.98}
    best: dict[int, float] = {}
    for first, second in permutations(range(len(labels)), 2):
        for kind in edge.kinds & set(edges):
            for a, b, confidence in edges[kind]:
                ways = [(a, b), (b, a)] if kind.symmetric else [(a, b)]
                if (first, second) in ways:
                    one = fits.get((subject.phrase, labels[first]), 0.0)
                    two = fits.get((object_.phrase, labels[second]), 0.0)
                    score = math.pow(one * two * confidence, 1 / 3)
                    if score > 0:
                        image = images[first]
                        best[image] = max(best.get(image, 0.0), score)
    return best
