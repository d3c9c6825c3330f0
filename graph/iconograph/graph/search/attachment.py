"""Whose a relation is, and what little words before a thing mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from iconograph.graph.iconography.reading import Manner, Relation
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.search.phrase import read_phrases
from iconograph.graph.search.reader import Reader

WORN = ("garment", "part of the body", "jewel", "halo")
"""What belongs to a person rather than to what the person holds."""


NOUN_ROLES = frozenset({"word", "number", "pronouns"})


@dataclass(slots=True)
class Attachment(Reader):
    """A reader that knows the last relation, `last`, with its `subjects` and `objects`.

    `before` are the nodes that the sentence before was about.
    """

    subjects: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    last: Relation | None = None

    def subjects_of(
        self, relation: Relation | None, *, comma: bool, joined: bool, both: bool
    ) -> list[int]:
        """The subjects of the next relation; None stands for a lack ("without").

        After "and" they are those of the relation before, after a comma or "both" those of the
        whole query. Else what a hand does and what is worn belongs to the nearest being; a place
        belongs to the nearest thing after a place or a gaze ("angel above a man beside a horse")
        but to the one who acts after an act ("woman holding a flag beside a boy").
        """
        if both or not self.objects or self.last is None or (comma and not joined):
            return self.main
        if joined:
            return self.subjects
        if relation and relation.inverse and relation.manner is not Manner.PLACE:
            return self.objects
        nearest_acts = all(map(self.draft.can_act, self.objects)) and not self._is_mount(relation)
        if relation is None or relation.manner in (Manner.ACT, Manner.REGARD, Manner.WEARING):
            return self.objects if nearest_acts else self.subjects
        if relation.manner is Manner.HAVING:
            owns = self.is_worn_next() and not nearest_acts
            is_company = self.last.manner is Manner.ACT and self.next_is("being")
            return self.subjects if owns or is_company else self.objects
        follows_place = self.last.manner in (Manner.PLACE, Manner.REGARD) or self.last.inverse
        return self.objects if follows_place else self.subjects

    def _is_mount(self, relation: Relation | None) -> bool:
        """Whether a hand is wanted and the last things are animals, as in "knight on a horse holding"."""
        needs_hand = relation is None or relation.manner in (Manner.ACT, Manner.WEARING)
        animals = all(self.draft.head_is(node, "animal") for node in self.objects)
        return needs_hand and animals and not self.draft.head_is(self.subjects[0], "animal")

    def is_worn_next(self) -> bool:
        """Whether what comes next is worn or part of a body."""
        return self.next_is(*WORN)

    def next_is(self, *terms: str) -> bool:
        """Whether the thing that comes next is one of the terms or a kind of it."""
        ahead = self.tokens[self.place :]
        words = [token.text for token in takewhile(lambda token: token.role in NOUN_ROLES, ahead)]
        readings = read_phrases(" ".join(words), self.draft.lexicon)
        return any(term in reading.types for reading in readings for term in terms)

    def fitting(self, relation: Relation, objects: list[int]) -> Relation:
        """`in` narrowed by what it leads to: one wears a robe and sits in a boat."""
        if relation.name != "in":
            return relation
        worn = all(self.draft.head_is(node, "garment", "textile", "jewel") for node in objects)
        kinds = {EdgeKind.WEARS} if worn else relation.kinds - {EdgeKind.WEARS}
        return Relation(name=relation.name, kinds=frozenset(kinds), manner=relation.manner)

    def is_colour(self, relation: Relation) -> bool:
        """Whether "in" is followed by nothing but a quality: a woman in white."""
        word = self.next.text
        following = self.peek(1).role
        return (
            relation.manner is Manner.WEARING
            and following != "word"
            and self.draft.lexicon.quality(word) is not None
            and self.draft.lexicon.terms.meaning(word) is None
        )

    def pair(self, places: list[int]) -> tuple[int, int] | None:
        """Two nodes for a relation among the subjects; one node of several figures is split."""
        different = list(dict.fromkeys(places))
        if len(different) > 1:
            return different[0], different[1]
        several = bool(different) and self.draft.is_several(different[0])
        return self.draft.split(different[0]) if several else None
