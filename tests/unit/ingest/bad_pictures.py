"""Picture files for tests, sound and broken, drawn with Pillow."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image


def save_picture(
    path: Path, *, size: tuple[int, int] = (40, 20), colour: Any = (200, 30, 30), mode: str = "RGB"
) -> Path:
    Image.new(mode, size, colour).save(path)
    return path


def save_half_and_half(path: Path, *, orientation: int = 1) -> Path:
    """A JPEG 40 x 20 as stored, its left half red and its right half blue."""
    picture = Image.new("RGB", (40, 20), (255, 0, 0))
    picture.paste((0, 0, 255), (20, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(path, exif=exif, quality=95, subsampling=0)
    return path


def save_truncated(path: Path) -> Path:
    """A picture of noise whose second half is missing."""
    Image.effect_noise((200, 200), 90).convert("RGB").save(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def save_huge(path: Path, *, width_px: int, height_px: int) -> Path:
    """A few hundred bytes of PNG whose head claims a huge picture."""
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b""))
    data = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return path


def save_animated(path: Path) -> Path:
    """A GIF of a red and a blue frame."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ((255, 0, 0), (0, 0, 255))]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path
