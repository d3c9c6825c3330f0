"""Eve, Adam, and old fables of the bare body."""

from __future__ import annotations

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import settings
from iconograph.ingest.scenes.curves import Frame
from iconograph.ingest.scenes.figure import Dress
from iconograph.ingest.scenes.recipes import places
from iconograph.ingest.scenes.recipes.cast import LINEN, STEEL, bare, golden_hair, someone
from iconograph.ingest.scenes.stage import Stage, Thing


def eve_and_goat(stage: Stage) -> None:
    """Eve with an apple, next to a goat or another animal, under a tree."""
    stage.title, stage.subject = "Eve next to a goat", "Eve in Paradise"
    places.outdoors(stage)
    _tree(stage, 0.2 if stage.chance(0.5) else 0.8, fruit=True)
    side = 1 if stage.chance(0.5) else -1
    x = 0.5 - 0.22 * side
    label = "goat" if stage.chance(0.75) else stage.pick("lamb", "lion", "unicorn")
    stage.title = f"Eve next to a {label}"
    reach = (
        {"right": (-1.2, 0.5), "left": (0.95, 2.0)}
        if side > 0
        else {"right": (-0.95, 2.0), "left": (1.2, 0.5)}
    )
    apple_side = "right" if side > 0 else "left"
    eve = stage.actor(
        "Eve",
        someone(
            stage, "woman", (x, 0.93), 0.76, facing=0.25 * side, hair=golden_hair(stage), dress=bare(stage),
            right=reach["right"], left=reach["left"], grips=("open", "rest") if side > 0 else ("rest", "open"),
        ),
        "a nude woman",
    )  # fmt: skip
    places.shadow(stage, x, 0.93, 0.14)
    animal_x = x + (0.12 + 0.38 * stage.height / stage.width) * side
    places.shadow(stage, animal_x, 0.925, 0.16)
    animal = stage.animal(label, stage.at(animal_x, 0.93), 0.3 * stage.height, to_left=side > 0)
    apple = stage.give(eve, "apple", apple_side)
    stage.look(eve, animal if stage.chance(0.5) else apple)
    stage.paint(eve)
    stage.group(f"Eve and {label}", [eve.id, animal.id])


def adam_and_eve(stage: Stage) -> None:
    """Adam and Eve on both sides of the tree with the serpent; either may hold the apple."""
    stage.title, stage.subject = "Adam and Eve", "Fall of Man"
    places.outdoors(stage)
    tree, serpent = _tree(stage, 0.5, fruit=True, serpent=True)
    eve_left = stage.chance(0.35)
    xs = (0.26, 0.74) if eve_left else (0.74, 0.26)
    people = []
    for label, sex, x in (("Eve", "woman", xs[0]), ("Adam", "man", xs[1])):
        inward = 1 if x < 0.5 else -1  # noqa: PLR2004  the middle
        reach = (0.95 * inward, 0.35)
        figure = someone(
            stage, sex, (x, 0.94), 0.78 if sex == "man" else 0.74, facing=0.3 * inward, dress=bare(stage),
            right=(-0.55, 2.1) if inward > 0 else reach, left=reach if inward > 0 else (0.55, 2.1),
            grips=("rest", "open") if inward > 0 else ("open", "rest"),
        )  # fmt: skip
        people.append(stage.actor(label, figure, f"a nude {sex}"))
    for person, x in zip(people, xs, strict=True):
        places.shadow(stage, x, 0.94, 0.14)
        person_side = "left" if x < 0.5 else "right"  # noqa: PLR2004  the middle
        if person is people[0] or stage.chance(0.3):
            stage.give(person, "apple", person_side)
    eve, adam = people
    stage.look(eve, adam if stage.chance(0.5) else serpent)
    stage.look(adam, eve)
    stage.paint(eve, adam)
    stage.divide([eve.id], [adam.id])
    stage.group("Adam and Eve", [adam.id, eve.id, tree.id])


def _tree(stage: Stage, x: float, *, fruit: bool, serpent: bool = False) -> tuple[Thing, Thing]:
    px, py = stage.at(x, 0.86)
    frame = Frame(x_px=px, y_px=py, scale_px=0.86 * stage.height)
    own = stage.entry("tree", RegionKind.OBJECT, words="a tree")
    settings.paint_tree(stage.brush(own), frame, fruit=fruit)
    tree = Thing(id=own, label="tree", frame=frame, focus=frame.at(0, -0.7))
    if not serpent:
        return tree, tree
    snake = stage.entry("serpent", RegionKind.ANIMAL, words="a serpent")
    settings.paint_serpent(stage.brush(snake), frame)
    stage.relate(snake, EdgeKind.TOUCHES, own)
    return tree, Thing(id=snake, label="serpent", frame=frame, focus=frame.at(0.18, -0.62))


def venus_and_mars(stage: Stage) -> None:
    """Venus beside Mars in armour; one looks at the other, who looks away."""
    stage.title, stage.subject = "Venus and Mars", "Venus and Mars"
    places.outdoors(stage, sea=stage.chance(0.4))
    venus_left = stage.chance(0.5)
    xs = (0.3, 0.7) if venus_left else (0.7, 0.3)
    inward = 1 if venus_left else -1
    venus = someone(
        stage, "woman", (xs[0], 0.94), 0.72, facing=0.2 * inward, hair=golden_hair(stage), dress=Dress(loincloth=LINEN),
        right=(-0.85, 1.6), left=(0.85, 1.6), grips=("open", "open"),
    )  # fmt: skip
    mars = someone(
        stage, "man", (xs[1], 0.94), 0.77, facing=-0.25 * inward, right=(-1.2, 1.6), left=(1.2, 1.6), grips=("grip", "grip"),
        dress=Dress(robe=(150, 40, 36), armour=STEEL, short=True, hat=(140, 44, 36) if stage.chance(0.3) else None),
    )  # fmt: skip
    she = stage.actor("Venus", venus, "a nude woman, goddess of love")
    he = stage.actor("Mars", mars, "a man in armour, god of war")
    for x in xs:
        places.shadow(stage, x, 0.94, 0.14)
    outer = "left" if venus_left else "right"
    stage.give(he, stage.pick("spear", "sword"), outer)
    stage.give(she, stage.pick("flower", "mirror", "apple"), "right" if venus_left else "left")
    gazer, other = (she, he) if stage.chance(0.5) else (he, she)
    stage.look(gazer, other)
    stage.look(other, None)
    stage.paint(she, he)
    stage.group("Venus and Mars", [she.id, he.id])
