"""What one request reads by id: many single reads become one question to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from strawberry.dataloader import DataLoader

from iconograph.graph.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iconograph.gql.limits import Budget
    from iconograph.gql.reads import StoreReads
    from iconograph.graph.model.concept import Concept
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import ConceptId, EdgeId, ImageId, RegionId, RunId, WorkId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.run import Run
    from iconograph.graph.model.work import Image, Work
    from iconograph.graph.store.port import GraphStore

K = TypeVar("K", bound=str)
V = TypeVar("V")

LARGEST_BATCH = 500


class Loaders:
    """Reads of one request: batched, each id read once, all counted against the budget.

    A loader belongs to one request, since it remembers what it has read.
    """

    def __init__(self, reads: StoreReads, budget: Budget) -> None:
        self._budget = budget
        self._works: DataLoader[WorkId, Work | None] = _by_id(
            reads, lambda store, ids: store.works_by_id(ids)
        )
        self._images: DataLoader[ImageId, Image | None] = _by_id(
            reads, lambda store, ids: store.images_by_id(ids)
        )
        self._regions: DataLoader[RegionId, Region | None] = _by_id(
            reads, lambda store, ids: store.regions_by_id(ids)
        )
        self._edges: DataLoader[EdgeId, Edge | None] = _by_id(
            reads, lambda store, ids: store.edges_by_id(ids)
        )
        self._concepts: DataLoader[ConceptId, Concept | None] = _by_id(
            reads, lambda store, ids: store.concepts_by_id(ids)
        )
        self._runs: DataLoader[RunId, Run | None] = _by_id(
            reads, lambda store, _: {run.id: run for run in store.runs()}
        )
        self._images_of: DataLoader[WorkId, list[Image] | None] = _by_id(
            reads, lambda store, ids: store.images_of(ids)
        )
        self._edges_of: DataLoader[RegionId, list[Edge] | None] = _by_id(
            reads, lambda store, ids: store.edges_of(ids)
        )

    async def work(self, id_: WorkId) -> Work | None:
        """The work, or None when it is not there."""
        return await self._one(self._works, id_)

    async def image(self, id_: ImageId) -> Image | None:
        """The image, or None when it is not there."""
        return await self._one(self._images, id_)

    async def region(self, id_: RegionId) -> Region | None:
        """The region, or None when it is not there."""
        return await self._one(self._regions, id_)

    async def edge(self, id_: EdgeId) -> Edge | None:
        """The edge, or None when it is not there."""
        return await self._one(self._edges, id_)

    async def run(self, id_: RunId) -> Run | None:
        """The run, or None when it is not there."""
        return await self._one(self._runs, id_)

    async def concepts(self, ids: Sequence[ConceptId]) -> list[Concept]:
        """Those of the concepts that are there, in the order asked for."""
        self._budget.spend(len(ids))
        found = await self._concepts.load_many(ids)
        return [concept for concept in found if concept is not None]

    async def images_of(self, id_: WorkId) -> list[Image]:
        """The images of a work."""
        return await self._several(self._images_of, id_)

    async def edges_of(self, id_: RegionId) -> list[Edge]:
        """The edges that begin or end at a region, rejected ones included."""
        return await self._several(self._edges_of, id_)

    async def _one(self, loader: DataLoader[K, V | None], id_: K) -> V | None:
        self._budget.spend(1)
        return await loader.load(id_)

    async def _several(self, loader: DataLoader[K, list[V] | None], id_: K) -> list[V]:
        found = await loader.load(id_) or []
        self._budget.spend(len(found))
        return found


def required(value: V | None, what: str, id_: str) -> V:
    """Give the value back, or raise `NotFoundError` when it is None."""
    if value is None:
        message = f"there is no {what} {id_!r} in the store"
        raise NotFoundError(message)
    return value


def _by_id(
    reads: StoreReads, question: Callable[[GraphStore, Sequence[K]], Mapping[K, V]]
) -> DataLoader[K, V | None]:
    async def load(ids: list[K]) -> list[V | None]:
        found = await reads.ask(lambda store: question(store, ids))
        return [found.get(id_) for id_ in ids]

    return DataLoader(load, max_batch_size=LARGEST_BATCH)
