"""Mary, angels and heaven."""

from __future__ import annotations

from typing import Unpack

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import architecture, settings
from iconograph.ingest.scenes.curves import Frame
from iconograph.ingest.scenes.figure import XY, Dress
from iconograph.ingest.scenes.recipes import places
from iconograph.ingest.scenes.recipes.cast import (
    LINEN,
    Traits,
    angel_dress,
    golden_hair,
    king_dress,
    mary_dress,
    old_beard,
    someone,
)
from iconograph.ingest.scenes.stage import Actor, Stage

MIDDLE = 0.5


def annunciation(stage: Stage) -> None:
    """Gabriel with a lily comes to Mary at her book; a column stands between them."""
    stage.title, stage.subject = "The Annunciation", "Annunciation"
    places.indoors(stage, window=stage.chance(0.6))
    if stage.chance(0.6):
        places.arcade(stage, bays=2)
    gabriel, mary = _gabriel(stage), _mary_reading(stage)
    lily = stage.give(
        gabriel,
        "lily" if stage.chance(0.85) else "palm branch",
        "left",
        angle_deg=stage.near(16, 6),
    )
    stage.give(mary, "book", "right")
    stage.look(gabriel, mary)
    stage.look(mary, gabriel if stage.chance(0.7) else lily)
    column = stage.entry("column", RegionKind.OBJECT)
    architecture.paint_column(stage.brush(column), (*stage.at(0.49, 0.1), *stage.at(0.53, 0.9)))
    if mary.figure.stance == "seated":
        throne = stage.setting("throne", kind=RegionKind.OBJECT)
        architecture.paint_throne(throne, _frame(stage, (0.76, 0.93), mary.skeleton.unit_px))
    stage.paint(gabriel, mary)
    stage.animal("dove", stage.at(0.47, 0.3), 0.11 * stage.width)
    stage.relate(gabriel.id, EdgeKind.POINTS_AT, mary.id)
    stage.divide([gabriel.id], [mary.id])
    stage.group("Gabriel and Mary", [gabriel.id, mary.id])


def _gabriel(stage: Stage) -> Actor:
    kneeling = stage.chance(0.6)
    figure = someone(
        stage, "man", (0.25, 0.93), 0.74 if kneeling else 0.66, stance="kneeling" if kneeling else "standing", facing=0.65,
        hair=golden_hair(stage), dress=angel_dress(stage), right=(1.4, 0.75), left=(1.15, 1.5), grips=("point", "grip"),
    )  # fmt: skip
    return stage.actor("Archangel Gabriel", figure, "an angel")


def _mary_reading(stage: Stage) -> Actor:
    seated = stage.chance(0.5)
    figure = someone(
        stage, "woman", (0.76, 0.93), 0.76 if seated else 0.66, stance="seated" if seated else "standing", facing=-0.35,
        dress=mary_dress(stage), right=(-0.5, 1.55), left=(0.15, 0.85), grips=("open", "open"),
    )  # fmt: skip
    return stage.actor("Virgin Mary", figure, "a woman")


def virgin_and_child(stage: Stage) -> None:
    """Mary on a throne with the child on her lap, between two angels or before a landscape."""
    stage.title, stage.subject = "Virgin and Child", "Virgin and Child"
    places.anywhere(stage)
    architecture.paint_throne(
        stage.setting("throne", kind=RegionKind.OBJECT),
        _frame(stage, (0.5, 0.94), 0.123 * stage.height),
    )
    mary = stage.actor(
        "Virgin Mary",
        someone(
            stage, "woman", (0.5, 0.94), 0.9, stance="seated", facing=0.15, dress=mary_dress(stage),
            right=(-0.35, 1.55), left=(1.0, 1.35), grips=("open", "open"),
        ),
        "a woman",
    )  # fmt: skip
    lap = mary.skeleton.offset("neck", 0.42, 2.85)
    child = _child(
        stage, lap, 0.42, right=(-0.9, 0.2), left=(0.7, 0.8), facing=-0.3, grips=("open", "grip")
    )
    held = stage.give(child, stage.pick("apple", "flower", "cross"), "left", scale=0.8)
    stage.look(mary, child)
    stage.look(child, mary if stage.chance(0.5) else None)
    angels = _angels(stage) if stage.chance(0.5) else []
    for angel in angels:
        stage.look(angel, child)
    stage.paint(*angels, mary, child)
    stage.relate(mary.id, EdgeKind.HOLDS, child.id)
    stage.relate(child.id, EdgeKind.IN_FRONT_OF, mary.id)
    stage.group("Virgin and Child", [mary.id, child.id, held.id])


def _child(stage: Stage, lap_px: XY, tall: float, **traits: Unpack[Traits]) -> Actor:
    foot = (lap_px[0] / stage.width, lap_px[1] / stage.height)
    traits["stance"], traits["dress"] = "seated", Dress(loincloth=LINEN, halo=stage.style.gold)
    figure = someone(stage, "child", foot, tall, **traits)
    return stage.actor("Christ Child", figure, "a child")


def _angels(stage: Stage) -> list[Actor]:
    return [
        stage.actor(
            "angel",
            someone(
                stage, "man", (x, 0.93), 0.52, facing=f, hair=golden_hair(stage), dress=angel_dress(stage, mantle=False),
                right=(0.15 + 0.3 * f, 1.0), left=(0.3 * f, 1.05), grips=("open", "open"),
            ),
            "an angel",
        )
        for x, f in ((0.13, 0.55), (0.87, -0.55))
    ]  # fmt: skip


def heaven_and_earth(stage: Stage) -> None:
    """God with cherubs on clouds over praying people; the cloud line runs level or aslant."""
    stage.title = "God the Father with cherubs above the faithful"
    stage.subject = "heaven and earth"
    places.outdoors(stage, horizon=0.74, trees=2)
    slope = float(stage.rng.choice([0.0, 0.16, -0.16, 0.1]))
    place = (0.5 - slope * 0.4, 0.5 - abs(slope) * 0.12)
    dress = Dress(robe=LINEN, mantle=stage.style.cloth(stage.rng), halo=stage.style.gold)
    figure = someone(
        stage, "man", place, 0.55, stance="seated", facing=0.2, hair=old_beard("long"), aged=True, dress=dress,
        right=(-1.35, -0.4), left=(1.1, 1.0), grips=("open", "open"),
    )  # fmt: skip
    god = stage.actor("God the Father", figure, "an old man")
    spots = ((0.16, 0.4), (0.84, 0.4), (0.27, 0.22), (0.74, 0.22))
    cherubs = [_cherub(stage, (x, y + slope * (0.5 - x) * 1.6)) for x, y in spots]
    below = [_worshipper(stage, x, i) for i, x in enumerate((0.2, 0.5, 0.8))]
    for person in (*cherubs, *below):
        stage.look(person, god)
    stage.look(god, below[1])
    stage.paint(*cherubs, god)
    line = (stage.at(-0.05, 0.5 + slope * 0.8), stage.at(1.05, 0.5 - slope * 0.8))
    settings.paint_clouds(stage.setting("bank of clouds"), *line, 0.085 * stage.height)
    stage.paint(*below)
    above = [god.id, *(c.id for c in cherubs)]
    for upper in above:
        stage.divide([upper], [p.id for p in below])
    stage.relate(god.id, EdgeKind.ABOVE, below[1].id)
    stage.group("God with cherubs", above)
    stage.group("people below", [p.id for p in below])


def _cherub(stage: Stage, foot: XY) -> Actor:
    figure = someone(
        stage, "cherub", foot, 0.22, stance="seated", facing=0.5 if foot[0] < MIDDLE else -0.5,
        dress=Dress(loincloth=LINEN, wings=(236, 214, 200)), right=(-0.4, 0.9), left=(0.4, 0.9), grips=("open", "open"),
    )  # fmt: skip
    return stage.actor("cherub", figure, "a small angel")


def _worshipper(stage: Stage, x: float, i: int) -> Actor:
    sex = stage.pick("man", "woman")
    facing = (0.6, 0.35, -0.6)[i]
    figure = someone(
        stage, sex, (x, stage.near(0.96, 0.012)), 0.4, stance="kneeling", facing=facing,
        right=(facing * 1.4, 0.45), left=(facing * 1.5, 0.5), grips=("open", "open"),
    )  # fmt: skip
    return stage.actor(sex, figure, f"a {sex}")


def adoration_of_the_magi(stage: Stage) -> None:
    """A kneeling king with gifts before Mary and the child, looked at by two kings."""
    stage.title, stage.subject = "The Adoration of the Magi", "Adoration of the Magi"
    places.outdoors(stage, trees=2)
    stage.animal("ox", stage.at(0.86, 0.74), 0.2 * stage.height, to_left=True)
    mary = stage.actor(
        "Virgin Mary",
        someone(stage, "woman", (0.74, 0.92), 0.74, stance="seated", facing=-0.3, dress=mary_dress(stage), right=(-0.9, 1.5), left=(0.1, 1.5), grips=("open", "open")),
        "a woman",
    )  # fmt: skip
    lap = mary.skeleton.offset("neck", -0.5, 2.85)
    child = _child(
        stage, lap, 0.32, right=(-1.1, 0.5), left=(-0.6, 0.9), facing=-0.5, grips=("open", "rest")
    )
    kneeling, standing = _kings(stage)
    stage.give(kneeling, "chalice", "right")
    for king, gift in zip(standing, ("jar", "chalice"), strict=True):
        stage.give(king, gift, "left")
        stage.look(king, kneeling)
    stage.look(kneeling, child)
    stage.look(mary, kneeling if stage.chance(0.5) else child)
    stage.look(child, kneeling)
    stage.paint(*standing, mary, child, kneeling)
    stage.relate(mary.id, EdgeKind.HOLDS, child.id)
    stage.group("the three kings", [kneeling.id, *(k.id for k in standing)])
    stage.group("Virgin and Child", [mary.id, child.id])


def _kings(stage: Stage) -> tuple[Actor, list[Actor]]:
    """The king who kneels, and the two who stand behind him."""
    figure = someone(
        stage, "man", (0.4, 0.94), 0.68, stance="kneeling", facing=0.7, hair=old_beard(), aged=True, dress=king_dress(stage),
        right=(1.2, 0.95), left=(1.0, 0.9), grips=("open", "open"),
    )  # fmt: skip
    others = [
        someone(
            stage, "man", (x, 0.87), 0.64, facing=0.4, dress=king_dress(stage), right=(0.3, 1.2), left=(0.75, 1.1),
            grips=("grip", "grip"),
        )
        for x in (0.1, 0.27)
    ]  # fmt: skip
    kneeling = stage.actor("kneeling king", figure, "a king")
    return kneeling, [stage.actor("king", other, "a king") for other in others]


def _frame(stage: Stage, foot: XY, unit_px: float) -> Frame:
    x, y = stage.at(*foot)
    return Frame(x_px=x, y_px=y, scale_px=unit_px)
