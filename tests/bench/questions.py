"""Compound questions over the synthetic graph, and an encoder that knows their phrases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from tests.bench.store_data import WORDS, query_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.vector import VectorSpace
    from tests.bench.store_data import GraphSize

TEXT_GAP = 0.35
"""Cosine of a text's vector with that of a picture that shows just it, as CLIP gives."""

KINDS = (EdgeKind.HOLDS, EdgeKind.BESIDE, EdgeKind.ABOVE, EdgeKind.GAZES_AT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhraseEncoder:
    """A `TextEncoder` that gives each known phrase its own vector."""

    space: VectorSpace
    rows: dict[str, NDArray[np.float32]]

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """The vectors of known phrases."""
        return np.stack([self.rows[text] for text in texts])


def questions(size: GraphSize, count: int) -> tuple[list[Pattern], PhraseEncoder]:
    """Patterns "A relation B" of common words, and the encoder of their phrases.

    A phrase's vector lies near a cluster of the graph, but as far from every picture's vector as a
    text's does.
    """
    rng = np.random.default_rng(99)
    near = query_vectors(size, len(WORDS), seed=0)
    aside = rng.normal(size=near.shape)
    aside -= np.sum(aside * near, axis=1, keepdims=True) * near
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    rows = (TEXT_GAP * near + np.sqrt(1 - TEXT_GAP**2) * aside).astype(np.float32)
    encoder = PhraseEncoder(space=size.space, rows=dict(zip(WORDS, rows, strict=True)))
    patterns = []
    for number in range(count):
        first, second = rng.choice(len(WORDS), size=2, replace=False)
        nodes = (
            PatternNode(role="a", phrase=WORDS[first]),
            PatternNode(role="b", phrase=WORDS[second]),
        )
        kinds = frozenset({KINDS[number % len(KINDS)]})
        edge = PatternEdge(subject="a", kinds=kinds, object="b")
        patterns.append(Pattern(nodes=nodes, edges=(edge,)))
    return patterns, encoder
