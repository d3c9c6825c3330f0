"""Stores that fail, or take their time."""

from __future__ import annotations

import threading
from typing import Any

from iconograph.graph.errors import StoreUnavailableError
from iconograph.graph.model.ids import WorkId
from iconograph.graph.model.region import Region
from iconograph.graph.model.vector import VectorSpace
from iconograph.graph.model.work import Work
from iconograph.graph.store.sqlite.store import SqliteStore

SECRET = "the-secret-of-the-inner-store"


class BrokenStore(SqliteStore):
    """Fails in every way at once: unforeseen, on purpose, and in its health."""

    def regions(self, **_: Any) -> list[Region]:
        raise RuntimeError(SECRET)

    def works(self, **_: Any) -> list[Work]:
        message = "the store at its address cannot be reached; start it"
        raise StoreUnavailableError(message)

    def spaces(self) -> tuple[VectorSpace, ...]:
        raise RuntimeError(SECRET)


class SlowStore(SqliteStore):
    """Answers for works only when it is released."""

    released = threading.Event()

    def works(self, *, after: WorkId | None = None, limit: int) -> list[Work]:
        self.released.wait(timeout=20)
        return super().works(after=after, limit=limit)
