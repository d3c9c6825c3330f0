"""A figure painted from back to front."""

from __future__ import annotations

from collections.abc import Callable

from iconograph.ingest.scenes import body, drapery, hair, head, wings
from iconograph.ingest.scenes.canvas import Brush
from iconograph.ingest.scenes.figure import Figure, Look, Skeleton
from iconograph.ingest.scenes.styles import Colour, mixed

BrushOf = Callable[[str], Brush]
"""The brush for a worn thing by its name; the empty name is the body's."""

SIDES = ("right", "left")


def paint_person(
    brush_of: BrushOf,
    figure: Figure,
    skeleton: Skeleton,
    look: Look,
    paint_held: Callable[[], None],
) -> None:
    """Paint the figure; what it holds comes after the arms and before the fingers."""
    face, dress = head.head_of(figure, skeleton, look), figure.dress
    far, near = SIDES[::-1] if figure.facing >= 0 else SIDES
    _paint_behind(brush_of, figure, skeleton, face)
    _paint_arm(brush_of, figure, skeleton, far)
    _paint_trunk(brush_of, figure, skeleton)
    if dress.mantle and figure.stance != "seated":
        drapery.paint_mantle(brush_of("mantle"), figure, skeleton, dress.mantle)
    if figure.stance == "seated" and dress.robe:
        cloth = "mantle" if dress.mantle else "robe"
        drapery.paint_lap(brush_of(cloth), figure, skeleton, dress.mantle or dress.robe)
    _paint_arm(brush_of, figure, skeleton, near)
    _paint_head(brush_of, figure, face)
    paint_held()
    for side, grip in zip(SIDES, figure.grips, strict=True):
        body.paint_hand(brush_of(""), figure, skeleton, side, grip)


def _paint_behind(brush_of: BrushOf, figure: Figure, skeleton: Skeleton, face: head.Head) -> None:
    dress = figure.dress
    if dress.wings:
        wings.paint_wings(brush_of("wings"), figure, skeleton, dress.wings)
    if dress.mantle:
        drapery.paint_mantle_behind(brush_of("mantle"), figure, skeleton, dress.mantle)
    if dress.halo:
        hair.paint_halo(brush_of("halo"), face, dress.halo)
    if dress.veil:
        hair.paint_veil_behind(brush_of("veil"), face, dress.veil)
    else:
        hair.paint_hair_behind(brush_of(""), figure, face)


def _paint_trunk(brush_of: BrushOf, figure: Figure, skeleton: Skeleton) -> None:
    dress, skin = figure.dress, brush_of("")
    if not dress.robe or dress.short:
        hose: Colour = mixed(dress.robe, (60, 40, 40), 0.7) if dress.robe else figure.skin
        for side in SIDES:
            body.paint_leg(skin, figure, skeleton, side, hose)
    elif figure.stance != "kneeling":
        for side in SIDES:
            body.paint_foot(skin, figure, skeleton, side, figure.skin)
    if dress.robe:
        body.paint_neck(skin, figure, skeleton)
        drapery.paint_robe(brush_of("robe"), figure, skeleton, dress.robe)
    else:
        body.paint_neck(skin, figure, skeleton)
        body.paint_trunk(skin, figure, skeleton)
    if dress.armour:
        body.paint_armour(brush_of("armour"), figure, skeleton, dress.armour)
    if dress.loincloth:
        body.paint_loincloth(brush_of("loincloth"), skeleton, dress.loincloth)


def _paint_arm(brush_of: BrushOf, figure: Figure, skeleton: Skeleton, side: str) -> None:
    body.paint_arm(brush_of(""), figure, skeleton, side)
    dress = figure.dress
    if dress.robe:
        drapery.paint_sleeve(brush_of("robe"), figure, skeleton, side, dress.robe)


def _paint_head(brush_of: BrushOf, figure: Figure, face: head.Head) -> None:
    dress, skin = figure.dress, brush_of("")
    head.paint_face(skin, figure, face)
    head.paint_beard(skin, figure, face)
    if dress.veil:
        hair.paint_veil(brush_of("veil"), face, dress.veil)
    else:
        hair.paint_hair(skin, figure, face)
    if dress.hat:
        hair.paint_hat(brush_of("hat"), face, dress.hat)
    if dress.crown:
        hair.paint_crown(brush_of("crown"), face, dress.crown)
