"""Copies one store into another, and compares two record by record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.ids import ImageId
from iconograph.graph.model.record import Record, to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iconograph.graph.model.vector import RegionVectors
    from iconograph.graph.store.port import GraphStore

VECTOR_TOLERANCE = 1e-6
"""Largest difference of two numbers of a vector that still counts as equal."""

BundlePair = tuple[ImageBundle | None, ImageBundle | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReport:
    """How many images were written, and how many were there and equal."""

    written: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDifference:
    """An image that two stores hold differently; `records` names each record and what differs."""

    image_id: ImageId
    uri: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDifference:
    """What the second store lacks, what it has besides, and what differs."""

    compared: int
    missing: tuple[ImageId, ...]
    extra: tuple[ImageId, ...]
    differing: tuple[ImageDifference, ...]
    runs: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both stores hold the same."""
        return not (self.missing or self.extra or self.differing or self.runs)

    def lines(self) -> list[str]:
        """The difference in words, one finding a line."""
        if self.equal:
            return [f"equal: {self.compared} images"]
        return [
            *(f"the second store lacks image {image_id}" for image_id in self.missing),
            *(f"only the second store has image {image_id}" for image_id in self.extra),
            *(f"{image.uri}: {record}" for image in self.differing for record in image.records),
            *self.runs,
        ]

    def to_record(self) -> Record:
        """The difference as plain JSON types."""
        return {
            "equal": self.equal,
            "compared": self.compared,
            "missing": list(self.missing),
            "extra": list(self.extra),
            "differing": [
                {"image_id": image.image_id, "uri": image.uri, "records": list(image.records)}
                for image in self.differing
            ],
            "runs": list(self.runs),
        }


def copy_store(
    source: GraphStore,
    target: GraphStore,
    *,
    on_image: Callable[[ImageId], None] | None = None,
) -> CopyReport:
    """Bring every image of `source` into `target`, with vectors, evidence, reviews and runs.

    An image that both hold ends as the source has it; images that only the target holds stay.
    `on_image` is called after each image. May raise what `GraphStore.write` raises.
    """
    written = unchanged = 0
    known = {run.id for run in target.runs()}
    # Runs that no fact names any more belong to no image: the first one written takes them along.
    waiting = tuple(run for run in source.runs() if run.id not in known)
    for bundle in source.bundles():
        present = target.bundle(bundle.image.id)
        if waiting or present is None or bundle_differences(bundle, present):
            runs = {run.id: run for run in (*waiting, *bundle.runs)}
            target.write(_replacing(replace(bundle, runs=tuple(runs.values())), present))
            written, waiting = written + 1, ()
        else:
            unchanged += 1
        if on_image:
            on_image(bundle.image.id)
    return CopyReport(written=written, unchanged=unchanged)


def compare_stores(first: GraphStore, second: GraphStore) -> StoreDifference:
    """What differs between two stores, read once in step with each other."""
    compared, missing, extra, differing = 0, [], [], []
    for a, b in _pairs(first.bundles(), second.bundles()):
        if b is None and a is not None:
            missing.append(a.image.id)
        elif a is None and b is not None:
            extra.append(b.image.id)
        elif a is not None and b is not None:
            compared += 1
            if records := bundle_differences(a, b):
                differing.append(
                    ImageDifference(image_id=a.image.id, uri=a.image.uri, records=records)
                )
    return StoreDifference(
        compared=compared,
        missing=tuple(missing),
        extra=tuple(extra),
        differing=tuple(differing),
        runs=tuple(_record_differences(_by_id(first.runs()), _by_id(second.runs()))),
    )


def bundle_differences(a: ImageBundle, b: ImageBundle) -> tuple[str, ...]:
    """Each record that the two images do not share, and the fields that differ; empty when equal."""
    records = _record_differences(_by_id(_values(a)), _by_id(_values(b)))
    return (*records, *_vector_differences(a.vectors, b.vectors))


def _values(bundle: ImageBundle) -> Iterator[object]:
    yield from (bundle.work, bundle.image, *bundle.runs, *bundle.concepts)
    yield from (*bundle.regions, *bundle.axes, *bundle.edges)


def _by_id(values: Iterable[object]) -> dict[str, Record]:
    records = map(to_record, values)
    return {f"{record['type']} {record['id']}": record for record in records}


def _record_differences(a: dict[str, Record], b: dict[str, Record]) -> Iterator[str]:
    for name in sorted(a.keys() | b.keys()):
        if name not in b:
            yield f"{name} is missing in the second store"
        elif name not in a:
            yield f"{name} is in the second store only"
        elif a[name] != b[name]:
            fields = sorted(
                key
                for key in a[name].keys() | b[name].keys()
                if a[name].get(key) != b[name].get(key)
            )
            yield f"{name} differs in {', '.join(fields)}"


def _vector_differences(
    a: tuple[RegionVectors, ...], b: tuple[RegionVectors, ...]
) -> Iterator[str]:
    spaces_a, spaces_b = ({vectors.space.name: vectors for vectors in side} for side in (a, b))
    for name in sorted(spaces_a.keys() | spaces_b.keys()):
        if name not in spaces_a or name not in spaces_b:
            yield f"vectors of {name} are in one store only"
        elif not _same_vectors(spaces_a[name], spaces_b[name]):
            yield f"vectors of {name} differ"


def _same_vectors(a: RegionVectors, b: RegionVectors) -> bool:
    return (
        a.space == b.space
        and a.region_ids == b.region_ids
        and bool(np.allclose(a.matrix, b.matrix, rtol=0, atol=VECTOR_TOLERANCE))
    )


def _replacing(bundle: ImageBundle, present: ImageBundle | None) -> ImageBundle:
    """The bundle, which also takes away what only `present` has."""
    if present is None:
        return bundle
    regions, edges = ({v.id for v in values} for values in (bundle.regions, bundle.edges))
    axes = {axis.id for axis in bundle.axes}
    return replace(
        bundle,
        removed_regions=frozenset(r.id for r in present.regions if r.id not in regions),
        removed_edges=frozenset(e.id for e in present.edges if e.id not in edges),
        removed_axes=frozenset(axis.id for axis in present.axes if axis.id not in axes),
    )


def _pairs(first: Iterator[ImageBundle], second: Iterator[ImageBundle]) -> Iterator[BundlePair]:
    """The images of two lists in order of id, those of one id together."""
    a, b = next(first, None), next(second, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a.image.id < b.image.id):
            yield a, None
            a = next(first, None)
        elif a is None or b.image.id < a.image.id:
            yield None, b
            b = next(second, None)
        else:
            yield a, b
            a, b = next(first, None), next(second, None)
