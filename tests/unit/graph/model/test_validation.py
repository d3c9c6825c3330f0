"""Values that cannot exist, and what is said about each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, VectorSpaceError
from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Evidence, Review
from iconograph.graph.model.geometry import Box, OrientedBox, Outline, Point, Polygon
from iconograph.graph.model.ids import AxisId, ImageId, RegionId, RunId, WorkId
from iconograph.graph.model.pose import Gaze, GazeState, IndexFinger, KeyPoint, Pose, Side
from iconograph.graph.model.region import Label
from iconograph.graph.model.run import run_of
from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace, unit_rows
from iconograph.graph.model.work import DateSpan, Image, Maker, Text, Work
from tests.builders import CLIP_SPACE, a_run, a_work, an_image, eden_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

NAN, INFINITY = float("nan"), float("inf")
ORIGIN = Point(x_px=0, y_px=0)
FINGER = IndexFinger(side=Side.LEFT, base=ORIGIN, tip=Point(x_px=3, y_px=0))
EDGE, REGION = eden_bundle().edges[1], eden_bundle().regions[0]
BESIDE = next(e for e in eden_bundle().edges if e.kind is EdgeKind.BESIDE)


def box(*corners: float) -> Box:
    x0, y0, x1, y1 = corners
    return Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1)


def ring(*corners: tuple[float, float]) -> Polygon:
    return Polygon(exterior=corners)


def turned(**fields: Any) -> OrientedBox:
    return OrientedBox(
        **{"centre": ORIGIN, "width_px": 2, "height_px": 1, "angle_deg": 0, **fields}
    )


def axis(**fields: Any) -> Axis:
    defaults: dict[str, Any] = {
        "id": AxisId("a1"),
        "image_id": REGION.image_id,
        "kind": AxisKind.MAIN,
        "centre": ORIGIN,
        "angle_deg": 0,
        "length_px": 1,
        "strength": 1,
        "method": "test",
        "run_id": RunId("u1"),
    }
    return Axis(**{**defaults, **fields})


def space(**fields: Any) -> VectorSpace:
    return VectorSpace(
        **{
            "name": "text:test",
            "dim": 4,
            "weights_sha256": "",
            "modality": Modality.TEXT,
            **fields,
        }
    )


def vectors(matrix: Any, *ids: str) -> RegionVectors:
    return RegionVectors(
        space=CLIP_SPACE, region_ids=tuple(map(RegionId, ids)), matrix=np.asarray(matrix)
    )


def units(count: int) -> Any:
    return np.eye(CLIP_SPACE.dim, dtype=np.float32)[:count]


BAD_VALUES: dict[str, tuple[Callable[[], object], str]] = {
    "point, NaN": (lambda: Point(x_px=NAN, y_px=0), r"Point\.x_px must be a finite.*nan"),
    "box, infinite": (lambda: box(0, 0, INFINITY, 1), r"Box\.x1_px must be a finite.*inf"),
    "box, no width": (lambda: box(3, 0, 3, 1), r"x0 < x1 and y0 < y1, got \(3, 0, 3, 1\)"),
    "box, upside down": (lambda: box(0, 5, 1, 1), r"y0 < y1, got \(0, 5, 1, 1\)"),
    "ring, two corners": (lambda: ring((0, 0), (1, 1)), "at least 3 different corners, got 2"),
    "ring, one corner thrice": (lambda: ring(*[(1, 1)] * 3), "at least 3 different.*got 1"),
    "ring, a line": (lambda: ring((0, 0), (1, 1), (2, 2)), "corners on one line"),
    "ring, NaN": (lambda: ring((0, 0), (1, NAN), (2, 2)), "finite corners"),
    "hole, a line": (
        lambda: Polygon(exterior=((0, 0), (9, 0), (9, 9)), holes=(((1, 1), (2, 2), (3, 3)),)),
        "corners on one line",
    ),
    "outline, empty": (lambda: Outline(parts=()), "at least one polygon"),
    "oriented box, sides swapped": (lambda: turned(height_px=3), "width >= height > 0, got 2 x 3"),
    "oriented box, flat": (lambda: turned(height_px=0), "width >= height > 0, got 2 x 0"),
    "oriented box, angle": (lambda: turned(angle_deg=-90), r"\(-90, 90\], got -90"),
    "oriented box, NaN": (lambda: turned(angle_deg=NAN), "angle_deg must be a finite"),
    "axis, angle": (lambda: axis(angle_deg=91), r"\(-90, 90\], got 91"),
    "axis, length": (lambda: axis(length_px=0), "length above 0 px, got 0"),
    "axis, strength": (lambda: axis(strength=2), r"Axis\.strength.*between 0 and 1, got 2"),
    "key point, confidence": (
        lambda: KeyPoint(x_px=0, y_px=0, confidence=-0.1),
        r"KeyPoint\.confidence.*got -0\.1",
    ),
    "pose, 16 points": (
        lambda: Pose(key_points=(KeyPoint(x_px=0, y_px=0, confidence=1),) * 16),
        "0 or 17 key points, got 16",
    ),
    "pose, two left fingers": (
        lambda: Pose(index_fingers=(FINGER, replace(FINGER, tip=Point(x_px=5, y_px=5)))),
        "one index finger of each side at most, got left, left",
    ),
    "index finger, confidence": (
        lambda: replace(FINGER, confidence=2.0),
        r"IndexFinger\.confidence.*got 2\.0",
    ),
    "gaze, direction": (
        lambda: Gaze(state=GazeState.TARGET, origin=ORIGIN, direction=(1, 1)),
        r"unit vector, got \(1, 1\)",
    ),
    "gaze, cone": (
        lambda: Gaze(state=GazeState.TARGET, origin=ORIGIN, cone_deg=0),
        r"cone in \(0, 180\] degrees, got 0",
    ),
    "label, empty": (lambda: Label(text="  "), r"Label\.text must not be empty"),
    "label, confidence": (lambda: Label(text="Eve", confidence=NAN), r"Label\.confidence.*nan"),
    "region, area": (lambda: replace(REGION, area_fraction=1.5), r"area_fraction.*got 1\.5"),
    "region, run": (lambda: replace(REGION, run_id=RunId("")), r"Region\.run_id must not be empty"),
    "edge, confidence": (lambda: replace(EDGE, confidence=1.1), r"Edge\.confidence.*got 1\.1"),
    "edge, method": (lambda: replace(EDGE, method=""), r"Edge\.method must not be empty"),
    "edge, one region": (
        lambda: replace(EDGE, object_id=EDGE.subject_id),
        "two different regions, got .* twice",
    ),
    "edge, symmetric out of order": (
        lambda: replace(BESIDE, subject_id=BESIDE.object_id, object_id=BESIDE.subject_id),
        "BESIDE edge is stored with the smaller region id first",
    ),
    "edge, rejected by nobody": (
        lambda: replace(EDGE, status=EdgeStatus.REJECTED),
        "rejected edge needs a review with a reason, got None",
    ),
    "edge, rejected without reason": (
        lambda: replace(EDGE, status=EdgeStatus.REJECTED, review=Review(by="me", at="now")),
        "review with a reason",
    ),
    "review, nobody": (lambda: Review(by="", at="now"), r"Review\.by must not be empty"),
    "evidence, NaN": (lambda: Evidence(numbers=(("gap", NAN),)), "evidence gap.*finite.*nan"),
    "evidence, order": (
        lambda: Evidence(numbers=(("b", 1.0), ("a", 1.0))),
        r"sorted by name, got \['b', 'a'\]",
    ),
    "run, software": (lambda: run_of("", started_at="now"), r"Run\.software must not be empty"),
    "concept, notation": (
        lambda: Concept(scheme=Scheme.AAT, notation=""),
        r"Concept\.notation must not be empty",
    ),
    "text, empty": (lambda: Text(text="\n"), r"Text\.text must not be empty, got '\\n'"),
    "maker, empty": (lambda: Maker(name=""), r"Maker\.name must not be empty"),
    "date, backwards": (
        lambda: DateSpan(text="", earliest_year=1500, latest_year=1400),
        "earliest <= latest, got 1500 and 1400",
    ),
    "work, untitled": (lambda: Work(id=WorkId("w1"), titles=()), "w1 needs at least one title"),
    "image, id": (
        lambda: replace(an_image(a_work()), id=ImageId("abc")),
        "SHA-256 in 64 hexadecimal digits, got 'abc'",
    ),
    "image, size": (lambda: an_image(a_work(), height_px=0), "at least 1 x 1, got 200 x 0"),
    "space, name": (lambda: space(name=""), r"VectorSpace\.name must not be empty"),
    "space, no dimension": (lambda: space(dim=0), "text:test needs 1 to 4096 dimensions, got 0"),
    "space, too many": (lambda: space(dim=5000), "1 to 4096 dimensions, got 5000"),
    "vectors, a region twice": (lambda: vectors(units(2), "r1", "r1"), "name a region twice"),
    "vectors, not of length 1": (lambda: vectors(units(1) * 2, "r1"), "of length 1"),
    "vectors, NaN": (lambda: vectors(units(1) * np.float32(NAN), "r1"), "must be finite"),
    "rows, zero": (lambda: unit_rows(np.zeros((1, 8)), CLIP_SPACE), "finite and not zero"),
    "rows, infinite": (
        lambda: unit_rows(np.full((1, 8), INFINITY), CLIP_SPACE),
        "finite and not zero",
    ),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_value_that_cannot_exist_is_refused(name: str) -> None:
    build, message = BAD_VALUES[name]

    with pytest.raises(InvalidValueError, match=message):
        build()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(
            lambda: vectors(units(2), "r1"), r"shape \(1, 8\) of float32, got \(2, 8\)", id="rows"
        ),
        pytest.param(
            lambda: vectors(units(1).astype(np.float64), "r1"), "got .* of float64", id="type"
        ),
        pytest.param(
            lambda: unit_rows(np.ones((1, 5)), CLIP_SPACE),
            r"clip:test/tiny needs vectors of 8 dimensions, got \(1, 5\)",
            id="size",
        ),
        pytest.param(
            lambda: CLIP_SPACE.require_same(replace(CLIP_SPACE, weights_sha256="")),
            r"weights cccccccccccc\).*weights unnamed\); encode them again",
            id="weights",
        ),
    ],
)
def test_vectors_that_do_not_fit_their_space_are_refused(
    build: Callable[[], object], message: str
) -> None:
    with pytest.raises(VectorSpaceError, match=message):
        build()


def test_rows_are_brought_to_length_one() -> None:
    rows = unit_rows(np.array([[3.0, 4.0, 0, 0, 0, 0, 0, 0]]), CLIP_SPACE)

    assert rows.dtype == np.float32
    assert rows[0, :2].tolist() == pytest.approx([0.6, 0.8])


def test_a_run_may_have_neither_models_nor_parameters() -> None:
    assert a_run().models == ()
    assert a_run().parameters == ()


def test_an_image_knows_its_file_name() -> None:
    image = Image(
        id=eden_bundle().image.id,
        work_id=WorkId("w1"),
        uri="file:///a%20b/Eva%20%28recto%29.jpg?x=1",
        width_px=3,
        height_px=2,
    )

    assert (image.file_name, image.area_px2) == ("Eva (recto).jpg", 6)
