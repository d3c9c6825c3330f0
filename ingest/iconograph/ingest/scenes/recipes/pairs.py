"""Two people with roles that can be swapped: who holds what, who looks at whom, what parts them."""

from __future__ import annotations

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes import architecture
from iconograph.ingest.scenes.animals import ANIMALS
from iconograph.ingest.scenes.attributes import ATTRIBUTES
from iconograph.ingest.scenes.curves import tube
from iconograph.ingest.scenes.recipes import places
from iconograph.ingest.scenes.recipes.cast import old_beard, some_hair, someone
from iconograph.ingest.scenes.stage import Actor, Stage, Thing

HELD = (
    "sword",
    "book",
    "flower",
    "keys",
    "apple",
    "palm branch",
    "skull",
    "chalice",
    "staff",
    "mirror",
    "lily",
    "lute",
)
PETS = {"dog": 0.2, "goat": 0.28, "lamb": 0.2, "lion": 0.28, "horse": 0.4}


def pair(stage: Stage) -> None:
    """A man beside a woman (or two of a kind); one of them or both hold something."""
    places.anywhere(stage)
    sexes = stage.pick(
        "man woman", "woman man", "man woman", "woman man", "man man", "woman woman"
    ).split()
    people = [
        _person(stage, sex, x, f) for sex, x, f in zip(sexes, (0.3, 0.7), (0.3, -0.3), strict=True)
    ]
    holder = int(stage.rng.integers(2))
    label = HELD[int(stage.rng.integers(len(HELD)))]
    held = stage.give(people[holder], label, ("right", "left")[holder])
    if stage.chance(0.3):
        other = HELD[int(stage.rng.integers(len(HELD)))]
        stage.give(people[1 - holder], other, ("right", "left")[1 - holder])
    _looks(stage, people, held)
    for x in (0.3, 0.7):
        places.shadow(stage, x, 0.94, 0.13)
    stage.paint(*people)
    animal = _pet(stage) if stage.chance(0.4) else None
    names = [p.figure.sex for p in people]
    stage.title = (
        f"{names[holder].title()} holding {ATTRIBUTES[label].words} beside a {names[1 - holder]}"
    )
    stage.subject = "genre"
    stage.group("two figures", [p.id for p in people] + ([animal.id] if animal else []))


def _person(stage: Stage, sex: str, x: float, facing: float) -> Actor:
    aged = sex == "man" and stage.chance(0.3)
    outward = -1 if facing > 0 else 1
    outer = (0.95 * outward, stage.near(1.25, 0.15))
    inner = _IDLE[int(stage.rng.integers(len(_IDLE)))]
    inner = inner and (inner[0] * -outward, inner[1])
    figure = someone(
        stage, sex, (x, 0.94), stage.near(0.76 if sex == "man" else 0.7, 0.02), facing=facing, aged=aged,
        hair=old_beard() if aged else some_hair(stage, sex), grips=("grip", "open") if outward < 0 else ("open", "grip"),
        right=outer if outward < 0 else inner, left=inner if outward < 0 else outer,
    )  # fmt: skip
    return stage.actor(sex, figure, f"an old {sex}" if aged else f"a {sex}")


_IDLE: tuple[tuple[float, float] | None, ...] = (
    (0.5, 1.45),
    (0.1, 0.85),
    (1.35, 0.7),
    (1.2, 1.5),
    None,
)
"""Where a hand may be that holds nothing: at the belt, on the chest, in speech, by the side."""


def _looks(stage: Stage, people: list[Actor], held: Thing) -> None:
    for one, other in (people, people[::-1]):
        target = (other, held, None)[int(stage.rng.choice(3, p=(0.55, 0.2, 0.25)))]
        if target is held and held.id not in {own for own, _, _ in one.held}:
            target = other
        stage.look(one, target)


def _pet(stage: Stage) -> Thing:
    """A small animal in front of the two."""
    label = stage.pick("dog", "lamb", "goat")
    places.shadow(stage, 0.5, 0.965, 0.1)
    foot, tall = stage.at(0.5, 0.97), 0.85 * PETS[label] * stage.height
    return stage.animal(label, foot, tall, to_left=stage.chance(0.5))


def parted_by_column(stage: Stage) -> None:
    """Two people on either side of a column."""
    sexes = stage.pick("man man", "man woman", "woman man", "man man").split()
    places.indoors(stage, window=False)
    places.arcade(stage, bays=2)
    people = [
        _person(stage, sex, x, f)
        for sex, x, f in zip(sexes, (0.24, 0.76), (0.3, -0.3), strict=True)
    ]
    for person, side in zip(people, ("right", "left"), strict=True):
        if stage.chance(0.7):
            stage.give(person, HELD[int(stage.rng.integers(len(HELD)))], side)
    stage.look(people[0], people[1])
    stage.look(people[1], people[0] if stage.chance(0.5) else None)
    column = stage.entry("column", RegionKind.OBJECT)
    architecture.paint_column(stage.brush(column), (*stage.at(0.465, 0.08), *stage.at(0.535, 0.92)))
    stage.paint(*people)
    both = "Two men" if sexes == ["man", "man"] else "A man and a woman"
    stage.title, stage.subject = f"{both} on either side of a column", "genre"
    stage.divide([people[0].id], [people[1].id])


def parted_by_river(stage: Stage) -> None:
    """Two people on the banks of a river; one points across."""
    places.outdoors(stage, horizon=0.52)
    w, h = stage.width, stage.height
    bed = [(0.46 * w, 0.5 * h), (0.54 * w, 0.62 * h), (0.47 * w, 0.78 * h), (0.5 * w, 1.02 * h)]
    river = stage.setting("river")
    river.fill(tube(bed, [0.04 * w, 0.08 * w, 0.14 * w, 0.24 * w]), stage.style.sky[0])
    people = [
        _person(stage, stage.pick("man", "woman"), x, f) for x, f in ((0.2, 0.3), (0.8, -0.3))
    ]
    for person, side in zip(people, ("right", "left"), strict=True):
        stage.give(person, stage.pick(*HELD), side)
    stage.look(people[0], people[1])
    stage.look(people[1], None if stage.chance(0.5) else people[0])
    stage.paint(*people)
    stage.title, stage.subject = "Two figures across a river", "genre"
    stage.divide([people[0].id], [people[1].id])


def person_and_animal(stage: Stage) -> None:
    """A man or woman next to an animal, standing or kneeling, with or without an attribute."""
    sex = stage.pick("man", "woman")
    label = stage.pick("goat", "dog", "lamb", "lion", "horse", "ox", "unicorn")
    places.anywhere(stage)
    side = 1 if stage.chance(0.5) else -1
    person = _person(stage, sex, 0.5 - 0.25 * side, 0.3 * side)
    tall = {"horse": 0.42, "ox": 0.36, "unicorn": 0.4}.get(label, PETS.get(label, 0.24))
    places.shadow(stage, 0.5 - 0.25 * side, 0.94, 0.13)
    animal = stage.animal(
        label,
        stage.at(0.5 - 0.05 * side + 1.2 * side * tall * stage.height / stage.width, 0.93),
        tall * stage.height,
        to_left=side > 0,
    )
    if stage.chance(0.5):
        stage.give(person, stage.pick(*HELD), "right" if side > 0 else "left")
    stage.look(person, animal if stage.chance(0.6) else None)
    stage.paint(person)
    stage.title, stage.subject = f"{sex.title()} next to {ANIMALS[label].words}", "genre"
    stage.group(f"{sex} and {label}", [person.id, animal.id])
