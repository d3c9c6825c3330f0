"""The why of a hit: for each region found, every score that speaks for it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.search.answer import Match, Score
from iconograph.graph.search.lemmas import lemmas
from iconograph.graph.search.match import CAPTION_FIT, CONCEPT_FIT, KIND_FIT, KIND_OF_HEAD
from iconograph.graph.search.wording import (
    FIT_OF_KINSHIP,
    WORDS_OF_KINSHIP,
    names_of,
    wanted,
    wording,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.model.region import Label, Region
    from iconograph.graph.search.match import Matcher, Sought
    from iconograph.graph.search.phrase import Phrase
    from iconograph.graph.store.candidates import Candidates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explainer:
    """Makes matches of regions that were found."""

    matcher: Matcher
    candidates: Candidates

    def match(
        self, sought: Sought, place: int, row: int, region: Region, probability: float
    ) -> Match:
        """The region as the match of a node, the likeliest score first."""
        scores = [*self._of_words(sought, region), *self._of_concepts(sought, row)]
        scores += self._of_vectors(place, row)
        return Match(
            role=sought.node.role,
            phrase=sought.node.phrase,
            region=region,
            probability=round(probability, 4),
            scores=tuple(sorted(scores, key=lambda s: (-s.probability, s.source))),
        )

    def _of_words(self, sought: Sought, region: Region) -> Iterator[Score]:
        for reading in sought.readings:
            for label in region.labels:
                score = self._of_label(reading, label)
                if score:
                    yield score
            if reading.head in KIND_OF_HEAD and region.kind in KIND_OF_HEAD[reading.head]:
                because = f"the region is of kind {region.kind}"
                yield Score(source="kind", probability=KIND_FIT, raw=1.0, because=because)
            said = names_of(reading, self.matcher.lexicon) & set(lemmas(region.caption))
            if said:
                because = f"the caption speaks of {', '.join(sorted(said))}"
                yield Score(source="caption", probability=CAPTION_FIT, raw=1.0, because=because)

    def _of_label(self, phrase: Phrase, label: Label) -> Score | None:
        said = wording(phrase, label.text, self.matcher.lexicon)
        if said.fit == 0.0 or said.denied:
            return None
        missing = [wish for wish in wanted(phrase) if wish not in said.confirmed]
        probability = said.fit * label.confidence
        for wish in missing:
            probability *= self.matcher.lexicon.prior(wish)
        because = f"label “{label.text}” {WORDS_OF_KINSHIP[said.kinship]} “{phrase.head}”"
        if said.confirmed:
            because += f", {', '.join(sorted(said.confirmed))} confirmed"
        if missing:
            because += f", {', '.join(missing)} not confirmed by it"
        return Score(
            source="label",
            probability=round(probability, 4),
            raw=FIT_OF_KINSHIP[said.kinship],
            because=because,
        )

    def _of_concepts(self, sought: Sought, row: int) -> Iterator[Score]:
        for concept, fit in sorted(sought.concepts.items()):
            if row in self.candidates.concept_hits.get(concept, ()):
                because = f"it depicts {concept}"
                probability = round(CONCEPT_FIT * fit, 4)
                yield Score(source="iconclass", probability=probability, raw=fit, because=because)

    def _of_vectors(self, place: int, row: int) -> Iterator[Score]:
        for name, cosines in sorted(self.candidates.cosines.items()):
            cosine = float(cosines[place, row])
            if np.isnan(cosine):
                continue
            curve = self.matcher.curves[name].probability(np.asarray([cosine], np.float32))
            because = f"its vector in {name} has cosine {cosine:.2f} with the phrase"
            yield Score(
                source=name,
                probability=round(float(curve[0]), 4),
                raw=round(cosine, 4),
                because=because,
            )
