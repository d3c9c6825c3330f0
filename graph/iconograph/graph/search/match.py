"""Which regions show a phrase, and how probably: columns over all candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.vector import Modality
from iconograph.graph.search.lemmas import lemmas
from iconograph.graph.search.wording import ANYTHING, mentions, names_of, wanted, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.search.calibration import Calibration
    from iconograph.graph.search.pattern import PatternNode
    from iconograph.graph.search.phrase import Phrase
    from iconograph.graph.store.candidates import Candidates

    Column = NDArray[np.float32]
    Flags = NDArray[np.bool_]

CAPTION_FIT = 0.45
"""A caption that speaks of a thing may speak of another than the region's."""

KIND_FIT = 0.9
"""A region of kind PERSON is a person whatever its label says."""

CONCEPT_FIT = 0.9
"""What a region's Iconclass notation is worth that fits the phrase."""

KIND_OF_HEAD = {
    "person": (RegionKind.PERSON,),
    "animal": (RegionKind.ANIMAL,),
    "being": (RegionKind.PERSON, RegionKind.ANIMAL),
}
BEINGS = (RegionKind.PERSON, RegionKind.ANIMAL)
THINGS = (RegionKind.ATTRIBUTE, RegionKind.OBJECT, RegionKind.SETTING, RegionKind.ORNAMENT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sought:
    """A node of a pattern with what its phrase means: readings (any of which will do), concepts."""

    node: PatternNode
    readings: tuple[Phrase, ...]
    excluded: tuple[Phrase, ...] = ()
    concepts: Mapping[ConceptId, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matcher:
    """Turns candidates into probabilities.

    The probability that a region shows a phrase is

        p = 1 - (1 - m h) (1 - v)      h = 1 - (1 - w) (1 - c) (1 - t)

    with w the best of label, caption and kind of region, c its Iconclass concepts, t the text
    vectors, each for the thing alone; m the product of the priors of the wanted qualities that
    nothing confirms, 0 where a label denies one; v the image vectors, for the whole phrase.
    Captions, concepts and image vectors count only where no label speaks against the phrase; text
    vectors only where the lexicon does not know both the label and the phrase, since a queen's words
    are near to any woman's.
    """

    lexicon: Lexicon
    curves: Mapping[str, Calibration]

    def probabilities(self, sought: Sought, place: int, candidates: Candidates) -> Column:
        """The probability of each region, float32, for the node at a place in the request."""
        best = np.zeros(len(candidates.region_ids), np.float32)
        for reading in sought.readings:
            best = np.maximum(best, self._probability(reading, sought, place, candidates))
        for excluded in sought.excluded:
            best[self._words(excluded, candidates).fit >= CAPTION_FIT] = 0.0
        return np.where(_allowed(sought.node, candidates), best, np.float32(0.0))

    def mentioning(self, sought: Sought, candidates: Candidates) -> Flags:
        """Regions whose label mentions the thing beside their own."""
        texts = candidates.labels.texts
        places = [
            place
            for place, text in enumerate(texts)
            if any(mentions(reading, text, self.lexicon) for reading in sought.readings)
        ]
        return _flagged(candidates, np.asarray(places, np.int64))

    def unseen(
        self, readings: Sequence[Phrase], cosines: Mapping[str, float], *, token: bool
    ) -> float:
        """The largest probability of a region outside the candidates.

        It is 1 for one that may hold a token, and for a phrase that every region shows.
        """
        heads = {reading.head for reading in readings}
        if token or heads & ANYTHING:
            return 1.0
        missing = 1.0 - KIND_FIT if heads & set(KIND_OF_HEAD) else 1.0
        for name, cosine in cosines.items():
            curve = self.curves[name].probability(np.asarray([cosine], np.float32))
            missing *= 1.0 - float(curve[0])
        return 1.0 - missing

    def _probability(
        self, phrase: Phrase, sought: Sought, place: int, candidates: Candidates
    ) -> Column:
        words = self._words(phrase, candidates)
        missing = 1.0 - words.fit
        for concept, fit in sought.concepts.items():
            rows = np.asarray(candidates.concept_hits.get(concept, []), np.int64)
            missing[rows[~words.against[rows]]] *= 1.0 - CONCEPT_FIT * fit
        text = self._vectors(place, candidates, Modality.TEXT)
        image = self._vectors(place, candidates, Modality.IMAGE)
        if text is not None:
            missing *= 1.0 - np.where(words.settled, np.float32(0.0), text)
        shown = words.likely * (1.0 - missing)
        if image is None:
            return shown
        seen = np.where(words.against, np.float32(0.0), image)
        return (1.0 - (1.0 - shown) * (1.0 - seen)).astype(np.float32)

    def _vectors(self, place: int, candidates: Candidates, modality: Modality) -> Column | None:
        missing: Column | None = None
        for name, cosines in candidates.cosines.items():
            curve = self.curves[name]
            if curve.modality is modality:
                own = 1.0 - curve.probability(cosines[place])
                missing = own if missing is None else missing * own
        return None if missing is None else 1.0 - missing

    def _words(self, phrase: Phrase, candidates: Candidates) -> Words:
        count = len(candidates.region_ids)
        wishes = wanted(phrase)
        fit = np.zeros(count, np.float32)
        confirmed = np.zeros((len(wishes), count), np.bool_)
        denied = np.zeros(count, np.bool_)
        apart, settled = self._read_labels(phrase, candidates, fit, confirmed, denied)
        against = apart | _of_other_kind(phrase, candidates)
        self._read_captions(phrase, candidates, fit, confirmed, against)
        _support_by_kind(phrase, candidates, fit)
        likely = np.where(denied, np.float32(0.0), np.float32(1.0))
        for wish, own in zip(wishes, confirmed, strict=True):
            likely *= np.where(own, np.float32(1.0), np.float32(self.lexicon.prior(wish)))
        return Words(fit=fit, likely=likely, against=against, settled=settled | against)

    def _read_labels(
        self, phrase: Phrase, candidates: Candidates, fit: Column, confirmed: Flags, denied: Flags
    ) -> tuple[Flags, Flags]:
        """Fill the columns from the labels.

        Answers which regions all labels speak against, and which have a label that the lexicon
        knows beside the phrase.
        """
        labels, wishes = candidates.labels, wanted(phrase)
        apart = np.zeros(len(labels.texts), np.bool_)
        known = np.zeros(len(labels.texts), np.bool_)
        for place, text in enumerate(labels.texts):
            said = wording(phrase, text, self.lexicon)
            apart[place], known[place] = said.apart, said.known
            if said.fit == 0.0:
                continue
            span = slice(labels.offsets[place], labels.offsets[place + 1])
            rows = labels.regions[span]
            fit[rows] = np.maximum(fit[rows], np.float32(said.fit) * labels.confidence[span])
            denied[rows] |= said.denied
            for number, wish in enumerate(wishes):
                if wish in said.confirmed:
                    confirmed[number, rows] = True
        sizes = np.diff(labels.offsets)
        against, settled = np.zeros(len(fit), np.bool_), np.zeros(len(fit), np.bool_)
        against[labels.regions] = True
        against[labels.regions[np.repeat(~apart, sizes)]] = False
        settled[labels.regions[np.repeat(known, sizes)]] = True
        return against, settled

    def _read_captions(
        self,
        phrase: Phrase,
        candidates: Candidates,
        fit: Column,
        confirmed: Flags,
        against: Flags,
    ) -> None:
        for number, wish in enumerate(wanted(phrase)):
            for token in quality_names(wish, self.lexicon):
                confirmed[number, candidates.caption_hits.get(token, [])] = True
        for token in names_of(phrase, self.lexicon):
            rows = np.asarray(candidates.caption_hits.get(token, []), np.int64)
            rows = rows[~against[rows]]
            fit[rows] = np.maximum(fit[rows], np.float32(CAPTION_FIT))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """What labels, captions and kinds of region say of a phrase, as columns over the regions."""

    fit: Column
    likely: Column
    against: Flags
    settled: Flags


def quality_names(wish: str, lexicon: Lexicon) -> frozenset[str]:
    """Lemmas of one word that confirm a quality in a caption."""
    known = lexicon.qualities.get(wish)
    names = known.names if known else (wish,)
    spoken = [lemmas(name) for name in names]
    return frozenset(words[0] for words in spoken if len(words) == 1)


def _support_by_kind(phrase: Phrase, candidates: Candidates, fit: Column) -> None:
    if phrase.head in ANYTHING:
        fit[:] = 1.0
    elif phrase.head in KIND_OF_HEAD:
        of_kind = _is_of(candidates, KIND_OF_HEAD[phrase.head])
        fit[of_kind] = np.maximum(fit[of_kind], np.float32(KIND_FIT))


def _of_other_kind(phrase: Phrase, candidates: Candidates) -> Flags:
    """Regions that cannot show the thing: an object where a being is wanted, and the reverse."""
    if not phrase.known or phrase.head in ANYTHING:
        return np.zeros(len(candidates.region_ids), np.bool_)
    return _is_of(candidates, THINGS if "being" in phrase.types else BEINGS)


def _is_of(candidates: Candidates, kinds: Sequence[RegionKind]) -> Flags:
    is_wanted = np.asarray([kind in kinds for kind in RegionKind])
    of_kind: Flags = is_wanted[candidates.kind]
    return of_kind


def _allowed(node: PatternNode, candidates: Candidates) -> Flags:
    if not node.levels:
        return candidates.eligible
    is_wanted = np.asarray([level in node.levels for level in Level])
    allowed: Flags = is_wanted[candidates.level] & candidates.eligible
    return allowed


def _flagged(candidates: Candidates, texts: NDArray[np.int64]) -> Flags:
    flags = np.zeros(len(candidates.region_ids), np.bool_)
    labels = candidates.labels
    for text in texts:
        flags[labels.regions[labels.offsets[text] : labels.offsets[text + 1]]] = True
    return flags
