"""Candidates by id instead of by row, for tests that compare stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.candidates import (
    CandidateRequest,
    Candidates,
    NodeRequest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from iconograph.graph.store.port import GraphStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Candidates by id instead of by row."""

    columns: Candidates

    def ids(self, rows: Iterable[int]) -> set[str]:
        return {self.columns.region_ids[row] for row in rows}

    def labels(self) -> dict[str, dict[str, float]]:
        labels = self.columns.labels
        spans = zip(labels.texts, labels.offsets, labels.offsets[1:], strict=False)
        return {
            text: {
                self.columns.region_ids[labels.regions[i]]: float(labels.confidence[i])
                for i in range(start, end)
            }
            for text, start, end in spans
        }

    def edges(self, kind: EdgeKind) -> set[tuple[str, str, str]]:
        """Edge id, subject id and object id."""
        edges, ids = self.columns.edges[kind], self.columns.region_ids
        return {
            (edge, ids[subject], ids[object_])
            for edge, subject, object_ in zip(edges.ids, edges.subject, edges.object, strict=True)
        }

    def cosines(self, space: str, node: int) -> dict[str, float]:
        found = self.columns.cosines[space][node]
        return {
            region: float(cosine)
            for region, cosine in zip(self.columns.region_ids, found, strict=True)
            if not np.isnan(cosine)
        }

    def eligible_works(self) -> set[str]:
        works = self.columns.work_of[self.columns.eligible]
        return {self.columns.work_ids[work] for work in works}


def near(bundle: ImageBundle, place: int = 0) -> dict[str, NDArray[np.float32]]:
    """The vectors of one region, as those of a query; with them all of a small store is near."""
    return {vectors.space.name: vectors.matrix[place] for vectors in bundle.vectors}


def found(store: GraphStore, *nodes: NodeRequest, **fields: object) -> Found:
    request = CandidateRequest(nodes=nodes, **fields)  # type: ignore[arg-type]
    return Found(columns=store.candidates(request))
