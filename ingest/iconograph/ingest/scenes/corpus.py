"""A folder of drawn scenes: pictures, annotations, and a table of works."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.scenes.coco import CocoFile
from iconograph.ingest.scenes.draw import draw_scene
from iconograph.ingest.scenes.recipes import RECIPES
from iconograph.ingest.scenes.styles import STYLES
from iconograph.ingest.scenes.values import DrawnScene

ANNOTATIONS, METADATA = "annotations.json", "metadata.csv"
COLUMNS = ("file", "title", "artist", "year", "rights", "subject")
RIGHTS = "https://creativecommons.org/publicdomain/zero/1.0/"
WORKSHOP = "Iconograph, drawn"
SEED_STEP = 1_000_003
JPEG_QUALITY = 92


def write_corpus(
    folder: Path,
    *,
    count: int,
    seed: int,
    styles: Sequence[str] = STYLES,
    on_scene: Callable[[int, int], None] | None = None,
) -> Path:
    """Write `count` scenes as JPEG with `annotations.json` and `metadata.csv`; the path of the former.

    Recipes and styles take turns. The same arguments write the same bytes under the same names, each
    file whole or not at all. `on_scene(done, count)` is called after each picture. Raises
    `InvalidValueError` for a count below 1 and for styles that are none or unknown.
    """
    if count < 1:
        message = f"a corpus needs at least 1 scene, got {count}"
        raise InvalidValueError(message)
    if not styles or set(styles) - set(STYLES):
        message = f"a corpus is drawn in styles of {', '.join(STYLES)}; got {list(styles)}"
        raise InvalidValueError(message)
    folder.mkdir(parents=True, exist_ok=True)
    coco = CocoFile()
    table: list[tuple[str, ...]] = [COLUMNS]
    for number in range(count):
        scene = _scene(seed, number, styles)
        name = f"{number + 1:04d}_{scene.recipe}.jpg"
        _write(folder / name, _jpeg(scene))
        coco.add(name, scene)
        table.append(_row(name, scene))
        if on_scene:
            on_scene(number + 1, count)
    _write(folder / METADATA, _table(table).encode())
    content = json.dumps(coco.content(), ensure_ascii=False, separators=(",", ":"))
    _write(folder / ANNOTATIONS, content.encode())
    return folder / ANNOTATIONS


def _scene(seed: int, number: int, styles: Sequence[str]) -> DrawnScene:
    turn, place = divmod(number, len(RECIPES))
    style = styles[(place + 2 * turn + seed) % len(styles)]
    return draw_scene(seed * SEED_STEP + number, recipe=RECIPES[place], style=style)


def _jpeg(scene: DrawnScene) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(scene.picture))
    picture.save(file, format="JPEG", quality=JPEG_QUALITY, subsampling=0)
    return file.getvalue()


def _row(name: str, scene: DrawnScene) -> tuple[str, ...]:
    artist = f"{WORKSHOP} ({scene.style} manner)"
    return (name, scene.title, artist, str(scene.year), RIGHTS, scene.subject)


def _table(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one with the same bytes is left alone."""
    if path.exists() and path.read_bytes() == content:
        return
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)  # noqa: PTH105  the one call that replaces in one step everywhere
