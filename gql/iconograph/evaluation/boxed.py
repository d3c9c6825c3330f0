"""Pictures with persons boxed by people, read for measuring a detector.

The format: `images`, each with a file name (`file` or `image`), perhaps a `style`, and boxes as
`objects` (`label`, `box`, perhaps `difficult`) or `entities` (`kind`, `box`). A box is x0, y0, x1,
y1 in fractions of the picture.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import AnnotationError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Record = dict[str, Any]
"""A JSON object as it was read."""

PERSON = "person"
NO_STYLE = "no style given"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoxedPicture:
    """A picture's file name, its style, and the n boxes of its persons.

    `boxes` is n x 4 (x0, y0, x1, y1; fractions of the picture). `difficult` (bool, n) marks boxes
    that are neither to be found nor to be counted as wrong.
    """

    file: str
    style: str
    boxes: NDArray[np.float64]
    difficult: NDArray[np.bool_]

    def boxes_px(self, width_px: int, height_px: int) -> NDArray[np.float64]:
        """The boxes in the pixels of a picture of this size."""
        return self.boxes * (width_px, height_px, width_px, height_px)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedSet:
    """Pictures in the order of the file, and the names of those that nobody boxed.

    A picture without a single box says nothing of its persons: it may show a crowd.
    """

    pictures: tuple[BoxedPicture, ...]
    unboxed: tuple[str, ...]


def read_boxes(path: Path) -> BoxedSet:
    """The boxed pictures of a file; raises `AnnotationError` on anything that does not fit."""
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["images"]
        pictures = tuple(_picture(record) for record in records)
    except OSError as error:
        message = f"cannot read the annotations {path}: {error.strerror or error}"
        raise AnnotationError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found = f"no {error}" if isinstance(error, KeyError) else str(error)
        message = (
            f"{path.name} is no list of boxed pictures: found {found}; expected a JSON object with "
            "`images`, each with `file` or `image` and with `objects` or `entities`"
        )
        raise AnnotationError(message) from error
    return BoxedSet(
        pictures=tuple(picture for picture in pictures if len(picture.boxes)),
        unboxed=tuple(picture.file for picture in pictures if not len(picture.boxes)),
    )


def _picture(record: Record) -> BoxedPicture:
    file = record["file"] if "file" in record else record["image"]
    listed = record["objects"] if "objects" in record else record["entities"]
    persons = [box for box in listed if box.get("kind", box["label"]) == PERSON]
    boxes = np.array([person["box"] for person in persons], np.float64).reshape(-1, 4)
    if not (np.isfinite(boxes).all() and (boxes[:, :2] < boxes[:, 2:]).all()):
        message = f"a box of {file} that is not x0 < x1, y0 < y1"
        raise ValueError(message)
    return BoxedPicture(
        file=PurePath(file).name,
        style=record.get("style") or NO_STYLE,
        boxes=np.clip(boxes, 0.0, 1.0),
        difficult=np.array([bool(person.get("difficult")) for person in persons], np.bool_),
    )
