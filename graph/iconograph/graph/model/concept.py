"""Terms of controlled vocabularies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.model.checks import require_text
from iconograph.graph.model.ids import ConceptId, concept_id
from iconograph.graph.model.work import Text


class Scheme(StrEnum):
    """Vocabularies that concepts come from."""

    ICONCLASS = "iconclass"
    WIKIDATA = "wikidata"
    AAT = "aat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A term: `notation` is its code in the scheme, such as 73A52 in Iconclass."""

    scheme: Scheme
    notation: str
    labels: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        require_text("Concept", notation=self.notation)

    @property
    def id(self) -> ConceptId:
        """`scheme:notation`."""
        return concept_id(self.scheme, self.notation)
