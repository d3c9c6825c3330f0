"""Backgrounds that recipes share."""

from __future__ import annotations

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import architecture, settings
from iconograph.ingest.scenes.canvas import FLAT
from iconograph.ingest.scenes.curves import Frame, box
from iconograph.ingest.scenes.stage import Stage
from iconograph.ingest.scenes.styles import mixed


def outdoors(stage: Stage, *, horizon: float = 0.56, trees: int = 3, sea: bool = False) -> None:
    """Sky, hills or sea, ground and trees in the distance."""
    area = (0.0, 0.0, stage.width, stage.height)
    settings.paint_sky(stage.setting("sky"), area)
    far = (horizon - 0.1) * stage.height
    if sea:
        settings.paint_sea(stage.setting("sea"), area, far)
    else:
        settings.paint_hills(stage.setting("hills"), area, far)
        if stage.chance(0.45):
            x, y = stage.at(float(stage.rng.uniform(0.1, 0.9)), horizon - 0.04)
            town = Frame(x_px=x, y_px=y, scale_px=0.14 * stage.height)
            settings.paint_town(stage.setting("town"), town)
    for _ in range(trees):
        x, tall = stage.rng.uniform(0.02, 0.98), stage.rng.uniform(0.14, 0.26)
        foot = stage.at(float(x), horizon + 0.01)
        frame = Frame(x_px=foot[0], y_px=foot[1], scale_px=float(tall) * stage.height)
        settings.paint_tree(stage.setting("tree"), frame)
    settings.paint_ground(stage.setting("ground"), area, horizon * stage.height)


def indoors(stage: Stage, *, horizon: float = 0.62, window: bool = True) -> None:
    """A room with a tiled floor, and a window."""
    area = (0.0, 0.0, stage.width, stage.height)
    architecture.paint_room(stage.setting("room"), area, horizon * stage.height)
    if window:
        x = stage.near(0.5, 0.06)
        frame = (*stage.at(x - 0.08, 0.14), *stage.at(x + 0.08, 0.44))
        architecture.paint_window(stage.setting("window", kind=RegionKind.OBJECT), frame)


def dark(stage: Stage) -> None:
    """A plain dark ground, lighter on one side."""
    from_palette = mixed(stage.style.cloths[-1], stage.style.shadow, 0.7)
    brush = stage.setting("background")
    brush.fill(box(0, 0, stage.width, stage.height), from_palette, FLAT)
    glow = box(0.5 * stage.width, 0.2 * stage.height, stage.width, 0.8 * stage.height)
    brush.dab(
        glow, mixed(from_palette, stage.style.glow, 0.3), opacity=0.5, blur_px=0.16 * stage.width
    )


def anywhere(stage: Stage) -> None:
    """One of the backgrounds at random."""
    place = stage.pick("outdoors", "outdoors", "sea", "indoors", "dark", "arcade")
    if place == "indoors":
        indoors(stage)
    elif place == "dark":
        dark(stage)
    else:
        outdoors(stage, sea=place == "sea")
    if place == "arcade":
        arcade(stage, bays=2)


def arcade(stage: Stage, *, bays: int) -> None:
    """Arches over the width of the picture, before the landscape."""
    area = (-0.02 * stage.width, 0.0, 1.02 * stage.width, 0.66 * stage.height)
    architecture.paint_arcade(stage.setting("arcade", kind=RegionKind.OBJECT), area, bays=bays)


def shadow(stage: Stage, x: float, y: float, half: float) -> None:
    """The shadow under a thing at a place, all in fractions of the picture."""
    px, py = stage.at(x, y)
    settings.paint_shadow(stage.brush(), px, py, half * stage.width)
