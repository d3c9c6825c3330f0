"""Names on the web for everything that is exported: one minter, so that all forms agree."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from iconograph.graph.errors import InputError
from iconograph.graph.model.concept import Scheme

if TYPE_CHECKING:
    from iconograph.graph.model.ids import ConceptId, EdgeId, ImageId, RegionId, RunId, WorkId
    from iconograph.graph.model.run import ModelRef

DEFAULT_BASE = "https://example.org/iconograph/"
"""Reserved for examples (RFC 2606); whoever publishes an export gives an address of their own."""

CONCEPT_BASES = {
    Scheme.ICONCLASS: "https://iconclass.org/",
    Scheme.WIKIDATA: "http://www.wikidata.org/entity/",
    Scheme.AAT: "http://vocab.getty.edu/aat/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IriMinter:
    """Makes IRIs under `base`, an http(s) address that ends with a slash.

    Every part that comes from data is percent-encoded whole (RFC 3986, `/` included), so that two
    different ids never share an IRI. Raises `InputError` for a base that cannot carry IRIs.
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        usable = (
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.path.endswith("/")
            and not (parts.query or parts.fragment or parts.username)
            and self.base == quote(self.base, safe=":/%[]~")
        )
        if not usable:
            message = (
                f"a base IRI must be an http(s) address that ends with '/', such as {DEFAULT_BASE}, "
                f"without user, query, fragment, spaces or unencoded characters; got {self.base!r}"
            )
            raise InputError(message)

    def work(self, work_id: WorkId) -> str:
        """The artwork as an object."""
        return self._mint("work", work_id)

    def image(self, image_id: ImageId) -> str:
        """The picture file."""
        return self._mint("image", image_id)

    def visual(self, image_id: ImageId) -> str:
        """What the picture shows as a whole; regions form part of it."""
        return self._mint("visual", image_id)

    def canvas(self, image_id: ImageId) -> str:
        """The IIIF canvas, as large as the picture, on which annotations point."""
        return self._mint("canvas", image_id)

    def annotation_page(self, image_id: ImageId) -> str:
        """The page that holds all annotations of an image."""
        return self._mint("annotations", image_id)

    def region(self, region_id: RegionId) -> str:
        """What a region shows."""
        return self._mint("region", region_id)

    def annotation(self, of: RegionId | EdgeId) -> str:
        """The annotation that says where a region or a claim is to be seen."""
        return self._mint("annotation", of)

    def claim(self, edge_id: EdgeId) -> str:
        """A statement about two regions."""
        return self._mint("claim", edge_id)

    def review(self, edge_id: EdgeId) -> str:
        """The judgement of a person on a claim."""
        return self._mint("review", edge_id)

    def depiction(self, region_id: RegionId, ordinal: int) -> str:
        """The statement that a region shows what its n-th label says."""
        return self._mint("depiction", region_id, str(ordinal))

    def label(self, text: str, language: str) -> str:
        """The type of thing that a label names."""
        return self._mint("label", language or "und", text)

    def run(self, run_id: RunId) -> str:
        """A run; also the named graph that holds what it found."""
        return self._mint("run", run_id)

    def software(self, name: str) -> str:
        """The software that carries out a run, such as `iconograph 0.1.0`."""
        return self._mint("software", name)

    def model(self, model: ModelRef) -> str:
        """A model in one revision."""
        return self._mint("model", *(part for part in (model.name, model.revision) if part))

    def person(self, name: str) -> str:
        """Someone who judged a claim."""
        return self._mint("person", name)

    @property
    def vocabulary(self) -> str:
        """The namespace of this project's own terms."""
        return f"{self.base}vocab/"

    @property
    def context(self) -> str:
        """The JSON-LD context of this project's own keys."""
        return f"{self.vocabulary}context.json"

    @property
    def reviews(self) -> str:
        """The named graph of judgements, which outlive the runs that they judge."""
        return f"{self.base}reviews"

    def term(self, name: str) -> str:
        """A term of the vocabulary; `ACROSS_DIVIDE` is written `acrossDivide`."""
        return self.vocabulary + _camel_case(name)

    @property
    def confidence(self) -> str:
        """The property that gives a claim's probability."""
        return f"{self.vocabulary}confidenceValue"

    @property
    def relation_claim(self) -> str:
        """The class of claims about two regions."""
        return f"{self.vocabulary}RelationClaim"

    @property
    def depiction_claim(self) -> str:
        """The class of claims that a region shows what a label says."""
        return f"{self.vocabulary}DepictionClaim"

    def measure(self, name: str) -> str:
        """The property that gives one measured number behind a claim: `measuredGapHeights`."""
        return self.term(f"measured_{name}")

    def concept(self, concept_id: ConceptId) -> str:
        """A term of a public vocabulary, at its publisher's address."""
        scheme, _, notation = concept_id.partition(":")
        if scheme in tuple(Scheme):
            return CONCEPT_BASES[Scheme(scheme)] + quote(notation, safe="")
        return self._mint("concept", concept_id)

    def _mint(self, *parts: str) -> str:
        return self.base + "/".join(map(_encoded, parts))


@functools.lru_cache(maxsize=4_096)
def _encoded(part: str) -> str:
    return quote(part, safe="")


@functools.lru_cache(maxsize=4_096)
def _camel_case(name: str) -> str:
    first, *rest = name.lower().split("_")
    return _encoded(first + "".join(word.title() for word in rest))
