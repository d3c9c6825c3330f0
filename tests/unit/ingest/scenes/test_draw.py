from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes import RECIPES, STYLES, DrawnPart, DrawnScene, draw_scene

SMALL = (200, 180)
NEAR_FRACTION = 0.35
AIM_DEG = 8.0

scenes_of_recipes = pytest.mark.parametrize("recipe", RECIPES)


@cache
def drawn(recipe: str) -> DrawnScene:
    return draw_scene(len(recipe), recipe=recipe, size_px=SMALL)


def whole_of(scene: DrawnScene, part: DrawnPart) -> DrawnPart:
    """The wearer of a worn thing or part, else the part itself."""
    parent = scene.part(part.parent_id) if part.parent_id else part
    return parent if parent.level is Level.ENTITY else part


def test_same_seed_same_scene() -> None:
    first, second = draw_scene(7, size_px=SMALL), draw_scene(7, size_px=SMALL)

    assert first.picture.tobytes() == second.picture.tobytes()
    assert first.relations == second.relations
    assert [p.caption for p in first.parts] == [p.caption for p in second.parts]
    for one, other in zip(first.parts, second.parts, strict=True):
        assert np.array_equal(one.mask, other.mask)


def test_other_seed_other_picture() -> None:
    pictures = {
        draw_scene(seed, recipe="pair", style="panel", size_px=SMALL).picture.tobytes()
        for seed in range(4)
    }

    assert len(pictures) == 4


@pytest.mark.parametrize("style", STYLES)
@scenes_of_recipes
def test_every_recipe_in_every_style(recipe: str, style: str) -> None:
    scene = draw_scene(3, recipe=recipe, style=style, size_px=(80, 96))

    assert scene.picture.shape == (96, 80, 3)
    assert scene.picture.dtype == np.uint8
    assert scene.picture.std() > 10
    assert (scene.recipe, scene.style) == (recipe, style)


@pytest.mark.parametrize(
    ("recipe", "size"), [("michael", (360, 460)), ("battle", (64, 48)), ("pair", (48, 300))]
)
def test_sizes(recipe: str, size: tuple[int, int]) -> None:
    scene = draw_scene(1, recipe=recipe, size_px=size)

    assert (scene.width_px, scene.height_px) == size
    assert all(p.mask.shape == size[::-1] for p in scene.parts)


def test_the_longer_side_has_768_px() -> None:
    scene = draw_scene(1, recipe="saint", style="fresco")

    assert max(scene.width_px, scene.height_px) == 768


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipe": "cubism"}, "no recipe 'cubism'"),
        ({"style": "pop"}, "no style 'pop'"),
        ({"size_px": (20, 100)}, "48 to 4096"),
        ({"size_px": (100, 5000)}, "48 to 4096"),
    ],
)
def test_unknown_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        draw_scene(1, **arguments)  # type: ignore[arg-type]


@scenes_of_recipes
def test_visible_masks_share_no_pixel(recipe: str) -> None:
    scene = drawn(recipe)
    taken = np.zeros(scene.picture.shape[:2], dtype=int)
    for part in scene.parts:
        if part.level is Level.ENTITY and whole_of(scene, part) is part:
            taken += part.mask

    assert taken.max() == 1
    assert all(part.mask.any() for part in scene.parts)


@scenes_of_recipes
def test_wholes_take_in_their_parts(recipe: str) -> None:
    scene = drawn(recipe)
    for part in scene.parts:
        if part.parent_id is not None:
            assert not (part.mask & ~scene.part(part.parent_id).mask).any()
        else:
            assert part.level is Level.SCENE
            assert part.mask.all()


@scenes_of_recipes
def test_key_points_lie_on_their_figure(recipe: str) -> None:
    scene = drawn(recipe)
    for part in scene.parts:
        if part.kind is not RegionKind.PERSON:
            assert not part.key_points
            continue
        assert len(part.key_points) == 17
        seen = [p for p in part.key_points if p.visibility == 2]
        hidden = [p for p in part.key_points if p.visibility == 1]
        assert all(part.mask[int(p.y_px), int(p.x_px)] for p in seen)
        assert not any(part.mask[int(p.y_px), int(p.x_px)] for p in hidden)


@scenes_of_recipes
def test_most_of_a_face_is_seen(recipe: str) -> None:
    scene = drawn(recipe)
    seen = [p.key_points[0].visibility == 2 for p in scene.parts if p.key_points]

    assert not seen or sum(seen) / len(seen) >= 0.5


@scenes_of_recipes
def test_relations_join_different_parts_that_exist(recipe: str) -> None:
    scene = drawn(recipe)
    ids = {part.id for part in scene.parts}

    assert len(ids) == len(scene.parts)
    assert len(set(scene.relations)) == len(scene.relations)
    for relation in scene.relations:
        assert {relation.subject_id, relation.object_id} <= ids
        assert relation.subject_id != relation.object_id


@scenes_of_recipes
def test_gaze_targets_lie_where_the_eyes_look(recipe: str) -> None:
    scene = drawn(recipe)
    stated = {(r.subject_id, r.object_id) for r in scene.relations if r.kind is EdgeKind.GAZES_AT}
    looked = set()
    for part in scene.parts:
        if not part.gaze or part.gaze.state is not GazeState.TARGET:
            continue
        gaze = part.gaze
        assert gaze.direction is not None
        assert gaze.target is not None
        assert gaze.target_id is not None
        looked.add((part.id, gaze.target_id))
        wanted = math.atan2(gaze.target[1] - gaze.origin[1], gaze.target[0] - gaze.origin[0])
        turn = math.degrees(wanted - math.atan2(gaze.direction[1], gaze.direction[0]))
        assert abs((turn + 180) % 360 - 180) < AIM_DEG
    assert looked == stated


@scenes_of_recipes
def test_held_things_are_near_a_hand(recipe: str) -> None:
    scene = drawn(recipe)
    for relation in scene.relations:
        if relation.kind is not EdgeKind.HOLDS:
            continue
        holder, held = scene.part(relation.subject_id), scene.part(relation.object_id)
        rows, columns = np.nonzero(held.mask)
        nearest = min(float(np.hypot(columns - x, rows - y).min()) for x, y in holder.hands)
        assert holder.head is not None
        assert nearest <= NEAR_FRACTION * 3 * (holder.head[3] - holder.head[1])


@scenes_of_recipes
def test_captions_name_what_is_held(recipe: str) -> None:
    scene = drawn(recipe)
    for part in scene.parts:
        assert part.caption
        held = [r for r in scene.relations if r.kind is EdgeKind.HOLDS and r.subject_id == part.id]
        assert ("holding" in part.caption) == bool(held) or part.level is not Level.ENTITY


def test_a_pair_can_swap_roles() -> None:
    holders = {
        scene.part(r.subject_id).label
        for seed in range(8)
        for scene in [draw_scene(seed, recipe="pair", size_px=(96, 96))]
        for r in scene.relations
        if r.kind is EdgeKind.HOLDS
    }

    assert holders == {"man", "woman"}
