"""A synthetic graph of any size for measuring stores: not pictures, but with their statistics."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import image_id, work_id
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace
from iconograph.graph.model.work import DateSpan, Image, Maker, Text, Work
from tests.builders import a_region, a_run, an_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.run import Run

REGIONS_PER_IMAGE = 50
SIDE_PX = 2000
CLUSTER_SPREAD = 0.5
"""How far vectors lie from their cluster, against the cluster's distance from the common axis."""

EDGE_KINDS = (EdgeKind.BESIDE, EdgeKind.HOLDS, EdgeKind.ABOVE, EdgeKind.GAZES_AT)
WORDS = [
    "man",
    "woman",
    "child",
    "angel",
    "saint",
    "king",
    "queen",
    "bishop",
    "monk",
    "soldier",
    "shepherd",
    "goat",
    "lamb",
    "dog",
    "horse",
    "lion",
    "dove",
    "eagle",
    "lily",
    "sword",
    "book",
    "key",
    "crown",
    "halo",
    "wing",
    "robe",
    "veil",
    "staff",
    "cross",
    "skull",
    "column",
    "arch",
    "throne",
]
QUALIFIERS = ("", "young ", "old ", "kneeling ", "seated ", "winged ", "veiled ", "praying ")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSize:
    """How much to build."""

    regions: int
    dim: int
    edges_per_region: int = 3
    clusters: int = 400

    @property
    def space(self) -> VectorSpace:
        """The space of the vectors."""
        return VectorSpace(
            name="clip:synthetic/cone",
            dim=self.dim,
            weights_sha256="0" * 64,
            modality=Modality.IMAGE,
        )


def bundles(size: GraphSize, *, seed: int = 0) -> Iterator[ImageBundle]:
    """Images of some 50 regions each; the same for the same size and seed.

    The vectors are clusters in a narrow cone, like those of CLIP: random pairs have a cosine of
    about 0.7, pairs of one cluster about 0.9.
    """
    rng = np.random.default_rng(seed)
    centres = cluster_centres(size, rng)
    for number in range(-(-size.regions // REGIONS_PER_IMAGE)):
        yield _bundle(size, number, centres, rng)


def cluster_centres(size: GraphSize, rng: np.random.Generator) -> NDArray[np.float32]:
    """Unit vectors (clusters x dim) in a cone around one axis."""
    axis = rng.normal(size=size.dim)
    offsets = rng.normal(size=(size.clusters, size.dim))
    centres = axis / np.linalg.norm(axis) + CLUSTER_SPREAD * _unit(offsets)
    return _unit(centres)


def query_vectors(size: GraphSize, count: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Unit vectors (count x dim) near clusters of the graph that has the same seed."""
    centres = cluster_centres(size, np.random.default_rng(seed))
    rng = np.random.default_rng(seed + 1)
    return _near(centres[rng.integers(0, len(centres), count)], rng)


def _bundle(
    size: GraphSize,
    number: int,
    centres: NDArray[np.float32],
    rng: np.random.Generator,
) -> ImageBundle:
    run = a_run()
    count = min(REGIONS_PER_IMAGE, size.regions - number * REGIONS_PER_IMAGE)
    work = Work(
        id=work_id(f"synthetic {number}"),
        titles=(Text(text=f"Synthetic picture {number}", language="en"),),
        makers=(Maker(name=f"Master {number % 97}"),),
        date=DateSpan(text="", earliest_year=1400 + number % 400, latest_year=1410 + number % 400),
    )
    image = Image(
        id=image_id(hashlib.sha256(work.id.encode()).hexdigest()),
        work_id=work.id,
        uri=f"synthetic:{number}",
        width_px=SIDE_PX,
        height_px=SIDE_PX,
    )
    clusters = rng.integers(0, size.clusters, count)
    regions = tuple(
        _region(image, run, cluster, corner)
        for cluster, corner in zip(
            clusters.tolist(), rng.integers(0, SIDE_PX // 2, (count, 2)).tolist(), strict=True
        )
    )
    vectors = RegionVectors(
        space=size.space,
        region_ids=tuple(region.id for region in regions),
        matrix=_near(centres[clusters], rng),
    )
    edges = _edges(regions, size.edges_per_region, rng)
    return ImageBundle(
        work=work, image=image, runs=(run,), regions=regions, edges=edges, vectors=(vectors,)
    )


def _region(image: Image, run: Run, cluster: int, corner: list[int]) -> Region:
    """A region whose words and size follow from its cluster and place."""
    word = QUALIFIERS[cluster // len(WORDS) % len(QUALIFIERS)] + WORDS[cluster % len(WORDS)]
    x, y = corner
    return a_region(
        image,
        word,
        (x, y, x + 40 + cluster, y + 60 + cluster),
        kind=tuple(RegionKind)[cluster % 3],
        run=run,
        caption=f"a {word} beside a {WORDS[(cluster * 7) % len(WORDS)]}, half in shadow",
    )


def _edges(
    regions: tuple[Region, ...], edges_per_region: int, rng: np.random.Generator
) -> tuple[Edge, ...]:
    ends = rng.integers(0, len(regions), (len(regions) * edges_per_region, 2)).tolist()
    edges = (
        an_edge(
            EDGE_KINDS[place % len(EDGE_KINDS)],
            regions[subject],
            regions[object_],
            confidence=0.3 + 0.7 * (place % 11) / 11,
        )
        for place, (subject, object_) in enumerate(ends)
        if regions[subject].id != regions[object_].id
    )
    return tuple({edge.id: edge for edge in edges}.values())


def _near(centres: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.normal(size=centres.shape)
    return _unit(centres + CLUSTER_SPREAD * _unit(noise))


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
