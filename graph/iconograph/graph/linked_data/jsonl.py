"""A whole store as lines of JSON, and back; docs/export.md describes each field.

The lines of an image follow each other: its work, runs and concepts, then the image itself, whose
`holds` tells how many lines of each type follow, then these. So each image can be read without the
others, a file can be read as a stream, and a reader knows whether an image arrived whole.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InputError
from iconograph.graph.model.record import Record, encoded, from_record, to_record
from iconograph.graph.model.vector import RegionVectors, VectorSpace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import ImageId
    from iconograph.graph.store.port import GraphStore

Counts = Counter[str]
"""How many lines, pages, claims and so on were written, by type."""

VECTORS = "vectors"
FLOAT32_LITTLE_ENDIAN = np.dtype("<f4")


def write_jsonl(store: GraphStore, out: TextIO, *, vectors: bool = False) -> Counts:
    """Write every image of the store; gives back the number of lines by type.

    Memory is that of one image. `vectors` adds the vectors of regions.
    """
    counts: Counts = Counter()
    for bundle in store.bundles():
        for record in records(bundle, vectors=vectors):
            out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            counts[record["type"]] += 1
    return counts


def records(bundle: ImageBundle, *, vectors: bool) -> Iterator[Record]:
    """The records of one image in the order of their lines."""
    given_vectors = bundle.vectors if vectors else ()
    holds = {
        "region": len(bundle.regions),
        "axis": len(bundle.axes),
        "edge": len(bundle.edges),
        VECTORS: len(given_vectors),
    }
    for value in (bundle.work, *bundle.runs, *bundle.concepts):
        yield to_record(value)
    yield {**to_record(bundle.image), "holds": holds}
    for value in (*bundle.regions, *bundle.axes, *bundle.edges):
        yield to_record(value)
    for part in given_vectors:
        yield vectors_record(bundle.image.id, part)


def vectors_record(image_id: ImageId, vectors: RegionVectors) -> Record:
    """The vectors of an image's regions in one space; the rows are float32, base64 (RFC 4648)."""
    rows = vectors.matrix.astype(FLOAT32_LITTLE_ENDIAN).tobytes()
    return {
        "type": VECTORS,
        "id": f"{image_id}/{vectors.space.name}",
        "image_id": image_id,
        "space": encoded(vectors.space),
        "region_ids": list(vectors.region_ids),
        "float32_base64": base64.b64encode(rows).decode("ascii"),
    }


def vectors_from(record: Mapping[str, Any]) -> RegionVectors:
    """The vectors that such a record describes; raises `InputError` where they do not fit."""
    try:
        space = from_record(VectorSpace, record["space"])
        rows = np.frombuffer(
            base64.b64decode(record["float32_base64"], validate=True), FLOAT32_LITTLE_ENDIAN
        )
        matrix = rows.reshape(len(record["region_ids"]), space.dim).astype(np.float32)
        return RegionVectors(space=space, region_ids=tuple(record["region_ids"]), matrix=matrix)
    except (KeyError, TypeError, ValueError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        message = f"the vectors {record.get('id', '')!r} cannot be used: {what}"
        raise InputError(message) from error
