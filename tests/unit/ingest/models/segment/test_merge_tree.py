from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.models.segment.merge_tree import MergeTreeSegmenter
from iconograph.ingest.models.segment.port import Segmenter
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.scenes import draw_scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEGMENTER: Segmenter = MergeTreeSegmenter()


def a_scene(height: int = 300, width: int = 400, scale: int = 1) -> NDArray[np.uint8]:
    """A red square with a white dot on green, `scale` times as large."""
    pixels = np.empty((height * scale, width * scale, 3), np.uint8)
    pixels[:] = (40, 120, 60)
    pixels[100 * scale : 200 * scale, 150 * scale : 250 * scale] = (190, 40, 40)
    pixels[140 * scale : 160 * scale, 190 * scale : 210 * scale] = (250, 250, 250)
    return pixels


SQUARE = Mask.of(np.ones((100, 100), np.bool_), x0_px=150, y0_px=100)
DOT = Mask.of(np.ones((20, 20), np.bool_), x0_px=190, y0_px=140)


def rows(*numbers: tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(numbers, np.float32)


def iou(mask: Mask | None, other: Mask) -> float:
    return mask.iou(other) if mask else 0.0


def test_a_loose_box_gives_the_thing_in_it() -> None:
    found = SEGMENTER(a_scene()).in_boxes(rows((140, 92, 258, 210), (186, 137, 214, 164)))

    assert iou(found.masks[0], SQUARE) > 0.9
    assert iou(found.masks[1], DOT) > 0.7
    assert (found.confidences > 0.5).all()


def test_a_point_gives_the_thing_around_it() -> None:
    found = SEGMENTER(a_scene()).at_points(rows((170, 120), (20, 20)))

    assert iou(found.masks[0], SQUARE) > 0.9
    assert found.masks[1] is not None
    assert found.masks[1].area_px2 > 10 * SQUARE.area_px2 / 2


def test_a_point_gives_what_stands_out_rather_than_the_ground_behind() -> None:
    scene = draw_scene(203)
    things = [
        Mask.of(part.mask)
        for part in scene.parts
        if part.level is Level.ENTITY and part.kind is not RegionKind.SETTING
    ]
    middles = [np.argwhere(mask.bits)[mask.area_px2 // 2] for mask in things]
    points = rows(*((m.x0_px + x, m.y0_px + y) for m, (y, x) in zip(things, middles, strict=True)))

    found = SEGMENTER(scene.picture).at_points(points + 0.5).masks

    assert np.mean([iou(one, mask) for one, mask in zip(found, things, strict=True)]) > 0.2


@pytest.mark.parametrize("scale", [1, 4])
def test_masks_are_in_the_pixels_of_the_picture(scale: int) -> None:
    found = SEGMENTER(a_scene(scale=scale)).in_boxes(rows((140, 92, 258, 210)) * scale)

    square = np.ones((100 * scale, 100 * scale), np.bool_)
    assert iou(found.masks[0], Mask.of(square, x0_px=150 * scale, y0_px=100 * scale)) > 0.93


def test_nothing_lies_outside_of_the_box() -> None:
    (mask,) = SEGMENTER(a_scene(scale=2)).in_boxes(rows((300, 200, 400, 300))).masks

    assert mask is not None
    x0, y0, x1, y1 = mask.box.corners_px
    assert x0 >= 298
    assert y0 >= 198
    assert x1 <= 402
    assert y1 <= 302


def test_a_mask_goes_on_to_the_edge_of_the_picture() -> None:
    pixels = np.full((900, 1200, 3), 230, np.uint8)
    pixels[:, :500] = (30, 60, 140)

    (mask,) = SEGMENTER(pixels).in_boxes(rows((0, 0, 500, 900))).masks

    assert mask is not None
    assert mask.box.corners_px[:2] == (0, 0)
    assert mask.box.corners_px[3] == 900


def test_better_than_the_box_on_a_drawn_scene() -> None:
    scene = draw_scene(203)
    masks = [
        Mask.of(part.mask)
        for part in scene.parts
        if part.level is Level.ENTITY and part.kind in (RegionKind.PERSON, RegionKind.ANIMAL)
    ]
    boxes = np.array([mask.box.corners_px for mask in masks], np.float32)

    found = SEGMENTER(scene.picture).in_boxes(boxes).masks

    cut = np.mean([iou(one, mask) for one, mask in zip(found, masks, strict=True)])
    assert cut > np.mean([Mask.of_box(mask.box).iou(mask) for mask in masks]) + 0.1


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 2), (2, 1), (1, 300), (50, 20_000), (9, 9), (17, 640)], ids=str
)
@pytest.mark.parametrize("kind", ["one colour", "noise"])
def test_pictures_of_all_sizes(size: tuple[int, int], kind: str) -> None:
    height, width = size
    pixels = np.full((height, width, 3), 90, np.uint8)
    if kind == "noise":
        pixels[:] = np.random.default_rng(1).integers(0, 256, pixels.shape)
    picture = SEGMENTER(pixels)

    boxes = picture.in_boxes(rows((0, 0, width, height)))
    points = picture.at_points(rows((width / 2, height / 2)))

    assert all(0 <= c <= 1 for c in (*boxes.confidences, *points.confidences))
    assert boxes.masks[0] is not None
    for mask in (*boxes.masks, *points.masks):
        if mask is not None:
            assert mask.box.x1_px <= width
            assert mask.box.y1_px <= height


def test_prompts_beside_the_picture_find_nothing() -> None:
    picture = SEGMENTER(a_scene())

    boxes = picture.in_boxes(rows((500, 10, 600, 90), (50, 50, 50, 60)))
    points = picture.at_points(rows((-1, 5), (400, 5)))

    assert boxes.masks == points.masks == (None, None)
    assert not boxes.confidences.any()
    assert not points.confidences.any()


def test_no_prompts_find_nothing() -> None:
    assert SEGMENTER(a_scene()).in_boxes(np.zeros((0, 4), np.float32)).masks == ()


@pytest.mark.parametrize(
    "boxes", [rows((1, 2, 3)), rows((1, 2, 3, np.nan)), np.zeros(4, np.float32)], ids=str
)
def test_other_prompts_are_refused(boxes: NDArray[np.float32]) -> None:
    with pytest.raises(InvalidValueError, match="n x 4"):
        SEGMENTER(a_scene()).in_boxes(boxes)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((700, 700), np.uint8),
        np.zeros((700, 700, 4), np.uint8),
        np.zeros((700, 700, 3), np.float32),
        np.zeros((0, 5, 3), np.uint8),
        np.zeros(7, np.uint8),
    ],
    ids=["grey", "alpha", "float", "empty", "flat"],
)
def test_other_arrays_are_refused(pixels: Any) -> None:
    with pytest.raises(InvalidValueError, match="height x width x 3"):
        SEGMENTER(pixels)


def test_the_same_picture_gives_the_same_masks() -> None:
    scene = draw_scene(12, size_px=(200, 160))
    boxes = rows((10, 10, 120, 150), (60, 20, 180, 90))

    first, second = (SEGMENTER(scene.picture).in_boxes(boxes) for _ in range(2))

    for a, b in zip(first.masks, second.masks, strict=True):
        assert a is not None
        assert b is not None
        assert np.array_equal(a.bits, b.bits)


def test_it_says_what_it_is() -> None:
    assert (SEGMENTER.name, SEGMENTER.models) == ("merge-tree", ())
    assert [name for name, _ in SEGMENTER.parameters] == ["merge_tree_sha256"]
