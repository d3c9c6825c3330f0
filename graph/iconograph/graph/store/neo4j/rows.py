"""Values as properties of nodes and relationships, and back.

A node that people look at carries what they read: `name`, `caption` and a few more. The exact value
is the JSON of a `Record` node beside it, which keeps polygons and key points out of sight. An edge
has no such node: its properties hold all of it, its evidence as `evidence_...`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from iconograph.graph.linked_data.iris import IriMinter
from iconograph.graph.model.axis import Axis
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge
from iconograph.graph.model.record import from_record
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.work import Image, Work
from iconograph.graph.search.lemmas import lemmas
from iconograph.graph.store.stored_text import label_confidences, record_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.graph.model.vector import RegionVectors

T = TypeVar("T")
Properties = dict[str, Any]
"""What a node or relationship carries; None takes a property away."""
Value = Work | Image | Region | Run | Concept | Axis

EVIDENCE = "evidence_"
LACKED = "evidence_lacked"
REVIEW = ("by", "at", "reason")


def node_row(value: Value) -> Properties:
    """A row for the statements that insert or update nodes."""
    return {"id": value.id, "properties": _properties(value), "json": record_text(value)}


def without_parent(text: str) -> str:
    """The record of a region whose parent was taken away."""
    record = json.loads(text)
    record.pop("parent_id", None)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def edge_row(edge: Edge) -> Properties:
    """A row for the statement that inserts or updates the edges of a kind."""
    evidence = {EVIDENCE + name: number for name, number in edge.evidence.numbers}
    review = (
        {f"review_{name}": getattr(edge.review, name) for name in REVIEW} if edge.review else {}
    )
    properties = {
        "id": edge.id,
        "image_id": edge.image_id,
        "confidence": edge.confidence,
        "layer": edge.layer.value,
        "method": edge.method,
        "run_id": edge.run_id,
        "status": edge.status.value,
        LACKED: list(edge.evidence.lacked) or None,
        **evidence,
        **review,
    }
    return {"subject": edge.subject_id, "object": edge.object_id, "properties": properties}


def edge_of_row(row: Sequence[Any]) -> Edge:
    """The edge of a row: kind, subject id, object id, properties."""
    kind, subject, object_, found = row
    properties: Mapping[str, Any] = found
    numbers = {
        name.removeprefix(EVIDENCE): number
        for name, number in properties.items()
        if name.startswith(EVIDENCE) and name != LACKED
    }
    review = {
        name: properties[f"review_{name}"] for name in REVIEW if f"review_{name}" in properties
    }
    plain = ("id", "image_id", "confidence", "layer", "method", "run_id", "status")
    record = {
        **{name: properties[name] for name in plain},
        "kind": kind,
        "subject": subject,
        "object": object_,
        "evidence": {**numbers, "lacked": properties.get(LACKED, ())},
        "review": review or None,
    }
    return from_record(Edge, record)


def concept_rows(owners: Iterable[Work | Region]) -> list[Properties]:
    """What each of the values depicts."""
    return [{"id": owner.id, "concept": concept} for owner in owners for concept in owner.concepts]


def parent_rows(regions: Iterable[Region]) -> list[Properties]:
    """Which regions have a parent."""
    return [{"parent": r.parent_id, "child": r.id} for r in regions if r.parent_id]


def vector_rows(vectors: RegionVectors) -> list[Properties]:
    """Each region's vector as a list of numbers."""
    pairs = zip(vectors.region_ids, vectors.matrix.tolist(), strict=True)
    return [{"id": region_id, "vector": vector} for region_id, vector in pairs]


def _properties(value: Value) -> Properties:
    match value:
        case Work():
            return _work(value)
        case Image():
            return _image(value)
        case Region():
            return _region(value)
        case Run():
            return {
                "name": value.software,
                "caption": ", ".join(m.name for m in value.models) or f"since {value.started_at}",
                "started_at": value.started_at,
            }
        case Concept():
            return _concept(value)
        case Axis():
            return _axis(value)


def _work(work: Work) -> Properties:
    makers = [maker.name for maker in work.makers]
    said = [*makers, *([work.date.text] if work.date else ()), work.collection]
    return {
        "name": work.title,
        "caption": ", ".join(part for part in said if part) or work.title,
        "makers": makers or None,
        "earliest_year": work.date.earliest_year if work.date else None,
        "latest_year": work.date.latest_year if work.date else None,
        "medium": work.medium or None,
        "collection": work.collection or None,
        "rights_uri": work.rights_uri or None,
        "page_url": work.source.uri or None,
    }


def _image(image: Image) -> Properties:
    return {
        "name": image.file_name or image.uri,
        "caption": f"{image.width_px} x {image.height_px} px",
        "work_id": image.work_id,
        "page_url": image.uri,
        "rights_uri": image.rights_uri or None,
    }


def _region(region: Region) -> Properties:
    surest = label_confidences(region)
    name = region.label or region.kind.value
    tokens = {token for label in region.labels for token in lemmas(label.text, label.language)}
    return {
        "name": name,
        "caption": region.caption or f"{name} ({region.level.value})",
        "level": region.level.value,
        "kind": region.kind.value,
        "image_id": region.image_id,
        "run_id": region.run_id,
        "source_id": region.source_id or None,
        "area_fraction": region.area_fraction,
        "labels": list(surest) or None,
        "label_confidences": list(surest.values()) or None,
        "label_tokens": sorted(tokens) or None,
        "caption_tokens": sorted(set(lemmas(region.caption))) or None,
    }


def _concept(concept: Concept) -> Properties:
    english = [label.text for label in concept.labels if label.language == "en"]
    labels = english or [label.text for label in concept.labels]
    return {
        "name": labels[0] if labels else concept.notation,
        "caption": f"{concept.scheme.value} {concept.notation}",
        "scheme": concept.scheme.value,
        "notation": concept.notation,
        "iri": IriMinter().concept(concept.id),
    }


def _axis(axis: Axis) -> Properties:
    return {
        "name": f"{axis.kind.value} axis",
        "caption": f"at {axis.angle_deg:.0f} degrees, strength {axis.strength:.2f}",
        "kind": axis.kind.value,
        "image_id": axis.image_id,
        "angle_deg": axis.angle_deg,
        "strength": axis.strength,
        "method": axis.method,
        "run_id": axis.run_id,
    }
