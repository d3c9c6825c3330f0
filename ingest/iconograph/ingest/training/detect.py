"""The command that trains the small detector: `python -m iconograph.ingest.training.detect --out DIR`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.ingest.training.corpora import (
    TruePicture,
    default_folders,
    small_pictures,
    split,
    training_corpora,
)
from iconograph.ingest.training.detect_classes import Vocabulary
from iconograph.ingest.training.loop import Plan, Progress, train

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

INPUT_PX, SQUARE_PX = 416, 448
"""Side of the network's input, and of the squares that pictures are kept in."""

BATCH_PICTURES = 16
VOCABULARY, WEIGHTS, CHECKPOINTS = "vocabulary.json", "detector.safetensors", "checkpoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a training is run: `start` names weights to begin with, `strength` how far pictures vary."""

    steps: int
    seed: int
    batch: int = BATCH_PICTURES
    strength: float = 1.0
    learning_rate: float = 2e-3
    start: Path | None = None

    @property
    def plan(self) -> Plan:
        """The part of it that the trainer knows."""
        return Plan(
            steps=self.steps, seed=self.seed, learning_rate=self.learning_rate,
            half_precision=True, checkpoint_steps=min(100, self.steps),
        )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the detector as the command line asks."""
    options = _options().parse_args(arguments)
    out: Path = options.out
    folders = options.corpus or default_folders(out)
    corpora = training_corpora(folders, count=options.pictures, seed=options.seed)
    course = Course(
        steps=options.steps, seed=options.seed, batch=options.batch, strength=options.strength,
        learning_rate=options.learning_rate, start=options.start,
    )  # fmt: skip
    network, vocabulary = trained(corpora, folders, out, course)
    from iconograph.ingest.training.detect_export import export_detector

    unseen = split(picture for corpus in corpora for picture in corpus)[1]
    measures = export_detector(network, vocabulary, unseen, out, size_px=INPUT_PX)
    print(json.dumps(measures, indent=1))  # noqa: T201  a command talks


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the small detector on drawn scenes.")
    parser.add_argument("--out", type=Path, required=True, help="folder for everything written")
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=BATCH_PICTURES, help="pictures a step")
    parser.add_argument("--strength", type=float, default=1.0, help="how far pictures vary, 0..1")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="weights to begin with, of the same vocabulary")
    parser.add_argument(
        "--corpus", type=Path, action="append", help="folder of drawn scenes, drawn where missing; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--pictures", type=int, default=1800, help="how many scenes to draw in each folder"
    )  # fmt: skip
    return parser


def trained(
    corpora: Sequence[tuple[TruePicture, ...]],
    folders: Sequence[Path],
    out: Path,
    course: Course,
) -> tuple[torch.nn.Module, Vocabulary]:
    """The network trained on all pictures that are not of the held-out style.

    Continues where a training of the same course in `out` stopped.
    """
    from safetensors.torch import save_file

    from iconograph.ingest.training.detect_net import losses_of
    from iconograph.ingest.training.detect_targets import batches

    seen = _seen(corpora, folders)
    vocabulary = Vocabulary.of(picture for picture, _ in seen)
    out.mkdir(parents=True, exist_ok=True)
    content = json.dumps(vocabulary.to_json(), indent=1) + "\n"
    (out / VOCABULARY).write_text(content, encoding="utf-8")
    source = batches(
        [p for p, _ in seen], [s for _, s in seen], vocabulary,
        size_px=INPUT_PX, count=course.batch, strength=course.strength,
    )  # fmt: skip
    network = train(
        _beginning(vocabulary, course), batch_of=source, losses_of=losses_of, plan=course.plan,
        folder=out / CHECKPOINTS, on_progress=_say,
    )  # fmt: skip
    weights = {name: value.contiguous() for name, value in network.state_dict().items()}
    save_file(weights, out / WEIGHTS)
    return network, vocabulary


def _beginning(vocabulary: Vocabulary, course: Course) -> torch.nn.Module:
    import torch
    from safetensors.torch import load_file

    from iconograph.ingest.training.detect_net import DetectorNetwork

    torch.manual_seed(course.seed)
    network = DetectorNetwork(vocabulary)
    if course.start is not None:
        network.load_state_dict(load_file(course.start))
    channels_last: torch.nn.Module = network.to(memory_format=torch.channels_last)
    return channels_last


def _seen(
    corpora: Sequence[tuple[TruePicture, ...]], folders: Sequence[Path]
) -> list[tuple[TruePicture, NDArray[np.uint8]]]:
    """The pictures that training sees, with their small squares."""
    seen = []
    for pictures, folder in zip(corpora, folders, strict=True):
        squares = small_pictures(pictures, SQUARE_PX, folder / f"small-{SQUARE_PX}.npy")
        shown = {picture.path for picture in split(pictures)[0]}
        seen += [
            (picture, square)
            for picture, square in zip(pictures, squares, strict=True)
            if picture.path in shown
        ]
    return seen


def _say(progress: Progress) -> None:
    print(progress, flush=True)  # noqa: T201  a command talks


if __name__ == "__main__":
    main()
