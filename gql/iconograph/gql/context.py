"""What resolvers work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeAlias

import strawberry

from iconograph.gql.limits import Budget, Limits
from iconograph.gql.loaders import Loaders

if TYPE_CHECKING:
    from iconograph.gql.reads import StoreReads
    from iconograph.gql.search_tools import SearchTools


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the service answers from, for as long as it runs."""

    reads: StoreReads
    tools: SearchTools
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What one request works with."""

    knowledge: Knowledge
    budget: Budget
    loaders: Loaders

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """The context of a new request."""
        budget = Budget(objects=knowledge.limits.objects)
        return cls(knowledge=knowledge, budget=budget, loaders=Loaders(knowledge.reads, budget))


Info: TypeAlias = strawberry.Info[Context, None]
"""What Strawberry hands to a resolver."""
