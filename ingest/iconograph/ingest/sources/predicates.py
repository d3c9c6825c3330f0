"""Words for relations, as people write them, to edge kinds."""

from __future__ import annotations

import re

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.edge import EdgeKind

SYNONYMS: dict[EdgeKind, tuple[str, ...]] = {
    EdgeKind.HOLDS: ("hold", "holding", "carries", "carrying", "grasps", "grasping", "bears"),
    EdgeKind.WEARS: ("wear", "wearing", "dressed in", "clad in"),
    EdgeKind.TOUCHES: ("touch", "touching"),
    EdgeKind.GAZES_AT: ("gaze at", "gazing at", "looks at", "look at", "looking at", "watches"),
    EdgeKind.POINTS_AT: ("point at", "points to", "pointing at", "pointing to"),
    EdgeKind.FACES: ("face", "facing", "turned to"),
    EdgeKind.BESIDE: ("next to", "near", "adjacent to", "alongside", "at the side of"),
    EdgeKind.ABOVE: ("over", "on top of", "higher than"),
    EdgeKind.IN_FRONT_OF: ("before",),
    EdgeKind.INSIDE: ("in", "within"),
    EdgeKind.PART_OF: ("belongs to",),
    EdgeKind.ACROSS_DIVIDE: ("across", "across from"),
    EdgeKind.SAME_SIDE: ("on the same side as",),
}
"""Other words for each kind, beside its own name."""

KIND_BY_WORDS = {
    words: kind for kind in EdgeKind for words in (kind.words, *SYNONYMS.get(kind, ()))
}


def edge_kind(predicate: str) -> EdgeKind:
    """The kind that `holds`, `HOLDS`, `gazes-at`, `next to` ... name; raises `AnnotationError`."""
    words = re.sub(r"[\s_\-]+", " ", predicate).strip().lower()
    kind = KIND_BY_WORDS.get(words)
    if kind is None:
        known = ", ".join(kind.value for kind in EdgeKind)
        message = f"the predicate {predicate!r} is not known; expected one of {known}"
        raise AnnotationError(message)
    return kind
