"""What a search needs besides a store, found on this machine: words, encoders, Iconclass."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.graph.iconography.lexicon import Lexicon, load_lexicon
from iconograph.graph.search.search import SearchOptions, search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.search.answer import Answer
    from iconograph.graph.search.pattern import Pattern
    from iconograph.graph.search.port import ConceptFinder
    from iconograph.graph.store.port import GraphStore

    Opener = Callable[[], TextEncoder | None]

ICONCLASS_FILE = "iconclass.db"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchTools:
    """The lexicon, and those encoders and concept finders that are installed.

    `encoders` are of spaces of texts. `openers` give the text encoder of a space of pictures, by the
    space's name, the first time that a store holds it. `lacks` says in a sentence each what is not
    there and how to get it.
    """

    lexicon: Lexicon
    encoders: tuple[TextEncoder, ...] = ()
    openers: Mapping[str, Opener] = field(default_factory=dict)
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
            encoders=self.encoders_for(store),
            concepts=self.concepts,
            options=options or SearchOptions(),
        )

    def encoders_for(self, store: GraphStore) -> tuple[TextEncoder, ...]:
        """The encoders of texts, and those of the spaces of pictures that a store holds."""
        if not self.openers:
            return self.encoders
        held = [self.openers[s.name]() for s in store.spaces() if s.name in self.openers]
        return (*self.encoders, *(encoder for encoder in held if encoder is not None))


def find_search_tools(cache: Path) -> SearchTools:
    """Look for what is installed and in the cache folder; nothing is downloaded."""
    encoders, lacks = find_text_encoders(cache)
    concepts = _concepts(cache / ICONCLASS_FILE)
    if concepts is None:
        lacks = (
            *lacks,
            "Iconclass is not searched: build its index with `iconograph iconclass build`",
        )
    return SearchTools(
        lexicon=load_lexicon(),
        encoders=encoders,
        openers=find_picture_spaces(cache),
        concepts=concepts,
        lacks=lacks,
    )


def find_text_encoders(cache: Path) -> tuple[tuple[TextEncoder, ...], tuple[str, ...]]:
    """The encoders of texts for texts that can be opened, and what is lacking for others."""
    from iconograph.ingest.models.encode.minilm import MiniLmEncoder

    try:
        return (MiniLmEncoder.open(cache),), ()
    except (MissingExtraError, MissingModelError) as error:
        return (), (f"texts are not compared by meaning: {error}",)


def find_picture_spaces(cache: Path) -> dict[str, Opener]:
    """What opens the text encoder of each space of pictures that a known model makes."""
    from iconograph.ingest.models.encode.open_clip_onnx import SETTINGS
    from iconograph.ingest.models.registry import load_registry

    return {
        record.space: functools.cache(functools.partial(_open_clip, record.name, cache))
        for record in load_registry(cache).values()
        if record.space and SETTINGS in {file.name for file in record.files}
    }


def _open_clip(name: str, cache: Path) -> TextEncoder | None:
    """The text encoder of a CLIP model; None when its files are not there, as the search then says."""
    from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder
    from iconograph.ingest.stages.looks import OneAtATime

    try:
        return OneAtATime(OpenClipOnnxEncoder.open(cache, name=name))
    except MissingModelError:
        return None


def _concepts(index: Path) -> ConceptFinder | None:
    if not index.exists():
        return None
    from iconograph.graph.iconography.iconclass.index import IconclassIndex

    return IconclassIndex.open(index)
