"""Batches for the mini CLIP: crops of regions as another hand might have painted them, phrases, truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.ingest.models.encode.crops import Resize
from iconograph.ingest.training.augment import repainted
from iconograph.ingest.training.clip_captions import Content, Phrase, Phrasing
from iconograph.ingest.training.clip_crops import (
    STORED_PX,
    STORED_SHARE,
    Edges,
    faded,
    stored_box,
    stored_edges,
)
from iconograph.ingest.training.clip_facts import Thing
from iconograph.ingest.training.clip_model import IMAGE_SIZE_PX, MEAN, PREPROCESSING, STD
from iconograph.ingest.training.clip_negatives import contrary, foreign_terms, held_things
from iconograph.ingest.training.corpora import PAD_COLOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.models.encode.clip_tokens import ClipTokens
    from iconograph.ingest.training.clip_facts import FactRegion

    Pixels = NDArray[np.uint8]

LONGEST_PADDING_SHARE = 0.2
GREYS = (104, 140)
"""What lies outside a mask is faded to a grey of this range."""

LETTERBOX = PREPROCESSING.resize is Resize.LONGEST
REPAINTING = 0.8
"""Strength of the repainting: small crops bear less than whole pictures."""

FADINGS = (0.0, 1.0)
"""Without a mask, and with nothing but what is inside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSize:
    """Numbers of crops (each with its phrase), of nearly true phrases and of foreign ones."""

    crops: int = 128
    contrary: int = 32
    foreign: int = 8


class Batches:
    """Draws batches of stored crops (n x 96 x 96 x 4); all chance comes from the generator given."""

    def __init__(
        self,
        regions: Sequence[FactRegion],
        stored: Pixels,
        lexicon: Lexicon,
        tokens: ClipTokens,
        size: BatchSize | None = None,
    ) -> None:
        self.regions, self.stored, self.tokens = regions, stored, tokens
        self.size = size or BatchSize()
        self.phrasing = Phrasing(lexicon)
        self.held = held_things(regions)
        self.foreign = foreign_terms(regions, lexicon)
        self.chances = _chances(regions)

    def __call__(self, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        """`pixels` n x 3 x 64 x 64, `tokens` m x 24, `truth` m x n (1, 0, or 0.5 for neither)."""
        numbers = rng.choice(len(self.regions), self.size.crops, p=self.chances)
        chosen = [self.regions[number] for number in numbers]
        phrases = self._phrases(chosen, rng)
        sides = [_has_sides(region) for region in chosen]
        crops = [
            varied_crop(self.stored[number], region, rng, mirror=not sided)
            for number, region, sided in zip(numbers, chosen, sides, strict=True)
        ]
        truth = np.array([[p.truth(region) for region in chosen] for p in phrases], np.float32)
        return {
            "pixels": normalised(np.stack(crops)),
            "tokens": self.tokens([phrase.text for phrase in phrases]),
            "truth": truth,
        }

    def _phrases(self, chosen: Sequence[FactRegion], rng: np.random.Generator) -> list[Phrase]:
        contents = [self.phrasing.content(region, rng) for region in chosen]
        phrases = [self.phrasing.phrase(region, rng) for region in chosen]
        wrong = (contrary(content, self.held, rng) for content in contents)
        nearly = [self.phrasing.said(c, rng) for c in wrong if c is not None]
        phrases += nearly[: self.size.contrary]
        # A batch of the same shape each time, so that nothing is compiled or allocated anew.
        while len(phrases) < self.size.crops + self.size.contrary:
            phrases.append(self.phrasing.phrase(chosen[int(rng.integers(len(chosen)))], rng))
        return phrases + [self._foreign(contents, rng) for _ in range(self.size.foreign)]

    def _foreign(self, contents: Sequence[Content], rng: np.random.Generator) -> Phrase:
        """A phrase for a thing that no drawing shows, half the time dressed like one that does."""
        thing = Thing(term=self.foreign[int(rng.integers(len(self.foreign)))])
        model = contents[int(rng.integers(len(contents)))]
        dressed = rng.random() < 0.5  # noqa: PLR2004  half
        worn = model.worn if dressed else ()
        return self.phrasing.said(Content(thing=thing, worn=worn), rng)


def _chances(regions: Sequence[FactRegion]) -> NDArray[np.float64]:
    """How often each region is drawn: a label half as rare is drawn by the square root of two less."""
    labels = [
        "/".join((region.drawn.kind.value, *(thing.term for thing in region.things)))
        for region in regions
    ]
    counts = Counter(labels)
    chances = np.array([counts[label] ** -0.5 for label in labels])
    shares: NDArray[np.float64] = chances / chances.sum()
    return shares


def _has_sides(region: FactRegion) -> bool:
    return not {"left", "right"}.isdisjoint(region.drawn.label.split())


def varied_crop(
    stored: Pixels, region: FactRegion, rng: np.random.Generator, *, mirror: bool = True
) -> Pixels:
    """A crop with random padding, box and masking, repainted: 64 x 64 x RGB."""
    layers, inside = seen_through(stored, region, _edges(region, rng))
    if mirror and rng.random() < 0.5:  # noqa: PLR2004  half
        layers, inside = layers[:, ::-1], inside[:, ::-1]
    pixels = repainted(np.ascontiguousarray(layers[..., :3]), rng, strength=REPAINTING)
    mask = _jittered(np.ascontiguousarray(layers[..., 3]), rng)
    how = rng.random()
    fading = float(rng.uniform(0.4, 0.8))
    if how < 0.35:  # noqa: PLR2004  a third without a mask or with a hard one
        fading = FADINGS[int(how < 0.15)]  # noqa: PLR2004
    crop = faded(pixels, mask, fading, int(rng.integers(*GREYS)))
    crop[~inside] = PAD_COLOUR
    return crop


def _edges(region: FactRegion, rng: np.random.Generator) -> Edges:
    """The padded box in the stored square, each edge a little off."""
    share = float(rng.uniform(0, LONGEST_PADDING_SHARE))
    x0, y0, x1, y1 = edges_seen(region, share)
    off = rng.normal(0, 0.03, 4) * (x1 - x0, y1 - y0, x1 - x0, y1 - y0)
    return (x0 + float(off[0]), y0 + float(off[1]), x1 + float(off[2]), y1 + float(off[3]))


def edges_seen(region: FactRegion, padding_share: float) -> Edges:
    """The padded box of a region in its stored square, as far as the picture reaches."""
    x0, y0, x1, y1 = stored_box(region)
    share = padding_share / STORED_SHARE
    left, top, right, bottom = stored_edges(region)
    across, down = STORED_PX / (right - left), STORED_PX / (bottom - top)
    width_px, height_px = region.picture_size_px
    return (
        max(x0 - share * x0, -left * across),
        max(y0 - share * y0, -top * down),
        min(x1 + share * (STORED_PX - x1), (width_px - left) * across),
        min(y1 + share * (STORED_PX - y1), (height_px - top) * down),
    )


def seen_through(
    stored: Pixels, region: FactRegion, edges: Edges, *, letterbox: bool = LETTERBOX
) -> tuple[Pixels, NDArray[np.bool_]]:
    """What lies between edges, fitted into a square of 64 px (x 4 layers), and where that is."""
    import cv2

    x0, y0, x1, y1 = edges
    width, height = max(1.0, x1 - x0), max(1.0, y1 - y0)
    side = float(IMAGE_SIZE_PX)
    across, down = side, side
    if letterbox:
        left, top, right, bottom = stored_edges(region)
        true_width, true_height = width * (right - left), height * (bottom - top)
        longer = max(true_width, true_height)
        across, down = side * true_width / longer, side * true_height / longer
    sx, sy = across / width, down / height
    free_x, free_y = (side - across) / 2, (side - down) / 2
    matrix = np.array([
        [sx, 0, free_x - sx * x0 + (sx - 1) / 2],
        [0, sy, free_y - sy * y0 + (sy - 1) / 2],
    ])  # fmt: skip
    grey = (PAD_COLOUR, PAD_COLOUR, PAD_COLOUR, 0)
    size = (IMAGE_SIZE_PX, IMAGE_SIZE_PX)
    layers = cv2.warpAffine(stored, matrix, size, flags=cv2.INTER_LINEAR, borderValue=grey)
    inside = np.zeros(size, bool)
    rows, columns = round(free_y), round(free_x)
    inside[rows : IMAGE_SIZE_PX - rows, columns : IMAGE_SIZE_PX - columns] = True
    return np.asarray(layers, np.uint8), inside


def _jittered(mask: Pixels, rng: np.random.Generator) -> Pixels:
    """Now and then a mask a pixel or two too wide or too narrow, as a segmenter gives it."""
    import cv2

    how = rng.random()
    if how > 0.4:  # noqa: PLR2004  mostly exact
        return mask
    kernel = np.ones((3, 3), np.uint8)
    change = cv2.erode if how < 0.15 else cv2.dilate  # noqa: PLR2004
    return np.asarray(change(mask, kernel, iterations=int(rng.integers(1, 3))), np.uint8)


def normalised(crops: Pixels) -> NDArray[np.float32]:
    """Crops (n x 64 x 64 x 3) as the image tower takes them, n x 3 x 64 x 64."""
    mean, std = np.asarray(MEAN, np.float32), np.asarray(STD, np.float32)
    scaled = (crops.astype(np.float32) / 255 - mean) / std
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))
