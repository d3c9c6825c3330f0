"""The graph as plain RDF statements: claims with their maker, confidence and evidence.

Pure values, so that the modelling can be read and tested without an RDF library; `claims` turns
them into quads. CIDOC-CRM says what is claimed, PROV-O who made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iconograph.graph.linked_data import lexical
from iconograph.graph.linked_data.vocabulary import (
    CRM,
    CRMDIG,
    OA,
    PROV,
    RDF,
    RDFS,
    RELATIONS,
    SCHEMES,
    SKOS,
    XSD,
    names_individual,
    region_name,
)
from iconograph.graph.model.edge import EdgeStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.linked_data.iris import IriMinter
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.concept import Concept
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import ConceptId, EdgeId, RegionId
    from iconograph.graph.model.region import Label, Region
    from iconograph.graph.model.run import ModelRef, Run

TYPE = f"{RDF}type"
LABEL = f"{RDFS}label"
CLAIM = f"{CRM}E13_Attribute_Assignment"


class Words(NamedTuple):
    """A literal: text in a language, or of a datatype (an IRI), or plain."""

    text: str
    language: str = ""
    datatype: str = ""


class Statement(NamedTuple):
    """Subject, predicate and object (an IRI or a literal), in a named graph or, if empty, in none."""

    subject: str
    predicate: str
    object: str | Words
    graph: str


def about(subject: str, graph: str, *pairs: tuple[str, str | Words]) -> Iterator[Statement]:
    """Statements that share a subject."""
    return (Statement(subject, predicate, object_, graph) for predicate, object_ in pairs)


def of_vocabulary(iris: IriMinter) -> Iterator[Statement]:
    """The project's own terms, with labels in English and German."""
    for scheme, terms in SCHEMES.items():
        yield from about(iris.term(scheme), "", (TYPE, f"{SKOS}ConceptScheme"))
        for name, term in terms.items():
            yield from about(
                iris.term(name),
                "",
                (TYPE, f"{CRM}E55_Type"),
                (TYPE, f"{SKOS}Concept"),
                (f"{SKOS}prefLabel", Words(term.en, "en")),
                (f"{SKOS}prefLabel", Words(term.de, "de")),
                (f"{SKOS}inScheme", iris.term(scheme)),
            )
    for kind in RELATIONS:
        yield from about(iris.term(kind), "", (TYPE, f"{RDF}Property"))


def of_concept(concept: Concept, iris: IriMinter) -> Iterator[Statement]:
    """A term of a public vocabulary that something in the store names."""
    yield from about(
        iris.concept(concept.id),
        "",
        (TYPE, f"{CRM}E55_Type"),
        (f"{SKOS}notation", Words(concept.notation)),
        *((f"{SKOS}prefLabel", Words(label.text, label.language)) for label in concept.labels),
    )


def of_run(run: Run, iris: IriMinter) -> Iterator[Statement]:
    """A run: the activity of a software agent that used models, in its own named graph."""
    graph, agent = iris.run(run.id), iris.software(run.software)
    started = lexical.date_time(run.started_at)
    yield from about(
        iris.run(run.id),
        graph,
        (TYPE, f"{PROV}Activity"),
        (f"{PROV}wasAssociatedWith", agent),
        *([(f"{PROV}startedAtTime", _time(started))] if started else []),
        *((f"{PROV}used", iris.model(model)) for model in run.models),
        *((iris.term("parameter"), Words(f"{name}={value}")) for name, value in run.parameters),
    )
    yield from about(agent, graph, (TYPE, f"{PROV}SoftwareAgent"), (LABEL, Words(run.software)))
    for model in run.models:
        yield from _model(model, graph, iris)


def of_bundle(
    bundle: ImageBundle, iris: IriMinter, *, with_rejected: bool = False
) -> Iterator[Statement]:
    """An image with its work, regions and claims; the statements on one subject stand together.

    What a run found is in the named graph of the run, judgements are in the graph of reviews, work
    and image in none. The runs and concepts themselves are left to `of_run` and `of_concept`.
    """
    yield from _work_and_image(bundle, iris)
    for run in bundle.runs:
        used = (f"{PROV}used", iris.image(bundle.image.id))
        yield from about(iris.run(run.id), iris.run(run.id), used)
    for region in bundle.regions:
        yield from _region(region, iris)
        for ordinal, label in enumerate(region.labels):
            yield from _depiction(region, ordinal, label, iris)
    regions = {region.id: region for region in bundle.regions}
    for edge in bundle.edges:
        if with_rejected or edge.status is not EdgeStatus.REJECTED:
            yield from _claim(edge, regions[edge.subject_id], regions[edge.object_id], iris)
            yield from _review(edge, iris)


def _work_and_image(bundle: ImageBundle, iris: IriMinter) -> Iterator[Statement]:
    work, image = bundle.work, bundle.image
    yield from about(
        iris.work(work.id),
        "",
        (TYPE, f"{CRM}E22_Human-Made_Object"),
        *((LABEL, Words(title.text, title.language)) for title in work.titles),
        (f"{CRM}P65_shows_visual_item", iris.visual(image.id)),
    )
    yield from about(
        iris.visual(image.id),
        "",
        (TYPE, f"{CRM}E36_Visual_Item"),
        *((f"{CRM}P129_is_about", iris.concept(concept)) for concept in work.concepts),
    )
    yield from about(
        iris.image(image.id),
        "",
        (TYPE, f"{CRMDIG}D1_Digital_Object"),
        (f"{CRM}P138_represents", iris.work(work.id)),
        (LABEL, Words(image.file_name)),
    )


def _region(region: Region, iris: IriMinter) -> Iterator[Statement]:
    graph, iri = iris.run(region.run_id), iris.region(region.id)
    parent = (
        [(f"{CRM}P106i_forms_part_of", iris.region(region.parent_id))] if region.parent_id else []
    )
    own_id = [(iris.term("source_id"), Words(region.source_id))] if region.source_id else []
    yield from about(
        iri,
        graph,
        (TYPE, f"{CRM}E36_Visual_Item"),
        (f"{CRM}P106i_forms_part_of", iris.visual(region.image_id)),
        *parent,
        *((LABEL, Words(label.text, label.language)) for label in region.labels),
        *((_represents(concept), iris.concept(concept)) for concept in region.concepts),
        *(
            (f"{CRM}P140i_was_attributed_by", iris.depiction(region.id, ordinal))
            for ordinal in range(len(region.labels))
        ),
        (iris.term("svg_path"), Words(lexical.svg_path(region.outline))),
        *own_id,
    )
    yield from _annotation(region.id, region, graph, iris)


def _depiction(region: Region, ordinal: int, label: Label, iris: IriMinter) -> Iterator[Statement]:
    """The claim that the region shows what its label says."""
    graph, named = iris.run(region.run_id), iris.label(label.text, label.language)
    yield from about(
        iris.depiction(region.id, ordinal),
        graph,
        (TYPE, CLAIM),
        (TYPE, iris.depiction_claim),
        (TYPE, f"{PROV}Entity"),
        (f"{CRM}P140_assigned_attribute_to", iris.region(region.id)),
        (f"{CRM}P177_assigned_property_of_type", f"{CRM}P199_represents_instance_of_type"),
        (f"{CRM}P141_assigned", named),
        (iris.confidence, _decimal(label.confidence)),
        (iris.term("origin"), Words(label.origin)),
        (iris.term("evidence"), iris.annotation(region.id)),
        (f"{PROV}wasGeneratedBy", graph),
    )
    yield from about(
        named, graph, (TYPE, f"{CRM}E55_Type"), (LABEL, Words(label.text, label.language))
    )


def _claim(edge: Edge, subject: Region, object_: Region, iris: IriMinter) -> Iterator[Statement]:
    """The claim that one region stands to another as the edge says."""
    graph = iris.run(edge.run_id)
    name = f"{region_name(subject)} {edge.kind} {region_name(object_)}"
    yield from about(
        iris.claim(edge.id),
        graph,
        (TYPE, CLAIM),
        (TYPE, iris.relation_claim),
        (TYPE, f"{PROV}Entity"),
        (LABEL, Words(name, "en")),
        (f"{CRM}P140_assigned_attribute_to", iris.region(edge.subject_id)),
        (f"{CRM}P177_assigned_property_of_type", iris.term(edge.kind)),
        (f"{CRM}P141_assigned", iris.region(edge.object_id)),
        (iris.confidence, _decimal(edge.confidence)),
        (iris.term("layer"), iris.term(edge.layer)),
        (iris.term("status"), iris.term(edge.status)),
        (iris.term("method"), Words(edge.method)),
        (iris.term("evidence"), iris.annotation(edge.id)),
        *(
            (iris.measure(measure), Words(repr(number), datatype=f"{XSD}double"))
            for measure, number in edge.evidence.numbers
        ),
        (f"{PROV}wasGeneratedBy", graph),
    )
    yield from _annotation(edge.id, subject, graph, iris)


def _review(edge: Edge, iris: IriMinter) -> Iterator[Statement]:
    """The judgement of a person: a second attribute assignment, whose subject is the claim."""
    if edge.review is None:
        return
    person, graph = iris.person(edge.review.by), iris.reviews
    at = lexical.date_time(edge.review.at)
    yield from about(
        iris.review(edge.id),
        graph,
        (TYPE, CLAIM),
        (f"{CRM}P140_assigned_attribute_to", iris.claim(edge.id)),
        (f"{CRM}P177_assigned_property_of_type", iris.term("status")),
        (f"{CRM}P141_assigned", iris.term(edge.status)),
        (f"{CRM}P14_carried_out_by", person),
        *([(f"{PROV}generatedAtTime", _time(at))] if at else []),
        *([(f"{CRM}P3_has_note", Words(edge.review.reason))] if edge.review.reason else []),
    )
    yield from about(person, graph, (TYPE, f"{CRM}E39_Actor"), (LABEL, Words(edge.review.by)))


def _annotation(
    of: RegionId | EdgeId, seen_at: Region, graph: str, iris: IriMinter
) -> Iterator[Statement]:
    """The annotation that shows the evidence; the polygon itself is in the annotation pages."""
    place = f"{iris.canvas(seen_at.image_id)}#{lexical.media_fragment(seen_at.box)}"
    yield from about(
        iris.annotation(of), graph, (TYPE, f"{OA}Annotation"), (f"{OA}hasTarget", place)
    )


def _model(model: ModelRef, graph: str, iris: IriMinter) -> Iterator[Statement]:
    yield from about(
        iris.model(model),
        graph,
        (TYPE, f"{PROV}Entity"),
        (TYPE, f"{CRMDIG}D14_Software"),
        (LABEL, Words(f"{model.name} {model.revision}".strip())),
        *([(iris.term("sha256"), Words(model.sha256))] if model.sha256 else []),
    )


def _represents(concept: ConceptId) -> str:
    individual = names_individual(concept)
    return f"{CRM}P138_represents" if individual else f"{CRM}P199_represents_instance_of_type"


def _decimal(confidence: float) -> Words:
    return Words(lexical.confidence_text(confidence), datatype=f"{XSD}decimal")


def _time(text: str) -> Words:
    return Words(text, datatype=f"{XSD}dateTime")
