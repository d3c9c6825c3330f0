"""The terms of this project's own vocabulary, and the namespaces of others that it leans on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iconograph.graph.model.concept import Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeLayer, EdgeStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iconograph.graph.linked_data.iris import IriMinter
    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.model.region import Region

CRM = "http://www.cidoc-crm.org/cidoc-crm/"
CRMDIG = "http://www.cidoc-crm.org/extensions/crmdig/"
"""One of two namespaces in use for CRMdig; this is the one that the CRM workbenches write."""
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PRESENTATION_CONTEXT = "http://iiif.io/api/presentation/3/context.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the vocabulary in English and German, and how it reads between two names."""

    en: str
    de: str
    sentence: str = ""


RELATIONS: Mapping[EdgeKind, Term] = {
    EdgeKind.HOLDS: Term(en="holds", de="hält", sentence="holds"),
    EdgeKind.WEARS: Term(en="wears", de="trägt", sentence="wears"),
    EdgeKind.TOUCHES: Term(en="touches", de="berührt", sentence="touches"),
    EdgeKind.GAZES_AT: Term(en="gazes at", de="blickt auf", sentence="gazes at"),
    EdgeKind.POINTS_AT: Term(en="points at", de="zeigt auf", sentence="points at"),
    EdgeKind.FACES: Term(en="faces", de="ist zugewandt", sentence="faces"),
    EdgeKind.BESIDE: Term(en="beside", de="neben", sentence="is beside"),
    EdgeKind.ABOVE: Term(en="above", de="über", sentence="is above"),
    EdgeKind.IN_FRONT_OF: Term(en="in front of", de="vor", sentence="is in front of"),
    EdgeKind.INSIDE: Term(en="inside", de="in", sentence="is inside"),
    EdgeKind.PART_OF: Term(en="part of", de="Teil von", sentence="is part of"),
    EdgeKind.ACROSS_DIVIDE: Term(
        en="across a divide from",
        de="jenseits einer Trennung von",
        sentence="is across a divide from",
    ),
    EdgeKind.SAME_SIDE: Term(
        en="on the same side as",
        de="auf derselben Seite wie",
        sentence="is on the same side as",
    ),
}

LAYERS: Mapping[EdgeLayer, Term] = {
    EdgeLayer.OBSERVED: Term(en="observed", de="beobachtet"),
    EdgeLayer.INFERRED: Term(en="inferred", de="gefolgert"),
    EdgeLayer.ICONOGRAPHIC: Term(en="iconographic", de="ikonographisch"),
    EdgeLayer.ASSERTED: Term(en="asserted", de="behauptet"),
}

STATUSES: Mapping[EdgeStatus, Term] = {
    EdgeStatus.MACHINE: Term(en="not reviewed", de="ungeprüft"),
    EdgeStatus.ACCEPTED: Term(en="accepted", de="bestätigt"),
    EdgeStatus.REJECTED: Term(en="rejected", de="verworfen"),
}

SCHEMES: Mapping[str, Mapping[Any, Term]] = {
    "relations": RELATIONS,
    "layers": LAYERS,
    "statuses": STATUSES,
}
"""All terms by the concept scheme that they stand in."""


def names_individual(concept: ConceptId) -> bool:
    """Whether a concept is taken as one person, place or thing, and not as a kind of things.

    Wikidata is used for individuals here, Iconclass and AAT for kinds.
    """
    return concept.startswith(f"{Scheme.WIKIDATA}:")


def region_name(region: Region) -> str:
    """What to call a region in a sentence, also where nobody labelled it."""
    return region.label or region.caption or f"unlabelled {region.kind} region"


def context(iris: IriMinter) -> dict[str, Any]:
    """The JSON-LD context of the keys that annotation pages have beyond the W3C's."""
    addresses = {key: {"@id": f"kg:{key}", "@type": "@id"} for key in ("region", "claim")}
    terms = {
        key: {"@id": f"kg:{key}", "@type": "@vocab", "@context": {"@vocab": iris.vocabulary}}
        for key in ("layer", "status")
    }
    return {
        "@context": {
            "kg": iris.vocabulary,
            "xsd": XSD,
            **addresses,
            **terms,
            "method": "kg:method",
            "sourceId": "kg:sourceId",
            "confidence": {"@id": "kg:confidenceValue", "@type": "xsd:decimal"},
        }
    }
