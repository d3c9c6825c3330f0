from __future__ import annotations

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.training.loop import Plan, Progress, learning_rate_at

PLAN = Plan(steps=110, seed=1, learning_rate=0.1, warm_up_steps=10)


@pytest.mark.parametrize(
    ("step", "expected"),
    [(0, 0.01), (9, 0.1), (10, 0.1), (60, 0.0505), (110, 0.001), (200, 0.001)],
    ids=["first", "warm", "top", "middle", "end", "beyond"],
)
def test_the_learning_rate_rises_and_falls(step: int, expected: float) -> None:
    assert learning_rate_at(step, PLAN) == pytest.approx(expected)


@pytest.mark.parametrize(("steps", "checkpoint_steps"), [(0, 1), (1, 0)])
def test_a_plan_needs_steps(steps: int, checkpoint_steps: int) -> None:
    with pytest.raises(InvalidValueError, match="needs at least 1 step"):
        Plan(steps=steps, seed=1, checkpoint_steps=checkpoint_steps)


def test_progress_can_be_read() -> None:
    progress = Progress(step=5, steps=20, losses={"heat": 1.25}, seconds_left_s=75.2)

    assert str(progress) == "5/20  heat 1.2500  1:15 left"
