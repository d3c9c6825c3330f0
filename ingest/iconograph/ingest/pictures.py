"""Picture files, read safely."""

from __future__ import annotations

import hashlib
import struct
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from iconograph.graph.errors import PictureError
from iconograph.ingest.pixels import upright_rgb, upright_size_px

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

LARGEST_PICTURE_PX = 100_000_000
"""Width times height that is decoded at the most: 300 MB as RGB."""

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""File formats that are read; those that start other programs, such as EPS, are not."""

SUFFIXES = frozenset(
    {".avif", ".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".png", ".pnm", ".ppm", ".tif", ".tiff"}
    | {".pbm", ".pgm", ".webp"}
)
"""Endings, in lower case, of the files that are taken for pictures."""

DECODER_ERRORS = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error)
"""What Pillow's decoders raise on broken files."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture file; width and height are those of the upright picture.

    `notes` say what a person should know, such as that only the first frame is used. It has no
    slots, so that its pixels can be decoded on first use and kept.
    """

    path: Path
    sha256: str
    width_px: int
    height_px: int
    notes: tuple[str, ...] = ()

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """Upright RGB, height x width x 3, read-only; raises `PictureError` for a broken file."""
        with _decoder_errors_named(self.path), PillowImage.open(self.path, formats=FORMATS) as file:
            return upright_rgb(file)


def read_picture(
    path: Path, *, verify: bool = True, largest_px: int = LARGEST_PICTURE_PX
) -> Picture:
    """The picture at `path`; raises `PictureError` when it cannot be used.

    With `verify` it is decoded at once, so that a broken file is found here; the pixels are kept.
    Without, only its head is read. A picture of more than `largest_px` pixels is refused before it
    is decoded, and Pillow's own guard against decompression bombs stays on.
    """
    with _decoder_errors_named(path):
        sha256 = _sha256_of(path)
        with PillowImage.open(path, formats=FORMATS) as file:
            _require_small_enough(path, *file.size, largest_px=largest_px)
            # A camera's MPO is a JPEG whose further frames are previews of the same picture.
            frames = 1 if file.format == "MPO" else getattr(file, "n_frames", 1)
            pixels = upright_rgb(file) if verify else None
            width_px, height_px = upright_size_px(file) if pixels is None else pixels.shape[1::-1]
    notes = (f"it has {frames} frames or pages; the first is used",) if frames > 1 else ()
    picture = Picture(path=path, sha256=sha256, width_px=width_px, height_px=height_px, notes=notes)
    if pixels is not None:
        vars(picture)["pixels"] = pixels  # where `cached_property` looks first
    return picture


def _sha256_of(path: Path) -> str:
    if path.stat().st_size == 0:
        message = f"{path.name} is empty (0 bytes); copy the picture again"
        raise PictureError(message)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_small_enough(path: Path, width_px: int, height_px: int, *, largest_px: int) -> None:
    if width_px * height_px > largest_px:
        message = (
            f"{path.name} measures {width_px} x {height_px} px, "
            f"{width_px * height_px / 1e6:.1f} megapixels; at most {largest_px / 1e6:g} are "
            "decoded; give a smaller copy"
        )
        raise PictureError(message)


@contextmanager
def _decoder_errors_named(path: Path) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Our own limit speaks where Pillow would only warn; its error at twice the size stays.
            warnings.simplefilter("ignore")
            yield
    except FileNotFoundError as error:
        message = f"{path} is not there; check the path"
        raise PictureError(message) from error
    except UnidentifiedImageError as error:
        message = f"{path.name} is not a picture; expected one of {', '.join(FORMATS)}"
        raise PictureError(message) from error
    except PillowImage.DecompressionBombError as error:
        message = f"{path.name} is too large: {error}; give a smaller copy"
        raise PictureError(message) from error
    except DECODER_ERRORS as error:
        message = f"{path.name} cannot be read: {error}; copy or export the picture again"
        raise PictureError(message) from error
