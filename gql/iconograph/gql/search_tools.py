"""What a search needs besides a store, found on this machine: words, encoders, Iconclass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.graph.iconography.lexicon import Lexicon, load_lexicon
from iconograph.graph.search.search import SearchOptions, search

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.search.answer import Answer
    from iconograph.graph.search.pattern import Pattern
    from iconograph.graph.search.port import ConceptFinder
    from iconograph.graph.store.port import GraphStore

ICONCLASS_FILE = "iconclass.db"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchTools:
    """The lexicon, and those encoders and concept finders that are installed.

    `lacks` says in a sentence each what is not there and how to get it.
    """

    lexicon: Lexicon
    encoders: tuple[TextEncoder, ...] = ()
    concepts: ConceptFinder | None = None
    lacks: tuple[str, ...] = ()

    def ask(
        self, store: GraphStore, query: str | Pattern, options: SearchOptions | None = None
    ) -> Answer:
        """Search a store with all that is there."""
        return search(
            store,
            query,
            lexicon=self.lexicon,
            encoders=self.encoders,
            concepts=self.concepts,
            options=options or SearchOptions(),
        )


def find_search_tools(cache: Path) -> SearchTools:
    """Look for what is installed and in the cache folder; nothing is downloaded."""
    encoders, lacks = find_text_encoders(cache)
    concepts = _concepts(cache / ICONCLASS_FILE)
    if concepts is None:
        lacks = (
            *lacks,
            "Iconclass is not searched: build its index with `iconograph iconclass build`",
        )
    return SearchTools(lexicon=load_lexicon(), encoders=encoders, concepts=concepts, lacks=lacks)


def find_text_encoders(cache: Path) -> tuple[tuple[TextEncoder, ...], tuple[str, ...]]:
    """The text encoders that can be opened, and what is lacking for others."""
    from iconograph.ingest.models.encode.minilm import MiniLmEncoder

    try:
        return (MiniLmEncoder.open(cache),), ()
    except (MissingExtraError, MissingModelError) as error:
        return (), (f"texts are not compared by meaning: {error}",)


def _concepts(index: Path) -> ConceptFinder | None:
    if not index.exists():
        return None
    from iconograph.graph.iconography.iconclass.index import IconclassIndex

    return IconclassIndex.open(index)
