"""The regions that a search begins from, and the full-text queries that find them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

NO_COSINE = -1.0
MOST_CLAUSES = 500
"""A phrase is looked for in two properties; Lucene refuses queries of more than 1024 parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Where a node's search begins, and what may lie beyond (see `Candidates`)."""

    ids: frozenset[str]
    unseen_cosine: Mapping[str, float] = field(default_factory=dict)
    unseen_token: bool = False

    @property
    def saw_part(self) -> bool:
        """Whether regions may exist that these did not show."""
        return self.unseen_token or any(c > NO_COSINE for c in self.unseen_cosine.values())

    def truncated(self) -> Seeds:
        """These seeds where there were more regions with a token than could be taken."""
        return replace(self, unseen_token=True)


def any_token(tokens: Collection[str], property_: str = "") -> Iterator[str]:
    """Queries in Lucene's language for any of the tokens, in one property or in all of the index."""
    prefix = f"{property_}:" if property_ else ""
    clauses = [f"{prefix}{_phrase(token)}" for token in sorted(tokens)]
    for start in range(0, len(clauses), MOST_CLAUSES):
        yield " OR ".join(clauses[start : start + MOST_CLAUSES])


def _phrase(token: str) -> str:
    """The token as a string of Lucene's query language."""
    escaped = token.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
