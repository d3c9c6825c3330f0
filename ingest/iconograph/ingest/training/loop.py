"""A training of a fixed number of steps that can be killed and continued to the very same result."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]
    Tensors = Mapping[str, torch.Tensor]

STATE = "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that decides a training's result besides model and data.

    The learning rate rises over `warm_up_steps` to `learning_rate` and falls along a cosine to a
    hundredth of it. `averaging` 0..1 is the decay of the running average of the weights that is
    the training's result. `half_precision` computes in bfloat16 where torch finds that safe.
    """

    steps: int
    seed: int
    learning_rate: float = 2e-3
    warm_up_steps: int = 100
    weight_decay: float = 1e-4
    averaging: float = 0.998
    gradient_norm: float = 5.0
    checkpoint_steps: int = 200
    half_precision: bool = False

    def __post_init__(self) -> None:
        if self.steps < 1 or self.checkpoint_steps < 1:
            message = (
                f"a training needs at least 1 step and 1 step between checkpoints, "
                f"got {self.steps} and {self.checkpoint_steps}"
            )
            raise InvalidValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a training has come; the losses are averages since the last report."""

    step: int
    steps: int
    losses: Mapping[str, float]
    seconds_left_s: float

    def __str__(self) -> str:
        terms = "  ".join(f"{name} {value:.4f}" for name, value in self.losses.items())
        minutes, seconds = divmod(round(self.seconds_left_s), 60)
        return f"{self.step}/{self.steps}  {terms}  {minutes}:{seconds:02d} left"


def learning_rate_at(step: int, plan: Plan) -> float:
    """The learning rate of a step (from 0): linear warm-up, then half a cosine."""
    if step < plan.warm_up_steps:
        return plan.learning_rate * (step + 1) / plan.warm_up_steps
    share = (step - plan.warm_up_steps) / max(1, plan.steps - plan.warm_up_steps)
    return plan.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


def device_name() -> str:
    """`cuda` where torch finds a GPU, else `cpu`."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def train(  # noqa: PLR0913  the parts of a training
    model: torch.nn.Module,
    *,
    batch_of: Callable[[np.random.Generator], Arrays],
    losses_of: Callable[[torch.nn.Module, Tensors], Tensors],
    plan: Plan,
    folder: Path,
    on_progress: Callable[[Progress], None] | None = None,
) -> torch.nn.Module:
    """Train a model in place and return it with its averaged weights, ready to be used.

    Each step draws its own batch from a generator of (seed, step), so a training that continues
    from the last checkpoint in `folder` ends where it would have ended. The sum of the losses is
    made small. Raises `InvalidValueError` when `folder` holds a checkpoint of another plan and
    when a loss is not finite.
    """
    import torch

    device = device_name()
    model.to(device).train()
    training = _Training(model, plan)
    first = training.resume(folder)
    clock = _Clock(first, plan.steps)
    for step in range(first, plan.steps):
        torch.manual_seed(plan.seed * 1_000_003 + step)
        arrays = batch_of(np.random.default_rng((plan.seed, step)))
        tensors = {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}
        clock.add(training.step(step, tensors, losses_of))
        done = step + 1
        if done % plan.checkpoint_steps == 0 or done == plan.steps:
            training.save(folder, done)
            if on_progress:
                on_progress(clock.report(done))
    model.load_state_dict(training.average)
    return model.eval()


class _Training:
    """Weights, optimiser and running average of one training."""

    def __init__(self, model: torch.nn.Module, plan: Plan) -> None:
        import torch

        self.model, self.plan = model, plan
        self.names = [name for name, _ in model.named_parameters()]
        # Norms and biases are not drawn to zero.
        wide = [p for p in model.parameters() if p.ndim > 1]
        narrow = [p for p in model.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": wide, "weight_decay": plan.weight_decay}, {"params": narrow, "weight_decay": 0.0}],
            lr=plan.learning_rate, betas=(0.9, 0.99),
        )  # fmt: skip
        self.average = {name: value.detach().clone() for name, value in model.state_dict().items()}

    def step(
        self,
        step: int,
        tensors: Tensors,
        losses_of: Callable[[torch.nn.Module, Tensors], Tensors],
    ) -> dict[str, float]:
        import torch

        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate_at(step, self.plan)
        device = next(self.model.parameters()).device.type
        with torch.autocast(device, torch.bfloat16, enabled=self.plan.half_precision):
            losses = losses_of(self.model, tensors)
        total = torch.stack([loss.float() for loss in losses.values()]).sum()
        if not torch.isfinite(total):
            message = f"step {step} has a loss of {float(total.detach())}; train with a lower learning rate"
            raise InvalidValueError(message)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.plan.gradient_norm)
        self.optimiser.step()
        self._average(step)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _average(self, step: int) -> None:
        import torch

        decay = min(self.plan.averaging, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[name].lerp_(value, 1 - decay)
                else:
                    self.average[name].copy_(value)

    def save(self, folder: Path, done: int) -> None:
        """Write a checkpoint; the state file is written last and names the one that counts."""
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"model/{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"average/{name}": value for name, value in self.average.items()}
        moments = self.optimiser.state
        for name, parameter in self.model.named_parameters():
            for key, value in moments[parameter].items():
                tensors[f"optimiser/{name}/{key}"] = value
        file = folder / f"checkpoint-{done:06d}.safetensors"
        unfinished = file.with_suffix(".part")
        save_file(
            {key: value.detach().contiguous().cpu() for key, value in tensors.items()}, unfinished
        )
        os.replace(unfinished, file)  # noqa: PTH105  the one call that replaces in one step everywhere
        state = {"step": done, "file": file.name, "plan": asdict(self.plan)}
        part = folder / f"{STATE}.part"
        part.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
        os.replace(part, folder / STATE)  # noqa: PTH105  as above
        for old in folder.glob("checkpoint-*.safetensors"):
            if old != file:
                old.unlink()

    def resume(self, folder: Path) -> int:
        """Take up the last checkpoint of a folder; how many steps it has done."""
        from safetensors.torch import load_file

        if not (folder / STATE).exists():
            return 0
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if state["plan"] != asdict(self.plan):
            message = (
                f"{folder} holds a training with {state['plan']}, asked for is {asdict(self.plan)}; "
                "give another folder or the same settings"
            )
            raise InvalidValueError(message)
        tensors = load_file(folder / state["file"])
        self.model.load_state_dict(_under("model/", tensors))
        for name, value in _under("average/", tensors).items():
            self.average[name].copy_(value)
        for name, parameter in self.model.named_parameters():
            moments = _under(f"optimiser/{name}/", tensors)
            if moments:
                # The step count stays on the CPU, where AdamW keeps it.
                self.optimiser.state[parameter] = {
                    key: value if key == "step" else value.to(parameter.device)
                    for key, value in moments.items()
                }
        return int(state["step"])


def _under(prefix: str, tensors: Tensors) -> dict[str, torch.Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


class _Clock:
    """Sums losses and time between reports."""

    def __init__(self, first: int, steps: int) -> None:
        self.first, self.steps, self.started_s = first, steps, time.monotonic()
        self.sums: dict[str, float] = {}
        self.count = 0

    def add(self, losses: Mapping[str, float]) -> None:
        self.count += 1
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def report(self, done: int) -> Progress:
        pace_s = (time.monotonic() - self.started_s) / max(1, done - self.first)
        losses = {name: value / max(1, self.count) for name, value in self.sums.items()}
        self.sums, self.count = {}, 0
        return Progress(
            step=done, steps=self.steps, losses=losses, seconds_left_s=pace_s * (self.steps - done)
        )
