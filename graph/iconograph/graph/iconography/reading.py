"""The lexicon's files as values; what each field means is said at the head of the files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import InputError
from iconograph.graph.iconography.names import GERMAN
from iconograph.graph.iconography.verbs import forms_of_verb
from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILES = ("things", "figures", "qualities", "relations", "grammar")
DEFAULT_PRIOR = 0.3
NARROWER_NAMES = ">"

Table = dict[str, Any]


class Manner(StrEnum):
    """How a sentence goes on after a relation."""

    ACT = "act"
    REGARD = "regard"
    PLACE = "place"
    HAVING = "having"
    WEARING = "wearing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A way of standing to something; `inverse` says that the words have the object first."""

    name: str
    kinds: frozenset[EdgeKind]
    backward: frozenset[EdgeKind] = frozenset()
    manner: Manner
    inverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A word that says more of a thing."""

    name: str
    names: frozenset[str]
    implies: frozenset[str] = frozenset()
    opposite: frozenset[str] = frozenset()
    shown_by: frozenset[str] = frozenset()
    borne_by: frozenset[str] = frozenset()
    makes: tuple[tuple[str, str], ...] = ()
    prior: float = DEFAULT_PRIOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A pattern by which a figure is known where no label names it."""

    is_shown_as: str
    relation: EdgeKind
    thing: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of art that has a name."""

    name: str
    is_a: frozenset[str]
    names: tuple[str, ...] = ()
    usually: frozenset[str] = frozenset()
    iconclass: str = ""
    wikidata: str = ""
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the grammar; `number` is set for numbers."""

    text: str
    role: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconData:
    """The tables of all files, each entry as a value."""

    parents: Mapping[str, frozenset[str]]
    term_names: tuple[tuple[str, str], ...]
    figures: Mapping[str, Figure]
    qualities: Mapping[str, Quality]
    relations: tuple[tuple[str, Relation], ...]
    grammar: tuple[Word, ...]
    collectives: frozenset[str]


def read_lexicon_data(extra: Path | None = None) -> LexiconData:
    """The built-in files, with those of `extra` added; raises `InputError` naming what is wrong."""
    folder = resources.files("iconograph.graph.iconography") / "data"
    tables = {
        name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES
    }
    if extra is None:
        return _data(tables)
    try:
        own = tomllib.loads(extra.read_text(encoding="utf-8"))
        _require_known_tables(own)
        return _data({name: _merged(tables[name], own.get(name, {})) for name in FILES})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError) as error:
        message = (
            f"the lexicon {extra} cannot be used: {error}; see the built-in files for the form"
        )
        raise InputError(message) from error


def _require_known_tables(own: Table) -> None:
    unknown = sorted(set(own) - set(FILES))
    if unknown:
        message = f"it has the tables {unknown}; known are {sorted(FILES)}"
        raise InputError(message)


def _merged(table: Table, own: Table) -> Table:
    """Two tables as one: tables are merged, lists joined, other values replaced."""
    merged = dict(table)
    for key, value in own.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merged(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = old + value
        else:
            merged[key] = value
    return merged


def _data(tables: dict[str, Table]) -> LexiconData:
    links = list(_links(tables["things"]))
    figures = {name: _figure(name, table) for name, table in tables["figures"].items()}
    parents: dict[str, frozenset[str]] = {figure.name: figure.is_a for figure in figures.values()}
    for parent, term, _ in links:
        parents[term] = parents.get(term, frozenset()) | {parent}
    names = [(name, term) for _, term, names in links for name in (term, *names)]
    names += [(name, f.name) for f in figures.values() for name in (f.name, *f.names)]
    nouns = frozenset(name.lower() for name, _ in names)
    grammar = tables["grammar"]
    return LexiconData(
        parents=parents,
        term_names=tuple(names),
        figures=figures,
        qualities={name: _quality(name, table) for name, table in tables["qualities"].items()},
        relations=tuple(_relations(tables["relations"], nouns)),
        grammar=tuple(_words(grammar)),
        collectives=frozenset(grammar["collectives"]["words"]),
    )


def _links(things: Table) -> Iterator[tuple[str, str, list[str]]]:
    """Each term with a broader one and its own names; names after ">" are terms of their own."""
    for parent, terms in things.items():
        for term, names in terms.items():
            yield parent, term, [name for name in names if not name.startswith(NARROWER_NAMES)]
            for name in names:
                if name.startswith(NARROWER_NAMES):
                    for kind in name.removeprefix(NARROWER_NAMES).split(","):
                        yield term, kind.strip(), []


def _figure(name: str, table: Table) -> Figure:
    attributes = tuple(
        Attribute(
            is_shown_as=attribute["is_shown_as"],
            relation=EdgeKind(attribute["relation"]),
            thing=attribute["thing"],
            about=tuple(attribute.get("about", ())),
        )
        for attribute in table.get("attributes", ())
    )
    return Figure(
        name=name,
        is_a=frozenset(table["is"]),
        names=tuple(table.get("names", ())),
        usually=frozenset(table.get("usually", ())),
        iconclass=table.get("iconclass", ""),
        wikidata=table.get("wikidata", ""),
        attributes=attributes,
    )


def _quality(name: str, table: Table) -> Quality:
    names = (name, *(n.removeprefix(GERMAN) for n in table.get("names", ())))
    return Quality(
        name=name,
        names=frozenset(n.lower() for n in names),
        implies=frozenset(table.get("implies", ())),
        opposite=frozenset(table.get("opposite", ())),
        shown_by=frozenset(table.get("shown_by", ())),
        borne_by=frozenset(table.get("borne_by", ())),
        makes=tuple(table.get("makes", {}).items()),
        prior=float(table.get("prior", DEFAULT_PRIOR)),
    )


def _relations(tables: Table, nouns: frozenset[str]) -> Iterator[tuple[str, Relation]]:
    """Each way of saying a relation; a verb form that is also a noun ("bears") is left out."""
    for name, table in tables.items():
        relation = Relation(
            name=name,
            kinds=frozenset(EdgeKind(kind) for kind in table["kinds"]),
            backward=frozenset(EdgeKind(kind) for kind in table.get("backward", ())),
            manner=Manner(table["manner"]),
        )
        inverse = Relation(
            name=name,
            kinds=relation.kinds,
            backward=relation.backward,
            manner=relation.manner,
            inverse=True,
        )
        verbs = [forms_of_verb(verb) for verb in table.get("verbs", ())]
        active = [f for verb in verbs for f in verb.active if f not in nouns]
        for words in (*table.get("phrases", ()), *active):
            yield words, relation
        for words in (*table.get("inverse", ()), *(f for verb in verbs for f in verb.passive)):
            yield words, inverse


def _words(grammar: Table) -> Iterator[Word]:
    for role, texts in grammar["words"].items():
        for text in texts:
            yield Word(text=text, role=role)
    for text, number in grammar["numbers"].items():
        yield Word(text=text, role="number", number=number)
