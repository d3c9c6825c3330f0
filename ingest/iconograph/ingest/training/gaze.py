"""The command that trains the small gaze model: `python -m iconograph.ingest.training.gaze --out DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from iconograph.ingest.training.command import Training, say_measures, training_options
from iconograph.ingest.training.corpora import seen_squares
from iconograph.ingest.training.gaze_views import batches

if TYPE_CHECKING:
    import torch

HEADS = 3
WEIGHTS = "gaze.safetensors"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the gaze model as the command line asks."""
    parser = training_options(
        "Train the small gaze model on drawn scenes.",
        steps=6000,
        batch=(16, "pictures a step"),
        learning_rate=3e-3,
        test_pictures=400,
    )
    training = Training.of(parser.parse_args(arguments), half_precision=True)
    network = trained(training)
    from iconograph.ingest.training.gaze_export import export_gaze

    say_measures(export_gaze(network, training.unseen, training.out))


def trained(training: Training) -> torch.nn.Module:
    """The network trained on all pictures that are not of the held-out style.

    Continues where a training of the same plan in its folder stopped.
    """
    import torch

    from iconograph.ingest.training.gaze_net import SIZE_PX, GazeNetwork, losses_of

    seen = seen_squares(training.corpora)
    source = batches(
        [p for p, _ in seen], [s for _, s in seen],
        size_px=SIZE_PX, count=training.batch, heads=HEADS,
    )  # fmt: skip
    torch.manual_seed(training.plan.seed)
    network = GazeNetwork().to(memory_format=torch.channels_last)
    return training.run(network, batch_of=source, losses_of=losses_of, weights=WEIGHTS)


if __name__ == "__main__":
    main()
