"""Daily life: portraits, music, shepherds, battles, and things on a table."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import Unpack

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import architecture
from iconograph.ingest.scenes.animals import ANIMALS
from iconograph.ingest.scenes.attributes import ATTRIBUTES
from iconograph.ingest.scenes.curves import Frame
from iconograph.ingest.scenes.figure import Dress
from iconograph.ingest.scenes.recipes import places
from iconograph.ingest.scenes.recipes.cast import (
    LINEN,
    STEEL,
    Traits,
    old_beard,
    some_hair,
    someone,
)
from iconograph.ingest.scenes.stage import Actor, Stage, Thing

ON_TABLES = MappingProxyType({
    "skull": (1.15, 0.18),
    "closed book": (1.0, 0.2),
    "apple": (0.7, 0.1),
    "chalice": (1.0, 0.5),
    "jar": (1.0, 0.28),
    "lute": (1.2, 0.35),
    "flower": (1.1, 0.55),
    "mirror": (1.0, 0.25),
})  # fmt: skip
"""Things that stand on a table: their size beside each other, and how far they reach below the grip."""


def portrait(stage: Stage) -> None:
    """Half figure of a man or woman with something in hand, now and then with an animal."""
    sex = stage.pick("man", "woman")
    label = stage.pick("flower", "closed book", "mirror", "skull", "apple", "lute", "chalice")
    if stage.chance(0.7):
        places.dark(stage)
    else:
        places.outdoors(stage, horizon=0.7)
    facing = stage.near(0.0, 0.5)
    aged = sex == "man" and stage.chance(0.35)
    dress = Dress(
        robe=stage.style.cloth(stage.rng),
        mantle=stage.style.cloth(stage.rng) if stage.chance(0.4) else None,
        veil=LINEN if sex == "woman" and stage.chance(0.5) else None,
        hat=stage.style.cloth(stage.rng) if sex == "man" and stage.chance(0.6) else None,
    )
    figure = someone(
        stage, sex, (0.48, 1.62), 1.5, facing=facing, aged=aged, dress=dress, hair=old_beard() if aged else some_hair(stage, sex),
        right=(-0.45, 1.75), left=(0.35, 2.2), grips=(ATTRIBUTES[label].grip, "rest"),
    )  # fmt: skip
    sitter = stage.actor(sex, figure, f"an old {sex}" if aged else f"a {sex}")
    held = stage.give(sitter, label, "right", angle_deg=stage.near(-4, 8))
    worn = " wearing a veil" if dress.veil else " in a hat" if dress.hat else ""
    stage.title = f"Portrait of a {sex}{worn}, holding {ATTRIBUTES[label].words}"
    stage.subject = "portrait"
    stage.look(sitter, None if stage.chance(0.7) else held)
    stage.paint(sitter)
    if stage.chance(0.3):
        stage.animal("dog", stage.at(0.84, 1.04), 0.24 * stage.height, to_left=True)


def lady_and_unicorn(stage: Stage) -> None:
    """A seated woman with flower or mirror, beside an animal."""
    label = stage.pick("unicorn", "dog", "lion", "lamb")
    attribute = stage.pick("flower", "mirror", "flower", "book")
    stage.title, stage.subject = (
        f"Lady with a {label}, holding {ATTRIBUTES[attribute].words}",
        "allegory",
    )
    places.outdoors(stage)
    side = 1 if stage.chance(0.5) else -1
    dress = Dress(
        robe=stage.style.cloth(stage.rng),
        mantle=stage.style.cloth(stage.rng),
        veil=LINEN if stage.chance(0.5) else None,
    )
    figure = someone(
        stage, "woman", (0.5 - 0.16 * side, 0.94), 0.86, stance="seated", facing=0.35 * side, dress=dress,
        right=(-0.95, 1.1), left=(0.95, 1.4), grips=(ATTRIBUTES[attribute].grip, "open"),
    )  # fmt: skip
    lady = stage.actor("woman", figure, "a lady")
    tall = {"unicorn": 0.36, "dog": 0.22, "lion": 0.3, "lamb": 0.22}[label]
    places.shadow(stage, 0.5 + 0.24 * side, 0.93, 0.2)
    animal = stage.animal(
        label, stage.at(0.5 + 0.26 * side, 0.94), tall * stage.height, to_left=side > 0
    )
    held = stage.give(lady, attribute, "right")
    stage.look(lady, animal if stage.chance(0.6) else held)
    stage.paint(lady)
    stage.group(f"woman and {label}", [lady.id, animal.id])


def musicians(stage: Stage) -> None:
    """Two or three people with lute and book of music."""
    stage.title, stage.subject = "The Musicians", "music"
    (places.indoors if stage.chance(0.5) else places.dark)(stage)
    people = []
    for i, (x, facing) in enumerate(((0.2, 0.35), (0.5, 0.05), (0.8, -0.35))):
        sex = stage.pick("man", "woman")
        lute = i != 1
        figure = someone(
            stage, sex, (x, 0.95), 0.72, facing=facing, right=(-0.45, 1.7) if lute else (-0.5, 1.5), left=(0.75, 1.15) if lute else (0.5, 1.5),
            grips=("rest", "grip") if lute else ("open", "open"),
        )  # fmt: skip
        player = stage.actor("lute player" if lute else "singer", figure, f"a {sex}")
        stage.give(player, "lute" if lute else "book", "right", scale=1.5 if lute else 1.0)
        people.append(player)
    stage.look(people[0], people[1])
    stage.look(people[2], people[1] if stage.chance(0.5) else people[0])
    stage.look(people[1], None)
    stage.paint(people[0], people[2], people[1])
    stage.group("musicians", [p.id for p in people])


def shepherds(stage: Stage) -> None:
    """Shepherds with staffs among sheep, goat and dog; one points at the other's flock."""
    stage.title, stage.subject = "Shepherds with their flock", "pastoral"
    places.outdoors(stage, horizon=0.6, trees=4)
    flock = [_grazing(stage, x) for x in (0.12, 0.38, 0.62, 0.88)]
    left = _shepherd(
        stage,
        (0.3, 0.92),
        facing=0.35,
        right=(-0.95, 1.3),
        left=(1.35, 0.6),
        grips=("grip", "point"),
    )
    right = _shepherd(
        stage,
        (0.72, 0.92),
        facing=-0.35,
        right=(-0.5, 1.6),
        left=(0.95, 1.2),
        grips=("open", "grip"),
    )
    men = [left, right]
    for man, side in zip(men, ("right", "left"), strict=True):
        stage.give(man, "staff", side)
    near = stage.animal(stage.pick("dog", "lamb"), stage.at(0.52, 0.95), 0.17 * stage.height)
    stage.look(men[0], flock[3] if stage.chance(0.5) else men[1])
    stage.look(men[1], men[0] if stage.chance(0.5) else near)
    stage.paint(*men)
    stage.relate(men[0].id, EdgeKind.POINTS_AT, men[1].id)
    stage.group("shepherds", [m.id for m in men])
    stage.group("flock", [a.id for a in flock])


def _grazing(stage: Stage, x: float) -> Thing:
    label, foot = stage.pick("lamb", "lamb", "goat"), stage.at(x, stage.near(0.75, 0.015))
    return stage.animal(label, foot, 0.15 * stage.height, to_left=stage.chance(0.5))


def _shepherd(stage: Stage, foot: tuple[float, float], **traits: Unpack[Traits]) -> Actor:
    hat = (120, 88, 52) if stage.chance(0.6) else None
    traits["dress"] = Dress(robe=stage.style.cloth(stage.rng), short=True, hat=hat)
    return stage.actor("shepherd", someone(stage, "man", foot, 0.6, **traits), "a man")


def battle(stage: Stage) -> None:
    """Two bands of soldiers with swords, spears and flags, horses among them."""
    stage.title, stage.subject = "Battle", "battle"
    places.outdoors(stage, horizon=0.5, trees=1)
    sides: tuple[list[Actor], list[Actor]] = ([], [])
    for row, y in enumerate((0.74, 0.84, 0.95)):
        for i in range(4):
            x = 0.1 + 0.265 * i + stage.near(0.04 * (row % 2), 0.02)
            facing = 0.5 if x < 0.5 else -0.5  # noqa: PLR2004  the middle
            soldier = _soldier(stage, (x, y), 0.36 + 0.06 * row, facing)
            sides[0 if facing > 0 else 1].append(soldier)
    for own, others in (sides, sides[::-1]):
        for soldier in own:
            stage.look(soldier, others[int(stage.rng.integers(len(others)))])
    stage.animal("horse", stage.at(0.3, 0.72), 0.24 * stage.height)
    stage.animal("horse", stage.at(0.72, 0.72), 0.24 * stage.height, to_left=True)
    stage.paint(*sorted([*sides[0], *sides[1]], key=lambda s: s.figure.foot[1]))
    stage.group("army on the left", [s.id for s in sides[0]])
    stage.group("army on the right", [s.id for s in sides[1]])


def _soldier(stage: Stage, foot: tuple[float, float], tall: float, facing: float) -> Actor:
    side = 1 if facing > 0 else -1
    raised = (1.15 * side, stage.near(-0.2, 0.7))
    figure = someone(
        stage, "man", foot, tall, stance="striding", facing=facing, grips=("grip", "grip"),
        right=raised if side > 0 else (-0.6, 1.6), left=(0.6, 1.6) if side > 0 else raised,
        dress=Dress(robe=stage.style.cloth(stage.rng), armour=STEEL if stage.chance(0.7) else None, short=True, hat=STEEL if stage.chance(0.6) else None),
    )  # fmt: skip
    soldier = stage.actor("soldier", figure, "a soldier")
    weapon = stage.pick("sword", "sword", "spear", "flag")
    stage.give(
        soldier, weapon, "right" if side > 0 else "left", angle_deg=side * stage.near(22, 20)
    )
    return soldier


def still_life(stage: Stage) -> None:
    """Things on a table: vanity with skull, fruit, book, chalice, mirror."""
    places.dark(stage)
    table = stage.entry("table", RegionKind.OBJECT)
    top = 0.66
    architecture.paint_table(
        stage.brush(table),
        (0.04 * stage.width, top * stage.height, 0.96 * stage.width, 1.1 * stage.height),
        stage.style.cloth(stage.rng),
    )
    order = [tuple(ON_TABLES)[int(i)] for i in stage.rng.permutation(len(ON_TABLES))[:5]]
    spots = [(0.14 + 0.18 * i, top + 0.05 + 0.05 * (i % 2)) for i in range(len(order))]
    for x, y in spots:
        places.shadow(stage, x, y, 0.07)
    things = []
    for label, spot in zip(order, spots, strict=True):
        (x, y), (size, low) = stage.at(*spot), ON_TABLES[label]
        size *= 0.21 * stage.height
        things.append(stage.place(label, Frame(x_px=x, y_px=y - low * size, scale_px=size)))
    stage.title = "Still life with " + " and ".join(ATTRIBUTES[label].words for label in order[:3])
    stage.subject = "vanitas" if "skull" in order else "still life"
    for thing in things:
        stage.relate(thing.id, EdgeKind.TOUCHES, table)
    for a, b in pairwise(things):
        stage.relate(a.id, EdgeKind.BESIDE, b.id)
    stage.group("things on the table", [t.id for t in things])


def animals_drinking(stage: Stage) -> None:
    """Animals of many kinds together in a landscape, as in Paradise."""
    stage.title, stage.subject = "The animals in Paradise", "Paradise"
    places.outdoors(stage, horizon=0.5, trees=5)
    labels = [a for a in ANIMALS if a not in {"dove", "dragon"}]
    chosen = [labels[int(i)] for i in stage.rng.permutation(len(labels))[:5]]
    spots = (
        (0.22, 0.64, 0.19),
        (0.72, 0.66, 0.2),
        (0.22, 0.9, 0.24),
        (0.5, 0.8, 0.22),
        (0.82, 0.93, 0.25),
    )
    herd = []
    for label, (x, y, tall) in zip(chosen, spots, strict=True):
        places.shadow(stage, x, y, 0.1)
        herd.append(
            stage.animal(label, stage.at(x, y), tall * stage.height, to_left=stage.chance(0.5))
        )
    stage.group("animals", [a.id for a in herd])
