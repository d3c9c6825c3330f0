"""FACES by stated definition, from the bodies that figures were drawn with.

The body is turned aside by at least a quarter of a profile, and of all figures and animals ahead,
within 50 degrees of the level, the object is the nearest, breast to breast; animals are where their
middle is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.scenes.curves import between
from iconograph.ingest.scenes.values import DrawnRelation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iconograph.ingest.scenes.figure import XY
    from iconograph.ingest.scenes.stage import Actor

SMALLEST_FACING = 0.25
WIDEST_AHEAD_DEG = 50.0


def facing(actors: Iterable[Actor], middles: Mapping[int, XY]) -> Iterator[DrawnRelation]:
    """FACES for each actor in sight; `middles` (px) are of all figures and animals in sight, by id."""
    seen = {actor.id: actor for actor in actors if actor.id in middles}
    places = {**middles, **{own: _breast(actor) for own, actor in seen.items()}}
    for own, actor in seen.items():
        turn = actor.figure.facing
        ahead = _ahead(own, places, math.copysign(1.0, turn))
        if abs(turn) >= SMALLEST_FACING and ahead:
            nearest = min(ahead, key=lambda other: ahead[other])
            yield DrawnRelation(subject_id=own, object_id=nearest, kind=EdgeKind.FACES)


def _ahead(own: int, places: Mapping[int, XY], side: float) -> dict[int, float]:
    """The distances of all that lie on one side, +1 the picture's right, by id."""
    x, y = places[own]
    away = {other: ((ox - x) * side, oy - y) for other, (ox, oy) in places.items() if other != own}
    return {
        other: math.hypot(dx, dy)
        for other, (dx, dy) in away.items()
        if dx > 0 and math.degrees(math.atan2(abs(dy), dx)) <= WIDEST_AHEAD_DEG
    }


def _breast(actor: Actor) -> XY:
    return between(actor.skeleton["left_shoulder"], actor.skeleton["right_shoulder"], 0.5)
