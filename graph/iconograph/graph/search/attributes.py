"""Figures known by their attributes: Gabriel is also an angel with a lily in an Annunciation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.search.phrase import read_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.iconography.reading import Attribute
    from iconograph.graph.model.work import Work

ATTRIBUTE_FIT = 0.7
"""What a figure known by its attribute is worth beside one that a label names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """A pattern in which a figure is replaced by its attribute; `rule` says which, in words."""

    pattern: Pattern
    role: str
    rule: str
    about: tuple[str, ...]

    def allows(self, work: Work) -> bool:
        """Whether the work speaks of what the rule asks for."""
        if not self.about:
            return True
        spoken = " ".join([*(title.text for title in work.titles), *work.subjects]).lower()
        return any(
            word.lower() in spoken or any(concept.startswith(word) for concept in work.concepts)
            for word in self.about
        )


def inferences(pattern: Pattern, lexicon: Lexicon) -> Iterator[Inference]:
    """One pattern for each attribute of each figure that the pattern names."""
    for node in pattern.nodes:
        if node.role not in pattern.required_roles:
            continue
        for reading in read_phrases(node.phrase, lexicon):
            figure = lexicon.figures.get(reading.head)
            for attribute in figure.attributes if figure else ():
                yield Inference(
                    pattern=_rewritten(pattern, node, attribute, lexicon),
                    role=node.role,
                    rule=_in_words(reading.head, attribute),
                    about=attribute.about,
                )


def _rewritten(
    pattern: Pattern, node: PatternNode, attribute: Attribute, lexicon: Lexicon
) -> Pattern:
    nodes = tuple(
        replace(own, phrase=attribute.is_shown_as) if own is node else own for own in pattern.nodes
    )
    if _asks_already(pattern, node, attribute, lexicon):
        return replace(pattern, nodes=nodes)
    role = f"{attribute.thing} of {node.role}"
    edge = PatternEdge(subject=node.role, kinds=frozenset({attribute.relation}), object=role)
    thing = PatternNode(role=role, phrase=attribute.thing)
    return replace(pattern, nodes=(*nodes, thing), edges=(*pattern.edges, edge))


def _asks_already(
    pattern: Pattern, node: PatternNode, attribute: Attribute, lexicon: Lexicon
) -> bool:
    """Whether the pattern has the attribute itself, as in "Gabriel with a lily"."""
    phrases = {own.role: own.phrase for own in pattern.nodes}
    things = {reading.head for reading in read_phrases(attribute.thing, lexicon)}
    return any(
        edge.subject == node.role
        and not edge.negated
        and attribute.relation in edge.kinds
        and any(things & reading.types for reading in read_phrases(phrases[edge.object], lexicon))
        for edge in pattern.edges
    )


def _in_words(figure: str, attribute: Attribute) -> str:
    rule = f"{figure} is shown as: {attribute.is_shown_as} {attribute.relation.words} {attribute.thing}"
    return f"{rule}, in a work about {attribute.about[0]}" if attribute.about else rule
