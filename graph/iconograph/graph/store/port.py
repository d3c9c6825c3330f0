"""What every graph store does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.concept import Concept
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import ConceptId, EdgeId, ImageId, RegionId, WorkId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.run import Run
    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.model.work import Image, Work
    from iconograph.graph.store.candidates import CandidateRequest, Candidates

SCHEMA_VERSION = 1
"""Version of the stored form, the same for all adapters; raised by each change that needs a migration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInfo:
    """What a store holds: `counts` by record type, edges also by kind as `edge:HOLDS`."""

    url: str
    engine: str
    schema_version: int
    counts: Mapping[str, int]
    spaces: tuple[VectorSpace, ...]


class GraphStore(Protocol):
    """Keeps image bundles; opened by `open_store`, closed by `close` or by leaving its `with`.

    Every method may raise `StoreUnavailableError`. Lists that are not ordered by their arguments
    are ordered by id. One store value is used by one thread at a time unless `thread_safe` is true.
    """

    @property
    def url(self) -> str:
        """Where it was opened, without credentials."""
        ...

    @property
    def thread_safe(self) -> bool:
        """Whether several threads may read at once."""
        ...

    def info(self) -> StoreInfo:
        """Count what is stored."""
        ...

    def write(self, bundle: ImageBundle, /) -> None:
        """Store a bundle in one transaction, all of it or none.

        Writing the same again changes nothing. A run that is already there keeps its `started_at`.
        Raises `VectorSpaceError` when a space is known under this name with another size or
        weights, `StoreWriteError` when nothing could be written.
        """
        ...

    def remove_image(self, image_id: ImageId, /) -> None:
        """Take away an image with all that hangs on it, and its work if it was the last image."""
        ...

    def bundle(self, image_id: ImageId, /) -> ImageBundle | None:
        """All that is stored of an image, vectors included; None when it is not there.

        Regions, edges and axes come ordered by id, vectors by space name and region id.
        """
        ...

    def bundles(self) -> Iterator[ImageBundle]:
        """All images, ordered by id, one at a time."""
        ...

    def spaces(self) -> tuple[VectorSpace, ...]:
        """Spaces that vectors were stored in, by name."""
        ...

    def works(self, *, after: WorkId | None = None, limit: int) -> list[Work]:
        """A page of works: the next `limit` after an id."""
        ...

    def works_by_id(self, ids: Sequence[WorkId], /) -> dict[WorkId, Work]:
        """Those of the works that are there."""
        ...

    def images_by_id(self, ids: Sequence[ImageId], /) -> dict[ImageId, Image]:
        """Those of the images that are there."""
        ...

    def images_of(self, ids: Sequence[WorkId], /) -> dict[WorkId, list[Image]]:
        """The images of each work."""
        ...

    def regions(
        self,
        *,
        image_id: ImageId | None = None,
        after: RegionId | None = None,
        limit: int,
    ) -> list[Region]:
        """A page of regions, of one image or of all."""
        ...

    def regions_by_id(self, ids: Sequence[RegionId], /) -> dict[RegionId, Region]:
        """Those of the regions that are there."""
        ...

    def edges_by_id(self, ids: Sequence[EdgeId], /) -> dict[EdgeId, Edge]:
        """Those of the edges that are there."""
        ...

    def edges_of(self, ids: Sequence[RegionId], /) -> dict[RegionId, list[Edge]]:
        """The edges that begin or end at each region, rejected ones included."""
        ...

    def runs(self) -> list[Run]:
        """All runs."""
        ...

    def concepts_by_id(self, ids: Sequence[ConceptId], /) -> dict[ConceptId, Concept]:
        """Those of the concepts that are there."""
        ...

    def candidates(self, request: CandidateRequest, /) -> Candidates:
        """Regions and edges worth ranking for a search.

        Raises `VectorSpaceError` when a node brings a vector of a space that the store does not
        hold, or of another size.
        """
        ...

    def close(self) -> None:
        """Release what the store holds; closing twice does nothing."""
        ...

    def __enter__(self) -> Self:
        """Give the store itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Close."""
        ...
