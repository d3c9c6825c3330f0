"""Hypothesis strategies for the values of the model."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import (
    Edge,
    EdgeKind,
    EdgeLayer,
    EdgeStatus,
    Evidence,
    Review,
    edge_of,
    evidence_of,
)
from iconograph.graph.model.geometry import Box, Outline, Point, Polygon, Ring
from iconograph.graph.model.ids import RegionId, RunId, axis_id, image_id, work_id
from iconograph.graph.model.pose import (
    COCO_KEY_POINTS,
    Gaze,
    GazeState,
    IndexFinger,
    KeyPoint,
    Pose,
    Side,
)
from iconograph.graph.model.region import Label, LabelOrigin, Level, Region, RegionKind, region_of
from iconograph.graph.model.run import ModelRef, run_of
from iconograph.graph.model.work import DateSpan, Image, Maker, Source, Text, Work

SIDE_PX = 1000
"""Width and height of all drawn images."""

# Surrogates cannot be written as UTF-8, so no file or store can hold them.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = texts.filter(lambda text: bool(text.strip()))
pairs = st.dictionaries(names, texts, max_size=3).map(lambda d: tuple(d.items()))
fractions = st.floats(0, 1)
coordinates = st.floats(0, SIDE_PX).map(lambda number: round(number, 2))
points = st.builds(Point, x_px=coordinates, y_px=coordinates)
sha256s = st.binary(min_size=32, max_size=32).map(bytes.hex)
region_ids = sha256s.map(lambda digest: RegionId("r" + digest[:20]))
run_ids = sha256s.map(lambda digest: RunId("u" + digest[:20]))
angles_deg = st.floats(-90, 90, exclude_min=True)


@st.composite
def boxes(draw: st.DrawFn, *, smallest_px: float = 1) -> Box:
    """An upright box inside the image."""
    width, height = (draw(st.floats(smallest_px, SIDE_PX / 2)) for _ in range(2))
    x0, y0 = draw(st.floats(0, SIDE_PX - width)), draw(st.floats(0, SIDE_PX - height))
    return Box(x0_px=x0, y0_px=y0, x1_px=x0 + width, y1_px=y0 + height)


@st.composite
def star_rings(draw: st.DrawFn, *, centre_px: float = SIDE_PX / 2) -> Ring:
    """A simple ring of 3 to 12 corners, seen whole from its centre; some are not convex."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(20, 400), min_size=count, max_size=count))
    turn = draw(st.floats(0, 2 * math.pi))
    angles = [turn + 2 * math.pi * i / count for i in range(count)]
    return tuple(
        (centre_px + r * math.cos(a), centre_px + r * math.sin(a))
        for r, a in zip(radii, angles, strict=True)
    )


@st.composite
def holed_outlines(draw: st.DrawFn) -> Outline:
    """A star with a hole so small that it lies inside."""
    ring = draw(star_rings())
    middle, size = SIDE_PX / 2, draw(st.floats(1, 5))
    hole = tuple((middle + size * dx, middle + size * dy) for dx, dy in ((-1, -1), (1, -1), (0, 1)))
    return Outline(parts=(Polygon(exterior=ring, holes=(hole,)),))


star_outlines = star_rings().map(lambda ring: Outline(parts=(Polygon(exterior=ring),)))
box_outlines = boxes().map(Outline.from_box)
outlines = st.one_of(box_outlines, star_outlines, holed_outlines())

runs = st.builds(
    run_of,
    names,
    started_at=st.just("2026-01-01T00:00:00Z"),
    models=st.lists(
        st.builds(ModelRef, name=names, revision=texts, sha256=sha256s), max_size=2
    ).map(tuple),
    parameters=pairs,
)
concepts = st.builds(
    Concept,
    scheme=st.sampled_from(Scheme),
    notation=names,
    labels=st.lists(st.builds(Text, text=names, language=texts), max_size=2).map(tuple),
)
works = st.builds(
    Work,
    id=names.map(work_id),
    titles=st.lists(st.builds(Text, text=names, language=texts), min_size=1, max_size=3).map(tuple),
    makers=st.lists(
        st.builds(Maker, name=names, role=texts, uri=texts, qualifier=texts), max_size=2
    ).map(tuple),
    date=st.none()
    | st.builds(
        DateSpan,
        text=texts,
        earliest_year=st.none() | st.integers(-3000, 1500),
        latest_year=st.none() | st.integers(1500, 2100),
    ),
    medium=texts,
    dimensions=texts,
    collection=texts,
    rights_uri=texts,
    concepts=st.lists(concepts.map(lambda concept: concept.id), max_size=2).map(tuple),
    subjects=st.lists(texts, max_size=2).map(tuple),
    source=st.builds(Source, uri=texts, retrieved_at=texts, raw=texts),
    extra=pairs,
)
images = st.builds(
    Image,
    id=sha256s.map(image_id),
    work_id=names.map(work_id),
    uri=names,
    width_px=st.just(SIDE_PX),
    height_px=st.just(SIDE_PX),
    rights_uri=texts,
    source_id=texts,
)
key_points = st.builds(KeyPoint, x_px=coordinates, y_px=coordinates, confidence=fractions)
index_fingers = st.builds(
    IndexFinger, side=st.sampled_from(Side), base=points, tip=points, confidence=fractions
)
poses = st.builds(
    Pose,
    key_points=st.just(())
    | st.lists(key_points, min_size=len(COCO_KEY_POINTS), max_size=len(COCO_KEY_POINTS)).map(tuple),
    head=st.none() | boxes(),
    hands=st.lists(points, max_size=2).map(tuple),
    index_fingers=st.lists(index_fingers, max_size=2, unique_by=lambda f: f.side).map(tuple),
    method=texts,
)
gazes = st.builds(
    Gaze,
    state=st.sampled_from(GazeState),
    origin=points,
    direction=st.none() | st.floats(0, 2 * math.pi).map(lambda a: (math.cos(a), math.sin(a))),
    target=st.none() | points,
    cone_deg=st.floats(1, 180),
    method=texts,
    confidence=fractions,
)
labels = st.builds(
    Label,
    text=names,
    language=texts,
    confidence=fractions,
    origin=st.sampled_from(LabelOrigin),
)
evidences: st.SearchStrategy[Evidence] = st.dictionaries(
    st.sampled_from(["gap_heights", "angle_deg", "overlap_fraction"]), st.floats(-1e6, 1e6)
).map(lambda numbers: evidence_of(lacked=("gaze",), **numbers))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """A region with any of its fields filled."""
    return region_of(
        draw(images),
        draw(outlines),
        run_id=draw(run_ids),
        level=draw(st.sampled_from(Level)),
        kind=draw(st.sampled_from(RegionKind)),
        ordinal=draw(st.integers(0, 3)),
        labels=tuple(draw(st.lists(labels, max_size=2))),
        caption=draw(texts),
        concepts=tuple(concept.id for concept in draw(st.lists(concepts, max_size=2))),
        pose=draw(st.none() | poses),
        gaze=draw(st.none() | gazes),
        source_id=draw(texts),
        attributes=draw(pairs),
    )


@st.composite
def edges(draw: st.DrawFn) -> Edge:
    """An edge between two regions of one image, judged or not."""
    subject, object_ = draw(st.lists(region_ids, min_size=2, max_size=2, unique=True))
    review = draw(st.none() | st.builds(Review, by=names, at=names, reason=names))
    return edge_of(
        draw(st.sampled_from(EdgeKind)),
        subject,
        object_,
        image_id=draw(sha256s.map(image_id)),
        confidence=draw(fractions),
        layer=draw(st.sampled_from(EdgeLayer)),
        method=draw(names),
        run_id=draw(run_ids),
        evidence=draw(evidences),
        status=draw(st.sampled_from(EdgeStatus)) if review else EdgeStatus.MACHINE,
        review=review,
    )


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """An axis of an image."""
    image, kind = draw(sha256s.map(image_id)), draw(st.sampled_from(AxisKind))
    return Axis(
        id=axis_id(image, kind, draw(st.integers(0, 9))),
        image_id=image,
        kind=kind,
        centre=draw(points),
        angle_deg=draw(angles_deg),
        length_px=draw(st.floats(1, SIDE_PX)),
        strength=draw(fractions),
        method=draw(texts),
        run_id=draw(run_ids),
        evidence=draw(evidences),
    )


def is_refused(corners: Ring) -> bool:
    """Whether no polygon has these corners."""
    try:
        Polygon(exterior=corners)
    except InvalidValueError:
        return True
    return False
