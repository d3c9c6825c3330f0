"""Whose each pixel is: all masks of a drawn picture in one map, kept small on disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.training.corpora import TruePicture, TrueRegion, mask_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MOST_ENTITIES = 255
NOBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Owners:
    """The maps of many pictures as PNG: entity n (from 1) of a picture owns the pixels of value n.

    A part owns its pixels, not its whole; `tables_of` says which owners make up an entity.
    """

    ends: NDArray[np.int64]
    content: Pixels

    @classmethod
    def of(cls, pictures: Sequence[TruePicture], cache: Path) -> Self:
        """The maps of these pictures, from `cache` (a .npz file) where it has as many, else made."""
        if cache.exists():
            with np.load(cache) as known:
                if len(known["ends"]) == len(pictures):
                    return cls(ends=known["ends"], content=known["content"])
        files = [_png(owner_map(picture)) for picture in pictures]
        made = cls(
            ends=np.cumsum([len(file) for file in files]).astype(np.int64),
            content=np.concatenate(files),
        )
        unfinished = cache.with_suffix(".part.npz")
        np.savez(unfinished, ends=made.ends, content=made.content)
        os.replace(unfinished, cache)  # noqa: PTH105  the one call that replaces in one step everywhere
        return made

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> Pixels:
        """The map of a picture (height x width), at the picture's own size."""
        import cv2

        start = int(self.ends[number - 1]) if number else 0
        file = self.content[start : int(self.ends[number])]
        return np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)


def _png(owners: Pixels) -> Pixels:
    import cv2

    written, file = cv2.imencode(".png", owners)
    if not written:
        message = f"a map of owners of shape {owners.shape} could not be written as PNG"
        raise InvalidValueError(message)
    return np.asarray(file, np.uint8).ravel()


def owner_map(picture: TruePicture) -> Pixels:
    """Entity n (from 1) of the picture on every pixel that it has without its parts.

    Raises `InvalidValueError` for more than 255 entities.
    """
    entities = picture.entities
    if len(entities) > MOST_ENTITIES:
        message = f"{picture.path.name} has {len(entities)} entities; a map holds {MOST_ENTITIES}"
        raise InvalidValueError(message)
    owners = np.full((picture.height_px, picture.width_px), NOBODY, np.uint8)
    depths = [_depth(region, entities) for region in entities]
    for number in sorted(range(len(entities)), key=lambda n: depths[n]):
        mask = mask_of(picture, entities[number])
        owners[mask > 0] = number + 1
    return owners


def tables_of(picture: TruePicture) -> NDArray[np.bool_]:
    """Which owners make up each entity: n x 256, to be indexed by a map."""
    entities = picture.entities
    places = {region.id: number for number, region in enumerate(entities)}
    tables = np.zeros((len(entities), MOST_ENTITIES + 1), np.bool_)
    for number, region in enumerate(entities):
        owner: Any = region.id
        while owner in places:
            tables[places[owner], number + 1] = True
            owner = entities[places[owner]].parent_id
    return tables


def _depth(region: TrueRegion, entities: Sequence[TrueRegion]) -> int:
    parents = {one.id: one.parent_id for one in entities}
    depth, above = 0, region.parent_id
    while above in parents:
        depth, above = depth + 1, parents[above]
    return depth
