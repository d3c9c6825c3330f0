from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Label, Level
from iconograph.relations.groups.caption import MOST_WORDS, composed_caption, composed_label
from tests.builders import a_region, an_edge
from tests.unit.relations.groups.pictures import Said, told
from tests.unit.relations.pictures import ANIMAL, ATTRIBUTE, OBJECT, PERSON, Thing, named

HOLDS, WEARS, BESIDE = EdgeKind.HOLDS, EdgeKind.WEARS, EdgeKind.BESIDE
ABOVE, TOUCHES, GAZES_AT = EdgeKind.ABOVE, EdgeKind.TOUCHES, EdgeKind.GAZES_AT
CAST: dict[str, Thing] = {
    thing[0]: thing
    for thing in (
        ("woman", PERSON, (0.0, 0.0, 300.0, 900.0)),
        ("woman in white", PERSON, (0.0, 0.0, 301.0, 900.0)),
        ("man", PERSON, (300.0, 0.0, 500.0, 900.0)),
        ("man lying in the grass", PERSON, (300.0, 700.0, 500.0, 900.0)),
        ("kneeling man", PERSON, (300.0, 600.0, 500.0, 900.0)),
        ("Venus", PERSON, (500.0, 0.0, 690.0, 900.0)),
        ("child", PERSON, (100.0, 300.0, 180.0, 400.0)),
        ("goat", ANIMAL, (700.0, 600.0, 900.0, 900.0)),
        ("flower", OBJECT, (290.0, 400.0, 310.0, 420.0)),
        ("sword", OBJECT, (490.0, 300.0, 510.0, 600.0)),
        ("table", OBJECT, (200.0, 500.0, 800.0, 900.0)),
        ("red robe", ATTRIBUTE, (0.0, 200.0, 300.0, 900.0)),
        ("white dress", ATTRIBUTE, (0.0, 200.0, 300.0, 901.0)),
        ("crown", ATTRIBUTE, (100.0, 0.0, 200.0, 40.0)),
    )
}
ANGELS: tuple[Thing, ...] = tuple(
    (f"angel {n}", PERSON, (300.0 * n, 0.0, 300.0 * n + 200, 200.0)) for n in range(3)
)


def caption(*labels: str, said: tuple[Said, ...] = (), level: Level = Level.GROUP) -> str:
    """The caption of a region with these members; of the first of them at the level of entities."""
    bundle = told(*(CAST[label] for label in labels), said=said)
    whole = a_region(bundle.image, "whole", (0, 0, 1000, 1000), level=level)
    region = bundle.regions[0] if level is Level.ENTITY else whole
    members = bundle.regions[1:] if level is Level.ENTITY else bundle.regions
    return composed_caption(region, members, bundle.edges)


@pytest.mark.parametrize(
    ("labels", "said", "expected"),
    [
        pytest.param(
            ("woman", "flower", "goat"),
            (("woman", HOLDS, "flower"), ("woman", BESIDE, "goat")),
            "woman holding a flower, beside a goat",
            id="holding, beside",
        ),
        pytest.param(
            ("woman", "goat"), (("woman", BESIDE, "goat"),), "woman beside a goat", id="beside"
        ),
        pytest.param(("woman", "goat"), (), "woman and a goat", id="no edge"),
        pytest.param(
            ("woman", "child"), (("woman", HOLDS, "child"),), "woman holding a child", id="child"
        ),
        pytest.param(
            ("Venus", "man", "goat"), (), "man, Venus and a goat", id="three, persons first"
        ),
        pytest.param(
            ("man", "sword", "Venus"),
            (("man", HOLDS, "sword"), ("man", GAZES_AT, "Venus")),
            "man holding a sword, looking at Venus",
            id="gaze",
        ),
        pytest.param(
            ("woman", "flower", "table"),
            (("woman", HOLDS, "flower"), ("woman", BESIDE, "table")),
            "woman holding a flower, beside a table",
            id="one figure at a thing",
        ),
        pytest.param(
            ("woman", "man", "table"),
            (("woman", BESIDE, "table"), ("man", BESIDE, "table"), ("man", BESIDE, "woman")),
            "woman beside a man, near a table",
            id="two figures at a thing",
        ),
        pytest.param(
            ("Venus", "kneeling man"),
            (("Venus", ABOVE, "kneeling man"),),
            "Venus above a kneeling man",
            id="above",
        ),
    ],
)
def test_a_group_is_told(labels: tuple[str, ...], said: tuple[Said, ...], expected: str) -> None:
    assert caption(*labels, said=said) == expected


@pytest.mark.parametrize(
    ("labels", "said", "expected"),
    [
        pytest.param(
            ("woman", "red robe", "flower"),
            (("woman", WEARS, "red robe"), ("woman", HOLDS, "flower")),
            "woman in a red robe holding a flower",
            id="worn and held",
        ),
        pytest.param(
            ("woman", "crown", "flower"),
            (("woman", WEARS, "crown"), ("woman", HOLDS, "flower")),
            "woman wearing a crown and holding a flower",
            id="a crown is worn",
        ),
        pytest.param(
            ("woman in white", "white dress", "crown"),
            (("woman in white", WEARS, "white dress"), ("woman in white", WEARS, "crown")),
            "woman in white wearing a crown",
            id="nothing is told twice",
        ),
        pytest.param(
            ("man lying in the grass", "sword"),
            (("man lying in the grass", HOLDS, "sword"),),
            "man lying in the grass, holding a sword",
            id="a comma after what he does",
        ),
        pytest.param(
            ("man", "Venus"), (("man", TOUCHES, "Venus"),), "man touching Venus", id="touching"
        ),
        pytest.param(("man",), (), "", id="nothing beyond the label"),
    ],
)
def test_a_person_is_told(labels: tuple[str, ...], said: tuple[Said, ...], expected: str) -> None:
    assert caption(*labels, said=said, level=Level.ENTITY) == expected


def test_figures_of_one_name_are_counted() -> None:
    bundle = told(*ANGELS, CAST["kneeling man"])
    angels = tuple(replace(r, labels=(Label(text="angel"),)) for r in bundle.regions[:3])
    man = bundle.regions[3]
    whole = a_region(bundle.image, "whole", (0, 0, 1000, 1000), level=Level.GROUP)
    edges = [an_edge(ABOVE, angel, man) for angel in angels]

    assert composed_caption(whole, (*angels, man), edges) == "three angels above a kneeling man"
    assert composed_caption(whole, angels, ()) == "three angels"


def test_what_one_does_is_not_said_of_all() -> None:
    bundle = told(*ANGELS, CAST["kneeling man"])
    angels = tuple(replace(r, labels=(Label(text="angel"),)) for r in bundle.regions[:3])
    man = bundle.regions[3]
    whole = a_region(bundle.image, "whole", (0, 0, 1000, 1000), level=Level.GROUP)
    points = [an_edge(EdgeKind.POINTS_AT, angel, man) for angel in angels]

    assert composed_caption(whole, (*angels, man), points[:1]) == "three angels and a kneeling man"
    assert composed_caption(whole, (*angels, man), points) == (
        "three angels pointing at a kneeling man"
    )


def test_a_comma_parts_what_one_holds_from_another_figure() -> None:
    said = (("man", HOLDS, "sword"),)

    assert caption("man", "sword", "Venus", said=said) == "man holding a sword, and Venus"
    assert caption("man", "sword", "Venus", "goat", said=said) == (
        "man holding a sword, Venus, and a goat"
    )


def test_lone_figures_of_a_scene_are_told_as_they_stand_to_each_other() -> None:
    said = (("man", HOLDS, "sword"), ("man", GAZES_AT, "Venus"))

    assert caption("man", "sword", "Venus", said=said, level=Level.SCENE) == (
        "man holding a sword, looking at Venus"
    )


def test_a_scene_tells_groups_figures_and_things() -> None:
    bundle = told(CAST["man"], CAST["table"], CAST["goat"])
    group = a_region(bundle.image, "two men", (0, 0, 500, 500), level=Level.GROUP, caption="")
    scene = a_region(bundle.image, "scene", (0, 0, 1000, 1000), level=Level.SCENE)

    told_scene = composed_caption(scene, (group, *bundle.regions), ())

    assert told_scene == "two men; a man and a goat; with a table"


def test_figures_that_two_groups_share_are_told_once() -> None:
    bundle = told(CAST["man"], CAST["woman"], CAST["goat"], CAST["Venus"])
    man, woman, goat, venus = bundle.regions
    groups = [
        a_region(bundle.image, text, (0, 0, width_px, 900), level=Level.GROUP, caption=text)
        for text, width_px in (
            ("nymph with her goat", 950),
            ("woman touching a man", 500),
            ("pair", 400),
        )
    ]
    scene = a_region(bundle.image, "scene", (0, 0, 1000, 1000), level=Level.SCENE)
    figures = ((woman, goat), (woman, man), (woman, man))
    shown = {group.id: both for group, both in zip(groups, figures, strict=True)}

    assert composed_caption(scene, (*groups, venus), (), shown=shown) == (
        "nymph with her goat; a man; Venus"
    )
    assert composed_caption(scene, (*groups, venus), (), shown={groups[0].id: (goat,)}) == (
        "nymph with her goat; a woman touching a man; a pair; Venus"
    )


def test_an_empty_scene_has_no_caption() -> None:
    assert caption(level=Level.SCENE) == ""


def test_long_captions_are_shortened() -> None:
    things = [
        (f"{word} man with a very long tale to tell", PERSON, (10.0 * n, 0.0, 10.0 * n + 9, 90.0))
        for n, word in enumerate(("old", "young", "tall", "bald", "grey", "sad", "merry"))
    ]
    bundle = told(*things)
    whole = a_region(bundle.image, "whole", (0, 0, 1000, 1000), level=Level.GROUP)

    shortened = composed_caption(whole, bundle.regions, ())

    assert 3 < len(shortened.split()) <= MOST_WORDS
    assert "tale" not in shortened


def test_a_group_is_named_by_its_figures() -> None:
    cast = named(told(*CAST.values()))

    assert composed_label([cast[name] for name in ("goat", "flower", "man")]) == "a man and a goat"
