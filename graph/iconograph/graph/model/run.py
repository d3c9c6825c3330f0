"""Who made a fact: software, models and parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass

from iconograph.graph.model.checks import require_text
from iconograph.graph.model.ids import RunId, run_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRef:
    """A model that took part, by name, revision and the SHA-256 of its weights."""

    name: str
    revision: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One way of making facts; build one with `run_of`.

    The id follows from software, models and parameters, so repeating a run repeats its id;
    `started_at` (ISO 8601, UTC) is that of the first time.
    """

    id: RunId
    software: str
    started_at: str
    models: tuple[ModelRef, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        require_text("Run", id=self.id, software=self.software, started_at=self.started_at)


def run_of(
    software: str,
    *,
    started_at: str,
    models: tuple[ModelRef, ...] = (),
    parameters: tuple[tuple[str, str], ...] = (),
) -> Run:
    """A run with its id worked out; parameters are kept sorted by name."""
    ordered = tuple(sorted(parameters))
    model_text = json.dumps([(m.name, m.revision, m.sha256) for m in models])
    return Run(
        id=run_id(software, model_text, json.dumps(ordered)),
        software=software,
        started_at=started_at,
        models=models,
        parameters=ordered,
    )
