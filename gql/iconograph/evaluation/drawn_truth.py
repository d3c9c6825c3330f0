"""Drawn pictures with their exact truth, and in words what is true of each of their regions.

Who a drawn figure is cannot be seen, so a person is spoken of by what it looks like: its attribute
`is` ("an angel"), else its label, and what it wears ("a crowned woman" wears a crown).
"""

from __future__ import annotations

from collections import defaultdict
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
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.ingest.items import Item

ARTICLES = ("a ", "an ", "the ")

SEEN_AS = {"lady": "woman"}
"""Rank does not show: a drawn lady is dressed as any woman."""

SMALLEST_AREA_PX2, SMALLEST_SIDE_PX = 100, 8
"""Too little can be seen of regions below either."""


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
    return _of_scene(truth, "style")


def subject_of(truth: ImageBundle) -> str:
    """What a picture is drawn of, as `Fall of Man`; empty where it does not say."""
    return _of_scene(truth, "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A relation of the truth; not `certain` where too little can be seen of an end to tell."""

    kind: EdgeKind
    subject_id: RegionId
    object_id: RegionId
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """What is true of one picture: for each region its words and readings, and what is stated."""

    bundle: ImageBundle
    words: dict[RegionId, str]
    readings: dict[RegionId, tuple[Phrase, ...]]
    stated: tuple[Fact, ...]

    @classmethod
    def of(cls, bundle: ImageBundle, lexicon: Lexicon) -> Truth:
        """What the truth of a picture says."""
        regions = {region.id: region for region in bundle.regions}
        words = {region.id: words_of(region) for region in bundle.regions}
        worn: dict[RegionId, list[str]] = defaultdict(list)
        for edge in bundle.edges:
            if edge.kind is EdgeKind.WEARS:
                worn[edge.subject_id].append(words[edge.object_id])
        return cls(
            bundle=bundle,
            words=words,
            readings={r.id: _readings(r, worn[r.id], lexicon) for r in bundle.regions},
            stated=tuple(
                Fact(
                    kind=edge.kind,
                    subject_id=edge.subject_id,
                    object_id=edge.object_id,
                    certain=all(can_be_seen(regions[i]) for i in (edge.subject_id, edge.object_id)),
                )
                for edge in bundle.edges
            ),
        )

    @property
    def file_name(self) -> str:
        """The picture's."""
        return self.bundle.image.file_name

    def is_true(self, text: str, region_id: RegionId, lexicon: Lexicon) -> bool:
        """Whether a phrase is true of a region: it is that or a kind of it, and of such qualities."""
        return true_of(text, self.readings[region_id], lexicon)

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


def true_of(text: str, readings: Iterable[Phrase], lexicon: Lexicon) -> bool:
    """Whether a phrase is true of what has one of these readings."""
    asked = read_phrases(text, lexicon)
    return any(_says(reading, phrase) for phrase in asked for reading in readings)


def can_be_seen(region: Region) -> bool:
    """Whether enough of a region is in the picture to tell what it is."""
    sides = (region.box.width_px, region.box.height_px)
    return region.outline.area_px2 >= SMALLEST_AREA_PX2 and min(sides) >= SMALLEST_SIDE_PX


def words_of(region: Region) -> str:
    """What can be seen of a region, in words without an article: `woman`, `red robe`."""
    text = dict(region.attributes).get("is", "") or region.label
    for article in ARTICLES:
        text = text.removeprefix(article)
    said = text.split(",")[0]
    return SEEN_AS.get(said, said)


def with_article(words: str) -> str:
    """`an apple`; plurals stay without."""
    if (words.endswith("s") and not words.endswith("ss")) or words == "armour":
        return words
    is_vowel = words[0] in "aeiou" and not words.startswith("uni")
    return f"{'an' if is_vowel else 'a'} {words}"


def _of_scene(truth: ImageBundle, attribute: str) -> str:
    scenes = (region for region in truth.regions if region.level is Level.SCENE)
    return next((dict(scene.attributes).get(attribute, "") for scene in scenes), "")


def _readings(region: Region, worn: Sequence[str], lexicon: Lexicon) -> tuple[Phrase, ...]:
    """All that a region may rightly be called, each also with what it wears."""
    names: tuple[str, ...] = (words_of(region), region.label)
    own = tuple(reading for name in names for reading in read_phrases(name, lexicon))
    sex = dict(region.attributes).get("sex", "")
    # Figures of angels are drawn after men's and women's, but nobody calls an angel a man.
    is_angel = any("angel" in reading.types for reading in own)
    if region.kind is RegionKind.PERSON and sex in {"man", "woman"} and not is_angel:
        names = (*names, sex)
    dressed = (f"{name} in {' and '.join(worn)}" for name in names) if worn else ()
    texts = (*names, *dressed)
    return tuple(
        dict.fromkeys(reading for text in texts for reading in read_phrases(text, lexicon))
    )


def _says(reading: Phrase, phrase: Phrase) -> bool:
    return phrase.head in reading.types and phrase.qualities <= reading.qualities | reading.usual
