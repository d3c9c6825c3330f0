"""Saints and heroes with what they are known by."""

from __future__ import annotations

from dataclasses import dataclass, replace

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import architecture
from iconograph.ingest.scenes.curves import Frame, between
from iconograph.ingest.scenes.figure import XY, Dress, Hair
from iconograph.ingest.scenes.hair import paint_hair
from iconograph.ingest.scenes.head import head_of, paint_beard, paint_face
from iconograph.ingest.scenes.recipes import places
from iconograph.ingest.scenes.recipes.cast import (
    GREY,
    LINEN,
    STEEL,
    golden_hair,
    old_beard,
    saint_dress,
    some_hair,
    someone,
)
from iconograph.ingest.scenes.stage import Actor, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Saint:
    """A saint of the calendar: what both hands hold, and how he or she is known to look."""

    name: str
    sex: str
    right: str
    left: str = ""
    old: bool = False
    crowned: bool = False


SAINTS = (
    Saint(name="Saint Peter", sex="man", right="keys", left="closed book", old=True),
    Saint(name="Saint Paul", sex="man", right="sword", left="closed book", old=True),
    Saint(name="Saint Mary Magdalene", sex="woman", right="jar"),
    Saint(name="Saint Barbara", sex="woman", right="palm branch", left="chalice"),
    Saint(name="Saint John the Baptist", sex="man", right="cross"),
    Saint(name="Saint Ursula", sex="woman", right="flag", crowned=True),
)


def stand(stage: Stage, saint: Saint, x: float, tall: float, facing: float) -> Actor:
    """A saint standing at a place, attributes in hand."""
    hair = (
        Hair(colour=GREY, cut="bald" if stage.chance(0.5) else "short", beard="long")
        if saint.old
        else some_hair(stage, saint.sex)
    )
    dress = saint_dress(stage, mantle=stage.chance(0.8))
    if saint.crowned:
        dress = replace(dress, crown=stage.style.gold)
    actor = stage.actor(
        saint.name,
        someone(
            stage, saint.sex, (x, 0.94), tall, facing=facing, hair=hair, dress=dress, aged=saint.old,
            right=(-0.95, stage.near(1.1, 0.2)), left=(0.7, stage.near(1.3, 0.15)), grips=("grip", "grip" if saint.left else "open"),
        ),
        f"an old {saint.sex}" if saint.old else f"a {saint.sex}",
    )  # fmt: skip
    stage.give(actor, saint.right, "right", angle_deg=stage.near(-6, 6))
    if saint.left:
        stage.give(actor, saint.left, "left")
    return actor


def single_saint(stage: Stage) -> None:
    """Saint Peter with keys, or another saint with his or her attribute."""
    saint = SAINTS[0] if stage.chance(0.45) else SAINTS[int(stage.rng.integers(len(SAINTS)))]
    stage.title = f"{saint.name} with {saint.right}"
    stage.subject = saint.name
    places.anywhere(stage)
    actor = stand(stage, saint, 0.5, 0.84, stage.near(0.0, 0.35))
    stage.look(actor, None)
    places.shadow(stage, 0.5, 0.94, 0.2)
    stage.paint(actor)


def diptych(stage: Stage) -> None:
    """Two saints on both sides of a frame, turned to each other."""
    chosen = stage.rng.choice(len(SAINTS), 2, replace=False)
    first, second = SAINTS[int(chosen[0])], SAINTS[int(chosen[1])]
    stage.title, stage.subject = f"Diptych of {first.name} and {second.name}", "saints"
    places.outdoors(stage)
    frame = stage.entry("frame of a diptych", RegionKind.OBJECT)
    actors = [stand(stage, first, 0.24, 0.76, 0.35), stand(stage, second, 0.77, 0.76, -0.35)]
    stage.look(actors[0], actors[1])
    stage.look(actors[1], actors[0] if stage.chance(0.5) else None)
    stage.paint(*actors)
    w, h = stage.width, stage.height
    for x0, y0, x1, y1 in (
        (0.475, 0, 0.525, 1),
        (0, 0, 0.03, 1),
        (0.97, 0, 1, 1),
        (0, 0, 1, 0.025),
        (0, 0.975, 1, 1),
    ):
        bar = [(x0 * w, y0 * h), (x1 * w, y0 * h), (x1 * w, y1 * h), (x0 * w, y1 * h)]
        stage.brush(frame).fill(Frame(x_px=0, y_px=0, scale_px=1)(bar), stage.style.gold)
    stage.divide([actors[0].id], [actors[1].id])


def catherine(stage: Stage) -> None:
    """Saint Catherine, crowned, with sword and wheel."""
    stage.title, stage.subject = "Saint Catherine with the wheel", "Saint Catherine of Alexandria"
    places.anywhere(stage)
    figure = someone(
        stage, "woman", (0.46, 0.94), 0.82, facing=0.2, hair=golden_hair(stage),
        dress=replace(saint_dress(stage), crown=stage.style.gold), right=(-0.9, 1.6), left=(1.2, 1.5), grips=("grip", "open"),
    )  # fmt: skip
    saint = stage.actor("Saint Catherine", figure, "a crowned woman")
    u = saint.skeleton.unit_px
    x, y = saint.skeleton["left_wrist"]
    wheel = stage.place("wheel", Frame(x_px=x + 0.5 * u, y_px=y + 1.6 * u, scale_px=1.3 * u))
    stage.give(saint, "sword", "right", angle_deg=stage.near(-8, 5))
    stage.look(saint, wheel if stage.chance(0.3) else None)
    stage.paint(saint)
    stage.relate(saint.id, EdgeKind.TOUCHES, wheel.id)


def jerome(stage: Stage) -> None:
    """Saint Jerome kneels with skull and book; a lion lies near."""
    stage.title, stage.subject = "Saint Jerome with lion and skull", "Saint Jerome"
    places.outdoors(stage, horizon=0.6)
    lion = stage.animal("lion", stage.at(0.17, 0.86), 0.23 * stage.height)
    figure = someone(
        stage, "man", (0.62, 0.93), 0.88, stance="kneeling", facing=0.6, hair=old_beard("bald"), aged=True,
        dress=Dress(robe=(164, 34, 38), halo=stage.style.gold), right=(1.3, 1.3), left=(0.5, 1.25), grips=("open", "open"),
    )  # fmt: skip
    saint = stage.actor("Saint Jerome", figure, "an old man")
    skull = stage.give(saint, "skull", "right", scale=0.9)
    cross = stage.place(
        "cross",
        Frame(x_px=0.88 * stage.width, y_px=0.78 * stage.height, scale_px=0.1 * stage.height),
    )
    stage.look(saint, cross if stage.chance(0.5) else skull)
    stage.paint(saint)
    stage.group("Saint Jerome and the lion", [saint.id, lion.id])


def michael(stage: Stage) -> None:
    """Saint Michael in armour raises his sword over the dragon at his feet."""
    stage.title, stage.subject = "Saint Michael and the dragon", "Saint Michael"
    places.outdoors(stage, horizon=0.66, trees=1)
    dragon = stage.animal("dragon", stage.at(0.52, 0.94), 0.26 * stage.height, to_left=True)
    figure = someone(
        stage, "man", (0.56, 0.8), 0.66, stance="striding", facing=-0.35, hair=golden_hair(stage),
        dress=Dress(robe=stage.style.cloth(stage.rng), armour=STEEL, wings=(226, 204, 190), halo=stage.style.gold, short=True),
        right=(-1.2, -0.9), left=(1.0, 1.1), grips=("grip", "grip"),
    )  # fmt: skip
    angel = stage.actor("Archangel Michael", figure, "an angel in armour")
    if stage.chance(0.5):
        stage.give(angel, "sword", "right", angle_deg=stage.near(-25, 10))
    else:
        stage.give(angel, "spear", "right", angle_deg=stage.near(186, 6))
    stage.give(angel, "scales", "left", scale=0.8)
    stage.look(angel, dragon)
    stage.paint(angel)
    stage.relate(angel.id, EdgeKind.ABOVE, dragon.id)
    stage.group("Michael and the dragon", [angel.id, dragon.id])


def judith(stage: Stage) -> None:
    """Judith with a sword and the head of Holofernes, her maid beside her."""
    stage.title, stage.subject = "Judith with the head of Holofernes", "Judith"
    places.dark(stage)
    architecture.paint_curtain(
        stage.setting("curtain"), (0, 0, 0.5 * stage.width, 0.9 * stage.height), (132, 24, 28)
    )
    heroine = someone(
        stage, "woman", (0.42, 1.18), 1.06, facing=0.15, right=(-1.0, 0.9), left=(0.85, 1.6), grips=("grip", "grip"),
        dress=Dress(robe=stage.style.cloth(stage.rng), mantle=stage.style.cloth(stage.rng)),
    )  # fmt: skip
    servant = someone(
        stage, "woman", (0.8, 1.16), 0.96, facing=-0.4, right=(-0.5, 1.7), left=(0.3, 1.6),
        dress=Dress(robe=stage.style.cloth(stage.rng), veil=LINEN),
    )  # fmt: skip
    woman = stage.actor("Judith", heroine, "a woman")
    maid = stage.actor("maidservant", servant, "an old woman")
    stage.give(woman, "sword", "right", angle_deg=stage.near(10, 8))
    stage.look(woman, None if stage.chance(0.6) else maid)
    stage.look(maid, woman)
    stage.paint(maid, woman)
    _severed_head(stage, woman, woman.skeleton.offset("left_wrist", 0.1, 0.78))
    stage.group("Judith and her maid", [woman.id, maid.id])


def _severed_head(stage: Stage, woman: Actor, centre: XY) -> None:
    own = stage.entry("head of Holofernes", RegionKind.OBJECT, words="the severed head of a man")
    head_px = 0.9 * woman.skeleton.unit_px
    figure = someone(
        stage,
        "man",
        (0, 0),
        head_px * 7.3 / stage.height,
        hair=Hair(colour=(58, 42, 32), cut="curls", beard="long"),
    )
    figure = replace(figure, skin=_bloodless(figure.skin))
    dead = Actor(id=own, figure=figure, skeleton=woman.skeleton, worn={})
    stage.shut_eyes(dead)
    face = head_of(figure, woman.skeleton, dead.look)
    face = replace(
        face,
        frame=replace(face.frame, x_px=centre[0], y_px=centre[1], scale_px=head_px, angle_deg=8.0),
    )
    brush = stage.brush(own)
    paint_face(brush, figure, face)
    paint_beard(brush, figure, face)
    paint_hair(brush, figure, face)
    stage.relate(woman.id, EdgeKind.HOLDS, own)


def _bloodless(skin: tuple[float, float, float]) -> tuple[float, float, float]:
    """A skin without blood."""
    red, green = between(skin[:2], (150, 150), 0.4)
    return (red, green, skin[2] * 0.9 + 14)
