from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw

from iconograph.graph.model.edge import EdgeKind, EdgeLayer, EdgeStatus, Review
from iconograph.graph.search.answer import Hit, Match
from iconograph.relations.drawing.labels import Labels
from iconograph.relations.drawing.scene import crop, draw_hit, draw_scene
from iconograph.relations.drawing.style import edge_colour, style_for
from tests.builders import an_edge
from tests.unit.relations.pictures import OBJECT, PERSON, a_picture, named

EDEN = a_picture(
    ("Eve", PERSON, (100, 100, 400, 900)),
    ("apple", OBJECT, (700, 500, 800, 600)),
    ("stone", OBJECT, (850, 850, 950, 950)),
)
REGIONS = named(EDEN)
GREY = Pictures.new("RGB", (1000, 1000), (90, 90, 90))


def coloured(picture: Pictures.Image, colour: tuple[int, int, int]) -> int:
    """How many pixels are of just this colour."""
    return int(np.all(np.asarray(picture) == colour, axis=2).sum())


def holds(**fields: object) -> Pictures.Image:
    edge = an_edge(EdgeKind.HOLDS, REGIONS["Eve"], REGIONS["apple"], **fields)
    return draw_scene(GREY, EDEN.regions, [edge], highlight={})


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"layer": EdgeLayer.ASSERTED}, id="asserted"),
        pytest.param(
            {"status": EdgeStatus.ACCEPTED, "review": Review(by="a curator", at="2026-01-01")},
            id="accepted",
        ),
    ],
)
def test_what_a_person_said_is_solid(fields: dict[str, object]) -> None:
    colour = edge_colour(EdgeKind.HOLDS)

    assert coloured(holds(**fields), colour) > 1.2 * coloured(holds(), colour) > 0


def test_small_pictures_are_enlarged_and_large_ones_kept() -> None:
    assert draw_scene(GREY.resize((300, 150)), (), ()).size == (1024, 512)
    assert draw_scene(GREY.resize((1500, 1200)), (), ()).size == (1500, 1200)


def test_geometry_of_another_size_fits() -> None:
    small = draw_scene(GREY.resize((512, 512)), EDEN.regions, (), image_width_px=1000)
    large = draw_scene(GREY.resize((1024, 1024)), EDEN.regions, (), image_width_px=1000)

    assert np.mean(np.asarray(small) != np.asarray(large)) < 0.01


def test_edges_to_regions_that_are_not_drawn_are_left_out() -> None:
    edge = an_edge(EdgeKind.HOLDS, REGIONS["Eve"], REGIONS["apple"])
    picture = draw_scene(GREY, [REGIONS["Eve"]], [edge])

    assert coloured(picture, edge_colour(EdgeKind.HOLDS)) == 0


def test_a_hit_shows_its_matches_and_edges() -> None:
    edge = an_edge(EdgeKind.HOLDS, REGIONS["Eve"], REGIONS["apple"])
    matches = tuple(
        Match(role=role, phrase=role, region=REGIONS[label], probability=0.9, scores=())
        for role, label in (("woman", "Eve"), ("fruit", "apple"))
    )
    hit = Hit(work=EDEN.work, image=EDEN.image, score=0.8, matches=matches, edges=(edge,))

    picture = draw_hit(GREY, hit)
    changed = np.any(np.asarray(picture) != 90, axis=2)

    assert coloured(picture, edge_colour(EdgeKind.HOLDS)) > 0
    assert changed[100:900, 95:115].any()
    assert not changed[860:, 860:].any()


def test_labels_keep_off_each_other_and_inside() -> None:
    sheet = Pictures.new("RGBA", (400, 300))
    labels = Labels(
        draw=ImageDraw.Draw(sheet), style=style_for(400, 300), width_px=400, height_px=300
    )
    for number in range(6):
        labels.put(f"a long label, number {number}", 390, 290, (255, 255, 255))

    assert labels.taken
    for at, (x0, y0, x1, y1) in enumerate(labels.taken):
        assert 0 <= x0 < x1 <= 400
        assert 0 <= y0 < y1 <= 300
        for a0, b0, a1, b1 in labels.taken[:at]:
            assert x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0


@pytest.mark.parametrize(
    ("label", "margin", "size"),
    [("apple", 0.0, (100, 100)), ("apple", 0.1, (120, 120)), ("stone", 1.0, (250, 250))],
)
def test_crop(label: str, margin: float, size: tuple[int, int]) -> None:
    assert crop(GREY, REGIONS[label], margin).size == size


def test_a_crop_fits_a_smaller_picture() -> None:
    assert crop(GREY.resize((500, 500)), REGIONS["apple"], 0.0, image_width_px=1000).size == (
        50,
        50,
    )
