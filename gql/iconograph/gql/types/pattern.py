"""Patterns, going in and coming out with the same field names."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry import field

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level
from iconograph.graph.search import pattern as patterns
from iconograph.graph.store.candidates import WorkFilter

ROLE = "Names this region within the pattern."
PHRASE = "What the region shows, such as `old man`."
LEVELS = "Levels that it may have; empty means any."
EXCLUDING = "Phrases that it must not match."
COUNT = "How many different regions of this description there must be."
SUBJECT = "Role of the region that the edge begins at."
KINDS = "The edge may be any of these kinds."
OBJECT = "Role of the region that the edge ends at."
OPTIONAL = "It need not be found, and raises the score where it is; it stands in no edge."
BACKWARD = "These kinds count too where they lead from the object to the subject."
NEGATED = "There must be no such edge."
MUTUAL = "There must be such an edge in both directions."


@strawberry.type(description="A region that was looked for.")
class PatternNode:
    role: str = field(description=ROLE)
    phrase: str = field(description=PHRASE)
    levels: list[Level] = field(description=LEVELS)
    excluding: list[str] = field(description=EXCLUDING)
    count: int = field(description=COUNT)
    optional: bool = field(description=OPTIONAL)


@strawberry.type(description="An edge that was looked for between two regions.")
class PatternEdge:
    subject: str = field(description=SUBJECT)
    kinds: list[EdgeKind] = field(description=KINDS)
    backward: list[EdgeKind] = field(description=BACKWARD)
    object: str = field(description=OBJECT)
    negated: bool = field(description=NEGATED)
    mutual: bool = field(description=MUTUAL)

    @classmethod
    def from_model(cls, edge: patterns.PatternEdge) -> Self:
        return cls(
            subject=edge.subject,
            kinds=sorted(edge.kinds),
            backward=sorted(edge.backward),
            object=edge.object,
            negated=edge.negated,
            mutual=edge.mutual,
        )


@strawberry.type(
    description="What a search looked for. To correct it, change it and send it as `pattern`."
)
class Pattern:
    nodes: list[PatternNode] = field(description="The regions looked for.")
    edges: list[PatternEdge] = field(description="The edges looked for between them.")

    @classmethod
    def from_model(cls, pattern: patterns.Pattern) -> Self:
        return cls(
            nodes=[
                PatternNode(
                    role=node.role,
                    phrase=node.phrase,
                    levels=sorted(node.levels),
                    excluding=list(node.excluding),
                    count=node.count,
                    optional=node.optional,
                )
                for node in pattern.nodes
            ],
            edges=[PatternEdge.from_model(edge) for edge in pattern.edges],
        )


@strawberry.input(description="A region to look for.")
class PatternNodeInput:
    role: str = field(description=ROLE)
    phrase: str = field(description=PHRASE)
    levels: list[Level] = field(description=LEVELS, default_factory=list)
    excluding: list[str] = field(description=EXCLUDING, default_factory=list)
    count: int = field(description=COUNT, default=1)
    optional: bool = field(description=OPTIONAL, default=False)

    def to_model(self) -> patterns.PatternNode:
        return patterns.PatternNode(
            role=self.role,
            phrase=self.phrase,
            levels=frozenset(self.levels),
            excluding=tuple(self.excluding),
            count=self.count,
            optional=self.optional,
        )


@strawberry.input(description="An edge to look for between two regions.")
class PatternEdgeInput:
    subject: str = field(description=SUBJECT)
    kinds: list[EdgeKind] = field(description=KINDS)
    object: str = field(description=OBJECT)
    backward: list[EdgeKind] = field(description=BACKWARD, default_factory=list)
    negated: bool = field(description=NEGATED, default=False)
    mutual: bool = field(description=MUTUAL, default=False)

    def to_model(self) -> patterns.PatternEdge:
        return patterns.PatternEdge(
            subject=self.subject,
            kinds=frozenset(self.kinds),
            backward=frozenset(self.backward),
            object=self.object,
            negated=self.negated,
            mutual=self.mutual,
        )


@strawberry.input(
    description="Regions and edges that must be found together in one image, by different regions."
)
class PatternInput:
    nodes: list[PatternNodeInput] = field(
        description=f"The regions, 1 to {patterns.MOST_NODES} of them."
    )
    edges: list[PatternEdgeInput] = field(
        description=f"The edges, at most {patterns.MOST_EDGES} of them.", default_factory=list
    )

    def to_model(self) -> patterns.Pattern:
        return patterns.Pattern(
            nodes=tuple(node.to_model() for node in self.nodes),
            edges=tuple(edge.to_model() for edge in self.edges),
        )


@strawberry.input(description="Which works may answer; what is left out lets all pass.")
class WorkFilterInput:
    makers: list[str] = field(
        description="Parts of makers' names; any of them will do.", default_factory=list
    )
    earliest_year: int | None = field(description="Made in or after this year.", default=None)
    latest_year: int | None = field(description="Made in or before this year.", default=None)
    medium: str = field(description="Part of the medium, such as `oil`.", default="")
    collection: str = field(description="Part of the collection's name.", default="")
    rights_uri: str = field(description="IRI of the licence or rights statement.", default="")
    iconclass: str = field(
        description="An Iconclass notation; it and all below it pass, such as `73A`.", default=""
    )

    def to_model(self) -> WorkFilter:
        return WorkFilter(
            makers=tuple(self.makers),
            earliest_year=self.earliest_year,
            latest_year=self.latest_year,
            medium=self.medium,
            collection=self.collection,
            rights_uri=self.rights_uri,
            iconclass=self.iconclass,
        )
