"""The trainer on real torch: what it minimises, and that a killed training loses nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.training.loop import STATE, Plan, Progress, train

torch = pytest.importorskip("torch", reason="needs the extra `ml`")

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan(
    steps=12, seed=5, learning_rate=0.02, warm_up_steps=2, checkpoint_steps=4, averaging=0.9
)


class KilledError(Exception):
    pass


def network() -> Any:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Dropout(0.2), torch.nn.Linear(8, 1)
    )


def batch_of(rng: np.random.Generator) -> dict[str, Any]:
    x = rng.standard_normal((16, 4), dtype=np.float32)
    return {"x": x, "y": x.sum(axis=1, keepdims=True)}


def losses_of(model: Any, batch: Any) -> dict[str, Any]:
    return {"error": torch.nn.functional.mse_loss(model(batch["x"]), batch["y"])}


def killed_at(step: int) -> Any:
    """Batches that end with an exception in the middle of a training."""
    drawn = iter(range(step))

    def killing(rng: np.random.Generator) -> dict[str, Any]:
        if next(drawn, None) is None:
            raise KilledError
        return batch_of(rng)

    return killing


def weights_of(model: Any) -> dict[str, Any]:
    return {name: value.numpy().copy() for name, value in model.state_dict().items()}


def run(folder: Path, source: Any = batch_of, plan: Plan = PLAN, **more: Any) -> dict[str, Any]:
    return weights_of(
        train(network(), batch_of=source, losses_of=losses_of, plan=plan, folder=folder, **more)
    )


@pytest.mark.parametrize("step", [2, 6, 11], ids=["before a checkpoint", "after one", "at the end"])
def test_a_killed_training_continues_to_the_very_same_weights(tmp_path: Path, step: int) -> None:
    whole = run(tmp_path / "whole")

    with pytest.raises(KilledError):
        run(tmp_path / "killed", killed_at(step))
    continued = run(tmp_path / "killed")

    assert whole.keys() == continued.keys()
    for name, value in whole.items():
        assert np.array_equal(value, continued[name]), name


def test_a_finished_training_is_not_done_again(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert all(
        np.array_equal(done[name], value) for name, value in run(tmp_path, killed_at(0)).items()
    )


def test_the_loss_falls_and_is_reported(tmp_path: Path) -> None:
    reports: list[Progress] = []
    plan = Plan(steps=60, seed=5, learning_rate=0.05, warm_up_steps=2, checkpoint_steps=20)

    run(tmp_path, plan=plan, on_progress=reports.append)

    assert [report.step for report in reports] == [20, 40, 60]
    assert reports[-1].losses["error"] < 0.5 * reports[0].losses["error"]
    assert reports[-1].seconds_left_s == 0


def test_only_the_last_checkpoint_is_kept_and_nothing_is_pickled(tmp_path: Path) -> None:
    run(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint-000012.safetensors",
        STATE,
    ]
    assert json.loads((tmp_path / STATE).read_text())["step"] == 12


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    run(tmp_path)

    with pytest.raises(InvalidValueError, match="give another folder or the same settings"):
        run(tmp_path, plan=Plan(steps=13, seed=5))


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    def broken(model: Any, batch: Any) -> dict[str, Any]:
        return {"error": losses_of(model, batch)["error"] * float("nan")}

    with pytest.raises(InvalidValueError, match="step 0 has a loss of nan"):
        train(network(), batch_of=batch_of, losses_of=broken, plan=PLAN, folder=tmp_path)


def test_the_result_is_the_average_of_the_weights(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    result = run(tmp_path)
    stored = load_file(tmp_path / "checkpoint-000012.safetensors")

    assert np.array_equal(result["0.weight"], stored["average/0.weight"].numpy())
    assert not np.array_equal(result["0.weight"], stored["model/0.weight"].numpy())
