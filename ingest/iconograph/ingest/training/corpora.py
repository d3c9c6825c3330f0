"""Drawn corpora as training data: their truth as arrays, their pictures small and cached."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes.corpus import ANNOTATIONS, write_corpus
from iconograph.ingest.training.kept import kept_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Json = Mapping[str, Any]

HELD_OUT_STYLE = "northern"
"""The manner of painting that no training sees."""

PAD_COLOUR = 114
"""What lies beside a picture that does not fill its square."""

SQUARE_PX = 448
SQUARES = f"small-{SQUARE_PX}.npy"
"""Side of the squares that most trainings see pictures in, and the file beside a corpus that keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrueGaze:
    """Where a figure looks: `state` as GazeState's value, points as (x, y) in the picture's pixels."""

    state: str
    origin_px: tuple[float, float]
    direction: tuple[float, float] | None
    target_px: tuple[float, float] | None
    target_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrueRegion:
    """One annotated region, in the picture's pixels.

    `box_px` is (x0, y0, x1, y1), float32; `key_points` 17 x 3 (x, y, visibility 0, 1, 2), float32,
    for figures alone; `head_box_px` as `box_px`; `hands_px` n x 2. `drawn` is COCO's segmentation:
    read it with `mask_of`.
    """

    id: int
    parent_id: int | None
    level: Level
    kind: RegionKind
    label: str
    caption: str
    box_px: NDArray[np.float32]
    drawn: Any
    attributes: Mapping[str, str] = field(default_factory=dict)
    key_points: NDArray[np.float32] | None = None
    head_box_px: NDArray[np.float32] | None = None
    hands_px: NDArray[np.float32] | None = None
    gaze: TrueGaze | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TruePicture:
    """A picture file with everything that is true of it.

    `relations` are (subject id, predicate, object id).
    """

    path: Path
    width_px: int
    height_px: int
    style: str
    regions: tuple[TrueRegion, ...]
    relations: tuple[tuple[int, str, int], ...] = ()

    @property
    def recipe(self) -> str:
        """The name of the subject as it was drawn."""
        return self.path.stem.partition("_")[2]

    @property
    def entities(self) -> tuple[TrueRegion, ...]:
        """The regions that are neither groups nor scenes."""
        return tuple(region for region in self.regions if region.level is Level.ENTITY)


def drawn_corpus(
    folder: Path, *, count: int, seed: int, on_scene: Callable[[int, int], None] | None = None
) -> tuple[TruePicture, ...]:
    """The corpus in a folder, drawn first where it is missing."""
    if not (folder / ANNOTATIONS).exists():
        write_corpus(folder, count=count, seed=seed, on_scene=on_scene)
    return read_corpus(folder)


def training_corpora(
    folders: Sequence[Path], *, count: int, seed: int
) -> tuple[tuple[TruePicture, ...], ...]:
    """The corpora in some folders, each drawn where missing: the n-th (from 1) of seed 1000 seed + n."""
    return tuple(
        drawn_corpus(folder, count=count, seed=1000 * seed + number)
        for number, folder in enumerate(folders, start=1)
    )


def default_folders(out: Path) -> tuple[Path, Path]:
    """Where corpora lie when no folder is named."""
    return out / "corpus" / "1", out / "corpus" / "2"


def read_corpus(folder: Path) -> tuple[TruePicture, ...]:
    """Every picture of a corpus that `write_corpus` wrote; raises `InvalidValueError` where none is."""
    file = folder / ANNOTATIONS
    if not file.exists():
        message = f"{folder} holds no {ANNOTATIONS}; draw a corpus there or name another folder"
        raise InvalidValueError(message)
    content = json.loads(file.read_text(encoding="utf-8"))
    labels = {category["id"]: category["name"] for category in content["categories"]}
    regions: dict[int, list[TrueRegion]] = {image["id"]: [] for image in content["images"]}
    for annotation in content["annotations"]:
        region = _region(annotation, labels[annotation["category_id"]])
        regions[annotation["image_id"]].append(region)
    relations: dict[int, list[tuple[int, str, int]]] = {i: [] for i in regions}
    for relation in content["relations"]:
        ends = (relation["subject_id"], relation["predicate"], relation["object_id"])
        relations[relation["image_id"]].append(ends)
    return tuple(
        TruePicture(
            path=folder / image["file_name"],
            width_px=image["width"],
            height_px=image["height"],
            style=_style(regions[image["id"]]),
            regions=tuple(regions[image["id"]]),
            relations=tuple(relations[image["id"]]),
        )
        for image in content["images"]
    )


def _style(regions: Iterable[TrueRegion]) -> str:
    return next((r.attributes["style"] for r in regions if "style" in r.attributes), "")


def _region(annotation: Json, label: str) -> TrueRegion:
    points, gaze = annotation.get("keypoints"), annotation.get("gaze")
    head, hands = annotation.get("head"), annotation.get("hands")
    return TrueRegion(
        id=annotation["id"],
        parent_id=annotation["parent_id"],
        level=Level(annotation["level"]),
        kind=RegionKind(annotation["kind"]),
        label=label,
        caption=annotation["caption"],
        box_px=_corners(annotation["bbox"]),
        drawn=annotation["segmentation"],
        attributes=annotation["attributes"],
        key_points=None if points is None else np.asarray(points, np.float32).reshape(-1, 3),
        head_box_px=None if head is None else _corners(head),
        hands_px=None if hands is None else np.asarray(hands, np.float32).reshape(-1, 2),
        gaze=None if gaze is None else _gaze(gaze),
    )


def _corners(box: Sequence[float]) -> NDArray[np.float32]:
    x, y, width, height = box
    return np.array([x, y, x + width, y + height], np.float32)


def _gaze(gaze: Json) -> TrueGaze:
    def pair(name: str) -> tuple[float, float] | None:
        return None if gaze[name] is None else (float(gaze[name][0]), float(gaze[name][1]))

    origin = gaze["origin"]
    return TrueGaze(
        state=gaze["state"],
        origin_px=(float(origin[0]), float(origin[1])),
        direction=pair("direction"),
        target_px=pair("target"),
        target_id=gaze["target_id"],
    )


def mask_of(picture: TruePicture, region: TrueRegion) -> NDArray[np.uint8]:
    """The pixels of a region (0 or 1, height x width of the picture)."""
    from pycocotools import mask as rle

    drawn = region.drawn
    if isinstance(drawn, list):
        drawn = rle.merge(rle.frPyObjects(drawn, picture.height_px, picture.width_px))
    with warnings.catch_warnings():
        # pycocotools 2.0.11 does not know the copy keyword of NumPy 2.
        warnings.simplefilter("ignore", DeprecationWarning)
        return np.asarray(rle.decode(drawn), np.uint8)


def split(
    pictures: Iterable[TruePicture], held_out: str = HELD_OUT_STYLE
) -> tuple[tuple[TruePicture, ...], tuple[TruePicture, ...]]:
    """Pictures of every other style, and those of the style held out."""
    pictures = tuple(pictures)
    seen = tuple(picture for picture in pictures if picture.style != held_out)
    return seen, tuple(picture for picture in pictures if picture.style == held_out)


def seen_numbers(pictures: Sequence[TruePicture]) -> list[int]:
    """The places of the pictures that are not of the style held out."""
    return [n for n, picture in enumerate(pictures) if picture.style != HELD_OUT_STYLE]


def small_scale(picture: TruePicture, size_px: int) -> float:
    """By what a picture's coordinates are multiplied to lie in its small square."""
    return size_px / max(picture.width_px, picture.height_px)


def small_extent(picture: TruePicture, size_px: int) -> tuple[int, int]:
    """Width and height of a picture in its small square."""
    scale = small_scale(picture, size_px)
    return max(1, round(picture.width_px * scale)), max(1, round(picture.height_px * scale))


def small_pictures(pictures: Sequence[TruePicture], size_px: int, cache: Path) -> NDArray[np.uint8]:
    """All pictures in squares of `size_px`, upper left, RGB; kept in `cache` (a .npy file) and mapped.

    Pictures are scaled by `small_scale`, the rest of the square is grey. A cache of another number
    or size of pictures is written anew.
    """
    shape = (len(pictures), size_px, size_px, 3)
    return kept_rows(cache, shape, (small_picture(picture, size_px) for picture in pictures))


def seen_squares(
    corpora: Mapping[Path, Sequence[TruePicture]],
) -> list[tuple[TruePicture, NDArray[np.uint8]]]:
    """The pictures of corpora, by folder, that training sees, each with its small square."""
    seen = []
    for folder, pictures in corpora.items():
        squares = small_pictures(pictures, SQUARE_PX, folder / SQUARES)
        seen += [(pictures[n], squares[n]) for n in seen_numbers(pictures)]
    return seen


def pixels_of(picture: TruePicture) -> NDArray[np.uint8]:
    """A picture as it was drawn (height x width x RGB); raises `InvalidValueError` if unreadable."""
    import cv2

    pixels = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if pixels is None:
        message = f"{picture.path} is no picture that can be read; draw the corpus again"
        raise InvalidValueError(message)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def small_picture(picture: TruePicture, size_px: int) -> NDArray[np.uint8]:
    """One picture in the upper left of a grey square, RGB."""
    import cv2

    width, height = small_extent(picture, size_px)
    square = np.full((size_px, size_px, 3), PAD_COLOUR, np.uint8)
    square[:height, :width] = cv2.resize(
        pixels_of(picture), (width, height), interpolation=cv2.INTER_AREA
    )
    return square
