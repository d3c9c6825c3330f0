"""The embedded store: a graph in one SQLite file, or in memory."""

from __future__ import annotations

import sqlite3
from itertools import chain
from typing import TYPE_CHECKING, Self, TypeVar

from iconograph.graph.model.axis import Axis
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.work import Image, Work
from iconograph.graph.store.port import SCHEMA_VERSION, StoreInfo
from iconograph.graph.store.sqlite import rows
from iconograph.graph.store.sqlite import statements as sql
from iconograph.graph.store.sqlite.candidates import CandidateReader
from iconograph.graph.store.sqlite.connection import IN_MEMORY, Connection, connect
from iconograph.graph.store.sqlite.write import remove_image, write_bundle
from iconograph.graph.store.stored_text import value_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from iconograph.graph.model.ids import ConceptId, EdgeId, ImageId, RegionId, WorkId
    from iconograph.graph.model.vector import RegionVectors, VectorSpace
    from iconograph.graph.store.candidates import CandidateRequest, Candidates

T = TypeVar("T")


class SqliteStore:
    """A `GraphStore` in one SQLite file.

    Any thread may use it: one connection stands behind a lock, and the vector products of a search
    run outside of it. Several processes may read while one writes.
    """

    thread_safe = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._candidates = CandidateReader(connection)

    @classmethod
    def in_memory(cls) -> Self:
        """A new store that is gone when it is closed."""
        return cls(connect(IN_MEMORY))

    @classmethod
    def open(cls, path: str, *, read_only: bool = False) -> Self:
        """The store in the file at `path`, created or migrated unless `read_only`.

        Raises `StoreUnavailableError` when it cannot be opened, `StoreVersionError` when a newer
        version wrote it.
        """
        return cls(connect(path, read_only=read_only))

    @property
    def url(self) -> str:
        """Where it was opened."""
        return self._connection.url

    def info(self) -> StoreInfo:
        """Count what is stored."""
        with self._connection.reading() as connection:
            return StoreInfo(
                url=self.url,
                engine=f"SQLite {sqlite3.sqlite_version}",
                schema_version=SCHEMA_VERSION,
                counts=dict(connection.execute(sql.COUNTS)),
                spaces=_spaces(connection),
            )

    def write(self, bundle: ImageBundle, /) -> None:
        """Store a bundle in one transaction, all of it or none."""
        with self._connection.writing() as connection:
            write_bundle(connection, bundle)

    def remove_image(self, image_id: ImageId, /) -> None:
        """Take away an image with all that hangs on it, and its work if it was the last image."""
        with self._connection.writing() as connection:
            remove_image(connection, image_id)

    def bundle(self, image_id: ImageId, /) -> ImageBundle | None:
        """All that is stored of an image, vectors included; None when it is not there."""
        with self._connection.reading() as connection:
            found = connection.execute(sql.IMAGE_AND_WORK, (image_id,)).fetchone()
            return _bundle(connection, *found) if found else None

    def bundles(self) -> Iterator[ImageBundle]:
        """All images, ordered by id, one at a time."""
        last = ""
        while True:
            with self._connection.reading() as connection:
                found = connection.execute(sql.NEXT_IMAGE, (last,)).fetchone()
                if not found:
                    return
                (last,) = found
                row = connection.execute(sql.IMAGE_AND_WORK, (last,)).fetchone()
                bundle = _bundle(connection, *row)
            yield bundle

    def spaces(self) -> tuple[VectorSpace, ...]:
        """Spaces that vectors were stored in, by name."""
        with self._connection.reading() as connection:
            return _spaces(connection)

    def works(self, *, after: WorkId | None = None, limit: int) -> list[Work]:
        """A page of works: the next `limit` after an id."""
        return self._values(Work, sql.WORKS_PAGE, after or "", limit)

    def works_by_id(self, ids: Sequence[WorkId], /) -> dict[WorkId, Work]:
        """Those of the works that are there."""
        return {work.id: work for work in self._values(Work, sql.WORKS_BY_ID, rows.id_list(ids))}

    def images_by_id(self, ids: Sequence[ImageId], /) -> dict[ImageId, Image]:
        """Those of the images that are there."""
        found = self._values(Image, sql.IMAGES_BY_ID, rows.id_list(ids))
        return {image.id: image for image in found}

    def images_of(self, ids: Sequence[WorkId], /) -> dict[WorkId, list[Image]]:
        """The images of each work."""
        images: dict[WorkId, list[Image]] = {work: [] for work in ids}
        for image in self._values(Image, sql.IMAGES_OF_WORKS, rows.id_list(ids)):
            images[image.work_id].append(image)
        return images

    def regions(
        self,
        *,
        image_id: ImageId | None = None,
        after: RegionId | None = None,
        limit: int,
    ) -> list[Region]:
        """A page of regions, of one image or of all."""
        if image_id is None:
            return self._values(Region, sql.REGIONS_PAGE, after or "", limit)
        return self._values(Region, sql.REGIONS_PAGE_OF_IMAGE, after or "", image_id, limit)

    def regions_by_id(self, ids: Sequence[RegionId], /) -> dict[RegionId, Region]:
        """Those of the regions that are there."""
        found = self._values(Region, sql.REGIONS_BY_ID, rows.id_list(ids))
        return {region.id: region for region in found}

    def edges_by_id(self, ids: Sequence[EdgeId], /) -> dict[EdgeId, Edge]:
        """Those of the edges that are there."""
        return {edge.id: edge for edge in self._values(Edge, sql.EDGES_BY_ID, rows.id_list(ids))}

    def edges_of(self, ids: Sequence[RegionId], /) -> dict[RegionId, list[Edge]]:
        """The edges that begin or end at each region, rejected ones included."""
        edges: dict[RegionId, list[Edge]] = {region: [] for region in ids}
        for edge in self._values(Edge, sql.EDGES_OF_REGIONS, rows.id_list(ids)):
            for end in (edge.subject_id, edge.object_id):
                if end in edges:
                    edges[end].append(edge)
        return edges

    def runs(self) -> list[Run]:
        """All runs."""
        return self._values(Run, sql.RUNS)

    def concepts_by_id(self, ids: Sequence[ConceptId], /) -> dict[ConceptId, Concept]:
        """Those of the concepts that are there."""
        found = self._values(Concept, sql.CONCEPTS_BY_ID, rows.id_list(ids))
        return {concept.id: concept for concept in found}

    def candidates(self, request: CandidateRequest, /) -> Candidates:
        """Every region and every edge of the kinds asked for, as columns."""
        return self._candidates.candidates(request)

    def close(self) -> None:
        """Release what the store holds; closing twice does nothing."""
        self._candidates.forget()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self.close()

    def _values(self, cls: type[T], statement: str, *parameters: str | int) -> list[T]:
        with self._connection.reading() as connection:
            found = connection.execute(statement, parameters).fetchall()
        return values_of(cls, found)


def _spaces(connection: sqlite3.Connection) -> tuple[VectorSpace, ...]:
    return tuple(rows.space_of(row) for row in connection.execute(sql.SPACES))


def _bundle(
    connection: sqlite3.Connection, image_key: int, image_text: str, work_text: str
) -> ImageBundle:
    work = value_of(Work, work_text)
    keyed = connection.execute(sql.REGIONS_OF_IMAGE, (image_key,)).fetchall()
    regions = {key: value_of(Region, text) for key, text in keyed}
    axes = values_of(Axis, connection.execute(sql.AXES_OF_IMAGE, (image_key,)))
    edges = values_of(Edge, connection.execute(sql.EDGES_OF_IMAGE, (image_key,)))
    owners: tuple[Region | Axis | Edge, ...] = (*regions.values(), *axes, *edges)
    depicted = (work.concepts, *(region.concepts for region in regions.values()))
    return ImageBundle(
        work=work,
        image=value_of(Image, image_text),
        runs=_by_id(connection, Run, sql.RUNS_BY_ID, {owner.run_id for owner in owners}),
        concepts=_by_id(connection, Concept, sql.CONCEPTS_BY_ID, set(chain(*depicted))),
        regions=tuple(regions.values()),
        axes=tuple(axes),
        edges=tuple(edges),
        vectors=_vectors(connection, image_key, {key: r.id for key, r in regions.items()}),
    )


def _by_id(
    connection: sqlite3.Connection, cls: type[T], statement: str, ids: Iterable[str]
) -> tuple[T, ...]:
    return tuple(values_of(cls, connection.execute(statement, (rows.id_list(ids),))))


def _vectors(
    connection: sqlite3.Connection, image_key: int, ids: Mapping[int, RegionId]
) -> tuple[RegionVectors, ...]:
    spaces = {space.name: space for space in _spaces(connection)}
    found = connection.execute(sql.VECTORS_OF_IMAGE, (image_key,)).fetchall()
    return tuple(
        rows.region_vectors(spaces[name], rows.unpacked(keys, matrix), ids)
        for name, keys, matrix in found
    )
