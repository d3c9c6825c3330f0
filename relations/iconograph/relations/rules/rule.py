"""What a rule is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.relations.logistic import Logistic
    from iconograph.relations.pairs import Pairs
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Statements about m pairs of a scene's rows, with what was measured and what was lacking."""

    subjects: NDArray[np.intp]
    objects: NDArray[np.intp]
    confidences: NDArray[np.float64]
    measures: Mapping[str, NDArray[np.float64]]
    lacked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A way of finding edges of one kind; `method` names it with its version: `geometry/beside@1`.

    `find` is a pure function of a scene; it may read the pose and gaze of regions and the axes.
    """

    kind: EdgeKind
    method: str
    find: Callable[[Scene, Thresholds], tuple[Findings, ...]]


def findings_of(
    pairs: Pairs,
    measures: Mapping[str, NDArray[np.float64]],
    model: Logistic,
    *,
    lacked: tuple[str, ...] = (),
) -> Findings:
    """The pairs with the confidence that a model gives them."""
    return Findings(
        subjects=pairs[0],
        objects=pairs[1],
        confidences=model.probabilities(measures),
        measures=measures,
        lacked=lacked,
    )
