"""Something that may be a region, as one source sees it."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.graph.model.checks import require_fraction, require_text
from iconograph.graph.model.pose import Gaze, Pose
from iconograph.graph.model.region import Label, RegionKind
from iconograph.ingest.regions.mask import Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """Pixels that a source takes for one thing, and what it says of them.

    `confidence` is the calibrated probability that this is a thing of its own. `sources` name who
    proposed it: one at first, more after duplicates were merged. Without labels nobody knows yet
    what it is, and its kind is UNKNOWN.
    """

    mask: Mask
    confidence: float
    sources: tuple[str, ...]
    kind: RegionKind = RegionKind.UNKNOWN
    labels: tuple[Label, ...] = ()
    caption: str = ""
    pose: Pose | None = None
    gaze: Gaze | None = None

    def __post_init__(self) -> None:
        require_fraction("Proposal", confidence=self.confidence)
        for source in self.sources:
            require_text("Proposal", source=source)
