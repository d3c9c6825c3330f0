"""Answers to a search, each hit with its why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import strawberry
from strawberry import field

from iconograph.gql.types.edge import Edge
from iconograph.gql.types.pattern import Pattern, PatternEdge
from iconograph.gql.types.region import Region
from iconograph.gql.types.values import NamedNumber
from iconograph.gql.types.work import Image, Work
from iconograph.graph.search import answer as answers


@strawberry.type(description="One kind of evidence that a region shows a phrase.")
class Score:
    source: str = field(
        description="`label`, `caption`, `iconclass`, `attribute`, or the name of a vector space."
    )
    probability: float = field(description="Calibrated, 0 to 1; comparable between sources.")
    raw: float = field(description="The cosine or share that it came from; not comparable.")
    because: str = field(description="The same in words.")

    @classmethod
    def from_model(cls, score: answers.Score) -> Self:
        return cls(
            source=score.source,
            probability=score.probability,
            raw=score.raw,
            because=score.because,
        )


@strawberry.type(description="The region that was found for a role of the pattern.")
class Match:
    role: str = field(description="The role in the pattern.")
    phrase: str = field(description="What was looked for.")
    region: Region = field(description="What was found.")
    probability: float = field(description="Probability that the region shows the phrase.")
    scores: list[Score] = field(description="Everything that speaks for it.")

    @classmethod
    def from_model(cls, match: answers.Match) -> Self:
        return cls(
            role=match.role,
            phrase=match.phrase,
            region=Region.from_model(match.region),
            probability=match.probability,
            scores=[Score.from_model(score) for score in match.scores],
        )


@strawberry.type(description="A work that answers the search, and why.")
class Hit:
    score: float = field(description="How well it answers, 0 to 1.")
    work: Work = field(description="The work.")
    image: Image = field(description="The picture of it that answers best.")
    matches: list[Match] = field(description="The regions found, one for each wanted.")
    edges: list[Edge] = field(description="The edges found between them.")
    missing: list[PatternEdge] = field(
        description="Edges looked for but not found; none unless the search allows `unrelated`."
    )
    because: str = field(description="The same in words; empty where nothing is missing.")

    @classmethod
    def from_model(cls, hit: answers.Hit) -> Self:
        return cls(
            score=hit.score,
            work=Work.from_model(hit.work),
            image=Image.from_model(hit.image),
            matches=[Match.from_model(match) for match in hit.matches],
            edges=[Edge.from_model(edge) for edge in hit.edges],
            missing=[PatternEdge.from_model(edge) for edge in hit.missing],
            because=hit.because,
        )


@strawberry.type(description="What a search found.")
class Answer:
    query: str = field(description="The words searched for; empty when a pattern was given.")
    pattern: Pattern = field(description="How they were understood.")
    hits: list[Hit] = field(description="Works that answer, best first; none when nothing does.")
    exact: bool = field(description="Whether nothing can have been missed.")
    notes: list[str] = field(description="What was lacking, such as a text model.")
    timing_ms: list[NamedNumber] = field(description="Milliseconds by step.")

    @classmethod
    def from_model(cls, answer: answers.Answer, *, lacks: Iterable[str] = ()) -> Self:
        # What a sentence says behind its colon, how to mend it, is for those who run the service.
        lacking = [sentence.partition(":")[0] for sentence in lacks]
        return cls(
            query=answer.query,
            pattern=Pattern.from_model(answer.pattern),
            hits=[Hit.from_model(hit) for hit in answer.hits],
            exact=answer.exact,
            notes=[*answer.notes, *lacking],
            timing_ms=NamedNumber.from_pairs(answer.timing_ms.items()),
        )
