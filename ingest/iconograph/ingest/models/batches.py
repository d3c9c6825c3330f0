"""Many items through a model, as many at a time as its memory takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iconograph.graph.errors import ModelMemoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

R = TypeVar("R")


def in_batches(count: int, size: int, call: Callable[[slice], R]) -> Iterator[R]:
    """What `call` answers for items 0 to `count`, `size` of them at a time and in order.

    After a `ModelMemoryError` it goes on with half as many. Raises `ModelMemoryError` when one
    item alone is too much.
    """
    start = 0
    while start < count:
        stop = min(count, start + size)
        try:
            result = call(slice(start, stop))
        except ModelMemoryError:
            if stop - start == 1:
                raise
            size = (stop - start) // 2
            continue
        yield result
        start = stop
