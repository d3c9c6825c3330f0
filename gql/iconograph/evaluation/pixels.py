"""The pixels of annotated pictures that are on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from iconograph.ingest.pictures import read_picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.work import Image
    from iconograph.ingest.pictures import Picture


def picture_at_hand(image: Image) -> Picture | None:
    """The picture's file; None where its very file is not on this machine.

    A file of other content than the image's id says is another picture and is not used. Raises
    `PictureError` for a file that is no picture; its pixels are decoded on first use.
    """
    parts = urlsplit(image.uri)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or not path.is_file():
        return None
    picture = read_picture(path, verify=False)
    return picture if picture.sha256 == image.id else None


def pixels_at_hand(image: Image) -> NDArray[np.uint8] | None:
    """The picture as RGB, height x width x 3, as `picture_at_hand` finds it.

    Raises `PictureError` for a broken file.
    """
    picture = picture_at_hand(image)
    return None if picture is None else picture.pixels
