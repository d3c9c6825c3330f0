"""A seeded random graph, and the answers of a store in a form that can be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Review
from iconograph.graph.model.ids import concept_id
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.vector import RegionVectors
from iconograph.graph.model.work import DateSpan, Maker
from tests.builders import (
    CLIP_SPACE,
    TEXT_SPACE,
    a_region,
    a_run,
    a_work,
    an_edge,
    an_image,
    random_vectors,
)

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.store.candidates import Candidates

REGIONS = 40
EDGES = 90
LABELS = ("Eve", "goat", "old man", "angel", "lily", "swords", "Saint Peter's keys")
CAPTIONS = ("a woman holding two lilies", "goats beside a tree", "", "the king's horse")
CONCEPTS = tuple(
    Concept(scheme=Scheme.ICONCLASS, notation=notation) for notation in ("71A3", "71A34", "11F")
)


def random_bundles(count: int, *, seed: int = 0) -> list[ImageBundle]:
    rng = np.random.default_rng(seed)
    return [_random_bundle(number, rng) for number in range(count)]


def _random_bundle(number: int, rng: np.random.Generator) -> ImageBundle:
    from iconograph.graph.model.bundle import ImageBundle

    run = a_run()
    work = a_work(
        f"work {number}",
        makers=(Maker(name=("Baldung", "Grünewald")[number % 2]),),
        date=DateSpan(text="", earliest_year=1500 + number, latest_year=1510 + number),
        concepts=(CONCEPTS[2].id,) if number % 3 == 0 else (),
    )
    image = an_image(work, width_px=1000)
    regions = tuple(
        a_region(
            image,
            LABELS[rng.integers(len(LABELS))],
            (20 * place, 0, 20 * place + 19, 10 + place),
            kind=tuple(RegionKind)[rng.integers(3)],
            level=tuple(Level)[rng.integers(3)],
            caption=CAPTIONS[rng.integers(len(CAPTIONS))],
            concepts=(CONCEPTS[rng.integers(2)].id,) if rng.random() < 0.2 else (),
        )
        for place in range(REGIONS)
    )
    edges = {}
    for _ in range(EDGES):
        subject, object_ = rng.choice(REGIONS, 2, replace=False)
        kind = tuple(EdgeKind)[rng.integers(len(EdgeKind))]
        edge = an_edge(kind, regions[subject], regions[object_], confidence=float(rng.random()))
        if rng.random() < 0.1:
            review = Review(by="curator", at="2026-01-01", reason="wrong")
            edge = replace(edge, status=EdgeStatus.REJECTED, review=review)
        edges[edge.id] = edge
    return ImageBundle(
        work=work,
        image=image,
        runs=(run,),
        concepts=CONCEPTS,
        regions=regions,
        edges=tuple(edges.values()),
        vectors=(
            random_vectors(CLIP_SPACE, regions, seed=number),
            random_vectors(TEXT_SPACE, regions[::2], seed=number),
        ),
    )


def a_vector(space: Any, seed: int) -> dict[str, Any]:
    row = np.random.default_rng(seed).normal(size=(1, space.dim))
    return {space.name: RegionVectors.normalised(space, ["r"], row).matrix[0]}  # type: ignore[list-item]


@dataclass(frozen=True)
class Comparable:
    """Columns as plain values by id, so that two stores can be compared."""

    regions: dict[str, tuple[Any, ...]]
    labels: set[tuple[str, str, float]]
    captions: set[tuple[str, str]]
    concepts: set[tuple[str, str]]
    edges: dict[str, tuple[str, str, str, float]]
    cosines: dict[tuple[str, int, str], float]

    @classmethod
    def of(cls, found: Candidates) -> Comparable:
        ids = found.region_ids
        rows = zip(
            ids, found.image_of, found.work_of, found.level, found.kind, found.eligible, strict=True
        )
        regions = {
            region: (found.image_ids[i], found.work_ids[w], int(level), int(kind), bool(passes))
            for region, i, w, level, kind, passes in rows
        }
        labels = found.labels
        bounds = zip(labels.texts, labels.offsets, labels.offsets[1:], strict=False)
        return cls(
            regions=regions,
            labels={
                (text, ids[labels.regions[place]], round(float(labels.confidence[place]), 5))
                for text, start, end in bounds
                for place in range(start, end)
            },
            captions={(t, ids[row]) for t, rows in found.caption_hits.items() for row in rows},
            concepts={(c, ids[row]) for c, rows in found.concept_hits.items() for row in rows},
            edges={
                edge: (kind.value, ids[s], ids[o], round(float(sure), 5))
                for kind, columns in found.edges.items()
                for edge, s, o, sure in zip(
                    columns.ids, columns.subject, columns.object, columns.confidence, strict=True
                )
            },
            cosines={
                (space, node, ids[row]): float(cosine)
                for space, matrix in found.cosines.items()
                for node, cosines in enumerate(matrix)
                for row, cosine in enumerate(cosines)
                if not np.isnan(cosine)
            },
        )


IN_EVE_BRANCH = concept_id(Scheme.ICONCLASS, "71A3")
