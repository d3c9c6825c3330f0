"""Works that show all that is asked for, but in which some relation was not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Review
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.search.parse import parse
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.search.report import answer_record, explain_text
from iconograph.graph.search.search import SearchOptions, search
from iconograph.graph.search.unrelated import loosened
from iconograph.graph.store.open import open_store
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import a_region, a_run, a_work, an_edge, an_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.search.answer import Answer
    from iconograph.graph.store.candidates import CandidateRequest, Candidates
    from iconograph.graph.store.port import GraphStore

THREE = "woman holding a flower, wearing a veil and touching a dog"
HELD, WORN, TOUCHED = EdgeKind.HOLDS, EdgeKind.WEARS, EdgeKind.TOUCHES


def portrait(name: str, *related: EdgeKind, lacking: str = "", **edge: Any) -> ImageBundle:
    """A woman, a flower, a veil, a dog and a man, less what is lacking."""
    work = a_work(name)
    image = an_image(work)
    woman = a_region(image, "woman", (10, 10, 60, 90))
    things = {
        HELD: a_region(image, "flower", (40, 30, 50, 60), kind=RegionKind.OBJECT),
        WORN: a_region(image, "veil", (12, 8, 30, 20), kind=RegionKind.ATTRIBUTE),
        TOUCHED: a_region(image, "dog", (70, 50, 99, 90), kind=RegionKind.ANIMAL),
    }
    man = a_region(image, "man", (110, 10, 150, 90))
    edges = [an_edge(kind, woman, things[kind], **edge) for kind in related]
    regions = tuple(r for r in (woman, *things.values(), man) if r.label != lacking)
    return ImageBundle(work=work, image=image, runs=(a_run(),), regions=regions, edges=tuple(edges))


REJECTED: dict[str, Any] = {
    "status": EdgeStatus.REJECTED,
    "review": Review(by="a curator", at="2026-01-02T00:00:00Z", reason="it lies on the floor"),
}


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        opened.write(portrait("all", HELD, WORN, TOUCHED))
        opened.write(portrait("dog", TOUCHED))
        opened.write(portrait("none"))
        opened.write(portrait("two", HELD, TOUCHED, confidence=0.4))
        opened.write(portrait("bare", HELD, lacking="veil"))
        opened.write(portrait("denied", HELD, **REJECTED))
        yield opened


def asked(store: GraphStore, query: str | Pattern, lexicon: Lexicon, **options: Any) -> Answer:
    options = {"unrelated": True, **options}
    return search(store, query, lexicon=lexicon, options=SearchOptions(**options))


def told(answer: Answer) -> list[tuple[str, set[EdgeKind], set[EdgeKind]]]:
    """Of each hit the work, the kinds found and the kinds missing."""
    return [
        (
            hit.work.title,
            {edge.kind for edge in hit.edges},
            {kind for edge in hit.missing for kind in edge.kinds},
        )
        for hit in answer.hits
    ]


def titles(answer: Answer) -> list[str]:
    return [hit.work.title for hit in answer.hits]


@pytest.mark.parametrize(
    ("query", "related", "unrelated"),
    [
        ("woman holding a flower", ["All", "Bare", "Two"], {"Dog", "None", "Denied"}),
        ("woman wearing a veil", ["All"], {"Dog", "None", "Two", "Denied"}),
        ("flower holding a woman", [], {"All", "Bare", "Two", "Dog", "None", "Denied"}),
        ("woman", ["All", "Bare", "Denied", "Dog", "None", "Two"], set()),
        ("woman holding an elephant", [], set()),
    ],
    ids=["some", "one", "none, as roles are swapped", "nothing to relate", "not shown"],
)
def test_they_come_after_those_in_which_it_is_so(
    query: str, related: list[str], unrelated: set[str], store: GraphStore, lexicon: Lexicon
) -> None:
    strict = search(store, query, lexicon=lexicon)
    answer = asked(store, query, lexicon)
    first, then = answer.hits[: len(related)], answer.hits[len(related) :]

    assert sorted(titles(strict)) == related
    assert first == strict.hits
    assert {hit.work.title for hit in then} == unrelated
    assert len(then) == len(unrelated)
    assert all(hit.because and hit.missing and not hit.edges for hit in then)
    assert all(0 < hit.score <= 0.5 for hit in then)
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert answer.exact


def test_what_was_found_stays_found(store: GraphStore, lexicon: Lexicon) -> None:
    answer = asked(store, THREE, lexicon)

    assert told(answer) == [
        ("All", {HELD, WORN, TOUCHED}, set()),
        ("Two", {HELD, TOUCHED}, {WORN}),
        ("Dog", {TOUCHED}, {HELD, WORN}),
        ("Denied", set(), {HELD, WORN, TOUCHED}),
        ("None", set(), {HELD, WORN, TOUCHED}),
    ]
    assert titles(asked(store, THREE, lexicon, limit=2)) == ["All", "Two"]


@pytest.mark.parametrize("limit", range(1, 8))
def test_a_shorter_answer_is_the_beginning_of_a_longer_one(
    limit: int, store: GraphStore, lexicon: Lexicon
) -> None:
    whole = asked(store, "woman holding a flower", lexicon)

    assert asked(store, "woman holding a flower", lexicon, limit=limit).hits == whole.hits[:limit]


class Counting(SqliteStore):
    """Counts how often it is asked for candidates."""

    asked: int = 0

    def candidates(self, request: CandidateRequest, /) -> Candidates:
        self.asked += 1
        return super().candidates(request)


@pytest.mark.parametrize(("limit", "asked_times"), [(1, 1), (2, 2), (3, 2)])
def test_more_is_looked_for_only_where_too_few_were_found(
    limit: int, asked_times: int, lexicon: Lexicon
) -> None:
    with Counting.in_memory() as counting:
        counting.write(portrait("held", HELD))
        counting.write(portrait("not"))
        answer = asked(counting, "woman holding a flower", lexicon, limit=limit)

        assert counting.asked == asked_times
    assert len(answer.hits) == min(limit, 2)


def test_each_says_what_was_not_found(store: GraphStore, lexicon: Lexicon) -> None:
    one = asked(store, "woman wearing a veil", lexicon)
    three = asked(store, THREE, lexicon)
    said = "both are shown; no such relation was found: [woman] wears [veil]"

    assert {hit.because for hit in one.hits[1:]} == {said}
    assert [hit.because for hit in three.hits[:2]] == [
        "", "all are shown; no such relation was found: [woman] wears [veil]",
    ]  # fmt: skip
    assert three.hits[2].because == (
        "all are shown; no such relations were found together: "
        "[woman] holds [flower]; [woman] wears [veil]"
    )
    assert explain_text(one).count(said) == 4
    first, second = answer_record(one)["results"][:2]
    assert "missing" not in first
    assert second["because"] == said
    assert [edge["kinds"] for edge in second["missing"]] == [["WEARS"]]


def test_a_relation_that_is_too_unsure_was_not_found(store: GraphStore, lexicon: Lexicon) -> None:
    answer = asked(store, "woman holding a flower", lexicon, min_confidence=0.5)
    (two,) = (hit for hit in answer.hits if hit.work.title == "Two")

    assert titles(answer)[:2] == ["All", "Bare"]
    assert "no such relation of confidence 0.5 or more was found" in two.because


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("woman without a veil holding a flower", {"Bare", "Two", "Dog", "Denied", "None"}),
        ("woman holding nothing", {"Dog", "None", "Denied"}),
    ],
    ids=["beside what must hold", "alone"],
)
def test_what_must_not_be_stays_so(
    query: str, expected: set[str], store: GraphStore, lexicon: Lexicon
) -> None:
    assert set(titles(asked(store, query, lexicon))) == expected


def test_two_gazing_at_each_other(lexicon: Lexicon) -> None:
    def pair(name: str, *, ends: tuple[tuple[int, int], ...], persons: int = 2) -> ImageBundle:
        work = a_work(name)
        image = an_image(work)
        people = [a_region(image, "figure", (40 * n, 10, 40 * n + 30, 90)) for n in range(persons)]
        edges = tuple(an_edge(EdgeKind.GAZES_AT, people[a], people[b]) for a, b in ends)
        return ImageBundle(
            work=work, image=image, runs=(a_run(),), regions=tuple(people), edges=edges
        )

    with open_store("memory:") as store:
        store.write(pair("both", ends=((0, 1), (1, 0))))
        store.write(pair("one", ends=((0, 1),)))
        store.write(pair("alone", ends=(), persons=1))
        answer = asked(store, "two figures gazing at each other", lexicon)

    assert titles(answer) == ["Both", "One"]
    assert answer.hits[1].because.endswith("gazes at [figures], and the other way")
    assert len({match.region.id for match in answer.hits[1].matches}) == 2


def test_a_figure_known_by_its_attribute_still_needs_it(lexicon: Lexicon) -> None:
    with open_store("memory:") as store:
        for name, is_held in (("eden", True), ("eden bath", False)):
            work = a_work(name)
            image = an_image(work)
            woman = a_region(image, "nude woman", (10, 10, 60, 90))
            apple = a_region(image, "apple", (40, 30, 50, 60), kind=RegionKind.OBJECT)
            goat = a_region(image, "goat", (70, 50, 99, 90), kind=RegionKind.ANIMAL)
            edges = (an_edge(EdgeKind.HOLDS, woman, apple),) if is_held else ()
            regions = (woman, apple, goat)
            store.write(
                ImageBundle(work=work, image=image, runs=(a_run(),), regions=regions, edges=edges)
            )
        (hit,) = asked(store, "Eve next to a goat", lexicon).hits

    assert hit.work.title == "Eden"
    assert [edge.kind for edge in hit.edges] == [EdgeKind.HOLDS]
    assert "[goat]" in hit.because


def test_a_whole_group_has_no_relation_to_leave_out(store: GraphStore, lexicon: Lexicon) -> None:
    assert titles(asked(store, "woman holding a flower", lexicon, level=Level.GROUP)) == []


def chain(edges: int) -> Pattern:
    return Pattern(
        nodes=tuple(PatternNode(role=str(n), phrase="man") for n in range(edges + 1)),
        edges=tuple(
            PatternEdge(subject=str(n), kinds=frozenset({HELD}), object=str(n + 1))
            for n in range(edges)
        ),
    )


@pytest.mark.parametrize(
    ("edges", "lacking"),
    [(0, []), (1, [1]), (2, [1, 1, 2]), (3, [1, 1, 1, 2, 2, 2, 3]), (4, [1, 1, 1, 1, 4])],
)
def test_the_fewest_edges_are_left_out_first(edges: int, lacking: list[int]) -> None:
    assert [len(own.missing) for alike in loosened(chain(edges)) for own in alike] == lacking


def test_no_node_turns_into_one_that_must_be_absent(lexicon: Lexicon) -> None:
    nodes = (PatternNode(role="a", phrase="man"), PatternNode(role="b", phrase="sword"))
    held = PatternEdge(subject="a", kinds=frozenset({HELD}), object="b")
    worn = PatternEdge(subject="a", kinds=frozenset({WORN}), object="b", negated=True)
    without = parse("man without a hat holding a sword", lexicon)

    assert list(loosened(Pattern(nodes=nodes, edges=(held, worn)))) == [()]
    ((own,),) = loosened(without)
    assert own.pattern.absent_roles == without.absent_roles
    assert all(edge.negated for edge in own.pattern.edges)
