"""Captions composed from labels and edges, in plain English.

They are made by rule, not seen in pixels: "woman holding a flower, beside a goat". Regions that have
one say so, see `groups.stage`. What is told first is told in full; a caption that grows longer than
`MOST_WORDS` is composed again with less detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from iconograph.graph.model.edge import Edge, EdgeKind
from iconograph.graph.model.ids import RegionId
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.relations.groups.clauses import (
    DETAILS,
    Clause,
    Naming,
    Told,
    clause_of,
    is_figure,
    name_of,
)
from iconograph.relations.groups.nouns import (
    Noun,
    counted_list,
    listed,
    with_article,
    without_article,
)

MOST_WORDS = 30
MOST_ITEMS = 5
"""As many does a caption name when it has to leave things out."""

BETWEEN = {
    EdgeKind.ABOVE: "above",
    EdgeKind.TOUCHES: "touching",
    EdgeKind.POINTS_AT: "pointing at",
    EdgeKind.FACES: "facing",
    EdgeKind.GAZES_AT: "looking at",
    EdgeKind.BESIDE: "beside",
}
"""How one side of a group stands to the other, the most telling first."""

PLACES = frozenset({EdgeKind.ABOVE, EdgeKind.BESIDE})
"""What is said of a side as a whole, where one of it is there."""

BINDING = frozenset({EdgeKind.WEARS, EdgeKind.HOLDS})
SCENERY = frozenset({RegionKind.SETTING, RegionKind.OBJECT})
"""What a scene has beside its figures."""

Shown = Mapping[RegionId, Sequence[Region]]
"""The figures that each group's caption tells of; several may tell of the same."""


def composed_caption(
    region: Region,
    members: Sequence[Region],
    edges: Sequence[Edge],
    *,
    shown: Shown = MappingProxyType({}),
) -> str:
    """What a region shows, told from the labels of its members and the edges among them.

    The members of an entity are the things that it is related to, those of a group or scene what
    lies in it, groups with their captions; `shown` are the figures that these captions tell of.
    Empty where nothing is known beyond a label.
    """
    for detail in DETAILS:
        told = Told.of((region, *members), edges, detail)
        caption = without_article(_composed(region, members, told, shown))
        if len(caption.split()) <= MOST_WORDS:
            return caption
    return " ".join(caption.split()[:MOST_WORDS])


def composed_label(members: Sequence[Region]) -> str:
    """The figures of a group in few words: `a woman and a goat`, `three men`."""
    figures = [member for member in _largest(members) if is_figure(member)]
    figures.sort(key=lambda figure: figure.kind is not RegionKind.PERSON)
    nouns = [noun for figure in figures if (noun := name_of(figure))]
    shorts = [noun.short for noun in nouns]
    crowded = len(set(shorts)) >= MOST_ITEMS - 1
    return _few([noun.plain for noun in nouns] if crowded else shorts)


def _composed(region: Region, members: Sequence[Region], told: Told, shown: Shown) -> str:
    match region.level:
        case Level.ENTITY:
            clause = clause_of(region.id, told)
            return "" if clause.is_bare else clause.text
        case Level.GROUP:
            return _of_group(members, told)
        case Level.SCENE:
            return _of_scene(members, told, shown)


def _of_group(members: Sequence[Region], told: Told) -> str:
    """The figures of a group, by how they stand to each other where there are two sides."""
    heads = _heads(members, told)
    told.apart = frozenset(heads)
    related = _related(_sides(heads, told), told)
    return related + _near(heads, told, word="near" if " beside " in related else "beside")


def _related(sides: Sequence[Sequence[RegionId]], told: Told) -> str:
    if len(sides) != 2:  # noqa: PLR2004  one, or a list
        return _series([_side(side, told) for side in sides])
    first, second = sides
    between = _between(first, second, told)
    start, end = _side(first, told), _side(second, told)
    return f"{start.text}{'' if start.is_bare else ','}{between} {end.text}"


def _series(clauses: Sequence[Clause]) -> str:
    """`a, b and c`; with a comma before "and" where one would read on: `a holding b, and c`."""
    texts = [clause.text for clause in clauses]
    if len(clauses) == 1 or all(clause.is_bare for clause in clauses[:-1]):
        return listed(texts)
    return f"{', '.join(texts[:-1])}, and {texts[-1]}"


def _heads(members: Sequence[Region], told: Told) -> list[RegionId]:
    """The figures to name on their own: those that no other figure will be said to hold."""
    figures = [member for member in members if is_figure(member)]
    held: set[RegionId] = set()
    for figure in figures:
        if figure.id not in held:
            held.update(told.of_kind(EdgeKind.HOLDS, figure.id)[: told.detail.held])
    heads = [figure for figure in figures if figure.id not in held] or figures

    def key(figure: Region) -> tuple[bool, int, float, str]:
        acts = sum(len(told.of_kind(k, figure.id)) for k in (EdgeKind.HOLDS, EdgeKind.POINTS_AT))
        return (figure.kind is not RegionKind.PERSON, -acts, -figure.area_fraction, figure.id)

    return [figure.id for figure in sorted(heads, key=key)]


def _sides(heads: Sequence[RegionId], told: Told) -> list[tuple[RegionId, ...]]:
    """The heads by name; those above all others, and the others, where there are such."""
    above = {a for a in heads if set(told.of_kind(EdgeKind.ABOVE, a)) & set(heads)}
    below = {b for a in above for b in told.of_kind(EdgeKind.ABOVE, a)} & set(heads)
    if above and not above & below and above | below == set(heads):
        return [tuple(h for h in heads if h in above), tuple(h for h in heads if h in below)]
    by_name: dict[Noun, list[RegionId]] = {}
    for head in heads:
        by_name.setdefault(told.nouns[head], []).append(head)
    return [tuple(alike) for alike in by_name.values()]


def _side(side: Sequence[RegionId], told: Told) -> Clause:
    """One figure with all that it does, or several with what they have in common."""
    if len(side) == 1:
        return clause_of(side[0], told)
    told.said.update(side)
    named = counted_list([told.nouns[figure] for figure in side])
    held = [told.things(EdgeKind.HOLDS, figure, 1) for figure in side if told.detail.held]
    things = [thing for own in held for thing in own]
    if len(things) == len(side) and len({told.nouns[thing] for thing in things}) == 1:
        told.said.update(things)
        return Clause(
            text=f"{named}, each holding {told.nouns[things[0]].counted()}", is_bare=False
        )
    return Clause(text=named, is_bare=True)


def _between(first: Sequence[RegionId], second: Sequence[RegionId], told: Told) -> str:
    """How the first side stands to the second, with a space before; what one does is not said of all."""
    for kind, words in BETWEEN.items():
        stands = [bool(set(told.of_kind(kind, figure)) & set(second)) for figure in first]
        if any(stands) if kind in PLACES else all(stands):
            return f" {words}"
    return " and"


def _near(heads: Sequence[RegionId], told: Told, *, word: str) -> str:
    """The things that the only figure stands at, or two figures or more."""
    near = [t for head in heads for t in told.things(EdgeKind.BESIDE, head, len(told.regions))]
    things = [t for t in dict.fromkeys(near) if near.count(t) >= min(len(heads), 2)]
    shown = things[: told.detail.held]
    return f", {word} {told.listed(shown)}" if shown else ""


def _of_scene(members: Sequence[Region], told: Told, shown: Shown) -> str:
    """The groups by their captions, or by their names when there are many; then what is left."""
    wholes = [member for member in members if member.level is not Level.ENTITY]
    lone = [m.id for m in _largest(members) if is_figure(m)]
    full = told.detail.naming is Naming.FULL
    parts = _wholes(_largest(wholes), shown, full=full)
    if lone:
        told.apart = frozenset(lone)
        named = [(figure,) for figure in lone]
        few = _few([told.nouns[figure] for figure in lone])
        parts.append(_related(named, told) if full else few)
    parts = [part for part in parts if part]
    bound = {o for (kind, _), ends in told.objects.items() if kind in BINDING for o in ends}
    things = [
        told.nouns[m.id]
        for m in _largest(members)
        if m.kind in SCENERY and m.id in told.nouns and m.id not in told.said | bound
    ][: told.detail.scenery]
    rest = counted_list([noun.short for noun in things]) if things else ""
    if not parts:
        return rest
    return "; ".join(parts[:MOST_ITEMS]) + (f"; with {rest}" if rest else "")


def _wholes(wholes: Sequence[Region], shown: Shown, *, full: bool) -> list[str]:
    """What each of them is; of one that shares figures with those before it the other figures."""
    parts: list[str] = []
    told: set[RegionId] = set()
    for whole in wholes:
        figures = {figure.id: figure for figure in shown.get(whole.id, ())}
        if told.isdisjoint(figures):
            parts.append(_whole(whole, full=full))
        else:
            parts.append(composed_label([r for i, r in figures.items() if i not in told]))
        told.update(figures)
    return parts


def _whole(whole: Region, *, full: bool) -> str:
    """A group's caption, or its name."""
    if full and whole.caption:
        return with_article(whole.caption)
    return with_article(whole.label) if whole.label else ""


def _largest(members: Iterable[Region]) -> list[Region]:
    return sorted(members, key=lambda member: (-member.area_fraction, member.id))


def _few(nouns: Sequence[Noun]) -> str:
    """The nouns counted, the most frequent kinds by name and the rest as others."""
    if not nouns:
        return ""
    kinds = sorted(set(nouns), key=lambda noun: (-nouns.count(noun), nouns.index(noun)))
    named = [noun for noun in nouns if noun in kinds[:MOST_ITEMS]]
    items = [noun.counted(named.count(noun)) for noun in dict.fromkeys(named)]
    return listed([*items, "others"] if len(named) < len(nouns) else items)
