"""The command that trains the small pose model: `python -m iconograph.ingest.training.pose --out DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.training.command import Training, say_measures, training_options
from iconograph.ingest.training.corpora import SQUARE_PX, SQUARES, TruePicture, seen_numbers
from iconograph.ingest.training.pose_crops import Crops, batches, figures_of

if TYPE_CHECKING:
    import torch

WEIGHTS = "pose.safetensors"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the pose model as the command line asks."""
    parser = training_options(
        "Train the small pose model on drawn scenes.",
        steps=6000,
        batch=(64, "figures a step"),
        learning_rate=3e-3,
        test_pictures=400,
    )
    training = Training.of(parser.parse_args(arguments), half_precision=True)
    network = trained(training)
    from iconograph.ingest.training.pose_export import export_pose

    say_measures(export_pose(network, training.unseen, training.out))


def trained(training: Training) -> torch.nn.Module:
    """The network trained on all figures that are not of the held-out style.

    Continues where a training of the same plan in its folder stopped.
    """
    import torch

    from iconograph.ingest.training.pose_net import PoseNetwork, losses_of

    crops = [_seen(pictures, folder) for folder, pictures in training.corpora.items()]
    known = Crops(
        pixels=np.concatenate([c.pixels for c in crops]),
        key_points=np.concatenate([c.key_points for c in crops]),
    )
    torch.manual_seed(training.plan.seed)
    network = PoseNetwork().to(memory_format=torch.channels_last)
    source = batches(known, training.batch)
    return training.run(network, batch_of=source, losses_of=losses_of, weights=WEIGHTS)


def _seen(pictures: Sequence[TruePicture], folder: Path) -> Crops:
    """The figures of a corpus that may be trained on."""
    crops = Crops.of(pictures, SQUARE_PX, folder / SQUARES)
    shown = set(seen_numbers(pictures))
    rows = [n in shown for n, picture in enumerate(pictures) for _ in figures_of(picture)]
    return Crops(pixels=crops.pixels[rows], key_points=crops.key_points[rows])


if __name__ == "__main__":
    main()
