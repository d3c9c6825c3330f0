"""The lexicon's files, and what is read from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import InputError
from iconograph.graph.iconography.lexicon import Kinship, Lexicon, load_lexicon
from iconograph.graph.iconography.verbs import forms_of_verb
from iconograph.graph.search.phrase import read_phrases


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("kings", "king"),
        ("Madonna", "Virgin Mary"),
        ("Archangel Gabriel", "Gabriel"),
        ("glasses", "spectacles"),
        ("glass", "glass"),
        ("God", "God the Father"),
        ("god", "god"),
        ("Lilien", "lily"),
        ("Männer", "man"),
        ("infant Christ", "Christ Child"),
        ("nonsense", None),
    ],
)
def test_names_lead_to_terms(name: str, term: str | None, lexicon: Lexicon) -> None:
    assert lexicon.terms.meaning(name) == term


@pytest.mark.parametrize(
    ("phrase", "label", "kinship"),
    [
        ("woman", "Venus", Kinship.NARROWER),
        ("Venus", "woman", Kinship.BROADER),
        ("Venus", "Venus", Kinship.SAME),
        ("Venus", "Mars", Kinship.APART),
        ("man", "Christ Child", Kinship.APART),
        ("Christ", "Christ Child", Kinship.NARROWER),
        ("man", "Virgin Mary", Kinship.APART),
        ("man", "saint", Kinship.NARROWER),
        ("headgear", "crown", Kinship.NARROWER),
        ("hat", "beret", Kinship.NARROWER),
        ("hat", "crown", Kinship.APART),
        ("animal", "ram", Kinship.NARROWER),
    ],
)
def test_kinship(phrase: str, label: str, kinship: Kinship, lexicon: Lexicon) -> None:
    assert lexicon.kinship(phrase, label) is kinship


def test_every_term_that_is_named_is_defined(lexicon: Lexicon) -> None:
    """A misspelt parent, quality or attribute would silently never match."""
    roots = {"being", "thing"}
    broader = {term for found in lexicon.ancestors.values() for term in found}
    assert broader - set(lexicon.ancestors) == roots
    for figure in lexicon.figures.values():
        assert figure.usually <= set(lexicon.qualities), figure.name
        for attribute in figure.attributes:
            for phrase in (attribute.is_shown_as, attribute.thing):
                assert read_phrases(phrase, lexicon)[0].known, (figure.name, phrase)
    for quality in lexicon.qualities.values():
        assert quality.opposite <= set(lexicon.qualities) | {"adult"}, quality.name
        named = quality.implies | quality.shown_by | quality.borne_by
        made = {term for pair in quality.makes for term in pair}
        assert named | made <= set(lexicon.ancestors), quality.name


def test_narrower_terms_come_near_ones_first(lexicon: Lexicon) -> None:
    found = lexicon.narrower("headgear")

    assert found[0] == "headgear"
    assert found.index("hat") < found.index("beret")


@pytest.mark.parametrize(
    ("entry", "active", "passive"),
    [
        ("hold / held", ("hold", "holds", "holding"), "held by"),
        ("carry / carried", ("carry", "carries", "carrying"), "carried by"),
        ("grip / gripped", ("grip", "grips", "gripping"), "gripped by"),
        ("ride / ridden", ("ride", "rides", "riding"), "ridden by"),
        ("touch / touched", ("touch", "touches", "touching"), "touched by"),
        ("tie / tied", ("tie", "ties", "tying"), "tied by"),
        ("wear / worn", ("wear", "wears", "wearing"), "worn by"),
        ("look at / looked at", ("look at", "looks at", "looking at"), "looked at by"),
    ],
)
def test_forms_of_verbs(entry: str, active: tuple[str, ...], passive: str) -> None:
    forms = forms_of_verb(entry)

    assert forms.active == active
    assert forms.passive[0] == passive


def test_a_file_of_ones_own_adds_to_the_lexicon(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[things."musical instrument"]\nserpentone = ["de:Serpent"]\n'
        '[things.animal]\ndog = ["pooch"]\n'
        '[figures.Dymphna]\nis = ["woman", "saint"]\n'
        '[relations.holds]\nphrases = ["toting"]\n'
    )
    lexicon = load_lexicon(own)

    assert lexicon.kinship("musical instrument", "serpentone") is Kinship.NARROWER
    assert lexicon.terms.meaning("pooch") == "dog"
    assert lexicon.terms.meaning("hound") == load_lexicon().terms.meaning("hound")
    assert lexicon.is_a("Dymphna", "saint")
    relation = lexicon.relations.meaning("toting")
    assert relation
    assert relation.name == "holds"
    assert lexicon.relations.meaning("holding") is not None


@pytest.mark.parametrize(
    "text",
    [
        "[figures",
        "[colours]\nred = 1\n",
        "[figures.Dymphna]\nnames = []\n",
        '[relations.eats]\nkinds = ["EATS"]\nmanner = "act"\n',
    ],
    ids=["no TOML", "unknown table", "a figure that is nothing", "unknown edge kind"],
)
def test_a_wrong_file_is_refused_by_name(text: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)

    with pytest.raises(InputError, match=r"own\.toml"):
        load_lexicon(own)
