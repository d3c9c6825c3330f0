"""What an ingest tells while it runs, and at its end."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """After each image: how many are done, and how fast it goes.

    `left_s` is the time that the rest takes at this rate; it and `total` are None where nobody
    knows how many are to come.
    """

    done: int
    total: int | None
    images_per_s: float
    left_s: float | None


Event = Started | ImageDone | ImageSkipped | ProblemFound | Progress

PACE_IMAGES = 32
"""So many of the last images say how fast it goes, since what a cache knows goes faster."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """Counts images and their rate."""

    done: int = 0
    times_s: deque[float] = field(
        default_factory=lambda: deque([time.perf_counter()], maxlen=PACE_IMAGES + 1)
    )

    def after_one_more(self, total: int | None) -> Progress:
        """Count an image that is done."""
        self.done += 1
        self.times_s.append(time.perf_counter())
        spent_s = self.times_s[-1] - self.times_s[0]
        rate = (len(self.times_s) - 1) / spent_s if spent_s > 0 else 0.0
        left_s = (total - self.done) / rate if total is not None and rate else None
        return Progress(done=self.done, total=total, images_per_s=rate, left_s=left_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What was done and what was not.

    `stopped` says why images were not tried: the store could not be written, or somebody
    interrupted; empty when all were. `regions` and `edges` are counts of the images that are
    stored, whether written now or there before. `stage_seconds` adds up what each stage took for
    all images, and `store` the reading and writing; with several workers that is more than
    `seconds_s`.
    """

    written: int
    unchanged: int
    regions: int
    edges: int
    seconds_s: float
    problems: tuple[Problem, ...]
    stopped: str = ""
    interrupted: bool = False
    stage_seconds: tuple[tuple[str, float], ...] = ()

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
            "stage_seconds": {name: round(spent, 3) for name, spent in self.stage_seconds},
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "problems": [problem.to_record() for problem in self.problems],
        }
