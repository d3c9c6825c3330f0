"""A pattern while it is being made: nodes and edges as they are read, roles given as they come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.search.lemmas import lemmas, words
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.search.phrase import read_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.iconography.reading import Relation

WORN_WITHOUT = frozenset({EdgeKind.WEARS, EdgeKind.HOLDS})


@dataclass(slots=True)
class Draft:
    """Collects the nodes and edges of a query; a node is known by its place."""

    lexicon: Lexicon
    nodes: list[PatternNode] = field(default_factory=list)
    edges: list[PatternEdge] = field(default_factory=list)

    def add(self, phrase: str, *, count: int = 1, optional: bool = False) -> int:
        """A new node; its role is its head noun, numbered where that is taken."""
        readings = read_phrases(phrase, self.lexicon)
        name = (readings[0].head if readings else phrase).lower()
        taken = {node.role for node in self.nodes}
        number = next(n for n in range(1, 99) if _numbered(name, n) not in taken)
        role = _numbered(name, number)
        self.nodes.append(PatternNode(role=role, phrase=phrase, count=count, optional=optional))
        return len(self.nodes) - 1

    def find(self, phrase: str) -> int | None:
        """The node that has this phrase, or None."""
        places = (n for n, node in enumerate(self.nodes) if node.phrase == phrase)
        return next(places, None)

    def say_more(self, place: int, words: str) -> None:
        """Words added to the phrase of a node."""
        node = self.nodes[place]
        self.nodes[place] = replace(node, phrase=f"{node.phrase} {words}")

    def set_count(self, place: int, count: int) -> None:
        """How many different regions a node wants."""
        self.nodes[place] = replace(self.nodes[place], count=count)

    def require(self, place: int) -> None:
        """A node that must be found."""
        self.nodes[place] = replace(self.nodes[place], optional=False)

    def relate(
        self,
        subjects: Iterable[int],
        relation: Relation,
        objects: Sequence[int],
        *,
        negated: bool = False,
        mutual: bool = False,
    ) -> None:
        """The relation from each subject to each object, turned where it is said the other way."""
        for subject in subjects:
            for object_ in objects:
                first, second = (object_, subject) if relation.inverse else (subject, object_)
                self._edge(
                    first,
                    second,
                    relation.kinds,
                    backward=relation.backward,
                    negated=negated,
                    mutual=mutual,
                )

    def across(self, first: int, second: int) -> None:
        """A divide between two nodes."""
        self._edge(first, second, frozenset({EdgeKind.ACROSS_DIVIDE}))

    def lack(self, subjects: Iterable[int], objects: Iterable[int]) -> None:
        """The subjects are without the objects."""
        for subject in subjects:
            for object_ in objects:
                backward = frozenset({EdgeKind.PART_OF})
                self._edge(subject, object_, WORN_WITHOUT, backward=backward, negated=True)

    def either_way(self, first: int, second: int, relation: Relation) -> None:
        """The relation in one direction or the other, as in "two women embracing"."""
        both = relation.kinds | relation.backward
        backward = frozenset(kind for kind in both if not kind.symmetric)
        self._edge(first, second, both, backward=backward)

    def split(self, place: int) -> tuple[int, int]:
        """The one node for several figures as two nodes, so that an edge can lead between them."""
        node = self.nodes[place]
        self.nodes[place] = replace(node, count=1)
        other = self.add(node.phrase, count=max(1, node.count - 1))
        role = self.nodes[other].role
        for edge in list(self.edges):
            if edge.subject == node.role:
                self.edges.append(replace(edge, subject=role))
            elif edge.object == node.role:
                self.edges.append(replace(edge, object=role))
        return place, other

    def is_several(self, place: int) -> bool:
        """Whether a node stands for more than one figure: by number, or as a bare plural."""
        *_, last = words(self.nodes[place].phrase)
        return self.nodes[place].count > 1 or lemmas(last) != (last,)

    def head_is(self, place: int, *terms: str) -> bool:
        """Whether a node is, by any reading, one of the terms or a kind of it."""
        readings = read_phrases(self.nodes[place].phrase, self.lexicon)
        return any(term in reading.types for reading in readings for term in terms)

    def can_act(self, place: int) -> bool:
        """Whether a node may be a living being; an unknown name with a capital may."""
        readings = read_phrases(self.nodes[place].phrase, self.lexicon)
        known = [reading for reading in readings if reading.known]
        if not known:
            return self.nodes[place].phrase[:1].isupper()
        return any("being" in reading.types for reading in known)

    def pattern(self) -> Pattern:
        """The finished pattern; raises `QueryError` when it is too large."""
        return Pattern(nodes=tuple(self.nodes), edges=tuple(dict.fromkeys(self.edges)))

    def _edge(  # noqa: PLR0913  one argument for each field of an edge
        self,
        subject: int,
        object_: int,
        kinds: frozenset[EdgeKind],
        *,
        backward: frozenset[EdgeKind] = frozenset(),
        negated: bool = False,
        mutual: bool = False,
    ) -> None:
        if subject == object_:
            object_ = self.add(self.nodes[subject].phrase)
        self.edges.append(
            PatternEdge(
                subject=self.nodes[subject].role,
                kinds=kinds,
                object=self.nodes[object_].role,
                backward=backward,
                negated=negated,
                mutual=mutual,
            )
        )


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"
