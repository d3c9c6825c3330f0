from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, MissingModelError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.stages.recognise import (
    BankEntry,
    LabelBank,
    Recogniser,
    label_bank_in,
    read_label_bank,
    softmax,
)
from tests.unit.ingest.small_models import ColourVectors

OWN = """
scale = 15.0
surest = 0.7
least_cosine = 0.4

[names]
animal = ["goat"]
figures = ["Virgin Mary"]
person = ["woman"]

[prompts]
"goat" = ["goat", "a goat"]
"Virgin Mary" = ["Virgin Mary"]
"woman" = ["a woman"]
"""


def test_the_general_names_are_each_there_once_and_well_put() -> None:
    bank = read_label_bank()
    counts = Counter((entry.name, entry.kind) for entry in bank.entries)
    assert set(counts.values()) == {1}
    texts = {text for entry in bank.entries for text in entry.texts}
    assert {"an angel", "a painting of a goat", "a detail of a painting showing scales"} <= texts
    assert not any("{" in text or "a scales" in text for text in texts)


def test_an_encoder_may_bring_its_own_names_but_no_figures(tmp_path: Path) -> None:
    path = tmp_path / "labels.toml"
    path.write_text(OWN)
    bank = label_bank_in(path)
    assert [(entry.name, entry.kind) for entry in bank.entries] == [
        ("goat", RegionKind.ANIMAL),
        ("woman", RegionKind.PERSON),
    ]
    assert bank.entries[0].texts == ("goat", "a goat")
    assert (bank.scale, bank.surest, bank.least_cosine) == (15.0, 0.7, 0.4)


@pytest.mark.parametrize(
    "text",
    ["scale = 1.0", "not toml [", OWN.replace('"goat" = ["goat", "a goat"]', "")],
    ids=["lacking", "broken", "no prompts"],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.toml"
    path.write_text(text)
    with pytest.raises(MissingModelError, match="is no label bank"):
        label_bank_in(path)


def test_a_bank_without_names_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        LabelBank(entries=())
    with pytest.raises(InvalidValueError):
        BankEntry(name="goat", kind=RegionKind.ANIMAL, texts=())


def test_a_name_stands_for_all_its_texts() -> None:
    encoder = ColourVectors()
    entries = (
        BankEntry(name="warm", kind=RegionKind.OBJECT, texts=("red", "red and green")),
        BankEntry(name="cold", kind=RegionKind.OBJECT, texts=("blue",)),
    )
    recogniser = Recogniser(encoder, LabelBank(entries=entries, scale=20.0))
    (answer,) = recogniser(encoder.encode(["red"]), [RegionKind.UNKNOWN])
    assert answer
    assert (answer.label.text, answer.kind) == ("warm", RegionKind.OBJECT)


@pytest.mark.parametrize(("least", "is_named"), [(0.6, True), (0.8, False)])
def test_no_name_is_given_below_the_least_cosine(least: float, *, is_named: bool) -> None:
    encoder = ColourVectors()
    entries = (BankEntry(name="warm", kind=RegionKind.OBJECT, texts=("red",)),)
    recogniser = Recogniser(encoder, LabelBank(entries=entries, least_cosine=least))
    half_warm = encoder.encode(["red"]) + encoder.encode(["blue"])

    (answer,) = recogniser(half_warm / np.linalg.norm(half_warm), [RegionKind.OBJECT])

    assert (answer is not None) is is_named


def test_softmax() -> None:
    np.testing.assert_allclose(softmax(np.array([0.0, np.log(3.0)])), [0.25, 0.75])
    assert softmax(np.array([-np.inf, 5000.0])).tolist() == [0.0, 1.0]
