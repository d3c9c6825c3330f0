"""Edges: typed statements about two regions, with their evidence."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry import ID, Private, field

from iconograph.gql.context import Info
from iconograph.gql.loaders import required
from iconograph.gql.types.record import Run
from iconograph.gql.types.region import Region, region_by_id
from iconograph.gql.types.values import NamedNumber, computed
from iconograph.gql.types.work import Image, image_by_id
from iconograph.graph.model import edge as edges


@strawberry.type(description="What was measured, and what could not be.")
class Evidence:
    numbers: list[NamedNumber] = field(description="The measured numbers, ordered by name.")
    lacked: list[str] = field(description="Names of those that could not be measured.")

    @classmethod
    def from_model(cls, evidence: edges.Evidence) -> Self:
        return cls(numbers=NamedNumber.from_pairs(evidence.numbers), lacked=list(evidence.lacked))


@strawberry.type(description="A person's judgement of an edge.")
class Review:
    by: str = field(description="Who judged.")
    at: str = field(description="When (ISO 8601).")
    reason: str = field(description="Why; never empty for a rejected edge.")

    @classmethod
    def from_model(cls, review: edges.Review) -> Self:
        return cls(by=review.by, at=review.at, reason=review.reason)


@strawberry.type(
    description="A typed statement about two regions of one image: subject, kind, object. "
    "(The types `WorkEdge` and `RegionEdge` are something else: places in a page of a list.)"
)
class Edge:
    model: Private[edges.Edge]
    id: ID = field(description="Follows from kind, ends, layer and method.")
    kind: edges.EdgeKind = field(description="What is stated.")
    words: str = field(description="The statement in words from the subject: `holds`.")
    inverse_words: str = field(description="The same from the object: `held by`.")
    symmetric: bool = field(description="Whether subject and object can be swapped.")
    confidence: float = field(description="Probability that it is right, 0 to 1.")
    layer: edges.EdgeLayer = field(description="What kind of knowledge it is.")
    method: str = field(description="How it was found.")
    evidence: Evidence = field(description="What speaks for it.")
    status: edges.EdgeStatus = field(description="Whether a person has judged it.")
    review: Review | None = field(description="That person's judgement.")

    @computed("The region that the statement is about.")
    async def subject(self, info: Info) -> Region:
        return await region_by_id(info, self.model.subject_id)

    @computed("The region that the subject stands in this relation to.")
    async def object(self, info: Info) -> Region:
        return await region_by_id(info, self.model.object_id)

    @computed("The picture that shows both.")
    async def image(self, info: Info) -> Image:
        return await image_by_id(info, self.model.image_id)

    @computed("The run that made it.")
    async def run(self, info: Info) -> Run:
        found = await info.context.loaders.run(self.model.run_id)
        return Run.from_model(required(found, "run", self.model.run_id))

    @classmethod
    def from_model(cls, edge: edges.Edge) -> Self:
        return cls(
            model=edge,
            id=ID(edge.id),
            kind=edge.kind,
            words=edge.kind.words,
            inverse_words=edge.kind.inverse,
            symmetric=edge.kind.symmetric,
            confidence=edge.confidence,
            layer=edge.layer,
            method=edge.method,
            evidence=Evidence.from_model(edge.evidence),
            status=edge.status,
            review=Review.from_model(edge.review) if edge.review else None,
        )
