"""What goes into a model and comes out of it, checked the same way for every runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError, ModelOutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OUT_OF_MEMORY = ("allocate memory", "bad_alloc", "bad allocation", "out of memory")
"""What runtimes say when memory is short; they have no error class of their own for it."""


def short_of_memory(error: Exception) -> bool:
    """Whether a runtime's error means that memory is short."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in OUT_OF_MEMORY)


def memory_message(model: str) -> str:
    """What to tell about a model that memory is short for."""
    return (
        f"{model} needs more memory than is free; give it fewer or smaller pictures at once, "
        "or free memory"
    )


def require_feeds(
    model: str,
    inputs: Mapping[str, tuple[int | None, ...]],
    dtypes: Mapping[str, np.dtype[Any]],
    feeds: Mapping[str, NDArray[Any]],
) -> None:
    """Raise `InvalidValueError` unless the feeds have the inputs' names, shapes and types."""
    if set(feeds) != set(inputs):
        message = f"{model} takes {', '.join(inputs)}, got {', '.join(feeds) or 'nothing'}"
        raise InvalidValueError(message)
    for name, shape in inputs.items():
        found = feeds[name]
        fits = found.ndim == len(shape) and all(
            wanted in (None, size) for wanted, size in zip(shape, found.shape, strict=True)
        )
        if not fits or found.dtype != dtypes[name]:
            wanted = " x ".join("any" if size is None else str(size) for size in shape)
            message = (
                f"input {name} of {model} is {found.dtype} of {found.shape}, "
                f"expected {dtypes[name]} of {wanted or 'no dimension'}"
            )
            raise InvalidValueError(message)


def require_finite(model: str, outputs: Mapping[str, NDArray[Any]]) -> None:
    """Raise `ModelOutputError` when a floating output holds a number that is not finite."""
    for name, found in outputs.items():
        if np.issubdtype(found.dtype, np.floating) and not np.isfinite(found).all():
            count = int(np.count_nonzero(~np.isfinite(found)))
            message = (
                f"{model} answered {count} of {found.size} numbers of {name} that are not finite; "
                "expected finite numbers: the picture or the model's file may be damaged"
            )
            raise ModelOutputError(message)
