"""Small proposals and pictures for tests of regions."""

from __future__ import annotations

from typing import Any

import numpy as np

from iconograph.graph.model.geometry import Box
from iconograph.graph.model.region import Label, LabelOrigin, RegionKind
from iconograph.graph.model.work import Image
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.proposal import Proposal
from tests.builders import a_work, an_image


def a_picture(width_px: int = 1000, height_px: int = 1000) -> Image:
    return an_image(a_work(), width_px=width_px, height_px=height_px)


def a_label(text: str, confidence: float = 0.9) -> Label:
    return Label(text=text, confidence=confidence, origin=LabelOrigin.DETECTOR)


def box_mask(x0: float, y0: float, x1: float, y1: float) -> Mask:
    return Mask.of_box(Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1))


def disc_mask(x0: int, y0: int, x1: int, y1: int) -> Mask:
    """The ellipse in a box."""
    rows, columns = np.mgrid[0 : y1 - y0, 0 : x1 - x0]
    u, v = (columns + 0.5) / (x1 - x0) * 2 - 1, (rows + 0.5) / (y1 - y0) * 2 - 1
    return Mask.of(u**2 + v**2 <= 1, x0_px=x0, y0_px=y0)


def a_proposal(
    corners: tuple[int, int, int, int],
    label: str = "",
    *,
    kind: RegionKind = RegionKind.UNKNOWN,
    confidence: float = 0.8,
    source: str = "one",
    disc: bool = True,
    **fields: Any,
) -> Proposal:
    """A disc, or a full box, that a source proposes."""
    return Proposal(
        mask=(disc_mask if disc else box_mask)(*corners),
        confidence=confidence,
        sources=(source,),
        kind=kind,
        labels=(a_label(label),) if label else (),
        **fields,
    )
