"""The Neo4j store: a graph that people can look at with Neo4j Browser.

::

    (:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(:Region:Entity|Group|Scene)
    (:Image)-[:HAS_AXIS]->(:Axis)   (:Image)-[:PROCESSED_BY]->(:Run)
    (:Work|Region)-[:DEPICTS]->(:Concept)
    (:Region)-[:HAS_PART]->(:Region)              from a region to those whose `parent_id` names it
    (:Region)-[:HOLDS|BESIDE|...]->(:Region)      a relationship type for each `EdgeKind`
    (any of these)-[:RECORDED_AS]->(:Record)      the exact value as JSON

`HAS_PART` is the tree of regions; the statement `PART_OF`, which a rule or a person makes, is an
edge like any other. Vectors are properties of regions, one for each space (see `spaces`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from iconograph.graph.model.concept import Concept
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.work import Image, Work
from iconograph.graph.store.neo4j import rows
from iconograph.graph.store.neo4j import statements as cypher
from iconograph.graph.store.neo4j.bundles import read_bundle
from iconograph.graph.store.neo4j.candidates import CandidateReader
from iconograph.graph.store.neo4j.connection import Connection, split_route
from iconograph.graph.store.neo4j.schema import (
    create_vector_index,
    migrate,
)
from iconograph.graph.store.neo4j.spaces import StoredSpace, place_for
from iconograph.graph.store.neo4j.write import remove_image, write_bundle
from iconograph.graph.store.port import SCHEMA_VERSION, StoreInfo
from iconograph.graph.store.stored_text import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import ConceptId, EdgeId, ImageId, RegionId, WorkId
    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.store.candidates import CandidateRequest, Candidates

T = TypeVar("T")


class Neo4jStore:
    """A `GraphStore` in a Neo4j database; Community Edition is enough. Any thread may use it."""

    thread_safe = True

    def __init__(self, connection: Connection, *, exact: bool) -> None:
        self._connection = connection
        self._candidates = CandidateReader(connection, exact=exact)

    @classmethod
    def open(
        cls, url: str, *, user: str = "neo4j", password: str = "", read_only: bool = False
    ) -> Self:
        """The store in the database at `url`, created or migrated unless `read_only`.

        With `?route=exact` at the end of the URL the vectors are read into memory once and scanned
        whole, which finds every match and suits some 200,000 regions; without it a search asks
        Neo4j's vector index. Raises `StoreUnavailableError` when there is no such server or it
        refuses, `StoreVersionError` when server or schema do not fit.
        """
        address, route = split_route(url)
        connection = Connection.open(address, user=user, password=password, read_only=read_only)
        try:
            migrate(connection)
        except Exception:
            connection.close()
            raise
        return cls(connection, exact=route == "exact")

    @property
    def url(self) -> str:
        """Where it was opened."""
        return self._connection.url

    def info(self) -> StoreInfo:
        """Count what is stored."""
        nodes = {name: int(n) for name, n in self._connection.rows(cypher.COUNTS)}
        kinds = {name: int(n) for name, n in self._connection.rows(cypher.COUNT_EDGES)}
        edges = {"edge": sum(kinds.values()), **{f"edge:{name}": n for name, n in kinds.items()}}
        return StoreInfo(
            url=self.url,
            engine=f"Neo4j {self._connection.server.text}",
            schema_version=SCHEMA_VERSION,
            counts={**nodes, **edges},
            spaces=self.spaces(),
        )

    def write(self, bundle: ImageBundle, /) -> None:
        """Store a bundle in one transaction, all of it or none."""
        places = self._places_for([vectors.space for vectors in bundle.vectors])
        if bundle.removed_vectors:
            places = self._known_places() | places
        self._connection.write(lambda tx: write_bundle(tx, bundle, places))

    def remove_image(self, image_id: ImageId, /) -> None:
        """Take away an image with all that hangs on it, and its work if it was the last image."""
        self._connection.write(lambda tx: remove_image(tx, image_id))

    def clear(self) -> None:
        """Delete all that Iconograph stored here; nodes of others, constraints and indexes stay."""
        self._connection.change(cypher.CLEAR)
        self._connection.change(cypher.COUNT_CHANGE)

    def bundle(self, image_id: ImageId, /) -> ImageBundle | None:
        """All that is stored of an image, vectors included; None when it is not there."""
        return self._connection.read(lambda tx: read_bundle(tx, image_id))

    def bundles(self) -> Iterator[ImageBundle]:
        """All images, ordered by id, one at a time."""
        last = ""
        while found := self._connection.rows(cypher.IMAGE_IDS, after=last, limit=1):
            last = found[0][0]
            bundle = self.bundle(last)
            if bundle:
                yield bundle

    def spaces(self) -> tuple[VectorSpace, ...]:
        """Spaces that vectors were stored in, by name."""
        return tuple(place.space for place in self._known_places().values())

    def works(self, *, after: WorkId | None = None, limit: int) -> list[Work]:
        """A page of works: the next `limit` after an id."""
        return self._values(Work, cypher.page("Work"), after=after or "", limit=limit)

    def works_by_id(self, ids: Sequence[WorkId], /) -> dict[WorkId, Work]:
        """Those of the works that are there."""
        found = self._values(Work, cypher.by_id("Work"), ids=list(ids))
        return {work.id: work for work in found}

    def images_by_id(self, ids: Sequence[ImageId], /) -> dict[ImageId, Image]:
        """Those of the images that are there."""
        found = self._values(Image, cypher.by_id("Image"), ids=list(ids))
        return {image.id: image for image in found}

    def images_of(self, ids: Sequence[WorkId], /) -> dict[WorkId, list[Image]]:
        """The images of each work."""
        images: dict[WorkId, list[Image]] = {work: [] for work in ids}
        for image in self._values(Image, cypher.IMAGES_OF_WORKS, ids=list(ids)):
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
            return self._values(Region, cypher.page("Region"), after=after or "", limit=limit)
        statement = cypher.REGIONS_PAGE_OF_IMAGE
        return self._values(Region, statement, image=image_id, after=after or "", limit=limit)

    def regions_by_id(self, ids: Sequence[RegionId], /) -> dict[RegionId, Region]:
        """Those of the regions that are there."""
        found = self._values(Region, cypher.by_id("Region"), ids=list(ids))
        return {region.id: region for region in found}

    def edges_by_id(self, ids: Sequence[EdgeId], /) -> dict[EdgeId, Edge]:
        """Those of the edges that are there."""
        return {edge.id: edge for edge in self._edges(cypher.EDGES_BY_ID, ids)}

    def edges_of(self, ids: Sequence[RegionId], /) -> dict[RegionId, list[Edge]]:
        """The edges that begin or end at each region, rejected ones included."""
        edges: dict[RegionId, list[Edge]] = {region: [] for region in ids}
        for edge in self._edges(cypher.EDGES_OF_REGIONS, ids):
            for end in (edge.subject_id, edge.object_id):
                if end in edges:
                    edges[end].append(edge)
        return edges

    def runs(self) -> list[Run]:
        """All runs."""
        return self._values(Run, cypher.ALL_RUNS)

    def concepts_by_id(self, ids: Sequence[ConceptId], /) -> dict[ConceptId, Concept]:
        """Those of the concepts that are there."""
        found = self._values(Concept, cypher.by_id("Concept"), ids=list(ids))
        return {concept.id: concept for concept in found}

    def candidates(self, request: CandidateRequest, /) -> Candidates:
        """Regions near the seeds of every node and the edges between them, as columns."""
        return self._candidates.candidates(request, self._known_places())

    def close(self) -> None:
        """Release what the store holds; closing twice does nothing."""
        self._candidates.close()
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

    def _values(self, cls: type[T], statement: str, **parameters: object) -> list[T]:
        return values_of(cls, self._connection.rows(statement, **parameters))

    def _edges(self, statement: str, ids: Sequence[str]) -> list[Edge]:
        return [rows.edge_of_row(row) for row in self._connection.rows(statement, ids=list(ids))]

    def _known_places(self) -> dict[str, StoredSpace]:
        found = map(StoredSpace.from_row, self._connection.rows(cypher.SPACES))
        return {place.space.name: place for place in found}

    def _places_for(self, spaces: Sequence[VectorSpace]) -> dict[str, StoredSpace]:
        """Where the vectors of each space go; a new space gets its index."""
        if not spaces:
            return {}
        known = self._known_places()
        for space in spaces:
            if space.name not in known:
                known[space.name] = place = place_for(space, known)
                create_vector_index(self._connection, place)
            known[space.name].space.require_same(space)
        return known
