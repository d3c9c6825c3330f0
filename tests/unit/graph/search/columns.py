"""Candidates from a few words: what a store would answer, built by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.store.candidates import Candidates, EdgeColumns, LabelColumns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Link = tuple[int, int, float]


def columns(
    labels: Sequence[str],
    edges: Mapping[EdgeKind, Sequence[Link]] | None = None,
    *,
    images: Sequence[int] | None = None,
    works: Sequence[int] | None = None,
    kinds: Sequence[RegionKind] | None = None,
    levels: Sequence[Level] | None = None,
    eligible: Sequence[bool] | None = None,
    captions: Mapping[str, Sequence[int]] | None = None,
    concepts: Mapping[str, Sequence[int]] | None = None,
    cosines: Mapping[str, Sequence[Sequence[float]]] | None = None,
    complete: bool = True,
    unseen_cosine: Sequence[Mapping[str, float]] = ({},) * 8,
    unseen_token: Sequence[bool] = (False,) * 8,
    whole_nodes: frozenset[int] = frozenset(),
) -> Candidates:
    """One region for each label (`|` parts several labels, "" gives none); an image is a work."""
    count = len(labels)
    image_of = np.asarray(images if images is not None else [0] * count, np.int32)
    work_of = np.asarray(works, np.int32)[image_of] if works else image_of
    return Candidates(
        region_ids=[f"r{row:04}" for row in range(count)],
        image_ids=[f"i{place:04}" for place in range(int(image_of.max(initial=0)) + 1)],
        work_ids=[f"w{place:04}" for place in range(int(work_of.max(initial=0)) + 1)],
        image_of=image_of,
        work_of=work_of,
        level=_places(levels or [Level.ENTITY] * count, tuple(Level)),
        kind=_places(kinds or [RegionKind.UNKNOWN] * count, tuple(RegionKind)),
        eligible=np.asarray(eligible if eligible is not None else [True] * count),
        labels=_label_columns(labels),
        caption_hits={t: np.asarray(rows, np.int32) for t, rows in (captions or {}).items()},
        concept_hits={c: np.asarray(rows, np.int32) for c, rows in (concepts or {}).items()},  # type: ignore[misc]
        cosines={s: np.asarray(rows, np.float32) for s, rows in (cosines or {}).items()},
        edges={kind: _edge_columns(kind, links) for kind, links in (edges or {}).items()},
        complete=complete,
        unseen_cosine=unseen_cosine,
        unseen_token=unseen_token,
        whole_nodes=whole_nodes,
    )


def _places(
    values: Sequence[object], of: tuple[object, ...]
) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    return np.asarray([of.index(value) for value in values], np.int8)


def _label_columns(labels: Sequence[str]) -> LabelColumns:
    rows: dict[str, list[int]] = {}
    for row, texts in enumerate(labels):
        for text in filter(None, texts.split("|")):
            rows.setdefault(text, []).append(row)
    sizes = [len(own) for own in rows.values()]
    regions = np.asarray([row for own in rows.values() for row in own], np.int32)
    return LabelColumns(
        texts=list(rows),
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        regions=regions,
        confidence=np.ones(len(regions), np.float32),
    )


def _edge_columns(kind: EdgeKind, links: Sequence[Link]) -> EdgeColumns:
    return EdgeColumns(
        subject=np.asarray([subject for subject, _, _ in links], np.int32),
        object=np.asarray([object_ for _, object_, _ in links], np.int32),
        confidence=np.asarray([confidence for _, _, confidence in links], np.float32),
        ids=[f"{kind}-{place}" for place in range(len(links))],
    )
