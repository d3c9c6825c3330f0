"""Iconclass as the PyPI package `iconclass` ships it: files in a zip, read without running it.

The package itself fetches names from the web for some notations and makes up others; its data does
neither. The data is in the public domain (CC0).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGE = "iconclass"
LANGUAGES = ("en", "de")
TEMPLATE = "(...)"
"""Marks a notation that only stands for those with a name in its place."""

KEY_NAME = re.compile(r"[0-9A-Z]+[kmn][0-9A-Z]+")
"""A list of keys, such as `25Fk`, and a key in it, such as `12`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A notation, its path from the top down to itself, and its own words by language.

    `key` names the list of keys that the notation may take, such as `25Fk`; empty where none.
    """

    notation: str
    path: tuple[str, ...]
    texts: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IconclassData:
    """All of Iconclass: `key_texts` has the texts by language of each key, such as `25Fk12`."""

    entries: Iterable[Entry]
    key_texts: Mapping[str, Mapping[str, str]]


def version() -> str:
    """Version of the installed package; raises `MissingExtraError` without it."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise _missing() from error


def data_file() -> Path:
    """The zip of the installed package; raises `MissingExtraError` without it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise _missing()
    return Path(spec.origin).with_name("data.zip")


def read(data: Path) -> IconclassData:
    """The content of the package's zip; raises `InputError` when it is not as expected."""
    try:
        with zipfile.ZipFile(data) as archive:
            children, keys = _notations(_lines(archive, "notations.txt"))
            texts = {language: _texts(archive, language) for language in LANGUAGES}
            keywords = {language: _keywords(archive, language) for language in LANGUAGES}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        message = (
            f"the Iconclass data in {data} cannot be read ({error}); "
            f"install the package again with: pip install --force-reinstall {PACKAGE}"
        )
        raise InputError(message) from error
    return IconclassData(
        entries=_entries(children, keys, texts, keywords),
        key_texts={
            name: {language: texts[language].get(name, "") for language in LANGUAGES}
            for name in texts["en"]
            if KEY_NAME.fullmatch(name)
        },
    )


def _entries(
    children: Mapping[str, list[str]],
    keys: Mapping[str, str],
    texts: Mapping[str, Mapping[str, str]],
    keywords: Mapping[str, Mapping[str, list[str]]],
) -> Iterator[Entry]:
    for path in _paths(children):
        notation = path[-1]
        if notation in texts["en"] and TEMPLATE not in notation:
            yield Entry(
                notation=notation,
                path=tuple(step for step in path if TEMPLATE not in step),
                texts={language: texts[language].get(notation, "") for language in LANGUAGES},
                keywords={lang: tuple(keywords[lang].get(notation, ())) for lang in LANGUAGES},
                key=keys.get(notation, ""),
            )


def _notations(lines: Iterator[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Children and key list of each notation.

    A record has the lines `N notation`, `C child`, `K key list`, `R see also`, and `; another` of
    the field before; `$` ends it.
    """
    children: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    notation = field = ""
    for line in lines:
        mark, _, value = line.partition(" ")
        value = value.strip()
        field = field if mark == ";" else mark
        if mark == "N":
            notation = value
            children[notation] = []
        elif field == "C":
            children[notation].append(value)
        elif mark == "K":
            keys[notation] = value
    return children, keys


def _paths(children: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Paths from the top down, depth first; a notation listed under two keeps the first."""
    waiting: list[tuple[str, ...]] = [(str(top),) for top in range(9, -1, -1)]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path[-1] not in seen:
            seen.add(path[-1])
            yield path
            waiting.extend((*path, child) for child in reversed(children.get(path[-1], [])))


def _texts(archive: zipfile.ZipFile, language: str) -> dict[str, str]:
    return dict(_pairs(archive, f"txt_{language}.txt"))


def _keywords(archive: zipfile.ZipFile, language: str) -> dict[str, list[str]]:
    keywords: dict[str, list[str]] = defaultdict(list)
    for notation, word in _pairs(archive, f"kw_{language}.txt"):
        keywords[notation].append(word)
    return keywords


def _pairs(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """`notation|words` of each line; a few lines of the source are joined by mistake and left out."""
    for line in _lines(archive, name):
        notation, bar, words = line.partition("|")
        if bar and "|" not in words:
            yield notation.strip(), words.strip()


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    with archive.open(name) as file:
        for line in file:
            yield line.decode("utf-8").rstrip("\r\n")


def _missing() -> MissingExtraError:
    needed_by = "the Iconclass index"
    return MissingExtraError(needed_by, package=PACKAGE, extra="iconclass")
