"""Gives whole figures, groups and scenes a sentence of a captioner."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Level
from iconograph.ingest.cache import key_of
from iconograph.ingest.runs import origin_of
from iconograph.ingest.stages.crops import CropSettings, crop_of_outline
from iconograph.ingest.stages.known import MACHINE_ORIGINS
from iconograph.ingest.stages.stored_outputs import SENTENCES

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.region import Region
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.models.caption.port import Captioner
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.problems import Problem

ATTRIBUTE = "caption"
"""Name of the attribute that says who made a region's caption."""


class Captions:
    """A stage: captions regions that a machine found and that lie in no other entity.

    A sentence of the captioner takes the place of a composed one; where the captioner has nothing to
    say, the composed one stays. What people wrote is never touched.
    """

    name = "captions"

    def __init__(
        self,
        captioner: Captioner,
        *,
        crops: CropSettings | None = None,
        cache: OutputCache | None = None,
    ) -> None:
        self._captioner = captioner
        self._crops = crops or CropSettings()
        self._cache = cache

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with captions; without a picture nothing changes."""
        chosen = _to_caption(draft)
        if picture is None or not chosen:
            return draft
        sentences = dict(zip((r.id for r in chosen), self._sentences(chosen, picture), strict=True))
        regions = tuple(
            self._captioned(region, sentences.get(region.id, "")) for region in draft.regions
        )
        return dataclasses.replace(draft, regions=regions)

    def take_notes(self) -> tuple[Problem, ...]:
        """What the cache has to tell."""
        return self._cache.take_notes() if self._cache else ()

    def _sentences(self, regions: tuple[Region, ...], picture: Picture) -> tuple[str, ...]:
        def make() -> tuple[str, ...]:
            pixels = picture.pixels
            return self._captioner(
                [crop_of_outline(pixels, r.outline, self._crops) for r in regions]
            )

        if self._cache is None:
            return make()
        boxes = np.array([region.box.corners_px for region in regions], np.float64)
        parameters = (*self._captioner.parameters, *self._crops.parameters)
        step = f"captions {self._captioner.name}"
        key = key_of(picture.sha256, step, self._captioner.models, parameters, boxes)
        return self._cache.remembered(key, make, SENTENCES)

    def _captioned(self, region: Region, sentence: str) -> Region:
        if not sentence.strip():
            return region
        others = tuple(pair for pair in region.attributes if pair[0] != ATTRIBUTE)
        attributes = (*others, (ATTRIBUTE, self._captioner.name))
        return dataclasses.replace(region, caption=sentence.strip(), attributes=attributes)


def _to_caption(draft: ImageBundle) -> tuple[Region, ...]:
    """Groups, scenes and entities that are no part of another entity, as far as machines made them."""
    machines = {run.id for run in draft.runs if origin_of(run) in MACHINE_ORIGINS}
    entities = {region.id for region in draft.regions if region.level is Level.ENTITY}
    return tuple(
        region
        for region in draft.regions
        if region.run_id in machines
        and not (region.level is Level.ENTITY and region.parent_id in entities)
    )
