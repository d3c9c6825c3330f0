"""Looks notations up by words, and words up by notation."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from iconograph.graph.errors import InputError, NotFoundError
from iconograph.graph.iconography.iconclass.build import FORM, KEYWORD_SEPARATOR
from iconograph.graph.iconography.iconclass.fit import fit
from iconograph.graph.iconography.iconclass.source import LANGUAGES
from iconograph.graph.iconography.iconclass.tokens import phrase_tokens
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.ids import ConceptId, concept_id
from iconograph.graph.model.work import Text

if TYPE_CHECKING:
    from pathlib import Path

MOST_CONCEPTS = 30
SHORTLIST = 200
"""Notations that are scored for a search: the best by full text (BM25)."""

KEYED = re.compile(r"(?P<base>.+)\(\+(?P<key>[0-9A-Z]+)\)")

BY_WORDS = """
SELECT notation.* FROM words JOIN notation ON notation.id = words.rowid WHERE words MATCH ?
ORDER BY bm25(words, 1.0, 1.0, 0.3, 0.3) + 0.4 * depth, notation LIMIT ?
"""
"""A word counts less where it is inherited, and a notation less the deeper it lies."""
BY_NOTATION = "SELECT * FROM notation WHERE notation = ?"
BY_ID = "SELECT * FROM notation WHERE id = ?"
KEY_TEXTS = "SELECT text_en, text_de FROM key WHERE name = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class IconclassTerm:
    """A notation with texts and keywords by language; `score`, 0..1, says how well a search fits."""

    notation: str
    texts: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    score: float = 1.0

    @property
    def id(self) -> ConceptId:
        """Its id as a concept."""
        return concept_id(Scheme.ICONCLASS, self.notation)


class IconclassIndex:
    """An index made by `build_index`, open for reading until it is closed.

    Only what Iconclass itself lists is known: no name in brackets is made up, nothing is fetched.
    Several threads may read at once.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an index; raises `InputError` when there is none, or one of another form."""
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            message = (
                f"there is no Iconclass index at {path} ({error}); "
                "build it with: iconograph iconclass build"
            )
            raise InputError(message) from error
        try:
            form = connection.execute("SELECT value FROM about WHERE name = 'form'").fetchone()
        except sqlite3.Error as error:
            form = (str(error),)
        if form != (FORM,):
            connection.close()
            message = f"{path} is no Iconclass index of form {FORM} ({form}); build it anew"
            raise InputError(message)
        return cls(connection)

    def search(self, text: str, language: str = "en", limit: int = 20) -> list[IconclassTerm]:
        """The notations that fit the words, best first, general ones before special ones.

        Those that have all the words come first, their own or inherited, then those with some.
        Raises `InputError` for a language without texts.
        """
        if language not in LANGUAGES:
            message = f"Iconclass is indexed in {', '.join(LANGUAGES)}, got language {language!r}"
            raise InputError(message)
        found = self._scored(text, language, all_words=True)
        if len(found) < limit:
            found = self._scored(text, language, all_words=False) | found
        ranked = sorted(found.values(), key=lambda t: (-t.score, len(t.notation), t.notation))
        return ranked[:limit]

    def concepts_for(self, phrase: str) -> Mapping[ConceptId, float]:
        """Concepts that the phrase, English or German, may mean, each with a probability.

        At most 30, and only such that have every word of the phrase.
        """
        best: dict[ConceptId, float] = {}
        for language in LANGUAGES:
            for term in self._scored(phrase, language, all_words=True).values():
                best[term.id] = max(term.score, best.get(term.id, 0.0))
        ranked = sorted(best.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
        return dict(ranked[:MOST_CONCEPTS])

    def term(self, notation: str) -> IconclassTerm:
        """The words of a notation, with a key such as `(+12)` or without.

        Raises `NotFoundError` for any that Iconclass does not list, such as `25F24(GOAT)`.
        """
        row = self._row(notation)
        if row is not None:
            return _term(row)
        keyed = KEYED.fullmatch(notation)
        base = self._row(keyed["base"]) if keyed else None
        key = self._one(KEY_TEXTS, f"{base['key']}{keyed['key']}") if keyed and base else None
        if base is None or key is None:
            message = (
                f"Iconclass lists no notation {notation!r}; expected one such as 73A52, "
                "25G41(LILY) or 25F23(LION)(+12)"
            )
            raise NotFoundError(message)
        plain = _term(base)
        texts = {lang: f"{plain.texts[lang]} (+ {key[f'text_{lang}']})" for lang in LANGUAGES}
        return IconclassTerm(notation=notation, texts=texts, keywords=plain.keywords)

    def path(self, notation: str) -> list[IconclassTerm]:
        """The notations from the top down to this one; raises `NotFoundError` as `term` does."""
        steps = [self.term(notation)]
        keyed = KEYED.fullmatch(notation)
        row = self._row(notation)
        if row is None and keyed:
            row = self._row(keyed["base"])
            steps += [_term(row)] if row else []
        while row is not None and row["parent"] is not None:
            row = self._one(BY_ID, row["parent"])
            steps += [_term(row)] if row else []
        return steps[::-1]

    def concept(self, notation: str) -> Concept:
        """The notation as a concept with its texts; raises `NotFoundError` as `term` does."""
        texts = self.term(notation).texts
        return Concept(
            scheme=Scheme.ICONCLASS,
            notation=notation,
            labels=tuple(
                Text(text=text, language=language) for language, text in texts.items() if text
            ),
        )

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _scored(self, text: str, language: str, *, all_words: bool) -> dict[str, IconclassTerm]:
        phrase = phrase_tokens(text, language)
        if not phrase:
            return {}
        joined = (" AND " if all_words else " OR ").join(f'"{word}"' for word in sorted(phrase))
        query = f"{{{language} above_{language}}} : ({joined})"
        rows = self._connection.execute(BY_WORDS, (query, SHORTLIST)).fetchall()
        terms = {}
        for row in rows:
            keywords = _keywords(row, language)
            score = fit(phrase, row[f"text_{language}"], keywords, language, all_found=all_words)
            terms[row["notation"]] = _term(row, score)
        return terms

    def _row(self, notation: str) -> sqlite3.Row | None:
        return self._one(BY_NOTATION, notation)

    def _one(self, statement: str, value: str | int) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(statement, (value,)).fetchone()
        return row


def _term(row: sqlite3.Row, score: float = 1.0) -> IconclassTerm:
    return IconclassTerm(
        notation=row["notation"],
        texts={language: row[f"text_{language}"] for language in LANGUAGES},
        keywords={language: _keywords(row, language) for language in LANGUAGES},
        score=score,
    )


def _keywords(row: sqlite3.Row, language: str) -> tuple[str, ...]:
    joined = row[f"keywords_{language}"]
    return tuple(joined.split(KEYWORD_SEPARATOR)) if joined else ()
