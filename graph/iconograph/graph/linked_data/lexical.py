"""How numbers, times and outlines are written in linked data."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iconograph.graph.model.geometry import Box, Outline, Ring
    from iconograph.graph.model.work import Image

DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""`xsd:dateTime` with a time zone, which the Web Annotation model asks for."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
"""The form of BCP 47 tags."""


def confidence_text(confidence: float) -> str:
    """A probability as a legal `xsd:decimal` of up to 6 places: `0.87`, `1`, `0.000001`.

    JSON-LD processors turn JSON numbers into `8.7E-1`, which is no decimal; text stays as it is.
    """
    return f"{confidence:.6f}".rstrip("0").rstrip(".")


def date_time(text: str) -> str | None:
    """The text where it is a full time with its zone, else None."""
    return text if DATE_TIME.fullmatch(text) else None


def language_tag(text: str) -> str | None:
    """The text where it has the form of a language tag, else None."""
    return text if LANGUAGE_TAG.fullmatch(text) else None


def svg_path(outline: Outline) -> str:
    """Path data of the outline, one subpath a ring; holes are holes under the even-odd rule.

    Coordinates are written with as many digits as give back the same float.
    """
    rings = (ring for part in outline.parts for ring in (part.exterior, *part.holes))
    return " ".join(_subpath(ring) for ring in rings)


def svg(outline: Outline, image: Image) -> str:
    """An SVG document of the image's size with the outline as its one path.

    A path and not a polygon: viewers such as Mirador draw only paths.
    """
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {image.width_px} {image.height_px}'>"
        f"<path fill-rule='evenodd' d='{svg_path(outline)}'/></svg>"
    )


def media_fragment(box: Box) -> str:
    """The box as `xywh=x,y,width,height` in whole pixels, rounded outwards (Media Fragments 1.0)."""
    x, y = max(0, math.floor(box.x0_px)), max(0, math.floor(box.y0_px))
    return f"xywh={x},{y},{math.ceil(box.x1_px) - x},{math.ceil(box.y1_px) - y}"


def _subpath(ring: Ring) -> str:
    corners = (f"{_number(x)} {_number(y)}" for x, y in ring)
    return f"M {' L '.join(corners)} Z"


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
