"""A short way to write a pattern down, so that a table of queries can be read.

`woman -HOLDS> flag` is a directed edge, `-not HOLDS>` a negated one, `=GAZES_AT=` one in both
directions, `-TOUCHES/HOLDS<PART_OF>` one with backward kinds. Nodes without an edge stand alone;
`2 man` wants two, `(cloud)` is optional. Nodes are named by their role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iconograph.graph.search.pattern import Pattern, PatternEdge


def noted(pattern: Pattern) -> list[str]:
    names = {
        node.role: f"{node.count} {node.role}" if node.count > 1 else node.role
        for node in pattern.nodes
    }
    in_edges = {role for edge in pattern.edges for role in (edge.subject, edge.object)}
    alone = [
        f"({node.role})" if node.optional else names[node.role]
        for node in pattern.nodes
        if node.role not in in_edges
    ]
    return alone + [_edge(edge, names) for edge in pattern.edges]


def _edge(edge: PatternEdge, names: dict[str, str]) -> str:
    kinds = "/".join(sorted(edge.kinds))
    if edge.backward:
        kinds += "<" + "/".join(sorted(edge.backward))
    arrow = f"={kinds}=" if edge.mutual else f"-{'not ' if edge.negated else ''}{kinds}>"
    return f"{names[edge.subject]} {arrow} {names[edge.object]}"
