"""What models see of given persons when relations are measured: bodies, then where heads look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.stages.heads import head_of

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.pipeline import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class BodiesThenGazes:
    """A stage: what `bodies` sees, and the gazes that a model gives to heads that have none yet.

    The picture is looked at in its own size. Heads are those of the poses, as `head_of` finds them.
    """

    bodies: Stage
    gazes: GazeTargetEstimator
    name: str = "bodies, then gazes"

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with poses and gazes; without a picture nothing is added."""
        seen = self.bodies(draft, picture)
        heads = {
            region.id: head
            for region in seen.regions
            if region.kind is RegionKind.PERSON and region.gaze is None and region.pose
            if (head := head_of(region.pose))
        }
        if picture is None or not heads:
            return seen
        boxes = np.array([head.corners_px for head in heads.values()], np.float32)
        found = dict(zip(heads, self.gazes(picture.pixels, boxes), strict=True))
        regions = tuple(replace(r, gaze=found.get(r.id) or r.gaze) for r in seen.regions)
        return replace(seen, regions=regions)
