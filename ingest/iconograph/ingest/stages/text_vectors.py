"""Gives each region a vector of its words."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

from iconograph.graph.model.vector import RegionVectors

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.ingest.pictures import Picture


class TextVectors:
    """A stage: encodes "label; caption" of each region that has either."""

    name = "text vectors"

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._turn = threading.Lock()

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with vectors in the encoder's space, in place of any it had there."""
        del picture
        others = tuple(v for v in draft.vectors if v.space.name != self._encoder.space.name)
        worded = {region.id: text for region in draft.regions if (text := text_of(region))}
        if not worded:
            return dataclasses.replace(draft, vectors=others)
        distinct = list(dict.fromkeys(worded.values()))
        row_of = {text: row for row, text in enumerate(distinct)}
        with self._turn:  # encoders are not for several threads at once
            encoded = self._encoder.encode(distinct)
        rows = encoded[[row_of[text] for text in worded.values()]]
        vectors = RegionVectors(space=self._encoder.space, region_ids=tuple(worded), matrix=rows)
        return dataclasses.replace(draft, vectors=(*others, vectors))


def text_of(region: Region) -> str:
    """A region's label and caption, as they are encoded; empty where it has neither."""
    return "; ".join(part for part in (region.label, region.caption) if part)
