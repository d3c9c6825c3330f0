"""Drawn pictures with their exact truth, and in words what is true of each of their regions.

Who a drawn figure is cannot be seen, so a person is spoken of by what it looks like: its attribute
`is` ("an angel"), else its label.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.graph.search.phrase import Phrase, read_phrases
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.problems import Problem, Severity
from iconograph.ingest.scenes.corpus import ANNOTATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.ingest.items import Item

ARTICLES = ("a ", "an ", "the ")


def drawn_pictures(corpus: Path, *, style: str = "", limit: int | None = None) -> Iterator[Item]:
    """The pictures of a drawn corpus with their truth, one at a time, those of one style if named.

    Raises `AnnotationError` for a folder that is none, and for a style that no picture has.
    """
    annotations = corpus / ANNOTATIONS
    if not annotations.is_file():
        message = (
            f"{corpus} has no {ANNOTATIONS}; expected a folder of drawn pictures, as "
            "`iconograph demo` and `ingest.scenes.corpus.write_corpus` make them"
        )
        raise AnnotationError(message)
    given, styles = 0, set()
    for item in annotated_items([corpus], annotations=[annotations]):
        if isinstance(item, Problem):
            if item.severity is Severity.NOTE:
                continue
            message = f"{item.where}: {item.message}"
            raise AnnotationError(message)
        found = style_of(item.draft)
        styles.add(found)
        if style and found != style:
            continue
        if limit is not None and given >= limit:
            return
        given += 1
        yield item
    if given == 0:
        message = f"no picture of {corpus} has the style {style!r}; there are {sorted(styles)}"
        raise AnnotationError(message)


def style_of(truth: ImageBundle) -> str:
    """The style that a picture is drawn in; empty where it does not say."""
    scenes = (region for region in truth.regions if region.level is Level.SCENE)
    return next((dict(s.attributes).get("style", "") for s in scenes), "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """What is true of one picture: for each region its words, and its statements as triples."""

    bundle: ImageBundle
    words: dict[RegionId, str]
    readings: dict[RegionId, tuple[Phrase, ...]]

    @classmethod
    def of(cls, bundle: ImageBundle, lexicon: Lexicon) -> Truth:
        """What the truth of a picture says."""
        words = {region.id: words_of(region) for region in bundle.regions}
        readings = {
            region.id: (
                *read_phrases(words[region.id], lexicon),
                *read_phrases(region.label, lexicon),
                *_by_sex(region, lexicon),
            )
            for region in bundle.regions
        }
        return cls(bundle=bundle, words=words, readings=readings)

    def is_true(self, text: str, region_id: RegionId, lexicon: Lexicon) -> bool:
        """Whether a phrase is true of a region: it is that or a kind of it, and of such qualities."""
        asked = read_phrases(text, lexicon)
        known = self.readings[region_id]
        return any(_says(reading, phrase) for phrase in asked for reading in known)

    def states(self, subject: str, kind: EdgeKind, object_: str, lexicon: Lexicon) -> bool:
        """Whether it is true that something of the first phrase stands so to one of the second."""
        for edge in self.bundle.edges:
            if edge.kind is not kind:
                continue
            ends = [(edge.subject_id, edge.object_id)]
            if kind.symmetric:
                ends.append((edge.object_id, edge.subject_id))
            for first, second in ends:
                if self.is_true(subject, first, lexicon) and self.is_true(object_, second, lexicon):
                    return True
        return False


def words_of(region: Region) -> str:
    """What can be seen of a region, in words without an article: `woman`, `red robe`."""
    text = dict(region.attributes).get("is", "") or region.label
    for article in ARTICLES:
        text = text.removeprefix(article)
    return text.split(",")[0]


def with_article(words: str) -> str:
    """`an apple`; plurals stay without."""
    if words.endswith("s") or words == "armour":
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _by_sex(region: Region, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """A grown-up figure is a man or woman, too, as it was drawn."""
    sex = dict(region.attributes).get("sex", "")
    if region.kind is not RegionKind.PERSON or sex not in {"man", "woman"}:
        return ()
    return read_phrases(sex, lexicon)


def _says(reading: Phrase, phrase: Phrase) -> bool:
    return phrase.head in reading.types and phrase.qualities <= reading.qualities | reading.usual
