"""Words on the picture, placed so that they do not hide one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.relations.drawing.style import INK, Colour, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageDraw import ImageDraw

LONGEST_LABEL = 34
STEPS = 12
Rectangle = tuple[float, float, float, float]


@dataclass(slots=True, kw_only=True)
class Labels:
    """The labels drawn so far; each new one goes to the nearest place that is free."""

    draw: ImageDraw
    style: Style
    width_px: int
    height_px: int
    taken: list[Rectangle] = field(default_factory=list)

    def put(
        self, text: str, x_px: float, y_px: float, colour: Colour, *, needed: bool = True
    ) -> None:
        """Write on a plate of the colour, its upper left corner as near to the point as can be.

        A label that is not needed is left out where it would hide another.
        """
        text = text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "\u2026"
        pad = self.style.letter_px * 0.25
        left, top, right, bottom = self.draw.textbbox((0, 0), text, font=self.style.font)
        width, height = right - left + 2 * pad, bottom - top + 2 * pad
        places = [self._inside(x, y, width, height) for x, y in _spiral(x_px, y_px, height)]
        place = min(
            places, key=lambda rectangle: (self._hidden(rectangle), places.index(rectangle))
        )
        if not needed and self._hidden(place):
            return
        self.taken.append(place)
        self.draw.rounded_rectangle(place, radius=pad, fill=(*colour, 235))
        self.draw.text(
            (place[0] + pad - left, place[1] + pad - top),
            text,
            font=self.style.font,
            fill=(*INK, 255),
        )

    def _inside(self, x: float, y: float, width: float, height: float) -> Rectangle:
        x = min(max(x, 0.0), max(0.0, self.width_px - width))
        y = min(max(y, 0.0), max(0.0, self.height_px - height))
        return (x, y, x + width, y + height)

    def _hidden(self, place: Rectangle) -> float:
        """Area that the place shares with labels already there, px^2."""
        x0, y0, x1, y1 = place
        return sum(
            max(0.0, min(x1, b[2]) - max(x0, b[0])) * max(0.0, min(y1, b[3]) - max(y0, b[1]))
            for b in self.taken
        )


def _spiral(x: float, y: float, step: float) -> Iterator[tuple[float, float]]:
    """The point itself, then places below, above, right and left of it, ever further."""
    yield (x, y)
    for ring in range(1, STEPS):
        reach = ring * step * 0.6
        yield from ((x, y + reach), (x, y - reach), (x + 2 * reach, y), (x - 2 * reach, y))
