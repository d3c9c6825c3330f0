"""Phrases that are nearly true, and phrases for what no drawing shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iconograph.graph.iconography.names import GERMAN
from iconograph.ingest.training.clip_captions import Content
from iconograph.ingest.training.clip_facts import COLOURS, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.training.clip_facts import FactRegion

OTHER_SEX = {"man": "woman", "woman": "man", "king": "queen", "angel": "man"}


def swapped(content: Content) -> Content | None:
    """The content with the colours of two garments exchanged; None where no two differ in colour."""
    coloured = [t for t in content.worn if t.qualities and t.qualities[0] in COLOURS]
    for first in coloured:
        for second in coloured:
            if first.qualities != second.qualities and first.term != second.term:
                exchanged = {
                    first: replace(first, qualities=second.qualities),
                    second: replace(second, qualities=first.qualities),
                }
                return replace(content, worn=tuple(exchanged.get(t, t) for t in content.worn))
    return None


def contrary(content: Content, held: Sequence[Thing], rng: np.random.Generator) -> Content | None:
    """The content with one thing changed, or None where nothing can be.

    Colours are exchanged or replaced, what is held is replaced by one of `held`, a man by a woman.
    The result may happen to be true of a region: only its facts tell.
    """
    ways = (_exchanged, _recoloured, _other_hands, _other_sex)
    for number in rng.permutation(len(ways)):
        changed = ways[int(number)](content, held, rng)
        if changed is not None:
            return changed
    return None


def _exchanged(content: Content, _: Sequence[Thing], __: np.random.Generator) -> Content | None:
    return swapped(content)


def _recoloured(content: Content, _: Sequence[Thing], rng: np.random.Generator) -> Content | None:
    places = [i for i, thing in enumerate(content.worn) if thing.qualities]
    if places:
        place = places[int(rng.integers(len(places)))]
        worn = list(content.worn)
        worn[place] = _in_other_colour(worn[place], rng)
        return replace(content, worn=tuple(worn))
    if content.thing and set(content.thing.qualities) & set(COLOURS):
        return replace(content, thing=_in_other_colour(content.thing, rng))
    return None


def _in_other_colour(thing: Thing, rng: np.random.Generator) -> Thing:
    others = [colour for colour in COLOURS if colour not in thing.qualities]
    return replace(thing, qualities=(others[int(rng.integers(len(others)))],))


def _other_hands(
    content: Content, held: Sequence[Thing], rng: np.random.Generator
) -> Content | None:
    if not content.held:
        return None
    other = held[int(rng.integers(len(held)))]
    return replace(content, held=(other, *content.held[1:]))


def _other_sex(content: Content, _: Sequence[Thing], __: np.random.Generator) -> Content | None:
    if content.thing is None or content.thing.term not in OTHER_SEX:
        return None
    return replace(content, thing=replace(content.thing, term=OTHER_SEX[content.thing.term]))


def held_things(regions: Iterable[FactRegion]) -> tuple[Thing, ...]:
    """Everything that somebody holds, in order of its name."""
    return tuple(sorted({t for r in regions for t in r.held}, key=lambda t: (t.term, t.qualities)))


def foreign_terms(regions: Iterable[FactRegion], lexicon: Lexicon) -> tuple[str, ...]:
    """Terms of the lexicon that are true of no region."""
    facts = {fact for region in regions for fact in region.facts}
    terms = (term for term in lexicon.ancestors if not term.startswith(GERMAN))
    return tuple(sorted(term for term in terms if f"is {term}" not in facts))
