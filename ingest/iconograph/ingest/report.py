"""What an ingest tells while it runs, and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iconograph.ingest.problems import Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The ingest began; `total` is the number of images to come, None where nobody knows."""

    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDone:
    """An image is stored; `written` is false when all of it was there and equal."""

    name: str
    regions: int
    edges: int
    written: bool
    seconds_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSkipped:
    """An image was left out; a problem says why."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFound:
    """Something is wrong with the input."""

    problem: Problem


Event = Started | ImageDone | ImageSkipped | ProblemFound


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What was done and what was not.

    `stopped` says why images were not tried: the store could not be written, or somebody
    interrupted; empty when all were. `regions` and `edges` are counts of the images that are
    stored, whether written now or there before.
    """

    written: int
    unchanged: int
    regions: int
    edges: int
    seconds_s: float
    problems: tuple[Problem, ...]
    stopped: str = ""
    interrupted: bool = False

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """The problems that kept something from being ingested."""
        return tuple(p for p in self.problems if p.severity is Severity.LEFT_OUT)

    @property
    def complete(self) -> bool:
        """Whether everything was ingested."""
        return not (self.left_out or self.stopped or self.interrupted)

    def to_record(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "complete": self.complete,
            "written": self.written,
            "unchanged": self.unchanged,
            "regions": self.regions,
            "edges": self.edges,
            "seconds_s": round(self.seconds_s, 3),
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "problems": [problem.to_record() for problem in self.problems],
        }
