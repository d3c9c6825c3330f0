"""What differs between the Neo4j versions that are supported: all of it is decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from iconograph.graph.errors import StoreVersionError

VERSION = (
    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
)
OLDEST = (5, 23)
FIRST_WITH_SEARCH = (2026, 1)
FIRST_WITH_EXPANSION = (2026, 8)
SUPPORTED = "Neo4j 5.23 or later: 5.26 LTS and 2026.08 are tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVersion:
    """A Neo4j version such as 5.26.30 or 2026.08.1; `number` is its first two parts."""

    text: str
    number: tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the words of a server; raises `StoreVersionError` for one that is too old."""
        found = re.match(r"(\d+)\.(\d+)", text)
        number = (int(found[1]), int(found[2])) if found else (0, 0)
        if number < OLDEST:
            message = f"the server is Neo4j {text}, but {SUPPORTED}; update the server"
            raise StoreVersionError(message)
        return cls(text=text, number=number)

    @property
    def has_search_clause(self) -> bool:
        """Whether Cypher 25's SEARCH reads vector indexes; before it a procedure did."""
        return self.number >= FIRST_WITH_SEARCH

    @property
    def has_expansion_factor(self) -> bool:
        """Whether a vector index can be told to look at more nodes than it returns."""
        return self.number >= FIRST_WITH_EXPANSION

    @property
    def vector_options(self) -> dict[str, object]:
        """Index settings. Quantisation is off: 2026's default loses half of the recall."""
        options: dict[str, object] = {
            "vector.similarity_function": "cosine",
            "vector.quantization.enabled": False,
            "vector.hnsw.m": 16,
            "vector.hnsw.ef_construction": 200,
        }
        if self.has_expansion_factor:
            options["vector.default_search_expansion_factor"] = 4.0
        return options
