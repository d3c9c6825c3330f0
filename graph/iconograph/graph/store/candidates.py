"""What a search asks a store for, and what the store answers: columns of numbers, not objects.

Both stores answer in the same columns, so that one pure matcher ranks for both. The embedded store
gives every region (`complete`), Neo4j gives those near the seeds, with a bound on the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.model.region import Level, RegionKind

DEFAULT_SEEDS = 500
"""Regions that an approximate store fetches for each node and space at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """Which works may answer; an empty field lets all pass.

    `makers`, `medium` and `collection` match as a part of the text, without regard to case. A work
    lies within the years when its date span overlaps them; without a date it does not.
    `iconclass` matches a notation and all below it, on the work or one of its regions.
    """

    makers: tuple[str, ...] = ()
    earliest_year: int | None = None
    latest_year: int | None = None
    medium: str = ""
    collection: str = ""
    rights_uri: str = ""
    iconclass: str = ""
    work_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bar:
    """What a region must show at the least to stand for a node; a store may leave out all others.

    A region passes when it is of one of `kinds`, or when `judge` is True of one of its labels.
    Where `judge` is False of all of them it fails; where they say nothing (None), or there are
    none, it passes by a token in its caption, by a concept, or by a cosine that reaches the space's
    floor in `floors`.
    """

    judge: Callable[[str], bool | None]
    floors: Mapping[str, float]
    kinds: frozenset[RegionKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodeRequest:
    """What makes a region worth looking at for one node of a pattern.

    A region is a candidate when a label or its caption holds one of `tokens` (lemmas), when it (or
    its work, for `work_wide`) depicts one of `concepts`, or when its vector lies near. `vectors`
    holds a unit vector by space name. `levels` limits the node; empty means all. `label_tokens`
    are sought in labels only: names of the many things that are a kind of the one wanted. With a
    `bar`, regions that do not pass it need not come, nor those that lack the pattern's edges.
    """

    tokens: frozenset[str] = frozenset()
    label_tokens: frozenset[str] = frozenset()
    concepts: frozenset[ConceptId] = frozenset()
    vectors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    levels: frozenset[Level] = frozenset()
    bar: Bar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """Edges wanted between two nodes, given by their places in `CandidateRequest.nodes`."""

    subject: int
    object: int
    kinds: frozenset[EdgeKind]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CandidateRequest:
    """One search, as a store sees it. `seeds` is used by approximate stores only."""

    nodes: Sequence[NodeRequest]
    links: Sequence[LinkRequest] = ()
    work_filter: WorkFilter = field(default_factory=WorkFilter)
    seeds: int = DEFAULT_SEEDS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelColumns:
    """Which regions bear which label texts.

    `regions[offsets[i]:offsets[i + 1]]` (int32) are the rows of the regions that bear `texts[i]`,
    and `confidence` (float32) is parallel to `regions`.
    """

    texts: Sequence[str]
    offsets: NDArray[np.int64]
    regions: NDArray[np.int32]
    confidence: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeColumns:
    """Edges of one kind that are not rejected: rows of the two ends, confidence, and ids.

    Several methods may speak for one pair; each is a row here.
    """

    subject: NDArray[np.int32]
    object: NDArray[np.int32]
    confidence: NDArray[np.float32]
    ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Regions as columns; a region's row is its place in `region_ids`, which is sorted.

    image_of, work_of   int32, place of the region's image in `image_ids`, of its work in `work_ids`
    level, kind         int8, place in `tuple(Level)` and `tuple(RegionKind)`
    eligible            bool, whether the work passes the filter
    labels              see `LabelColumns`
    caption_hits        rows (int32) of the regions whose caption holds a token, by token; only for
                        tokens that were asked for
    concept_hits        rows (int32) of the regions that depict a concept, by id, as asked for
    cosines             float32 by space name, nodes x regions: the cosine with the node's vector;
                        NaN where a region has no vector or the node asked for none
    edges               by kind, the kinds asked for
    complete            whether no region was left out
    unseen_cosine       for each node and space, the largest cosine that a region outside these
                        columns may have; -1 when complete. Up to the recall of the vector index.
    unseen_token        for each node, whether a region outside these columns may hold a token
    whole_nodes         places of the nodes for which no region that can answer was left out
    """

    region_ids: Sequence[str]
    image_ids: Sequence[str]
    work_ids: Sequence[str]
    image_of: NDArray[np.int32]
    work_of: NDArray[np.int32]
    level: NDArray[np.int8]
    kind: NDArray[np.int8]
    eligible: NDArray[np.bool_]
    labels: LabelColumns
    caption_hits: Mapping[str, NDArray[np.int32]]
    concept_hits: Mapping[ConceptId, NDArray[np.int32]]
    cosines: Mapping[str, NDArray[np.float32]]
    edges: Mapping[EdgeKind, EdgeColumns]
    complete: bool
    unseen_cosine: Sequence[Mapping[str, float]]
    unseen_token: Sequence[bool]
    whole_nodes: frozenset[int] = frozenset()
