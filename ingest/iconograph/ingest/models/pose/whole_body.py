"""Hands and index fingers of the 133 key points of COCO-WholeBody (Jin et al., arXiv:2007.11858).

After body, feet and face come 21 key points of the figure's left hand, then of the right one: the root
of the hand, then four of each finger from its base to its tip, the thumb first.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import IndexFinger, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE_BODY = 133
HAND = 21
FIRST_OF_HAND = MappingProxyType({Side.LEFT: 91, Side.RIGHT: 112})
"""Row of the root of each hand among all key points."""

PALM = (0, 5, 9, 13, 17)
"""Of a hand: its root and the bases of its four fingers, the thumb left out."""

INDEX_BASE, INDEX_TIP = 5, 8
SMALLEST_PALM = 3


def palms(places_px: NDArray[np.floating], confidences: NDArray[np.floating]) -> tuple[Point, ...]:
    """Middles of the hands of which at least three points of the palm were found.

    `places_px` is 133 x 2; a confidence of 0 means that a point was not found.
    """
    found = []
    for first in FIRST_OF_HAND.values():
        seen = [first + row for row in PALM if confidences[first + row] > 0]
        if len(seen) >= SMALLEST_PALM:
            x, y = places_px[seen].mean(axis=0)
            found.append(Point(x_px=float(x), y_px=float(y)))
    return tuple(found)


def index_fingers(
    places_px: NDArray[np.floating], confidences: NDArray[np.floating]
) -> tuple[IndexFinger, ...]:
    """The index fingers of which base and tip were found, as sure as the less sure of both.

    Arguments are as for `palms`.
    """
    return tuple(
        finger_of(side, places_px[ends], float(min(1.0, confidences[ends].min())))
        for side, first in FIRST_OF_HAND.items()
        if (confidences[(ends := [first + INDEX_BASE, first + INDEX_TIP])] > 0).all()
    )


def finger_of(side: Side, ends_px: NDArray[np.floating], confidence: float) -> IndexFinger:
    """An index finger from its base and tip, 2 x 2."""
    (base_x, base_y), (tip_x, tip_y) = np.asarray(ends_px, np.float64).tolist()
    return IndexFinger(
        side=side,
        base=Point(x_px=base_x, y_px=base_y),
        tip=Point(x_px=tip_x, y_px=tip_y),
        confidence=confidence,
    )
