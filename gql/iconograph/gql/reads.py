"""Asking the store from an event loop without stopping it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from iconograph.graph.store.port import GraphStore

T = TypeVar("T")


class StoreReads:
    """Runs questions to a store in worker threads: several at once only if the store allows it.

    A question whose request was given up is dropped while it still waits for a thread; one that
    already runs is finished, and its answer thrown away.
    """

    def __init__(self, store: GraphStore, *, threads: int) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(
            max_workers=threads if store.thread_safe else 1, thread_name_prefix="store"
        )

    async def ask(self, question: Callable[[GraphStore], T]) -> T:
        """The answer to a question; raises whatever it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, question, self._store)

    def close(self) -> None:
        """Wait for running questions and drop the waiting ones. The store stays open."""
        self._threads.shutdown(wait=True, cancel_futures=True)
