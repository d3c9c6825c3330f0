"""Images with much on them, for round trips: by hand, and drawn by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeLayer, EdgeStatus, Review, evidence_of
from iconograph.graph.model.geometry import Box, Outline, Point, Polygon
from iconograph.graph.model.ids import axis_id
from iconograph.graph.model.pose import Gaze, GazeState, KeyPoint, Pose
from iconograph.graph.model.region import Label, LabelOrigin, Region, RegionKind, region_of
from iconograph.graph.model.run import ModelRef, run_of
from iconograph.graph.model.work import Image, Source, Text
from tests.builders import (
    CLIP_SPACE,
    TEXT_SPACE,
    a_region,
    a_run,
    a_work,
    an_edge,
    an_image,
    eden_bundle,
    random_vectors,
)

REVIEW = Review(by="Aby Warburg", at="2026-02-03T04:05:06Z", reason="it is a sheep")
GOAT = Concept(
    scheme=Scheme.ICONCLASS, notation="47I214", labels=(Text(text="goat", language="en"),)
)
EVE = Concept(scheme=Scheme.WIKIDATA, notation="Q830183")
WITH_HOLE = Outline(
    parts=(
        Polygon(
            exterior=((120.25, 10), (190, 10.1), (190, 80), (120, 80)),
            holes=(((140, 30), (160, 30), (160, 50), (140, 50)),),
        ),
        Polygon(exterior=((120, 85), (150, 85), (130, 95.123456789))),
    )
)


def rich_bundle(name: str = "rich") -> ImageBundle:
    """Eden with a model, concepts, a pose, a gaze, a hole, an axis and judged edges."""
    run = run_of(
        "iconograph test",
        started_at="2026-01-01T00:00:00Z",
        models=(ModelRef(name="detector/x", revision="1.2", sha256="a" * 64),),
        parameters=(("threshold", "0.5"),),
    )
    work = a_work(
        name,
        concepts=(GOAT.id,),
        source=Source(uri="https://museum.example/1", raw='{"a": "ä"}'),
        extra=(("room", "12"),),
    )
    image = an_image(work)
    eve = a_region(
        image,
        "Eve",
        (20, 20, 60, 95),
        run=run,
        concepts=(EVE.id,),
        pose=Pose(
            key_points=tuple(KeyPoint(x_px=i, y_px=i / 3, confidence=0.5) for i in range(17)),
            head=Box(x0_px=30, y0_px=20, x1_px=45, y1_px=40),
            hands=(Point(x_px=50, y_px=60),),
        ),
        gaze=Gaze(state=GazeState.TARGET, origin=Point(x_px=35, y_px=30), direction=(1.0, 0.0)),
    )
    goat = a_region(
        image, "goat", (65, 50, 110, 95), kind=RegionKind.ANIMAL, run=run, concepts=(GOAT.id,)
    )
    wall = region_of(image, WITH_HOLE, run_id=run.id, source_id="ann/7 ü", parent_id=eve.id)
    edges = (
        an_edge(EdgeKind.BESIDE, eve, goat, confidence=0.87),
        an_edge(
            EdgeKind.HOLDS, eve, goat, status=EdgeStatus.REJECTED, review=REVIEW, confidence=0.99
        ),
        an_edge(
            EdgeKind.ABOVE,
            wall,
            goat,
            status=EdgeStatus.ACCEPTED,
            review=replace(REVIEW, reason=""),
            layer=EdgeLayer.ASSERTED,
            evidence=evidence_of(lacked=("pose",), angle_deg=-12.5),
        ),
    )
    axis = Axis(
        id=axis_id(image.id, AxisKind.DIVIDE, 0),
        image_id=image.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=100, y_px=50),
        angle_deg=90,
        length_px=80,
        strength=0.7,
        method="test",
        run_id=run.id,
    )
    regions = (eve, goat, wall)
    return ImageBundle(
        work=work,
        image=image,
        runs=(run,),
        concepts=(EVE, GOAT),
        regions=regions,
        axes=(axis,),
        edges=edges,
        vectors=(random_vectors(CLIP_SPACE, regions), random_vectors(TEXT_SPACE, regions[:2])),
    )


CROWD_KINDS = (EdgeKind.ABOVE, EdgeKind.FACES, EdgeKind.GAZES_AT, EdgeKind.HOLDS, EdgeKind.TOUCHES)


def crowd(edges: int, name: str) -> ImageBundle:
    """One image with `edges` edges, of five kinds each between neighbours in a row."""
    run, work = a_run(), a_work(name)
    neighbours = edges // len(CROWD_KINDS)
    image = an_image(work, width_px=neighbours + 3)
    people = tuple(
        a_region(image, "man", (i, 10, i + 2, 90), run=run) for i in range(neighbours + 1)
    )
    return ImageBundle(
        work=work,
        image=image,
        runs=(run,),
        regions=people,
        edges=tuple(an_edge(kind, a, b) for a, b in pairwise(people) for kind in CROWD_KINDS),
    )


def content(bundle: ImageBundle) -> tuple[object, ...]:
    """What a bundle holds, comparable, without regard to order."""
    vectors = [
        (v.space, dict(zip(v.region_ids, map(np.ndarray.tobytes, v.matrix), strict=True)))
        for v in sorted(bundle.vectors, key=lambda v: v.space.name)
    ]
    parts = (bundle.runs, bundle.concepts, bundle.regions, bundle.axes, bundle.edges)
    by_id = [{value.id: value for value in part} for part in parts]
    return (bundle.work, bundle.image, *by_id, vectors)


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)
FRACTIONS = st.floats(0, 1)


@st.composite
def regions(draw: st.DrawFn, image: Image) -> Region:
    x, y = draw(st.floats(0, 150)), draw(st.floats(0, 70))
    width, height = draw(st.floats(0.5, 50)), draw(st.floats(0.5, 30))
    ring = ((x, y), (x + width, y), (x + width / 2, y + height))
    labels = st.builds(
        Label,
        text=TEXTS,
        language=st.sampled_from(["en", "de", "", "not a tag!"]),
        confidence=FRACTIONS,
        origin=st.sampled_from(LabelOrigin),
    )
    return region_of(
        image,
        Outline(parts=(Polygon(exterior=ring),)),
        run_id=a_run().id,
        kind=draw(st.sampled_from(RegionKind)),
        labels=tuple(draw(st.lists(labels, max_size=3))),
        caption=draw(st.just("") | TEXTS),
        attributes=tuple(draw(st.dictionaries(TEXTS, TEXTS, max_size=2)).items()),
    )


@st.composite
def bundles(draw: st.DrawFn) -> ImageBundle:
    """Images with a few drawn regions and edges between some of them."""
    eden = eden_bundle(draw(st.sampled_from(["eden", "noli"])), with_vectors=False)
    drawn = st.lists(regions(eden.image), min_size=2, max_size=5, unique_by=lambda r: r.id)
    people = tuple(draw(drawn))
    kinds = draw(st.lists(st.sampled_from(EdgeKind), max_size=4, unique=True))
    edges = tuple(an_edge(kind, *people[:2], confidence=draw(FRACTIONS)) for kind in kinds)
    vectors = (random_vectors(CLIP_SPACE, people),) if draw(st.booleans()) else ()
    return replace(eden, regions=people, edges=edges, vectors=vectors)
