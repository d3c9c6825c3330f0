from __future__ import annotations

import socket
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import InputError, MissingExtraError, NotFoundError, StoreWriteError
from iconograph.graph.iconography.iconclass import source
from iconograph.graph.iconography.iconclass.build import build_index, write_index
from iconograph.graph.iconography.iconclass.fit import fit
from iconograph.graph.iconography.iconclass.index import IconclassIndex
from iconograph.graph.iconography.iconclass.source import IconclassData
from iconograph.graph.iconography.iconclass.tokens import phrase_tokens, tokens
from iconograph.graph.model.work import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("iconclass") / "cache" / "index.db"
    build_index(path)
    return path


@pytest.fixture
def index(path: Path) -> Iterator[IconclassIndex]:
    with closing(IconclassIndex.open(path)) as index:
        yield index


@pytest.mark.parametrize(
    ("words", "language", "notation"),
    [
        ("Eve", "en", "11I63(EVE)"),
        ("Eva", "de", "11I63(EVE)"),
        ("Eve made from Adam's rib", "en", "71A342"),
        ("Eve rib", "en", "71A342"),
        ("Eva Rippe", "de", "71A342"),
        ("goat", "en", "47I214"),
        ("two goats", "en", "47I214"),
        ("Ziege", "de", "47I214"),
        ("lily", "en", "25G41(LILY)"),
        ("lilies", "en", "25G41(LILY)"),
        ("Lilie", "de", "25G41(LILY)"),
        ("Annunciation", "en", "73A52"),
        ("the Annunciation", "en", "73A52"),
        ("Verkündigung", "de", "73A52"),
        ("archangel Gabriel", "en", "11G184"),
        ("Erzengel Gabriel", "de", "11G184"),
        ("St. John the Baptist", "en", "11H(JOHN THE BAPTIST)"),
        ("hl. Hieronymus", "de", "11H(JEROME)"),
        ("Loewe", "de", "25F23(LION)"),
        ("David", "en", "11I62(DAVID)"),
        ("Moses", "en", "11I62(MOSES)"),
        ("horse", "en", "46C13141"),
        ("Christ", "en", "11D"),
    ],
)
def test_the_obvious_words_find_the_notation(
    index: IconclassIndex, words: str, language: str, notation: str
) -> None:
    found = [term.notation for term in index.search(words, language, limit=4)]
    assert notation in found


@pytest.mark.parametrize(
    ("phrase", "best", "least"),
    [
        ("goat", "iconclass:47I214", 0.9),
        ("Ziege", "iconclass:47I214", 0.9),
        ("a lily", "iconclass:25G41(LILY)", 0.9),
        ("Verkündigung", "iconclass:73A52", 0.8),
        ("Saint Jerome", "iconclass:11H(JEROME)", 0.7),
        ("sword", "iconclass:45C13(SWORD)", 0.9),
    ],
)
def test_a_phrase_means_concepts_with_probabilities(
    index: IconclassIndex, phrase: str, best: str, least: float
) -> None:
    concepts = index.concepts_for(phrase)
    assert next(iter(concepts)) == best
    assert least <= concepts[next(iter(concepts))] <= 1
    assert len(concepts) <= 30
    assert all(0.3 <= probability <= 1 for probability in concepts.values())


def test_a_saint_with_a_lily_is_no_lily(index: IconclassIndex) -> None:
    concepts = index.concepts_for("lily")
    saints = [p for concept, p in concepts.items() if concept.startswith("iconclass:11H")]
    assert max(saints, default=0) < 0.8


@pytest.mark.parametrize("phrase", ["", "   ", "the", "zyxwv goat", '"', "goat* OR (", "NEAR"])
def test_phrases_that_mean_nothing_find_nothing_certain(index: IconclassIndex, phrase: str) -> None:
    assert max(index.concepts_for(phrase).values(), default=0.0) <= 0.95
    assert isinstance(index.search(phrase, "en", 3), list)


def test_words_that_are_nowhere_find_nothing(index: IconclassIndex) -> None:
    assert index.concepts_for("zyxwv") == {}
    assert index.search("zyxwv") == []


def test_a_term_has_texts_and_keywords_in_both_languages(index: IconclassIndex) -> None:
    goat = index.term("47I214")
    assert goat.texts == {"en": "goat", "de": "Ziege"}
    assert goat.keywords == {"en": ("goat",), "de": ("Ziege",)}
    assert goat.id == "iconclass:47I214"


def test_a_key_is_read_with_its_notation(index: IconclassIndex) -> None:
    lion = index.term("25F23(LION)(+12)")
    assert lion.texts["en"] == "beasts of prey, predatory animals: lion (+ heraldic animals)"
    assert [t.notation for t in index.path(lion.notation)][-2:] == ["25F23(LION)", lion.notation]


def test_a_path_leads_from_the_top(index: IconclassIndex) -> None:
    path = [term.notation for term in index.path("71A342")]
    assert path == ["7", "71", "71A", "71A3", "71A34", "71A342"]
    assert [t.notation for t in index.path("11I63(EVE)")][-2:] == ["11I63", "11I63(EVE)"]


def test_a_concept_is_labelled_in_both_languages(index: IconclassIndex) -> None:
    concept = index.concept("47I214")
    assert concept.id == "iconclass:47I214"
    assert concept.labels == (Text(text="goat", language="en"), Text(text="Ziege", language="de"))


@pytest.mark.parametrize(
    "notation",
    [
        "25F24(GOAT)",
        "25F(wd:Q2934)",
        "11H(wd:Q44248)",
        "11I63(...)",
        "11I63(EVA)",
        "73A52(+999)",
        "(+12)",
        "47I214 : 73A52",
        "71a342",
        "",
    ],
)
def test_what_iconclass_does_not_list_is_refused(index: IconclassIndex, notation: str) -> None:
    for look_up in (index.term, index.path, index.concept):
        with pytest.raises(NotFoundError, match="Iconclass lists no notation"):
            look_up(notation)


def test_another_language_is_refused(index: IconclassIndex) -> None:
    with pytest.raises(InputError, match="en, de, got language 'la'"):
        index.search("capra", "la")


def test_the_index_is_whole_small_and_alone_in_its_folder(path: Path) -> None:
    assert [file.name for file in path.parent.iterdir()] == ["index.db"]
    assert path.stat().st_size < 60_000_000
    with closing(sqlite3.connect(path)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM notation")
        [(orphans,)] = connection.execute(
            "SELECT count(*) FROM notation WHERE parent IS NULL AND length(notation) > 1"
        )
    assert count > 38_000
    assert orphans == 0


FEW = IconclassData(
    entries=(
        source.Entry(
            notation="4",
            path=("4",),
            texts={"en": "society", "de": "Gesellschaft"},
            keywords={"en": (), "de": ()},
        ),
    ),
    key_texts={},
)


def test_progress_is_told_and_an_older_form_is_refused(tmp_path: Path) -> None:
    told: list[int] = []
    write_index(tmp_path / "few.db", FEW, about={"form": "0"}, on_progress=told.append)
    assert told == [1]
    with pytest.raises(InputError, match="no Iconclass index of form"):
        IconclassIndex.open(tmp_path / "few.db")


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="build it"):
        IconclassIndex.open(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("hello, this is no database at all")
    with pytest.raises(InputError, match="build it anew"):
        IconclassIndex.open(tmp_path / "text.db")


def test_a_failed_build_leaves_the_old_index_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "index.db"
    target.write_text("old")

    def entries() -> Iterator[source.Entry]:
        yield from FEW.entries
        message = "disk I/O error"
        raise OSError(message)

    with pytest.raises(StoreWriteError, match=r"index\.db: disk I/O error"):
        write_index(target, IconclassData(entries=entries(), key_texts={}), about={})
    assert [file.name for file in tmp_path.iterdir()] == ["index.db"]
    assert target.read_text() == "old"


def test_damaged_data_is_named(tmp_path: Path) -> None:
    archive = tmp_path / "data.zip"
    archive.write_bytes(b"PK no zip")
    with pytest.raises(InputError, match=r"data\.zip cannot be read"):
        source.read(archive)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notations.txt", "N 1\n$")
    with pytest.raises(InputError, match="cannot be read"):
        source.read(archive)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PACKAGE", "iconclass-that-is-not-there")
    for look_up in (source.version, source.data_file):
        with pytest.raises(MissingExtraError, match=r"pip install 'iconograph\[iconclass\]'"):
            look_up()


@pytest.mark.parametrize(
    ("text", "keywords", "all_found", "expected"),
    [
        ("flowers: lily", ("lily",), True, 0.95),
        ("the lily ~ plants", (), True, 0.85),
        ("a lily among thorns", ("lily",), True, 0.7),
        ("the apostle Paul; possible attributes: lily", ("lily",), True, 0.6),
        ("a vase of lilies", (), True, 0.55),
        ("a rose", (), True, 0.35),
        ("a rose", (), False, 0.0),
    ],
)
def test_how_well_a_phrase_fits(
    text: str, keywords: tuple[str, ...], expected: float, *, all_found: bool
) -> None:
    score = fit(phrase_tokens("lily", "en"), text, keywords, "en", all_found=all_found)
    assert expected <= score <= expected + 0.04


def test_words_are_brought_to_one_form() -> None:
    assert tokens("The lilies of the Field", "en") == ("lily", "field")
    assert tokens("die Schöpfung", "de") == tokens("Schoepfung", "de")
    assert phrase_tokens("Saint", "en") == {"saint"}
