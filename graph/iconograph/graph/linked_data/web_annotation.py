"""Regions and relations as W3C Web Annotation pages on IIIF canvases.

The form is what annotation viewers read in practice, Mirador 4 among them: a path before the box,
two motivations where one alone is not listed, one textual body, confidence as text.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from iconograph.graph.linked_data.iris import IriMinter
from iconograph.graph.linked_data.lexical import (
    confidence_text,
    date_time,
    language_tag,
    media_fragment,
    svg,
)
from iconograph.graph.linked_data.vocabulary import (
    ANNOTATION_CONTEXT,
    PRESENTATION_CONTEXT,
    RELATIONS,
    context,
    names_individual,
    region_name,
)
from iconograph.graph.model.edge import EdgeStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from iconograph.graph.linked_data.jsonl import Counts
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.run import Run
    from iconograph.graph.model.work import Image
    from iconograph.graph.store.port import GraphStore

Json = dict[str, Any]


def write_annotations(
    store: GraphStore, out: TextIO, *, iris: IriMinter, with_rejected: bool = False
) -> Counts:
    """Write a JSON array with one annotation page a line; memory is that of one image."""
    counts: Counts = Counter()
    out.write("[")
    for page in pages(store, iris=iris, with_rejected=with_rejected):
        out.write(",\n" if counts else "\n")
        out.write(json.dumps(page, ensure_ascii=False))
        _count(page, counts)
    out.write("\n]\n")
    return counts


def write_annotation_folder(
    store: GraphStore, folder: Path, *, iris: IriMinter, with_rejected: bool = False
) -> Counts:
    """Write one file an image, the context of our own keys, and `index.json` that lists the pages."""
    counts: Counts = Counter()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "context.json", context(iris))
    with (folder / "index.json").open("w", encoding="utf-8") as index:
        index.write("[")
        for bundle in store.bundles():
            page = annotation_page(bundle, iris=iris, with_rejected=with_rejected)
            name = f"{bundle.image.id}.json"
            _write(folder / name, page)
            entry = {
                "id": page["id"],
                "file": name,
                "title": bundle.work.title,
                "image": bundle.image.uri,
                "annotations": len(page["items"]),
            }
            index.write(",\n" if counts else "\n")
            index.write(json.dumps(entry, ensure_ascii=False))
            _count(page, counts)
        index.write("\n]\n")
    return counts


def pages(store: GraphStore, *, iris: IriMinter, with_rejected: bool = False) -> Iterator[Json]:
    """The annotation page of every image, one at a time."""
    for bundle in store.bundles():
        yield annotation_page(bundle, iris=iris, with_rejected=with_rejected)


def annotation_page(bundle: ImageBundle, *, iris: IriMinter, with_rejected: bool = False) -> Json:
    """All regions and relations of an image; rejected relations only when asked for."""
    author = _Author(bundle, iris)
    edges = [e for e in bundle.edges if with_rejected or e.status is not EdgeStatus.REJECTED]
    return {
        "@context": [ANNOTATION_CONTEXT, iris.context, PRESENTATION_CONTEXT],
        "id": iris.annotation_page(bundle.image.id),
        "type": "AnnotationPage",
        "items": [
            *(author.region_annotation(region) for region in bundle.regions),
            *(author.edge_annotation(edge) for edge in edges),
        ],
    }


class _Author:
    """Writes the annotations of one image."""

    def __init__(self, bundle: ImageBundle, iris: IriMinter) -> None:
        self._image: Image = bundle.image
        self._iris = iris
        self._runs: dict[RunId, Run] = {run.id: run for run in bundle.runs}
        self._regions = {region.id: region for region in bundle.regions}

    def region_annotation(self, region: Region) -> Json:
        """What a region shows: concepts by IRI, the surest label as text."""
        surest = max(region.labels, key=lambda label: label.confidence, default=None)
        bodies = [
            _resource(
                self._iris.concept(concept),
                "identifying" if names_individual(concept) else "classifying",
            )
            for concept in region.concepts
        ]
        return {
            "id": self._iris.annotation(region.id),
            "type": "Annotation",
            "motivation": ["tagging", "identifying"],
            "region": self._iris.region(region.id),
            **({"sourceId": region.source_id} if region.source_id else {}),
            **({"confidence": confidence_text(surest.confidence)} if surest else {}),
            **self._provenance(region.run_id),
            "body": [
                *bodies,
                _text(region_name(region), "tagging", surest.language if surest else "en"),
            ],
            "target": self._target(region),
        }

    def edge_annotation(self, edge: Edge) -> Json:
        """How two regions stand to each other, shown at the subject and linked to the object."""
        subject, object_ = self._regions[edge.subject_id], self._regions[edge.object_id]
        confidence = confidence_text(edge.confidence)
        sentence = (
            f"{region_name(subject)} {RELATIONS[edge.kind].sentence} {region_name(object_)} "
            f"(confidence {confidence})"
        )
        return {
            "id": self._iris.annotation(edge.id),
            "type": "Annotation",
            "motivation": ["linking", "commenting"],
            "claim": self._iris.claim(edge.id),
            "region": self._iris.region(edge.subject_id),
            "confidence": confidence,
            "layer": edge.layer.value,
            "status": edge.status.value,
            "method": edge.method,
            **self._provenance(edge.run_id),
            "body": [
                _resource(self._iris.region(edge.object_id), "linking"),
                _resource(self._iris.term(edge.kind), "classifying"),
                _text(sentence, "describing", "en"),
            ],
            "target": self._target(subject),
        }

    def _provenance(self, run_id: RunId) -> Json:
        run = self._runs[run_id]
        created = date_time(run.started_at)
        agent = {"id": self._iris.software(run.software), "type": "Software", "name": run.software}
        return {**({"created": created} if created else {}), "generator": agent}

    def _target(self, region: Region) -> Json:
        return {
            "type": "SpecificResource",
            "source": self._iris.canvas(self._image.id),
            "selector": [
                {"type": "SvgSelector", "value": svg(region.outline, self._image)},
                {
                    "type": "FragmentSelector",
                    "conformsTo": "http://www.w3.org/TR/media-frags/",
                    "value": media_fragment(region.box),
                },
            ],
        }


def _resource(source: str, purpose: str) -> Json:
    return {"type": "SpecificResource", "source": source, "purpose": purpose}


def _text(value: str, purpose: str, language: str) -> Json:
    named = {"language": language} if language_tag(language) else {}
    return {
        "type": "TextualBody",
        "value": value,
        **named,
        "format": "text/plain",
        "purpose": purpose,
    }


def _write(path: Path, value: Json) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _count(page: Json, counts: Counts) -> None:
    counts["page"] += 1
    counts["annotation"] += len(page["items"])
