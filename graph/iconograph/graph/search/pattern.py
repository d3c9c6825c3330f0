"""What is searched for: a small graph of phrases."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.graph.errors import QueryError
from iconograph.graph.model.checks import require_fraction, require_text
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level
from iconograph.graph.store.candidates import WorkFilter

MOST_NODES = 8
MOST_EDGES = 12
LONGEST_PHRASE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternNode:
    """A region that is looked for: `role` names it in the pattern, `phrase` says what it shows.

    `excluding` are phrases that the region must not match. `count` is how many different regions
    of this description there must be, each with the same edges ("two men beside a table"). An
    `optional` one need not be found, and raises the score where it is; it stands in no edge.
    """

    role: str
    phrase: str
    levels: frozenset[Level] = frozenset()
    excluding: tuple[str, ...] = ()
    count: int = 1
    optional: bool = False

    def __post_init__(self) -> None:
        require_text("PatternNode", role=self.role, phrase=self.phrase)
        if len(self.phrase) > LONGEST_PHRASE:
            message = f"a phrase has at most {LONGEST_PHRASE} characters, got {len(self.phrase)}"
            raise QueryError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternEdge:
    """An edge of any of `kinds` from one role to another; `negated` means that there is none.

    Any of `backward` counts too when it leads from the object to the subject: an angel "with" wings
    holds, wears or is beside them, or they are part of it.

    A role that stands in negated edges only is looked for in order to be absent: in "man without a
    hat" no region that matches "hat" may be worn or held by the man. Where both ends stand in negated edges only, the
    one that comes first among the pattern's nodes is wanted. `mutual` asks for the edge in
    both directions ("gazing at each other").
    """

    subject: str
    kinds: frozenset[EdgeKind]
    object: str
    negated: bool = False
    mutual: bool = False
    backward: frozenset[EdgeKind] = frozenset()

    def __post_init__(self) -> None:
        if not self.kinds | self.backward:
            message = f"the pattern edge from {self.subject} to {self.object} needs a kind"
            raise QueryError(message)
        if self.subject == self.object:
            message = f"a pattern edge needs two different roles, got {self.subject} twice"
            raise QueryError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Nodes and edges that must be found together in one image, by different regions."""

    nodes: tuple[PatternNode, ...]
    edges: tuple[PatternEdge, ...] = ()
    work_filter: WorkFilter = WorkFilter()
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        require_fraction("Pattern", min_confidence=self.min_confidence)
        roles = [node.role for node in self.nodes]
        if not 1 <= len(roles) <= MOST_NODES or len(self.edges) > MOST_EDGES:
            found = f"{len(roles)} nodes and {len(self.edges)} edges"
            message = (
                f"a pattern has 1 to {MOST_NODES} nodes and at most {MOST_EDGES} edges, got {found}"
            )
            raise QueryError(message)
        if len(set(roles)) != len(roles):
            message = f"the roles of a pattern must differ, got {roles}"
            raise QueryError(message)
        unknown = {role for e in self.edges for role in (e.subject, e.object)} - set(roles)
        if unknown:
            message = f"pattern edges name unknown roles {sorted(unknown)}; known are {roles}"
            raise QueryError(message)
        if not self.required_roles:
            message = f"a pattern needs a node that must be found, got only optional ones: {roles}"
            raise QueryError(message)

    @property
    def absent_roles(self) -> frozenset[str]:
        """Roles that are looked for in order to be absent."""
        place = {node.role: number for number, node in enumerate(self.nodes)}
        wanted = {role for e in self.edges if not e.negated for role in (e.subject, e.object)}
        later = {max(e.subject, e.object, key=place.__getitem__) for e in self.edges if e.negated}
        return frozenset(later - wanted)

    @property
    def required_roles(self) -> tuple[str, ...]:
        """Roles that must be found."""
        absent = self.absent_roles
        return tuple(n.role for n in self.nodes if not n.optional and n.role not in absent)
