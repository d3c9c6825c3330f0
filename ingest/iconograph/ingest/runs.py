"""Who brings facts in: runs that can be recognised again after an update of the software."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata

from iconograph.graph.model.run import ModelRef, Run, run_of

ORIGIN = "origin"
"""Name of the run parameter that says which source or stage facts came from."""


def run_now(
    origin: str,
    *,
    models: tuple[ModelRef, ...] = (),
    parameters: tuple[tuple[str, str], ...] = (),
    now: datetime | None = None,
) -> Run:
    """A run of this software for facts of `origin`, such as `annotations:eden.json`.

    It started now, or at `now`, which has a time zone.
    """
    started = (now or datetime.now(UTC)).astimezone(UTC)
    return run_of(
        f"iconograph {metadata.version('iconograph')}",
        started_at=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        models=models,
        parameters=((ORIGIN, origin), *parameters),
    )


def origin_of(run: Run) -> str:
    """What stays the same of a run when versions, models and thresholds change.

    The run's origin parameter; without one, the name of its software and of its parameters.
    """
    parameters = dict(run.parameters)
    return parameters.get(ORIGIN) or " ".join((run.software.split(" ")[0], *parameters))
