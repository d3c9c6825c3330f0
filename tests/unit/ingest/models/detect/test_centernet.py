from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.centernet import (
    HEAT,
    REACH,
    CenterNetDetector,
    joined,
    with_smallest_person,
)
from iconograph.ingest.models.detect.centernet_settings import (
    CenterNetSettings,
    read_centernet_settings,
)

MODEL = ModelRef(name="centernet", revision="1", sha256="0" * 64)
PERSON, DOG, ELEPHANT = 0, 16, 20
CLASSES = 80


class DrawnNetwork:
    """A network that finds the even colours drawn for it: the whole of each is one thing.

    `drawn` gives for a colour (red, green, blue) the class and the score it answers.
    """

    def __init__(self, drawn: Mapping[tuple[int, int, int], tuple[int, float]]) -> None:
        self._drawn = drawn
        self.sizes: list[tuple[int, int]] = []

    @property
    def inputs(self) -> Mapping[str, tuple[int | None, ...]]:
        return {"tower_0/images": (1, None, None, 3)}

    def run(self, feeds: Mapping[str, np.ndarray[Any, Any]], /) -> dict[str, np.ndarray[Any, Any]]:
        (pixels,) = feeds["tower_0/images"]
        height, width = pixels.shape[:2]
        self.sizes.append((width, height))
        heat = np.zeros((1, height // 4, width // 4, CLASSES), np.float32)
        reach = np.zeros((1, height // 4, width // 4, 4), np.float32)
        for colour, (number, score) in self._drawn.items():
            rows, columns = np.nonzero((np.abs(pixels - colour) < 40).all(axis=-1))
            if rows.size:
                row, column = int(rows.mean()) // 4, int(columns.mean()) // 4
                heat[0, row, column, number] = score
                reach[0, row, column] = (
                    column * 4 - columns.min(),
                    row * 4 - rows.min(),
                    columns.max() + 1 - column * 4,
                    rows.max() + 1 - row * 4,
                )
        return {REACH: reach, HEAT: heat}


RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(*boxes: tuple[tuple[int, int, int], tuple[int, int, int, int]]) -> np.ndarray:
    pixels = np.full((400, 600, 3), 255, np.uint8)
    for colour, (x0, y0, x1, y1) in boxes:
        pixels[y0:y1, x0:x1] = colour
    return pixels


def detector(
    drawn: Mapping[tuple[int, int, int], tuple[int, float]], budget: str = "normal"
) -> CenterNetDetector:
    settings = with_smallest_person(read_centernet_settings(budget), 0.0)
    return CenterNetDetector(DrawnNetwork(drawn), MODEL, settings)


@pytest.mark.parametrize("budget", ["fast", "normal", "deep"])
def test_a_person_is_found_where_it_is(budget: str) -> None:
    found = detector({RED: (PERSON, 0.6)}, budget)(picture((RED, (100, 50, 220, 350))))

    assert found.labels == ("person",)
    assert found.kinds == (RegionKind.PERSON,)
    assert found.boxes_px[0] == pytest.approx([100, 50, 220, 350], abs=4)
    assert found.confidences[0] > 0.95


def test_a_thing_of_the_list_has_our_word_and_kind() -> None:
    found = detector({RED: (DOG, 0.5)})(picture((RED, (300, 200, 450, 300))))

    assert (found.labels, found.kinds) == (("dog",), (RegionKind.ANIMAL,))


def test_what_is_not_listed_is_not_named() -> None:
    assert len(detector({RED: (ELEPHANT, 0.9)})(picture((RED, (100, 50, 220, 350))))) == 0


def test_a_thing_that_is_too_unsure_is_left_out() -> None:
    assert len(detector({RED: (DOG, 0.1)})(picture((RED, (300, 200, 450, 300))))) == 0


def test_an_animal_that_covers_a_person_is_that_person() -> None:
    # Only the rim of the person is red, so its box is that of the whole.
    shown = picture((RED, (100, 50, 220, 350)), (BLUE, (110, 60, 210, 340)))
    beside = picture((RED, (100, 50, 220, 350)), (BLUE, (300, 200, 420, 350)))
    both = detector({RED: (PERSON, 0.6), BLUE: (DOG, 0.6)})

    assert both(shown).labels == ("person",)
    assert set(both(beside).labels) == {"person", "dog"}


@pytest.mark.parametrize(
    ("other", "share"), [(17, 0.9), (PERSON, 0.1)], ids=["a horse", "an unsure person"]
)
def test_a_thing_with_two_names_keeps_the_likelier(other: int, share: float) -> None:
    class Two(DrawnNetwork):
        def run(
            self, feeds: Mapping[str, np.ndarray[Any, Any]], /
        ) -> dict[str, np.ndarray[Any, Any]]:
            answers = super().run(feeds)
            answers[HEAT][..., other] = answers[HEAT][..., DOG] * share
            return answers

    settings = with_smallest_person(read_centernet_settings("normal"), 0.0)
    two = CenterNetDetector(Two({RED: (DOG, 0.7)}), MODEL, settings)

    assert two(picture((RED, (300, 240, 450, 300)))).labels == ("dog",)


def test_unsure_persons_are_left_out_where_asked() -> None:
    shown = picture((RED, (300, 20, 340, 390)))
    settings = read_centernet_settings("normal")
    unsure = DrawnNetwork({RED: (PERSON, 0.055)})

    assert len(CenterNetDetector(unsure, MODEL, settings)(shown)) == 0
    assert len(CenterNetDetector(unsure, MODEL, with_smallest_person(settings, 0.0))(shown)) == 1


def test_the_passes_keep_the_proportions_and_do_not_enlarge_much() -> None:
    network = DrawnNetwork({})
    deep = CenterNetDetector(network, MODEL, read_centernet_settings("deep"))

    deep(np.zeros((200, 300, 3), np.uint8))

    assert network.sizes == [(192, 128)] * 2 + [(320, 224)] * 2 + [(448, 288)] * 2


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (50, 4000, 3), (4000, 20, 3)], ids=["a pixel", "wide", "tall"]
)
def test_pictures_of_odd_shapes_are_looked_at(shape: tuple[int, int, int]) -> None:
    found = detector({RED: (PERSON, 0.6)})(np.full(shape, RED, np.uint8))

    assert (found.boxes_px >= 0).all()
    assert (found.boxes_px <= np.tile(shape[1::-1], 2)).all()


@pytest.mark.parametrize(
    "changes",
    [{HEAT: np.zeros((1, 5, 5, 80), np.float32)}, {REACH: np.zeros((1, 5, 5, 4), np.float32)}],
    ids=["heat", "reach"],
)
def test_maps_of_another_shape_are_an_error(changes: dict[str, np.ndarray[Any, Any]]) -> None:
    class Odd(DrawnNetwork):
        def run(
            self, feeds: Mapping[str, np.ndarray[Any, Any]], /
        ) -> dict[str, np.ndarray[Any, Any]]:
            return super().run(feeds) | changes

    odd = CenterNetDetector(Odd({}), MODEL, read_centernet_settings("fast"))

    with pytest.raises(ModelOutputError, match=r"centernet answered .* pull the model again"):
        odd(picture())


def test_what_decides_the_answer_is_told() -> None:
    fast, normal = detector({}, "fast"), detector({})

    assert (normal.name, normal.models) == ("centernet", (MODEL,))
    assert dict(normal.parameters)["budget"] == "normal"
    assert dict(normal.parameters)["smallest confidence, person"] == "0"
    assert fast.parameters != normal.parameters


def test_an_unknown_budget_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="expected fast, normal, deep"):
        read_centernet_settings("endless")


@pytest.mark.parametrize("budget", ["fast", "normal", "deep"])
def test_the_shipped_settings_name_persons_and_sure_things_only(budget: str) -> None:
    settings: CenterNetSettings = read_centernet_settings(budget)
    persons = [named for named in settings.classes if named.kind is RegionKind.PERSON]

    assert [named.index for named in persons] == [PERSON]
    assert len({named.index for named in settings.classes}) == len(settings.classes)
    assert all(0.1 <= named.smallest_confidence <= 1 for named in settings.classes)
    assert settings.budget.passes


def test_detections_are_joined_the_surest_first() -> None:
    person, dog = (
        detector({RED: (number, 0.5)})(picture((RED, (100, 50, 220, 350))))
        for number in (PERSON, DOG)
    )
    sure = replace(dog, confidences=np.array([1.0], np.float32))

    assert joined([person, sure]).labels == ("dog", "person")
