"""Eyes meet: what others look at, and who looks back, is looked at more likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.pairs import Pairs

ROUNDS = 2
"""The second look sees what the first has changed; a third changes masses by less than 0.02."""


def shared_and_returned(
    pairs: Pairs, masses: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each of m pairs the mass that other gazers give its object, and that which comes back.

    The first is a sum over gazers, the second in 0..1. Pairs are of rows below `size`, each once.
    """
    first, second = (rows.astype(np.int64) for rows in pairs)
    shared = np.bincount(second, weights=masses, minlength=size)[second] - masses
    keys, turned = first * size + second, second * size + first
    order = np.argsort(keys)
    places = np.searchsorted(keys, turned, sorter=order)
    at = order[np.minimum(places, max(len(keys) - 1, 0))] if len(keys) else order
    returned = np.where(keys[at] == turned, masses[at], 0.0)
    return np.maximum(shared, 0.0), returned
