"""The least that a region must show to stand for a phrase, so that a store can leave out the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.iconography.lexicon import Kinship
from iconograph.graph.search.match import KIND_OF_HEAD
from iconograph.graph.search.wording import ANYTHING, FIT_OF_KINSHIP, wording
from iconograph.graph.store.candidates import Bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.search.calibration import Calibration
    from iconograph.graph.search.phrase import Phrase

FAINT = FIT_OF_KINSHIP[Kinship.BROADER]
"""The fit of a label that is less exact than the phrase: all that a silent region has beside vectors."""


def bar_for(
    readings: Sequence[Phrase],
    lexicon: Lexicon,
    curves: Mapping[str, Calibration],
    min_probability: float,
) -> Bar | None:
    """The bar for any of a phrase's readings in the spaces of `curves`; None where all regions pass.

    It follows from the formula of `Matcher`: with a faint label, n spaces reach the probability m
    only when one of them gives at least 1 - ((1 - m) / (1 - FAINT)) ** (1 / n).
    """
    heads = {reading.head for reading in readings}
    if heads & ANYTHING or min_probability <= FAINT:
        return None

    def judge(label: str) -> bool | None:
        said = [wording(reading, label, lexicon) for reading in readings]
        if any(own.fit > FAINT for own in said):
            return True
        return False if all(own.apart for own in said) else None

    missing = (1.0 - min_probability) / (1.0 - FAINT)
    least = 1.0 - missing ** (1.0 / max(1, len(curves)))
    kinds = (KIND_OF_HEAD[head] for head in heads & set(KIND_OF_HEAD))
    return Bar(
        judge=judge,
        floors={space: curve.least_cosine(least) for space, curve in curves.items()},
        kinds=frozenset().union(*kinds),
    )
