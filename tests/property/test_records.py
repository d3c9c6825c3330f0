"""Every value survives the way through a record and JSON text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.record import RECORD_TYPES, from_record, to_record
from tests.strategies import axes, concepts, edges, images, regions, runs, works

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "work": works,
    "image": images,
    "run": runs,
    "concept": concepts,
    "region": regions(),
    "axis": axes(),
    "edge": edges(),
}


def test_every_record_type_has_a_strategy() -> None:
    assert VALUES.keys() == RECORD_TYPES.keys()


@pytest.mark.parametrize("name", VALUES)
@given(data=st.data())
def test_a_value_comes_back_from_json(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name])

    record = json.loads(json.dumps(to_record(value)))

    assert from_record(RECORD_TYPES[name], record) == value
    assert (record["type"], record["id"]) == (name, value.id)
    assert list(record)[:2] == ["type", "id"]
