"""Words to a pattern, by a grammar over the lexicon's relations.

    query    = [opening] things clause*
    clause   = [","] [and] [both | who] [not] relation things          woman holding a flag
             | [","] (who | which | that) things relation              sword that a woman holds
             | things? relation "each other"                           two men gazing at each other
             | without things | [separated by things from] things | on either side of things
    things   = thing (and thing)*
    thing    = [number] words | nobody | nothing

Whose a relation is follows from what went before: see `Attachment.subjects_of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import QueryError
from iconograph.graph.iconography.reading import Manner, Relation
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.search.draft import Draft
from iconograph.graph.search.reader import THINGS
from iconograph.graph.search.relating import Relations
from iconograph.graph.search.tokens import tokens_of

if TYPE_CHECKING:
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.search.pattern import Pattern

LONGEST_QUERY = 500
BESIDE = Relation(name="between", kinds=frozenset({EdgeKind.BESIDE}), manner=Manner.PLACE)
TOWARDS = Relation(
    name="towards",
    kinds=frozenset({EdgeKind.FACES, EdgeKind.GAZES_AT, EdgeKind.BESIDE}),
    manner=Manner.PLACE,
)
CLAUSE_STARTS = frozenset({"relation", "relatives", "without", "not", "postures"})
TANGIBLE = ("object", "building", "plant", "being")
GOES_WITHOUT_SAYING = frozenset({"standing", "seated"})
"""Postures that are dropped: "woman standing beside a table" is no less one when nobody says so."""


def parse(text: str, lexicon: Lexicon) -> Pattern:
    """The pattern that a query describes.

    Raises `QueryError` with what was understood and what was not, also when the query is longer than
    `LONGEST_QUERY` characters.
    """
    if not text.strip() or len(text) > LONGEST_QUERY:
        message = f"a query has 1 to {LONGEST_QUERY} characters, got {len(text.strip())}"
        raise QueryError(message)
    return _Parser(tokens=tokens_of(text, lexicon), draft=Draft(lexicon)).read()


class _Parser(Relations):
    """Reads a query from its first token to its last."""

    def read(self) -> Pattern:
        self._first()
        while self.next.role != "end":
            before = self.place
            self._clause()
            if self.place == before:
                raise self.not_understood()
        if not self.draft.nodes:
            raise self.not_understood()
        return self.draft.pattern()

    # What comes first: the things that the query is about, or what is asked for.

    def _first(self) -> None:
        if self.next.role in ("questions", "things"):
            self._question()
        elif self.next.role in ("nobody", "nothing"):
            self._nobody_acts()
        elif self.next.role == "relation":
            is_place = self.next.relation and self.next.relation.manner is Manner.PLACE
            self.main = [self.draft.add("anything" if is_place else "person")]
        else:
            self.main = self.things()
        self.subjects = list(self.main)

    def _question(self) -> None:
        """What is asked for: "who is looking at the king?", "what is the woman holding?"."""
        asked = "person" if self.take().role == "questions" else "anything"
        self.skip("relatives")
        if self.next.role != "word":
            self.main = [self.draft.add(asked)]
            return
        self.main = self.things()
        if self.next.role != "relation" or self.peek(1).role != "end":
            return
        relation = self.take().relation
        if relation:
            self.draft.relate(self.main, relation, [self.draft.add(asked)])

    def _nobody_acts(self) -> None:
        """Nobody holds the lute."""
        word, relation = self.take(), self.take_relation()
        objects = self.things()
        self.main = objects
        self.draft.relate([self.absent(word)], relation, objects, negated=True)

    # One clause after the other.

    # long: one branch for each way a clause begins, read as a table
    def _clause(self) -> None:  # noqa: C901, PLR0912  the same
        comma = self.skip("comma")
        joined = self.skip("and")
        both = self.skip("both")
        if self.next.role in ("comma", "and"):
            return
        match self.next.role:
            case "relatives":
                self._relative()
            case "nobody" | "nothing":
                self._nobody_acts_on(self.objects or self.main)
            case "she":
                self._she()
            case "without" | "no":
                self.take()
                subjects = self.subjects_of(None, comma=comma, joined=joined, both=both)
                self.draft.lack(subjects, self.things())
            case "divide":
                self.take()
                self._either_side()
            case "divided":
                self.take()
                self._divided()
            case "between" if self.peek(1).role == "pronouns":
                self.place += 2
            case "between":
                self.take()
                subjects = self.subjects_of(BESIDE, comma=comma, joined=joined, both=both)
                self.related(subjects, BESIDE, self.things())
            case "not" | "relation":
                self.read_relation(comma=comma, joined=joined, both=both)
            case "places":
                self.take()
            case "from":
                self.take()
                if self.next.role in THINGS:
                    self.related(self.subjects, TOWARDS, self.things())
            case "pronouns":
                self._pronoun()
            case "stop":
                self._new_sentence()
            case "word" | "number" | "postures" if (comma or joined) and self.begins_thing():
                self._more_things()
            case "postures":
                self._posture()

    def _relative(self) -> None:
        """... who holds a sword; ... that a woman holds; ... that nobody holds."""
        is_part = self.take().text == "whose"
        nearest = self.objects or self.main
        if is_part:
            self.words()
        if self.next.role in ("nobody", "nothing"):
            self._nobody_acts_on(nearest)
        elif self.next.role in THINGS:
            subjects = self.things()
            negated = self.skip("not")
            self.related(subjects, self.take_relation(), nearest, negated=negated)
        else:
            last, self.last, objects, self.objects = self.last, None, self.objects, []
            main, self.main = self.main, nearest
            self.read_relation(comma=False, joined=False, both=False)
            self.main = main
            if self.last is None:
                self.last, self.objects = last, objects

    def _nobody_acts_on(self, objects: list[int]) -> None:
        """The lute nobody holds."""
        absent = self.absent(self.take())
        self.draft.relate([absent], self.take_relation(), objects, negated=True)

    def _she(self) -> None:
        """The child she holds; she holds a child."""
        self.take()
        is_object_before = self.peek(1).role not in (*THINGS, "pronouns")
        if is_object_before and self.objects:
            self.related(self.before or self.main, self.take_relation(), self.objects)
            return
        self.main, self.objects = self.before or self.main, []
        self.read_relation(comma=False, joined=False, both=False)

    def _either_side(self) -> None:
        """Two men on either side of a column: a divide between them, the column if it is there."""
        first, second = self.pair(self.main) or self.draft.split(self.main[0])
        self.draft.across(first, second)
        self.objects = self._dividers()

    def _divided(self) -> None:
        """A figure separated by clouds from people; two women separated by a column."""
        subjects = self.subjects_of(None, comma=False, joined=False, both=False)
        if self.next.relation and self.next.text.lower() in ("by", "with"):
            self.take()
            self._dividers()
        if self.skip("from"):
            objects = self.things()
            for subject in subjects:
                for object_ in objects:
                    self.draft.across(subject, object_)
            self.objects = objects
            return
        self.draft.across(*(self.pair(subjects) or self.draft.split(subjects[0])))

    def _dividers(self) -> list[int]:
        """What divides: a thing must be there, clouds and light are seldom a region of their own."""
        dividers = self.things(optional=True)
        for node in dividers:
            if self.draft.head_is(node, *TANGIBLE):
                self.draft.require(node)
        return dividers

    def _posture(self) -> None:
        """A posture is kept where it tells the thing apart."""
        word = self.take().text
        quality = self.draft.lexicon.quality(word)
        if quality and quality not in GOES_WITHOUT_SAYING and self.next.role != "relation":
            self.draft.say_more((self.objects or self.main)[-1], word)

    def _new_sentence(self) -> None:
        """A sentence of its own about the same picture; "him" in it is whom the last was about."""
        self.take()
        if self.next.role in THINGS or self.is_prenominal():
            self.before, self.main = self.main, self.things()
            self.subjects, self.objects, self.last = list(self.main), [], None

    def _pronoun(self) -> None:
        """A possessive, "her child", is dropped; it begins a thing that is read next."""
        self.take()
        if self.next.role in THINGS:
            self._more_things()

    def _more_things(self) -> None:
        """More things after a comma or "and": objects of the last relation, or a clause of their own."""
        things = self.things()
        starts_clause = self.next.role in CLAUSE_STARTS and any(map(self.draft.can_act, things))
        if self.last is None:
            self.main += things
            self.subjects = list(self.main)
        elif starts_clause and (
            things == self.main or not all(map(self.draft.can_act, self.objects))
        ):
            self.before, self.main, self.subjects = self.main, things, list(things)
            self.objects, self.last = [], None
        else:
            self.draft.relate(self.subjects, self.last, things)
            self.objects = self.objects + things
