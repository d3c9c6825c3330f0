"""What a request asks for, put together from its nodes and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import VectorSpaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iconograph.graph.model.edge import EdgeKind
    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.store.candidates import CandidateRequest


def asked_tokens(request: CandidateRequest) -> list[str]:
    """The tokens of all nodes, sorted."""
    return sorted(set().union(*(node.tokens for node in request.nodes)))


def asked_concepts(request: CandidateRequest) -> list[ConceptId]:
    """The concepts of all nodes, sorted."""
    return sorted(set().union(*(node.concepts for node in request.nodes)))


def asked_kinds(request: CandidateRequest) -> list[EdgeKind]:
    """The edge kinds of all links, sorted."""
    return sorted(set().union(*(link.kinds for link in request.links)))


def asked_spaces(request: CandidateRequest, stored: Mapping[str, VectorSpace]) -> list[VectorSpace]:
    """The spaces of the request's vectors; raises `VectorSpaceError` when one does not fit."""
    for node in request.nodes:
        for name, vector in node.vectors.items():
            if name not in stored:
                held = ", ".join(stored) or "no vectors"
                message = (
                    f"the query has a vector of space {name}, the store holds {held}; "
                    "search with the model that encoded the store, or encode it again"
                )
                raise VectorSpaceError(message)
            if vector.shape != (stored[name].dim,):
                message = (
                    f"the query's vector of space {name} has shape {vector.shape}, "
                    f"the store holds {stored[name].dim} dimensions"
                )
                raise VectorSpaceError(message)
    asked = dict.fromkeys(name for node in request.nodes for name in node.vectors)
    return [stored[name] for name in asked]
