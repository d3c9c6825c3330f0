"""Kinds that labels tell, and that what a source says of a kind goes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.model.region import Label, RegionKind
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.items import Item
from iconograph.ingest.kinds import kind_of
from tests.unit.ingest.folders import eden_folder

PERSON, ANIMAL, OBJECT = RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Saint Jerome", PERSON),
        ("sitter", PERSON),
        ("woman in a blue dress", PERSON),
        ("old man (Matthew)", PERSON),
        ("Frau mit Hut", PERSON),
        ("brown goat", ANIMAL),
        ("flock of sheep", ANIMAL),
        ("statue of Cupid", OBJECT),
        ("bunch of grapes", OBJECT),
        ("brown cloak", RegionKind.ATTRIBUTE),
        ("earring", RegionKind.ATTRIBUTE),
        ("wings", RegionKind.PART),
        ("domed temple", RegionKind.SETTING),
        ("celestial globe", OBJECT),
        ("holy ampulla", RegionKind.UNKNOWN),
        ("winged", RegionKind.UNKNOWN),
        ("Lisa Gherardini", RegionKind.UNKNOWN),
        ("12", RegionKind.UNKNOWN),
    ],
)
def test_a_label_tells_the_kind_of_what_it_names(text: str, kind: RegionKind) -> None:
    assert kind_of([Label(text=text)]) is kind


def test_the_first_label_that_is_known_counts() -> None:
    labels = [Label(text=text) for text in ("Lisa Gherardini", "woman", "dog")]

    assert kind_of(labels) is PERSON
    assert kind_of([]) is RegionKind.UNKNOWN


@pytest.mark.parametrize(
    ("columns", "cells", "kind"),
    [
        pytest.param("", "", PERSON, id="no column"),
        pytest.param(",kind", ",", PERSON, id="left empty"),
        pytest.param(",kind", ",ornament", RegionKind.ORNAMENT, id="said"),
        pytest.param(",level", ",group", RegionKind.UNKNOWN, id="a group is of none"),
    ],
)
def test_what_a_table_says_of_the_kind_goes_first(
    tmp_path: Path, columns: str, cells: str, kind: RegionKind
) -> None:
    table = tmp_path / "regions.csv"
    table.write_text(f"file,label,x0,y0,x1,y1{columns}\n0.png,Saint Jerome,1,1,9,9{cells}\n")
    first, *_ = (
        item
        for item in annotated_items([eden_folder(tmp_path)], regions_csv=[table])
        if isinstance(item, Item)
    )
    (jerome,) = first.draft.regions

    assert jerome.kind is kind
    assert [label.text for label in jerome.labels] == ["Saint Jerome"]
