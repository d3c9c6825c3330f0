"""What a phrase or a label says: a thing, its qualities, and things that are mentioned with it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.graph.iconography.lexicon import ADULT, CHILD, MAN, WOMAN
from iconograph.graph.iconography.names import lowered, written_words
from iconograph.graph.search.lemmas import lemmas

if TYPE_CHECKING:
    from iconograph.graph.iconography.lexicon import Lexicon

ASIDE = re.compile(r"\(([^)]*)\)")
ALTERNATIVES = re.compile(r"\s*(?:[,;/|]|\bor\b|\boder\b)\s*")
DETAIL_WORDS = frozenset(
    [
        "in",
        "with",
        "on",
        "of",
        "at",
        "under",
        "over",
        "behind",
        "from",
        "to",
        "between",
        "by",
        "near",
        "and",
        "among",
        "beside",
        "below",
        "above",
        "without",
        "within",
        "inside",
        "into",
        "around",
        "before",
        "against",
        "for",
        "mit",
        "im",
        "auf",
        "von",
    ]
)
IDLE_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "his",
        "her",
        "their",
        "its",
        "some",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "several",
        "upper",
        "lower",
        "left",
        "right",
        "seen",
        "other",
        "another",
        "one",
        "who",
        "which",
        "is",
        "are",
        "up",
        "out",
        "down",
        "back",
        "first",
        "second",
        "third",
        "front",
        "der",
        "die",
        "das",
    ]
)
PARTICIPLE = re.compile(r".{3,}(?:ing|ed|end)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A thing as it is spoken of.

    head       the term of the lexicon that it is, or its last word's lemma
    known      whether the lexicon has the head
    types      all that it is: the head, what is broader, what its qualities imply
    qualities  what is said of it, qualities by their name in the lexicon, else lemmas
    usual      qualities that go without saying, of Venus that she is nude
    details    terms and lemmas that are mentioned with it: the hat of the "man in a hat"
    """

    head: str
    known: bool
    types: frozenset[str]
    qualities: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=200_000)
def read_phrases(text: str, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """The readings of a text, likeliest first: "old man writing (Matthew)" is an old man and Matthew."""
    whole, *asides = [ASIDE.sub(" ", text), *ASIDE.findall(text)]
    parts = [part for part in ALTERNATIVES.split(whole) if part.strip()] + asides
    readings = [reading for part in parts if (reading := _read(part, lexicon))]
    return tuple(dict.fromkeys(readings))


def _read(text: str, lexicon: Lexicon) -> Phrase | None:
    words = written_words(text)
    if not words:
        return None
    core, rest = _core(words, lexicon)
    if len(core) == 1 and core[0].lower() in lexicon.collectives and rest[:1] == ("of",):
        return _read(" ".join(rest[1:]), lexicon) or _phrase(core, rest, lexicon)
    if core and rest[:1] == ("of",) and core[-1].lower() in lexicon.collectives:
        inner = _read(" ".join(rest[1:]), lexicon)
        if inner:
            return replace(inner, qualities=inner.qualities | _qualities(core[:-1], lexicon))
    return _phrase(core or words, rest, lexicon)


def _core(words: tuple[str, ...], lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words up to what is mentioned with the thing, and the rest; a name is never cut."""
    place, is_named = 0, False
    while place < len(words):
        word = words[place].lower()
        if is_named and (word in DETAIL_WORDS or _is_participle(words, place)):
            break
        named = lexicon.terms.starting(words, place)
        is_quality = lexicon.quality(word) is not None or word in IDLE_WORDS
        is_named = is_named or named is not None or not is_quality
        place = named[1] if named else place + 1
    return words[:place], words[place:]


def _is_participle(words: tuple[str, ...], place: int) -> bool:
    """Whether a word after a name begins what the thing does: man writing, man wrapped in snakes."""
    word, following = words[place].lower(), words[place + 1 : place + 2]
    if word.endswith("ing"):
        return True
    is_passive = PARTICIPLE.fullmatch(word) is not None
    return is_passive and (not following or following[0].lower() in DETAIL_WORDS)


def _phrase(core: tuple[str, ...], rest: tuple[str, ...], lexicon: Lexicon) -> Phrase:
    start, end, term = _head(core, lexicon)
    doing = rest[:1] if rest and PARTICIPLE.fullmatch(rest[0].lower()) else ()
    qualities = _qualities((*core[:start], *core[end:], *doing), lexicon)
    implied = {t for q in qualities if q in lexicon.qualities for t in lexicon.qualities[q].implies}
    head = term or next(iter(sorted(implied)), None)
    if head is None:
        head = "".join(lemmas(core[start]))
    details = _details(rest, lexicon)
    types = _types(head, implied | _made(head, qualities, lexicon), lexicon)
    return Phrase(
        head=head,
        known=head in lexicon.ancestors,
        types=types,
        qualities=qualities | _shown(details, lexicon),
        usual=_usual(types, lexicon),
        details=details,
    )


def _head(core: tuple[str, ...], lexicon: Lexicon) -> tuple[int, int, str | None]:
    """Where the head stands and its term: the last name, or the last word that is no quality."""
    end = len(core)
    while end > 0:
        named = lexicon.terms.ending(core, end)
        if named:
            return named[1], end, named[0]
        word = core[end - 1].lower()
        is_aside = word in IDLE_WORDS or PARTICIPLE.fullmatch(word) or lexicon.quality(word)
        if not is_aside:
            return end - 1, end, None
        end -= 1
    return len(core) - 1, len(core), None


def _qualities(words: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    said = [word for word in lowered(words) if word not in IDLE_WORDS and not word.isdigit()]
    return frozenset(lexicon.quality(word) or "".join(lemmas(word)) for word in said)


def _details(rest: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    """Every term and every word of what is mentioned with the thing."""
    found: set[str] = set()
    place = 0
    while place < len(rest):
        named = lexicon.terms.starting(rest, place)
        if named:
            found.add(named[0])
            place = named[1]
            continue
        word = rest[place].lower()
        if word not in DETAIL_WORDS | IDLE_WORDS:
            found.add(lexicon.quality(word) or "".join(lemmas(word)))
        place += 1
    return frozenset(found)


def _types(head: str, implied: set[str], lexicon: Lexicon) -> frozenset[str]:
    """What the thing is; an infant saint is a child and so no man."""
    types = set(lexicon.ancestors.get(head, {head}))
    for term in implied:
        types |= lexicon.ancestors.get(term, {term})
    if WOMAN in types:
        types -= {MAN}
    if CHILD in types:
        types -= {term for term in types if lexicon.is_a(term, ADULT)} - {head}
    return frozenset(types)


def _shown(details: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Qualities that the things mentioned show: who is in a robe is clothed."""
    seen = {broader for term in details for broader in lexicon.ancestors.get(term, ())}
    return frozenset(name for name, q in lexicon.qualities.items() if q.shown_by & seen)


def _made(head: str, qualities: frozenset[str], lexicon: Lexicon) -> set[str]:
    """What the thing becomes by its qualities: a young man is a youth."""
    known = [lexicon.qualities[q] for q in qualities if q in lexicon.qualities]
    return {made for q in known for of, made in q.makes if of == head}


def _usual(types: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    figures = [lexicon.figures[term] for term in types if term in lexicon.figures]
    borne = {name for name, quality in lexicon.qualities.items() if quality.borne_by & types}
    return frozenset(borne.union(*(figure.usually for figure in figures)))
