"""Concepts and runs: what facts are about, and who made them."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry import ID, field

from iconograph.gql.types.values import LocalText, NamedText
from iconograph.graph.model import concept as concepts
from iconograph.graph.model import run as runs


@strawberry.type(description="A term of a controlled vocabulary.")
class Concept:
    id: ID = field(description="`scheme:notation`, such as `iconclass:73A52`.")
    scheme: concepts.Scheme = field(description="The vocabulary.")
    notation: str = field(description="The term's code in its vocabulary.")
    labels: list[LocalText] = field(description="The term in words, by language.")

    @classmethod
    def from_model(cls, concept: concepts.Concept) -> Self:
        return cls(
            id=ID(concept.id),
            scheme=concept.scheme,
            notation=concept.notation,
            labels=[LocalText.from_model(label) for label in concept.labels],
        )


@strawberry.type(description="A model that took part in a run.")
class ModelReference:
    name: str = field(description="The model's name.")
    revision: str = field(description="Its revision; empty where unknown.")
    sha256: str = field(description="SHA-256 of its weights; empty where unknown.")


@strawberry.type(description="One way of making facts: software, models and parameters.")
class Run:
    id: ID = field(description="Follows from software, models and parameters.")
    software: str = field(description="Name and version of the software.")
    started_at: str = field(description="When it was first run (ISO 8601, UTC).")
    models: list[ModelReference] = field(description="The models that took part.")
    parameters: list[NamedText] = field(description="The parameters, by name.")

    @classmethod
    def from_model(cls, run: runs.Run) -> Self:
        return cls(
            id=ID(run.id),
            software=run.software,
            started_at=run.started_at,
            models=[
                ModelReference(name=m.name, revision=m.revision, sha256=m.sha256)
                for m in run.models
            ],
            parameters=NamedText.from_pairs(run.parameters),
        )
