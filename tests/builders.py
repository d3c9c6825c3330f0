"""Small valid values for tests, each with sensible defaults."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind, EdgeLayer, edge_of, evidence_of
from iconograph.graph.model.geometry import Box, Outline
from iconograph.graph.model.ids import image_id, work_id
from iconograph.graph.model.region import Label, Region, RegionKind, region_of
from iconograph.graph.model.run import Run, run_of
from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace
from iconograph.graph.model.work import DateSpan, Image, Maker, Text, Work

CLIP_SPACE = VectorSpace(
    name="clip:test/tiny", dim=8, weights_sha256="c" * 64, modality=Modality.IMAGE
)
TEXT_SPACE = VectorSpace(name="text:test", dim=4, weights_sha256="d" * 64, modality=Modality.TEXT)


def a_run(**parameters: str) -> Run:
    return run_of(
        "iconograph test", started_at="2026-01-01T00:00:00Z", parameters=tuple(parameters.items())
    )


def a_work(name: str = "eden", **fields: Any) -> Work:
    defaults: dict[str, Any] = {
        "titles": (Text(text=name.title(), language="en"),),
        "makers": (Maker(name="Hans Baldung", role="painter"),),
        "date": DateSpan(text="1532", earliest_year=1532, latest_year=1532),
    }
    return Work(id=work_id(name), **{**defaults, **fields})


def an_image(work: Work, *, width_px: int = 200, height_px: int = 100, name: str = "") -> Image:
    name = name or work.title.lower()
    return Image(
        id=image_id(hashlib.sha256(name.encode()).hexdigest()),
        work_id=work.id,
        uri=f"file:///pictures/{name}.jpg",
        width_px=width_px,
        height_px=height_px,
    )


def a_box(x0: float, y0: float, x1: float, y1: float) -> Outline:
    return Outline.from_box(Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1))


def a_region(
    image: Image,
    label: str,
    box: tuple[float, float, float, float],
    *,
    kind: RegionKind = RegionKind.PERSON,
    run: Run | None = None,
    **fields: Any,
) -> Region:
    return region_of(
        image,
        a_box(*box),
        run_id=(run or a_run()).id,
        kind=kind,
        labels=(Label(text=label),),
        **fields,
    )


def an_edge(kind: EdgeKind, subject: Region, object_: Region, **fields: Any) -> Edge:
    defaults: dict[str, Any] = {
        "confidence": 0.9,
        "layer": EdgeLayer.OBSERVED,
        "method": "test",
        "run_id": subject.run_id,
        "evidence": evidence_of(gap_heights=0.1),
    }
    return edge_of(
        kind, subject.id, object_.id, image_id=subject.image_id, **{**defaults, **fields}
    )


def random_vectors(
    space: VectorSpace, regions: tuple[Region, ...], *, seed: int = 0
) -> RegionVectors:
    rows = np.random.default_rng(seed).normal(size=(len(regions), space.dim))
    return RegionVectors.normalised(space, [region.id for region in regions], rows)


def eden_bundle(name: str = "eden", *, with_vectors: bool = True) -> ImageBundle:
    """Eve beside a goat, holding an apple, an angel above both."""
    run, work = a_run(), a_work(name)
    image = an_image(work)
    eve = a_region(image, "Eve", (20, 20, 60, 95), caption="a nude woman with long hair")
    goat = a_region(image, "goat", (65, 50, 110, 95), kind=RegionKind.ANIMAL)
    apple = a_region(image, "apple", (50, 40, 58, 48), kind=RegionKind.OBJECT)
    angel = a_region(image, "angel", (30, 1, 90, 18), source_id="ann-4")
    regions = (eve, goat, apple, angel)
    edges = (
        an_edge(EdgeKind.BESIDE, eve, goat),
        an_edge(EdgeKind.HOLDS, eve, apple, confidence=0.8),
        an_edge(EdgeKind.ABOVE, angel, eve),
        an_edge(EdgeKind.ABOVE, angel, goat, layer=EdgeLayer.ASSERTED, method="annotation"),
    )
    vectors = (
        (random_vectors(CLIP_SPACE, regions), random_vectors(TEXT_SPACE, regions, seed=1))
        if with_vectors
        else ()
    )
    return ImageBundle(
        work=work, image=image, runs=(run,), regions=regions, edges=edges, vectors=vectors
    )
