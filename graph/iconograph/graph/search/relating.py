"""Reads a relation with the things that it leads to."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.graph.iconography.reading import Manner, Relation
from iconograph.graph.search.attachment import Attachment
from iconograph.graph.search.reader import THINGS

SAID_ALONE = frozenset({"above", "in front of", "towards"})
"""Relations that may stand without an object and then say little: "people below"."""


@dataclass(slots=True)
class Relations(Attachment):
    """A reader that turns a relation and its objects into edges."""

    def read_relation(self, *, comma: bool, joined: bool, both: bool) -> None:
        """Relations and their objects: "playing or holding a lute", "not gazing at each other"."""
        negated = self.skip("not")
        while self.next.role == "postures":
            self.take()
        if self.next.role != "relation":
            return
        relations = [self.take_relation()]
        while self.next.role in ("or", "and", "comma") and self.peek(1).role == "relation":
            is_or = self.take().role == "or"
            following = self.take_relation()
            if is_or:
                relations[-1] = _either(relations[-1], following)
            else:
                relations.append(following)
        subjects = self.subjects_of(relations[0], comma=comma, joined=joined, both=both)
        if self.next.role == "mutual":
            self.take()
            self._mutual(subjects, relations, negated=negated)
            return
        for relation in relations[:-1]:
            self._take_objects(subjects, relation, negated=negated, ahead=True)
        self._take_objects(subjects, relations[-1], negated=negated, ahead=False)

    def _take_objects(
        self, subjects: list[int], relation: Relation, *, negated: bool, ahead: bool
    ) -> None:
        """The objects of a relation; with `ahead` they are read but left for the next relation."""
        start = self.place
        if self.next.role in ("nobody", "nothing"):
            self.draft.relate(subjects, relation, [self.absent(self.take())], negated=True)
        elif self.next.role == "pronouns" and self.peek(1).role not in THINGS:
            self.take()
            self.related(*self._of_pronoun(subjects, relation))
        elif self.next.role in (*THINGS, "no", "both", "pronouns") or self.is_prenominal():
            self.skip("pronouns")
            none = self.skip("no")
            if self.is_colour(relation):
                self.draft.say_more(subjects[-1], f"in {self.words()}")
                return
            known = len(self.draft.nodes)
            objects = self.things()
            self.related(
                subjects, self.fitting(relation, objects), objects, negated=none or negated
            )
            if ahead:
                self.place = start
                del self.draft.nodes[known:]
        else:
            self._alone(subjects, relation)

    def _of_pronoun(
        self, subjects: list[int], relation: Relation
    ) -> tuple[list[int], Relation, list[int]]:
        """Who "him" is: whom the sentence before was about, or else this one."""
        meant = self.before or self.main
        return (self.objects if subjects == meant else subjects), relation, meant

    def related(
        self, subjects: list[int], relation: Relation, objects: list[int], *, negated: bool = False
    ) -> None:
        """Relate things, and remember that they were."""
        self.draft.relate(subjects, relation, objects, negated=negated)
        self.subjects, self.objects, self.last = subjects, objects, relation

    def _alone(self, subjects: list[int], relation: Relation) -> None:
        """A relation without an object: "two women embracing", "man pointing", "people below"."""
        pair = self.pair(subjects)
        word = self.tokens[self.place - 1].text
        if relation.name in SAID_ALONE:
            return
        if pair and relation.manner is not Manner.PLACE:
            self.draft.either_way(*pair, relation)
        elif self.draft.lexicon.quality(word):
            self.draft.say_more(subjects[-1], word)
        elif not self.draft.edges:
            raise self.not_understood()

    def _mutual(self, subjects: list[int], relations: list[Relation], *, negated: bool) -> None:
        pair = self.pair(subjects) or self.pair([*self.subjects, *self.objects])
        first, second = pair or self.draft.split(subjects[0])
        for relation in relations:
            mutual = not all(kind.symmetric for kind in relation.kinds)
            self.draft.relate([first], relation, [second], negated=negated, mutual=mutual)


def _either(first: Relation, second: Relation) -> Relation:
    return Relation(
        name=f"{first.name} or {second.name}",
        kinds=first.kinds | second.kinds,
        backward=first.backward | second.backward,
        manner=first.manner,
        inverse=first.inverse,
    )
