"""A pattern made ready for a store: what each phrase means, and what to ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.graph.model.concept import Scheme
from iconograph.graph.model.ids import concept_id
from iconograph.graph.model.region import Level
from iconograph.graph.search.bar import bar_for
from iconograph.graph.search.match import Sought, quality_names
from iconograph.graph.search.pattern import LONGEST_PHRASE
from iconograph.graph.search.phrase import read_phrases
from iconograph.graph.search.wording import names_below, names_of, wanted
from iconograph.graph.store.candidates import CandidateRequest, LinkRequest, NodeRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.search.calibration import Calibration
    from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
    from iconograph.graph.search.phrase import Phrase
    from iconograph.graph.search.port import ConceptFinder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A pattern with its nodes in order as `sought`, and their vectors by space name."""

    pattern: Pattern
    sought: tuple[Sought, ...]
    vectors: tuple[Mapping[str, NDArray[np.float32]], ...]
    lexicon: Lexicon

    def request(
        self, seeds: int, curves: Mapping[str, Calibration], min_probability: float
    ) -> CandidateRequest:
        """What a store is asked for when a region must show its phrase with some probability."""
        places = {node.role: place for place, node in enumerate(self.pattern.nodes)}
        return CandidateRequest(
            nodes=[
                self._node(sought, vectors, curves, min_probability)
                for sought, vectors in zip(self.sought, self.vectors, strict=True)
            ],
            links=[link for edge in self.pattern.edges for link in _links(edge, places)],
            work_filter=self.pattern.work_filter,
            seeds=seeds,
        )

    def _node(
        self,
        sought: Sought,
        vectors: Mapping[str, NDArray[np.float32]],
        curves: Mapping[str, Calibration],
        min_probability: float,
    ) -> NodeRequest:
        readings = (*sought.readings, *sought.excluded)
        tokens = {name for reading in readings for name in names_of(reading, self.lexicon)}
        for reading in readings:
            tokens.update(*(quality_names(wish, self.lexicon) for wish in wanted(reading)))
        below = (names_below(reading, self.lexicon) for reading in readings)
        return NodeRequest(
            tokens=frozenset(tokens),
            label_tokens=frozenset().union(*below) - tokens,
            concepts=frozenset(sought.concepts),
            vectors=vectors,
            levels=sought.node.levels,
            bar=bar_for(
                sought.readings,
                self.lexicon,
                {space: curves[space] for space in vectors},
                min_probability,
            ),
        )


def planned(
    pattern: Pattern,
    lexicon: Lexicon,
    encoders: Sequence[TextEncoder],
    concepts: ConceptFinder | None,
) -> Plan:
    """The plan for a pattern; each phrase is encoded once in each encoder's space."""
    phrases = [node.phrase for node in pattern.nodes]
    encoded = {encoder.space.name: encoder.encode(phrases) for encoder in encoders}
    return Plan(
        pattern=pattern,
        sought=tuple(_sought(node, lexicon, concepts) for node in pattern.nodes),
        vectors=tuple(
            {name: rows[place] for name, rows in encoded.items()} for place in range(len(phrases))
        ),
        lexicon=lexicon,
    )


def at_level(pattern: Pattern, level: Level) -> Pattern:
    """The pattern with all nodes that name no level at this one.

    Edges join things. Where none of a pattern's nodes names a level and groups or scenes are wanted,
    what stands in edges that must hold is sought as one phrase in the words of a whole: "Eve next to
    a goat" is then a group of Eve with a goat.
    """
    if level is not Level.ENTITY and pattern.edges and not any(n.levels for n in pattern.nodes):
        pattern = _as_one(pattern)
    nodes = tuple(
        node if node.levels else replace(node, levels=frozenset({level})) for node in pattern.nodes
    )
    return replace(pattern, nodes=nodes)


def with_counted_alike(pattern: Pattern) -> Pattern:
    """The pattern with counted nodes that name no level among entities.

    A group of two women is not one of two women.
    """
    alone = frozenset({Level.ENTITY})
    nodes = tuple(
        replace(node, levels=alone) if node.count > 1 and not node.levels else node
        for node in pattern.nodes
    )
    return replace(pattern, nodes=nodes)


def _as_one(pattern: Pattern) -> Pattern:
    """One node for all that must be found, in the order of the pattern; what is negated excludes."""
    firm, absent = pattern.required_roles, pattern.absent_roles
    first, *others = (node for node in pattern.nodes if node.role in firm)
    said = " and ".join(node.phrase for node in others)
    phrase = f"{first.phrase} with {said}" if said else first.phrase
    excluding = tuple(node.phrase for node in pattern.nodes if node.role in absent)
    whole = replace(
        first,
        phrase=phrase[:LONGEST_PHRASE],
        count=1,
        excluding=(*first.excluding, *excluding),
    )
    return replace(pattern, nodes=(whole,), edges=())


def _sought(node: PatternNode, lexicon: Lexicon, concepts: ConceptFinder | None) -> Sought:
    readings = read_phrases(node.phrase, lexicon)
    readings += tuple(owner for reading in readings for owner in _owners(reading, lexicon))
    found: dict[ConceptId, float] = dict(concepts.concepts_for(node.phrase)) if concepts else {}
    for reading in readings:
        figure = lexicon.figures.get(reading.head)
        if figure and figure.iconclass:
            found[concept_id(Scheme.ICONCLASS, figure.iconclass)] = 1.0
    excluded = tuple(r for phrase in node.excluding for r in read_phrases(phrase, lexicon))
    return Sought(node=node, readings=readings, excluded=excluded, concepts=found)


def _owners(part: Phrase, lexicon: Lexicon) -> Iterator[Phrase]:
    """Whose a part of the body is: who holds the head of Holofernes holds Holofernes."""
    if "part of the body" in part.types:
        for term in sorted(part.details | part.qualities):
            if lexicon.is_a(term, "being"):
                yield from read_phrases(term, lexicon)


def _links(edge: PatternEdge, places: Mapping[str, int]) -> Iterator[LinkRequest]:
    """The links for an edge, one for each direction in which it may lead."""
    subject, object_ = places[edge.subject], places[edge.object]
    ahead, behind = edge.kinds, edge.backward
    if edge.mutual:
        ahead = behind = ahead | behind
    for kinds, first, second in ((ahead, subject, object_), (behind, object_, subject)):
        if kinds:
            yield LinkRequest(subject=first, object=second, kinds=kinds, negated=edge.negated)
