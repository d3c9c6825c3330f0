"""Identifiers that follow from content, so that writing twice changes nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from iconograph.graph.model.geometry import Outline

WorkId = NewType("WorkId", str)
ImageId = NewType("ImageId", str)
RegionId = NewType("RegionId", str)
EdgeId = NewType("EdgeId", str)
AxisId = NewType("AxisId", str)
RunId = NewType("RunId", str)
ConceptId = NewType("ConceptId", str)

DIGEST_CHARACTERS = 20
"""80 bits: two of a billion ids collide with a chance below one in a million."""


def work_id(source: str) -> WorkId:
    """Id of the work that a source names, such as an inventory number or a file name."""
    return WorkId("w" + _digest("work", source))


def image_id(file_sha256: str) -> ImageId:
    """Id of an image: the SHA-256 of its file, in hexadecimal."""
    return ImageId(file_sha256)


def region_id(image: ImageId, level: str, outline: Outline, *, ordinal: int = 0) -> RegionId:
    """Id of an outline in an image, kept to a tenth of a pixel.

    `ordinal` tells apart regions of one level that share their outline to the last corner, such as
    a person and a garment that fills the same box: the first has 0, the next 1.
    """
    rings = [
        [(round(float(x), 1) + 0.0, round(float(y), 1) + 0.0) for x, y in ring]
        for part in outline.parts
        for ring in (part.exterior, *part.holes)
    ]
    return RegionId("r" + _digest("region", image, level, repr(rings), str(ordinal)))


def edge_id(kind: str, subject: RegionId, object_: RegionId, layer: str, method: str) -> EdgeId:
    """Id of the statement that one method makes about two regions."""
    return EdgeId("e" + _digest("edge", kind, subject, object_, layer, method))


def axis_id(image: ImageId, kind: str, ordinal: int) -> AxisId:
    """Id of the n-th axis of a kind in an image."""
    return AxisId("a" + _digest("axis", image, kind, str(ordinal)))


def run_id(software: str, models: str, parameters: str) -> RunId:
    """Id of the runs of one software version with the same models and parameters."""
    return RunId("u" + _digest("run", software, models, parameters))


def concept_id(scheme: str, notation: str) -> ConceptId:
    """Id of a concept, readable: `scheme:notation`."""
    return ConceptId(f"{scheme}:{notation}")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:DIGEST_CHARACTERS]
