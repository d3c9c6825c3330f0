from __future__ import annotations

import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from iconograph.graph.errors import InputError
from iconograph.graph.linked_data.jsonl import records, write_jsonl
from iconograph.graph.linked_data.jsonl_reader import read_jsonl
from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle
from tests.unit.graph.linked_data.scenes import bundles, content, crowd, rich_bundle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iconograph.graph.model.bundle import ImageBundle


def lines_of(*images: ImageBundle, vectors: bool = True) -> list[str]:
    return [json.dumps(r) for image in images for r in records(image, vectors=vectors)]


def read_with_problems(lines: Iterable[str | bytes]) -> tuple[list[ImageBundle], list[str]]:
    problems: list[InputError] = []
    read = list(read_jsonl(lines, on_problem=problems.append))
    return read, [str(problem) for problem in problems]


@given(bundles())
def test_any_image_comes_back_equal(bundle: ImageBundle) -> None:
    [back] = read_jsonl(lines_of(bundle))
    assert content(back) == content(bundle)


def test_a_store_comes_back_equal_through_a_file() -> None:
    with open_store("memory:") as first, open_store("memory:") as second:
        for name in ("eden", "noli"):
            first.write(eden_bundle(name))
        first.write(rich_bundle())
        file = io.StringIO()
        counts = write_jsonl(first, file, vectors=True)
        for bundle in read_jsonl(io.StringIO(file.getvalue())):
            second.write(bundle)
        assert counts["region"] == 11
        assert counts["vectors"] == 6
        assert [content(b) for b in second.bundles()] == [content(b) for b in first.bundles()]
        again = io.StringIO()
        write_jsonl(second, again, vectors=True)
        assert again.getvalue() == file.getvalue()


def test_each_line_has_the_documented_fields() -> None:
    found: dict[str, dict[str, Any]] = {}
    for line in lines_of(rich_bundle()):
        record = json.loads(line)
        found.setdefault(record["type"], record)
        assert list(record)[:2] == ["type", "id"]
    assert list(found) == ["work", "run", "concept", "image", "region", "axis", "edge", "vectors"]
    assert found["image"]["holds"] == {"region": 3, "axis": 1, "edge": 3, "vectors": 2}
    needed = {"image_id", "level", "kind", "labels", "box_px", "outline_px", "run_id"}
    assert needed <= set(found["region"])
    needed = {"kind", "subject", "object", "confidence", "layer", "method", "evidence", "run_id"}
    assert needed <= set(found["edge"])


def test_vectors_are_left_out_unless_asked_for() -> None:
    [back] = read_jsonl(lines_of(rich_bundle(), vectors=False))
    assert back.vectors == ()
    assert len(back.edges) == 3


def test_lines_may_be_bytes_and_blank() -> None:
    lines = [b"\n", *(line.encode() for line in lines_of(eden_bundle())), b"  "]
    assert len(list(read_jsonl(lines))) == 1


def edited(line: str, **changes: Any) -> str:
    return json.dumps({**json.loads(line), **changes})


EDEN = lines_of(eden_bundle(), vectors=False)
"""work, run, image, 4 regions, 4 edges: lines 1, 2, 3, 4-7, 8-11."""
NOLI = lines_of(eden_bundle("noli"), vectors=False)

BROKEN = {
    "cut in a line": ([*EDEN[:-1], EDEN[-1][:40]], r"line 11: expected one whole JSON object"),
    "cut between lines": (EDEN[:6], r"line 6: the file is cut off.*eden.jpg.*1 of type 'region'"),
    "cut after the work": (EDEN[:1], r"line 1: the file is cut off.*before its image"),
    "not json": ([*EDEN[:4], "hello", *EDEN[4:]], r"line 5: .*'hello'"),
    "not an object": ([*EDEN[:4], "[1, 2]", *EDEN[4:]], r"line 5: .*'type' and 'id'"),
    "nested too deep": ([*EDEN[:4], "[" * 200_000], r"line 5: .*one whole JSON object"),
    "unknown type": (
        [edited(EDEN[0], type="opus")],
        r"line 1: unknown type 'opus'; expected.*work",
    ),
    "no image": ([EDEN[4]], r"line 1: the region .* belongs to no image"),
    "region of another image": (
        [*EDEN[:3], edited(EDEN[3], image_id="f" * 64), *EDEN[4:]],
        r"line 4: the region .* is of image 'ffff.*stands among the lines of image",
    ),
    "region before its image": ([*EDEN[:2], EDEN[3]], r"line 3: the region .*no image so far"),
    "edge to no region": (
        [*EDEN[:7], edited(EDEN[7], subject="r0"), *EDEN[8:]],
        r"line 11: image .* names regions that it lacks: \['r0'\]",
    ),
    "more than announced": ([*EDEN[:7], EDEN[3]], r"line 8: the region .* more than .* announced"),
    "two images": ([*EDEN[:3], EDEN[2]], r"line 4: the image .* comes in the middle of"),
    "no holds": ([*EDEN[:2], edited(EDEN[2], holds=None)], r"line 3: .*needs 'holds'.*got None"),
    "a missing field": (
        [*EDEN[:3], edited(EDEN[3], outline_px=[])],
        r"line 4: the record of Region .* cannot be used: .*at least one polygon",
    ),
    "not a number": (
        [*EDEN[:7], edited(EDEN[7], confidence=float("nan"))],
        r"line 8: .*confidence must lie between 0 and 1, got nan",
    ),
    "bad bytes": ([b"\xff\xfe{"], r"line 1: expected one whole JSON object"),
}


@pytest.mark.parametrize(("lines", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_image_is_named_and_the_next_is_read(
    lines: list[str | bytes], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        list(read_jsonl(lines))
    read, problems = read_with_problems([*lines, *NOLI])
    assert [bundle.work.title for bundle in read] == ["Noli"]
    assert len(problems) == 1
    assert problems[0].startswith("line ")


def test_whole_images_before_the_damage_are_delivered() -> None:
    read, problems = read_with_problems([*NOLI, *EDEN[:8]])
    assert [bundle.work.title for bundle in read] == ["Noli"]
    assert len(problems) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"float32_base64": "AAAA"},
        {"float32_base64": "!"},
        {"region_ids": ["r1"]},
        {"space": {"name": "clip:x"}},
        {"space": None},
    ],
    ids=["short", "not base64", "fewer regions", "no size", "no space"],
)
def test_damaged_vectors_are_refused(change: dict[str, Any]) -> None:
    lines = lines_of(eden_bundle())
    with pytest.raises(InputError, match="line 13: "):
        list(read_jsonl([*lines[:-1], edited(lines[-1], **change)]))


def peak_of_reading(images: int) -> int:
    lines = [line for i in range(images) for line in lines_of(crowd(200, f"crowd {i}"))]
    tracemalloc.start()
    try:
        assert sum(len(bundle.edges) for bundle in read_jsonl(lines)) == 200 * images
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_reading_many_images_needs_the_memory_of_a_few() -> None:
    assert peak_of_reading(15) < 1.5 * peak_of_reading(3)
