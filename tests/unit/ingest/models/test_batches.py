from __future__ import annotations

import pytest

from iconograph.graph.errors import ModelMemoryError
from iconograph.ingest.models.batches import in_batches


class Model:
    """Takes `most` items at a time and remembers how many it was given."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.given: list[int] = []

    def __call__(self, part: slice) -> list[int]:
        items = list(range(part.start, part.stop))
        self.given.append(len(items))
        if len(items) > self.most:
            message = "too much"
            raise ModelMemoryError(message)
        return items


@pytest.mark.parametrize(
    ("count", "size", "most", "given"),
    [
        pytest.param(0, 4, 9, [], id="nothing"),
        pytest.param(7, 3, 9, [3, 3, 1], id="all fits"),
        pytest.param(7, 4, 2, [4, 2, 2, 2, 1], id="halved once and kept"),
        pytest.param(5, 8, 1, [5, 2, 1, 1, 1, 1, 1], id="one at a time"),
    ],
)
def test_batches(count: int, size: int, most: int, given: list[int]) -> None:
    model = Model(most)

    results = list(in_batches(count, size, model))

    assert [item for result in results for item in result] == list(range(count))
    assert model.given == given


def test_one_item_is_too_much() -> None:
    with pytest.raises(ModelMemoryError):
        list(in_batches(3, 4, Model(0)))
