"""From proposals of all sources to the regions of a picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box
from iconograph.graph.model.region import Region, region_of
from iconograph.ingest.regions.depth import Budget, depth_of, selected
from iconograph.ingest.regions.forest import parents_of
from iconograph.ingest.regions.levels import scenes_of
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.merging import merged
from iconograph.ingest.regions.numbers import RegionNumbers, read_region_numbers
from iconograph.ingest.regions.outlines import SMALLEST_IOU, outline_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iconograph.graph.model.geometry import Outline
    from iconograph.graph.model.ids import RegionId, RunId
    from iconograph.graph.model.work import Image
    from iconograph.ingest.regions.proposal import Proposal

SOURCES = "sources"
"""The attribute of a region that names who proposed it, joined by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSettings:
    """What is wanted of a picture.

    `most_regions` caps the number that `depth` works out. Areas without a label become regions only
    with `keep_unnamed`: nobody finds them but by their likeness. `panels` are boxes of a diptych or
    triptych in the picture's pixels. `tolerance_px` is that of outlines (see `outlines.outline_of`).
    """

    budget: Budget = Budget.NORMAL
    most_regions: int | None = None
    keep_unnamed: bool = False
    panels: tuple[Box, ...] = ()
    tolerance_px: float | None = None
    smallest_outline_iou: float = SMALLEST_IOU
    numbers: RegionNumbers = field(default_factory=read_region_numbers)

    def __post_init__(self) -> None:
        if self.most_regions is not None and self.most_regions < 0:
            message = f"most_regions must be 0 or more, or None, got {self.most_regions}"
            raise InvalidValueError(message)


def regions_of(
    image: Image, proposals: Sequence[Proposal], *, settings: RegionSettings, run_id: RunId
) -> tuple[Region, ...]:
    """The scenes of a picture, then its entities, the most wanted first.

    Proposals are cut to the picture (what lies outside is left out), merged, chosen by the picture's
    depth, put into a forest and outlined. Entities that are part of no other have no parent: groups
    and scenes take them when these are told apart. The order of the proposals does not matter.
    """
    numbers = settings.numbers
    things = merged(_inside(image, proposals), numbers.merging)
    if not settings.keep_unnamed:
        things = tuple(thing for thing in things if thing.labels)
    depth = depth_of(
        things, picture_px2=image.area_px2, budget=settings.budget, numbers=numbers.depth
    )
    if settings.most_regions is not None:
        depth = replace(depth, most_regions=min(depth.most_regions, settings.most_regions))
    chosen = [things[n] for n in selected(things, depth, numbers.depth)]
    parents = parents_of(chosen, numbers.forest, numbers.merging)
    scenes = scenes_of(image, panels=settings.panels, run_id=run_id)
    return (*scenes, *_entities(image, chosen, parents, settings, run_id))


def _inside(image: Image, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals cut to the picture."""
    inside = []
    for proposal in proposals:
        mask = proposal.mask
        height, width = mask.bits.shape
        x0, y0 = max(0, -mask.x0_px), max(0, -mask.y0_px)
        x1, y1 = image.width_px - mask.x0_px, image.height_px - mask.y0_px
        if (x0, y0) == (0, 0) and x1 >= width and y1 >= height:
            inside.append(proposal)
            continue
        part = mask.bits[y0 : max(y0, y1), x0 : max(x0, x1)]
        if part.any():
            cut = Mask.of(part, x0_px=mask.x0_px + x0, y0_px=mask.y0_px + y0)
            inside.append(replace(proposal, mask=cut))
    return inside


def _entities(
    image: Image,
    chosen: Sequence[Proposal],
    parents: Sequence[int | None],
    settings: RegionSettings,
    run_id: RunId,
) -> list[Region]:
    """The regions of the chosen, in their order; ids differ even where outlines are the same."""
    taken: Counter[Outline] = Counter()
    regions: list[Region] = []
    for thing in chosen:
        outline = outline_of(
            thing.mask,
            tolerance_px=settings.tolerance_px,
            smallest_iou=settings.smallest_outline_iou,
        )
        regions.append(
            region_of(
                image, outline, run_id=run_id, kind=thing.kind, ordinal=taken[outline],
                labels=thing.labels, caption=thing.caption, pose=thing.pose, gaze=thing.gaze,
                attributes=((SOURCES, ", ".join(thing.sources)),),
            )
        )  # fmt: skip
        taken[outline] += 1
    ids: list[RegionId] = [region.id for region in regions]
    return [
        region if parent is None else replace(region, parent_id=ids[parent])
        for region, parent in zip(regions, parents, strict=True)
    ]
