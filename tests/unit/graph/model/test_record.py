"""The form of records, and what is said about those that cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iconograph.graph.errors import InputError
from iconograph.graph.model.edge import Edge, EdgeStatus, Review, evidence_of
from iconograph.graph.model.record import RECORD_TYPES, from_record, to_record
from iconograph.graph.model.region import Region
from iconograph.graph.model.work import Image, Work
from tests.builders import eden_bundle

BUNDLE = eden_bundle()
EVE, HOLDS = BUNDLE.regions[0], BUNDLE.edges[1]


def test_a_region_as_a_record() -> None:
    record = to_record(EVE)

    assert record == {
        "type": "region",
        "id": EVE.id,
        "image_id": BUNDLE.image.id,
        "level": "entity",
        "kind": "person",
        "outline_px": [[[[20, 20], [60, 20], [60, 95], [20, 95]]]],
        "oriented_box": {
            "centre": [40, 57.5],
            "width_px": 75,
            "height_px": 40,
            "angle_deg": 90,
        },
        "area_fraction": 0.15,
        "run_id": BUNDLE.runs[0].id,
        "labels": [{"text": "Eve"}],
        "caption": "a nude woman with long hair",
        "box_px": [20, 20, 60, 95],
    }


def test_an_edge_as_a_record() -> None:
    judged = replace(
        HOLDS,
        status=EdgeStatus.REJECTED,
        review=Review(by="me", at="2026-01-02", reason="the apple hangs"),
        evidence=evidence_of(lacked=("hand",), gap_heights=0.1),
    )

    assert to_record(judged) == {
        "type": "edge",
        "id": HOLDS.id,
        "kind": "HOLDS",
        "image_id": BUNDLE.image.id,
        "subject": EVE.id,
        "object": BUNDLE.regions[2].id,
        "confidence": 0.8,
        "layer": "observed",
        "method": "test",
        "run_id": BUNDLE.runs[0].id,
        "evidence": {"gap_heights": 0.1, "lacked": ["hand"]},
        "status": "rejected",
        "review": {"by": "me", "at": "2026-01-02", "reason": "the apple hangs"},
    }


def test_a_record_may_have_more_keys_than_are_read() -> None:
    record = to_record(BUNDLE.work) | {"seen_by": "someone"}

    assert from_record(Work, record) == BUNDLE.work


@pytest.mark.parametrize(
    ("cls", "value", "change", "message"),
    [
        pytest.param(Work, BUNDLE.work, {"titles": None}, "cannot be used", id="null"),
        pytest.param(Work, BUNDLE.work, {"titles": []}, "at least one title", id="empty"),
        pytest.param(Image, BUNDLE.image, {"id": "x"}, "64 hexadecimal digits", id="id"),
        pytest.param(
            Image, BUNDLE.image, {"width_px": "9"}, "cannot be used", id="text for number"
        ),
        pytest.param(Region, EVE, {"level": "detail"}, "'detail' is not a valid Level", id="enum"),
        pytest.param(Region, EVE, {"outline_px": [[[[0, 0], [1]]]]}, "cannot be used", id="corner"),
        pytest.param(Region, EVE, {"outline_px": []}, "at least one polygon", id="no polygon"),
        pytest.param(Edge, HOLDS, {"kind": "EATS"}, "'EATS' is not a valid EdgeKind", id="kind"),
        pytest.param(Edge, HOLDS, {"confidence": 7}, "between 0 and 1, got 7", id="confidence"),
        pytest.param(Edge, HOLDS, {"evidence": {"gap": "far"}}, "could not convert", id="evidence"),
    ],
)
def test_a_record_that_cannot_be_read_is_named(
    cls: type, value: Any, change: dict[str, Any], message: str
) -> None:
    record = to_record(value) | change

    with pytest.raises(InputError, match=message) as raised:
        from_record(cls, record)

    assert f"record of {cls.__name__} {record['id']!r}" in str(raised.value)


@pytest.mark.parametrize("key", ["id", "image_id", "outline_px", "run_id"])
def test_a_missing_key_is_named(key: str) -> None:
    record = to_record(EVE)
    del record[key]

    with pytest.raises(InputError, match=f"it lacks '{key}'"):
        from_record(Region, record)


@pytest.mark.parametrize("name", RECORD_TYPES)
def test_only_an_object_is_a_record(name: str) -> None:
    with pytest.raises(InputError, match="record must be an object, got list"):
        from_record(RECORD_TYPES[name], [])  # type: ignore[arg-type]
