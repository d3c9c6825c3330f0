"""Builds the Iconclass index: one SQLite file with a full-text table."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import StoreWriteError
from iconograph.graph.iconography.iconclass import source
from iconograph.graph.iconography.iconclass.tokens import tokens

if TYPE_CHECKING:
    from iconograph.graph.iconography.iconclass.source import Entry, IconclassData

OnProgress = Callable[[int], None]
"""Called with the number of notations done so far."""

FORM = "1"
"""Version of the file's form; another form is built anew."""

PROGRESS_STEP = 5_000
KEYWORD_SEPARATOR = "\n"

SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE notation (
    id INTEGER PRIMARY KEY, notation TEXT NOT NULL UNIQUE, parent INTEGER, depth INTEGER NOT NULL,
    key TEXT NOT NULL,
    text_en TEXT NOT NULL, text_de TEXT NOT NULL,
    keywords_en TEXT NOT NULL, keywords_de TEXT NOT NULL
) STRICT;
CREATE TABLE key (name TEXT PRIMARY KEY, text_en TEXT NOT NULL, text_de TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(en, de, above_en, above_de, content='');
"""
INSERT_NOTATION = "INSERT INTO notation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_WORDS = "INSERT INTO words (rowid, en, de, above_en, above_de) VALUES (?, ?, ?, ?, ?)"


def build_index(target: Path, on_progress: OnProgress | None = None) -> None:
    """Build the index at `target` from the installed package; takes seconds and some 30 MB of disk.

    The file appears whole or not at all. Raises `MissingExtraError` without the package,
    `InputError` when its data is damaged, `StoreWriteError` when the file cannot be written.
    """
    data = source.read(source.data_file())
    about = {"form": FORM, "package": source.version()}
    write_index(target, data, about=about, on_progress=on_progress)


def write_index(
    target: Path,
    data: IconclassData,
    *,
    about: dict[str, str],
    on_progress: OnProgress | None = None,
) -> None:
    """Write an index of the data, whose entries come parents first, to `target`."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=target.name, suffix=".part", dir=target.parent)
        os.close(handle)
        part = Path(name)
        try:
            with closing(sqlite3.connect(part)) as connection:
                _fill(connection, data, about, on_progress or _silent)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        message = f"the Iconclass index cannot be written to {target}: {error}"
        raise StoreWriteError(message) from error


def _fill(
    connection: sqlite3.Connection,
    data: IconclassData,
    about: dict[str, str],
    on_progress: OnProgress,
) -> None:
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    connection.executemany(
        "INSERT INTO key VALUES (?, ?, ?)",
        ((name, text["en"], text["de"]) for name, text in data.key_texts.items()),
    )
    ids: dict[str, int] = {}
    keyword_tokens: dict[str, dict[str, frozenset[str]]] = {}
    for number, entry in enumerate(data.entries, 1):
        ids[entry.notation] = number
        keyword_tokens[entry.notation] = {
            language: frozenset(tokens(" ".join(entry.keywords[language]), language))
            for language in source.LANGUAGES
        }
        connection.execute(INSERT_NOTATION, _notation_row(number, entry, ids))
        connection.execute(INSERT_WORDS, _words_row(number, entry, keyword_tokens))
        if number % PROGRESS_STEP == 0:
            on_progress(number)
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.commit()
    on_progress(len(ids))


def _notation_row(number: int, entry: Entry, ids: dict[str, int]) -> tuple[object, ...]:
    parent = ids.get(entry.path[-2]) if len(entry.path) > 1 else None
    texts = [entry.texts[language] for language in source.LANGUAGES]
    keywords = [KEYWORD_SEPARATOR.join(entry.keywords[lang]) for lang in source.LANGUAGES]
    return (number, entry.notation, parent, len(entry.path), entry.key, *texts, *keywords)


def _words_row(
    number: int, entry: Entry, keyword_tokens: dict[str, dict[str, frozenset[str]]]
) -> tuple[object, ...]:
    """The entry's own words, and the keywords of all above it, which hold for it too."""
    own, above = [], []
    for language in source.LANGUAGES:
        of_path = [keyword_tokens.get(step, {}).get(language, ()) for step in entry.path[:-1]]
        own_words = tokens(entry.texts[language], language)
        own.append(" ".join((*own_words, *sorted(keyword_tokens[entry.notation][language]))))
        above.append(" ".join(sorted(frozenset().union(*of_path))))
    return (number, *own, *above)


def _silent(_done: int) -> None:
    """Nobody wants to know."""
