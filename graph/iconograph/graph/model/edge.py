"""Typed statements about two regions, with what speaks for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_fraction, require_text
from iconograph.graph.model.ids import EdgeId, ImageId, RegionId, RunId, edge_id


class EdgeKind(StrEnum):
    """How one region stands to another; the subject comes first.

    HOLDS: a hand or arm of the subject is in contact with the object and supports it.
    WEARS: the object is a garment, jewel, armour or crown on the subject's body.
    TOUCHES: the two are in visible contact without holding.
    GAZES_AT: the subject's eyes are directed at the object.
    POINTS_AT: a finger, hand or held thing of the subject is directed at the object.
    FACES: the subject's body is turned to the object.
    BESIDE: the two are next to each other in the depicted space (symmetric).
    ABOVE: the subject is higher on the picture plane and over the object.
    IN_FRONT_OF: the subject stands between the viewer and the object.
    INSIDE: the subject is enclosed by the object.
    PART_OF: the subject belongs to the object as a part to a whole.
    ACROSS_DIVIDE: a dividing line or thing lies between the two (symmetric).
    SAME_SIDE: the two lie on one side of a divide (symmetric).
    """

    HOLDS = "HOLDS"
    WEARS = "WEARS"
    TOUCHES = "TOUCHES"
    GAZES_AT = "GAZES_AT"
    POINTS_AT = "POINTS_AT"
    FACES = "FACES"
    BESIDE = "BESIDE"
    ABOVE = "ABOVE"
    IN_FRONT_OF = "IN_FRONT_OF"
    INSIDE = "INSIDE"
    PART_OF = "PART_OF"
    ACROSS_DIVIDE = "ACROSS_DIVIDE"
    SAME_SIDE = "SAME_SIDE"

    @property
    def symmetric(self) -> bool:
        """Whether the statement reads the same both ways; such edges are stored once."""
        return self in SYMMETRIC_KINDS

    @property
    def inverse(self) -> str:
        """Words for the same statement read from the object."""
        return INVERSE_WORDS[self]

    @property
    def words(self) -> str:
        """Words for the statement, for captions and answers: `HOLDS` reads `holds`."""
        return self.value.lower().replace("_", " ")


SYMMETRIC_KINDS = frozenset({EdgeKind.BESIDE, EdgeKind.ACROSS_DIVIDE, EdgeKind.SAME_SIDE})
"""Kinds whose subject and object can be swapped."""

INVERSE_WORDS = {
    EdgeKind.HOLDS: "held by",
    EdgeKind.WEARS: "worn by",
    EdgeKind.TOUCHES: "touched by",
    EdgeKind.GAZES_AT: "gazed at by",
    EdgeKind.POINTS_AT: "pointed at by",
    EdgeKind.FACES: "faced by",
    EdgeKind.BESIDE: "beside",
    EdgeKind.ABOVE: "below",
    EdgeKind.IN_FRONT_OF: "behind",
    EdgeKind.INSIDE: "contains",
    EdgeKind.PART_OF: "has part",
    EdgeKind.ACROSS_DIVIDE: "across a divide from",
    EdgeKind.SAME_SIDE: "on the same side as",
}
"""Words for each kind read backwards."""


class EdgeLayer(StrEnum):
    """What kind of knowledge a statement is.

    OBSERVED was measured in the picture, INFERRED follows from other edges by a rule, ICONOGRAPHIC
    follows from knowledge about subjects, ASSERTED was said by a person or a source.
    """

    OBSERVED = "observed"
    INFERRED = "inferred"
    ICONOGRAPHIC = "iconographic"
    ASSERTED = "asserted"


class EdgeStatus(StrEnum):
    """Whether a person has judged a statement; rejected ones are kept but never match."""

    MACHINE = "machine"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who judged a statement, when (ISO 8601), and why."""

    by: str
    at: str
    reason: str = ""

    def __post_init__(self) -> None:
        require_text("Review", by=self.by, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Measured numbers behind a statement, and the names of those that could not be measured.

    Units are in the names: `gap_heights` is in heights of the figure, `angle_deg` in degrees,
    `overlap_fraction` in 0..1. The numbers are kept sorted by name.
    """

    numbers: tuple[tuple[str, float], ...] = ()
    lacked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, number in self.numbers:
            if not math.isfinite(number):
                message = f"evidence {name} must be a finite number, got {number!r}"
                raise InvalidValueError(message)
        if list(self.numbers) != sorted(self.numbers):
            message = f"evidence must be sorted by name, got {[n for n, _ in self.numbers]}"
            raise InvalidValueError(message)

    def number(self, name: str) -> float | None:
        """The named number, or None where it was not measured."""
        return dict(self.numbers).get(name)


def evidence_of(*, lacked: tuple[str, ...] = (), **numbers: float) -> Evidence:
    """Evidence from named numbers, sorted; rounded to 6 places so that equal stays equal."""
    rounded = ((name, round(float(number), 6)) for name, number in numbers.items())
    return Evidence(numbers=tuple(sorted(rounded)), lacked=lacked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A typed statement about two regions of one image; build one with `edge_of`.

    `confidence` is the probability, 0..1, that the statement is right.
    """

    id: EdgeId
    kind: EdgeKind
    image_id: ImageId
    subject_id: RegionId
    object_id: RegionId
    confidence: float
    layer: EdgeLayer
    method: str
    run_id: RunId
    evidence: Evidence = Evidence()
    status: EdgeStatus = EdgeStatus.MACHINE
    review: Review | None = None

    def __post_init__(self) -> None:
        require_fraction("Edge", confidence=self.confidence)
        require_text("Edge", method=self.method, run_id=self.run_id)
        if self.subject_id == self.object_id:
            message = f"an edge needs two different regions, got {self.subject_id} twice"
            raise InvalidValueError(message)
        if self.kind.symmetric and self.subject_id > self.object_id:
            message = f"a {self.kind} edge is stored with the smaller region id first"
            raise InvalidValueError(message)
        if self.status is EdgeStatus.REJECTED and not (self.review and self.review.reason):
            message = f"a rejected edge needs a review with a reason, got {self.review}"
            raise InvalidValueError(message)


def edge_of(  # noqa: PLR0913  one argument for each field
    kind: EdgeKind,
    subject_id: RegionId,
    object_id: RegionId,
    *,
    image_id: ImageId,
    confidence: float,
    layer: EdgeLayer,
    method: str,
    run_id: RunId,
    evidence: Evidence = Evidence(),
    status: EdgeStatus = EdgeStatus.MACHINE,
    review: Review | None = None,
) -> Edge:
    """An edge with its id worked out; the ends of a symmetric kind are put in order."""
    if kind.symmetric and subject_id > object_id:
        subject_id, object_id = object_id, subject_id
    return Edge(
        id=edge_id(kind, subject_id, object_id, layer, method),
        kind=kind,
        image_id=image_id,
        subject_id=subject_id,
        object_id=object_id,
        confidence=round(confidence, 6),
        layer=layer,
        method=method,
        run_id=run_id,
        evidence=evidence,
        status=status,
        review=review,
    )
