"""What the commands that train the small networks share: their options and what these ask for."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from iconograph.ingest.training.corpora import (
    TruePicture,
    default_folders,
    split,
    training_corpora,
)
from iconograph.ingest.training.loop import Plan, Progress, train

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

CHECKPOINTS = "checkpoints"
"""Where in the folder of a training its checkpoints lie."""


def training_options(
    description: str,
    *,
    steps: int,
    batch: tuple[int, str],
    learning_rate: float,
    test_pictures: int | None = None,
) -> argparse.ArgumentParser:
    """The options of every such command, with the defaults of one.

    `batch` is how much makes a step, and of what. Without `test_pictures` all are measured on.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, required=True, help="folder for everything written")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=batch[0], help=batch[1])
    parser.add_argument("--learning-rate", type=float, default=learning_rate)
    parser.add_argument(
        "--corpus", type=Path, action="append", help="folder of drawn scenes, drawn where missing; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--pictures", type=int, default=1800, help="how many scenes to draw in each folder"
    )
    parser.add_argument(
        "--test-pictures", type=int, default=test_pictures, help="how many to measure on at most"
    )
    return parser


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Training:
    """A training as a command line asks for it.

    `out` takes all that is written; `corpora` are the pictures of drawn corpora by the folder that
    each lies in, `batch` is how much makes a step, `test_pictures` how many to measure on.
    """

    out: Path
    corpora: Mapping[Path, tuple[TruePicture, ...]]
    plan: Plan
    batch: int
    test_pictures: int | None = None

    @classmethod
    def of(cls, options: argparse.Namespace, *, half_precision: bool) -> Self:
        """What the options ask for, with a checkpoint at least every 100 steps.

        Corpora are drawn where they are missing; where none is named they are two beside the
        result.
        """
        folders = options.corpus or default_folders(options.out)
        corpora = training_corpora(folders, count=options.pictures, seed=options.seed)
        plan = Plan(
            steps=options.steps, seed=options.seed, learning_rate=options.learning_rate,
            half_precision=half_precision, checkpoint_steps=min(100, options.steps),
        )  # fmt: skip
        return cls(
            out=options.out,
            corpora=dict(zip(folders, corpora, strict=True)),
            plan=plan,
            batch=options.batch,
            test_pictures=options.test_pictures,
        )

    @property
    def unseen(self) -> tuple[TruePicture, ...]:
        """Pictures of the style held out, to measure on."""
        pictures = (picture for corpus in self.corpora.values() for picture in corpus)
        return split(pictures)[1][: self.test_pictures]

    def run(
        self,
        network: torch.nn.Module,
        *,
        batch_of: Callable[[np.random.Generator], Mapping[str, NDArray[Any]]],
        losses_of: Callable[
            [torch.nn.Module, Mapping[str, torch.Tensor]], Mapping[str, torch.Tensor]
        ],
        weights: str,
    ) -> torch.nn.Module:
        """The network trained by the plan, its tensors written to the file `weights` in `out`.

        Continues where a training of the same plan in `out` stopped.
        """
        from safetensors.torch import save_file

        result = train(
            network, batch_of=batch_of, losses_of=losses_of, plan=self.plan,
            folder=self.out / CHECKPOINTS, on_progress=say_progress,
        )  # fmt: skip
        tensors = {name: value.contiguous() for name, value in result.state_dict().items()}
        save_file(tensors, self.out / weights)
        return result


def say_progress(progress: Progress) -> None:
    """Print how far a training has come."""
    print(progress, flush=True)  # noqa: T201  a command talks


def say_measures(measures: Mapping[str, Any]) -> None:
    """Print how good the result is, as JSON."""
    print(json.dumps(measures, indent=1))  # noqa: T201  a command talks
