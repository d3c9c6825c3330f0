"""Figures that act together, found as communities of a graph of their bonds.

A bond's weight, 0..1, is the chance that at least one of the edges between two figures binds them,
edges to what a figure holds, wears or has as a part counted as edges to the figure; a divide between
the two takes from it. Groups are the communities of highest modularity by the Louvain method (Blondel
et al. 2008, J. Stat. Mech. P10008), within each connected part of the graph, so that a group does not
depend on figures elsewhere in the picture. A large group falls into smaller ones by what stands
together alone: a look binds the two sides of a battle, but makes no side of it. Figures are visited in an order that follows from where
they stand, and the method's shuffling is seeded: the same picture gives the same groups, and its
mirror image gives their mirror image.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import Edge, EdgeKind, EdgeStatus
from iconograph.graph.model.ids import RegionId
from iconograph.graph.model.region import Level, Region, RegionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.relations.thresholds import Groups

FIGURES = frozenset({RegionKind.PERSON, RegionKind.ANIMAL})
THINGS = frozenset({RegionKind.OBJECT, RegionKind.ATTRIBUTE, RegionKind.UNKNOWN})
SEED = 0
FEWEST_FIGURES = 2
LOOKS = frozenset({EdgeKind.GAZES_AT, EdgeKind.FACES, EdgeKind.POINTS_AT})
"""What binds over a distance."""

RESOLUTION_STEP = 1.4
"""Fine enough that an army falls into its two sides before it falls into squads."""

Bonds = dict[tuple[RegionId, RegionId], float]
"""Weight of the bond between two figures, the smaller id first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Ids of figures and of the things that belong to them; `inner` are smaller groups within."""

    figures: tuple[RegionId, ...]
    things: tuple[RegionId, ...] = ()
    inner: tuple[Group, ...] = ()

    @property
    def members(self) -> tuple[RegionId, ...]:
        """Figures, then things."""
        return (*self.figures, *self.things)


def groups_of(bundle: ImageBundle, numbers: Groups) -> tuple[Group, ...]:
    """The groups of a bundle's entities: two figures or more, with what is theirs.

    In the order of the place of their first figure, from the top of the picture down.
    """
    edges = sure_edges(bundle.edges, numbers)
    entities = {r.id: r for r in bundle.regions if r.level is Level.ENTITY}
    figures = _in_order(bundle, (r for r in entities.values() if r.kind in FIGURES))
    owners = _owners(edges, entities)
    bonds = _bonds(edges, owners, numbers)
    standing = (edge for edge in edges if edge.kind not in LOOKS)
    close = _bonds(standing, owners, numbers)
    near = _near(edges, owners, entities)
    groups = [
        _with_things(_nested(group, close, numbers), owners, near)
        for group in _communities(figures, bonds, numbers.resolution)
    ]
    place = {figure: at for at, figure in enumerate(figures)}
    return tuple(sorted(groups, key=lambda group: place[group.figures[0]]))


def sure_edges(edges: Iterable[Edge], numbers: Groups) -> tuple[Edge, ...]:
    """The edges that are sure enough and that nobody rejected, by falling confidence."""
    sure = (
        edge
        for edge in edges
        if edge.status is not EdgeStatus.REJECTED
        and edge.confidence >= numbers.smallest_edge_confidence
    )
    return tuple(sorted(sure, key=lambda edge: (-edge.confidence, edge.id)))


def _in_order(bundle: ImageBundle, figures: Iterable[Region]) -> tuple[RegionId, ...]:
    """From the top down; of two as high, what is nearer to the middle first, as in a mirror image."""
    middle_px = bundle.image.width_px / 2

    def key(region: Region) -> tuple[float, float, float, RegionId]:
        centre = region.box.centre
        aside_px = abs(centre.x_px - middle_px)
        return (
            round(centre.y_px, 1),
            round(aside_px, 1),
            round(region.area_fraction, 6),
            region.id,
        )

    return tuple(region.id for region in sorted(figures, key=key))


def _owners(edges: Iterable[Edge], entities: Mapping[RegionId, Region]) -> dict[RegionId, RegionId]:
    """The figure that each thing belongs to: who wears or holds it, or has it as a part."""
    owners: dict[RegionId, RegionId] = {}
    for edge in edges:
        ends = (edge.subject_id, edge.object_id)
        if edge.kind not in (EdgeKind.HOLDS, EdgeKind.WEARS, EdgeKind.PART_OF):
            continue
        figure, thing = ends[::-1] if edge.kind is EdgeKind.PART_OF else ends
        if _is_figure(figure, entities) and thing in entities and not _is_figure(thing, entities):
            owners.setdefault(thing, figure)
    return owners | {i: i for i in entities if _is_figure(i, entities)}


def _is_figure(region_id: RegionId, entities: Mapping[RegionId, Region]) -> bool:
    return region_id in entities and entities[region_id].kind in FIGURES


def _bonds(edges: Iterable[Edge], owners: Mapping[RegionId, RegionId], numbers: Groups) -> Bonds:
    unbound: Bonds = defaultdict(lambda: 1.0)
    parted: Bonds = defaultdict(float)
    weights = {
        kind: getattr(numbers, name)
        for kind in EdgeKind
        if (name := f"{kind.value.lower()}_weight") in {field.name for field in fields(numbers)}
    }
    for edge in edges:
        ends = sorted({owners[i] for i in (edge.subject_id, edge.object_id) if i in owners})
        if len(ends) < FEWEST_FIGURES or edge.kind not in weights:
            continue
        pair = (ends[0], ends[1])
        weight = weights[edge.kind] * edge.confidence * _nearness(edge, numbers)
        if edge.kind is EdgeKind.ACROSS_DIVIDE:
            parted[pair] = max(parted[pair], weight)
        else:
            unbound[pair] *= 1 - weight
    bonds = {pair: round(1 - rest - parted.get(pair, 0.0), 6) for pair, rest in unbound.items()}
    return {pair: bond for pair, bond in bonds.items() if bond >= numbers.smallest_weight}


def _nearness(edge: Edge, numbers: Groups) -> float:
    """1 for what is beside without a gap, falling to 0; 1 for all that has no measured gap."""
    gap = edge.evidence.number("gap_sizes") if edge.kind is EdgeKind.BESIDE else None
    return max(0.0, 1 - max(0.0, gap or 0.0) / numbers.beside_gap_sizes)


def _communities(
    figures: Sequence[RegionId], bonds: Bonds, resolution: float
) -> list[tuple[RegionId, ...]]:
    """Figures of each community of two or more, in the order given."""
    # Loading it takes longer than most pictures do, and a search never needs it.
    import networkx as nx

    row = {figure: at for at, figure in enumerate(figures)}
    rows = ((*sorted((row[a], row[b])), w) for (a, b), w in bonds.items() if a in row and b in row)
    weighted = sorted(rows)
    joined = nx.Graph()
    joined.add_weighted_edges_from(weighted)
    found: list[set[int]] = []
    for part in nx.connected_components(joined):
        # Built anew in order: the method's choices follow the order of nodes and edges.
        graph = nx.Graph()
        graph.add_nodes_from(sorted(part))
        graph.add_weighted_edges_from(edge for edge in weighted if edge[0] in part)
        found += nx.community.louvain_communities(graph, resolution=resolution, seed=SEED)
    return [tuple(figures[at] for at in sorted(s)) for s in found if len(s) >= FEWEST_FIGURES]


def _nested(figures: tuple[RegionId, ...], bonds: Bonds, numbers: Groups) -> Group:
    """A group with the smaller ones that it falls into first, when it is large."""
    resolution = numbers.resolution
    while len(figures) > numbers.most_figures and resolution < numbers.highest_resolution:
        resolution *= RESOLUTION_STEP
        parts = _communities(figures, bonds, resolution)
        if len(parts) >= FEWEST_FIGURES:
            inner = tuple(_nested(part, bonds, numbers) for part in parts)
            return Group(figures=figures, inner=inner)
    return Group(figures=figures)


def _with_things(
    group: Group, owners: Mapping[RegionId, RegionId], near: Mapping[RegionId, set[RegionId]]
) -> Group:
    """The group with what its figures own, and with what two of them or more stand at."""
    own = set(group.figures)
    owned = {thing for thing, figure in owners.items() if figure in own and thing != figure}
    shared = {thing for thing, by in near.items() if len(by & own) >= FEWEST_FIGURES}
    return Group(
        figures=group.figures,
        things=tuple(sorted(owned | shared)),
        inner=tuple(_with_things(part, owners, near) for part in group.inner),
    )


def _near(
    edges: Iterable[Edge], owners: Mapping[RegionId, RegionId], entities: Mapping[RegionId, Region]
) -> dict[RegionId, set[RegionId]]:
    """The figures that stand at each thing that is nobody's own and no mere surroundings."""
    near: dict[RegionId, set[RegionId]] = defaultdict(set)
    things = {i for i, r in entities.items() if r.kind in THINGS and i not in owners}
    for edge in edges:
        if edge.kind in (EdgeKind.BESIDE, EdgeKind.TOUCHES):
            ends = (edge.subject_id, edge.object_id)
            for figure, thing in (ends, ends[::-1]):
                if _is_figure(figure, entities) and thing in things:
                    near[thing].add(figure)
    return near
