"""Rows that Neo4j gave, as the columns of `Candidates`."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.store.candidates import EdgeColumns, LabelColumns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

LEVEL_PLACES = {level.value: place for place, level in enumerate(Level)}
KIND_PLACES = {kind.value: place for place, kind in enumerate(RegionKind)}
N = TypeVar("N", bound=np.generic)
Name = TypeVar("Name", bound=str)
EdgeRow = tuple[str, str, str, str, float]
"""Id, kind, subject id, object id, confidence."""


class RegionTable:
    """Regions in order of id, made from rows of `statements.DESCRIBE`.

    `image_of`, `work_of`, `level` and `kind` are those of `Candidates`; `place` gives the row of a
    region's id. `work_of_image` is the id of each image's work.
    """

    def __init__(self, rows: Iterable[Sequence[Any]], work_of_image: Mapping[str, str]) -> None:
        self._rows = sorted(rows, key=itemgetter(0))
        self.region_ids: list[str] = [row[0] for row in self._rows]
        self.place = {region_id: row for row, region_id in enumerate(self.region_ids)}
        self.image_ids = sorted(work_of_image)
        self.work_ids = sorted(set(work_of_image.values()))
        image_place = {image: place for place, image in enumerate(self.image_ids)}
        work_place = {work: place for place, work in enumerate(self.work_ids)}
        works = [work_place[work_of_image[image]] for image in self.image_ids]
        self.image_of = _ints((image_place[row[1]] for row in self._rows), np.int32)
        self.work_of = np.array(works, np.int32)[self.image_of]
        self.level = _ints((LEVEL_PLACES[row[2]] for row in self._rows), np.int8)
        self.kind = _ints((KIND_PLACES[row[3]] for row in self._rows), np.int8)

    def labels(self) -> LabelColumns:
        """All labels, texts in order, the regions of a text ascending."""
        bearers: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, row in enumerate(self._rows):
            for text, confidence in zip(row[4] or (), row[5] or (), strict=True):
                bearers[text].append((place, confidence))
        texts = sorted(bearers)
        pairs = [pair for text in texts for pair in bearers[text]]
        sizes = [0, *(len(bearers[text]) for text in texts)]
        return LabelColumns(
            texts=texts,
            offsets=np.cumsum(sizes, dtype=np.int64),
            regions=_ints((place for place, _ in pairs), np.int32),
            confidence=np.fromiter((confidence for _, confidence in pairs), np.float32),
        )

    def caption_hits(self, tokens: Collection[str]) -> dict[str, NDArray[np.int32]]:
        """Rows of the regions whose caption holds each token."""
        hits: dict[str, list[int]] = {token: [] for token in tokens}
        for place, row in enumerate(self._rows):
            for token in row[6]:
                hits[token].append(place)
        return {token: _ints(places, np.int32) for token, places in hits.items()}

    def hits(
        self, names: Collection[Name], pairs: Iterable[tuple[Name, str]]
    ) -> dict[Name, NDArray[np.int32]]:
        """Rows of the regions that were paired with each name."""
        places: dict[Name, set[int]] = {name: set() for name in names}
        for name, region_id in pairs:
            places[name].add(self.place[region_id])
        return {name: _ints(sorted(found), np.int32) for name, found in places.items()}

    def probed(self, probes: int) -> NDArray[np.float32]:
        """Cosines, probes x regions, NaN where a region has no vector."""
        found = [row[7] for row in self._rows]
        return np.array(found, np.float32).reshape(len(found), probes).T

    def edges(
        self, kinds: Sequence[EdgeKind], found: Iterable[EdgeRow]
    ) -> dict[EdgeKind, EdgeColumns]:
        """The edges of each kind, ordered by id; those with an end elsewhere are left out."""
        rows: dict[str, list[EdgeRow]] = {kind.value: [] for kind in kinds}
        for row in sorted(found):
            if row[2] in self.place and row[3] in self.place:
                rows[row[1]].append(row)
        return {EdgeKind(kind): self._edge_columns(group) for kind, group in rows.items()}

    def _edge_columns(self, rows: Sequence[EdgeRow]) -> EdgeColumns:
        return EdgeColumns(
            subject=_ints((self.place[row[2]] for row in rows), np.int32),
            object=_ints((self.place[row[3]] for row in rows), np.int32),
            confidence=np.fromiter((row[4] for row in rows), np.float32),
            ids=[row[0] for row in rows],
        )


def _ints(values: Iterable[int], dtype: type[N]) -> NDArray[N]:
    return np.fromiter(values, dtype)
