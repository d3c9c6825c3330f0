"""What runs a model's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Session(Protocol):
    """An opened model file; not for several threads at once."""

    @property
    def inputs(self) -> Mapping[str, tuple[int | None, ...]]:
        """Shape of each input by name, in the model's order; None where any size will do."""
        ...

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        """The outputs by name, in the model's order.

        Raises `InvalidValueError` for feeds of other names, shapes or types than the inputs',
        `ModelOutputError` when an answer is not finite, `ModelMemoryError` when memory is short.
        """
        ...
