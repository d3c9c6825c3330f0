"""Deriving relations as a stage of ingestion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.graph.model.bundle import ImageBundle
from iconograph.relations.derive import RULES, derive

if TYPE_CHECKING:
    from iconograph.ingest.pictures import Picture
    from iconograph.relations.rules.rule import Rule
    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class DeriveRelations:
    """Adds the edges that geometry finds, with lines that are seen in the picture where there is one."""

    thresholds: Thresholds
    rules: tuple[Rule, ...] = RULES
    name: str = "relations"

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with edges, axes and their run."""
        pixels = None if picture is None else picture.pixels
        # Sums over regions in another order differ in their last digits, and so would a stored graph.
        ordered = replace(draft, regions=tuple(sorted(draft.regions, key=lambda region: region.id)))
        derived = derive(ordered, thresholds=self.thresholds, pixels=pixels, rules=self.rules)
        return replace(derived, regions=draft.regions)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutRelations:
    """Takes all edges out of a draft, for a graph of regions alone."""

    name: str = "without relations"

    def __call__(self, draft: ImageBundle, picture: object, /) -> ImageBundle:
        """The draft without edges."""
        del picture
        return replace(draft, edges=())
