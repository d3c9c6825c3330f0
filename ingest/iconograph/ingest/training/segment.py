"""The command that trains the small SAM: `python -m iconograph.ingest.training.segment --out DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from iconograph.ingest.training.command import Training, say_measures, training_options
from iconograph.ingest.training.corpora import TruePicture, seen_numbers
from iconograph.ingest.training.segment_owners import Owners
from iconograph.ingest.training.segment_windows import Shape, batches

if TYPE_CHECKING:
    import torch

WEIGHTS, OWNERS = "sam.safetensors", "owners.npz"
WINDOWS_OF_A_PICTURE = 8


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the segmenter as the command line asks."""
    parser = training_options(
        "Train the small SAM on drawn scenes.",
        steps=8000,
        batch=(4, "pictures a step, 8 windows of each"),
        learning_rate=2e-3,
        test_pictures=120,
    )
    training = Training.of(parser.parse_args(arguments), half_precision=False)
    sam = trained(training)
    from iconograph.ingest.training.segment_export import export_segmenter

    say_measures(export_segmenter(sam, training.unseen, training.out))


def trained(training: Training) -> torch.nn.Module:
    """The segmenter trained on all pictures that are not of the held-out style.

    Continues where a training of the same plan in its folder stopped.
    """
    import torch

    from iconograph.ingest.training.segment_net import INPUT_PX, losses_of, small_sam

    seen: list[tuple[TruePicture, Owners, int]] = []
    for folder, pictures in training.corpora.items():
        owners = Owners.of(pictures, folder / OWNERS)
        seen += [(pictures[n], owners, n) for n in seen_numbers(pictures)]
    shape = Shape(pictures=training.batch, windows=WINDOWS_OF_A_PICTURE, size_px=INPUT_PX)
    torch.manual_seed(training.plan.seed)
    source = batches(seen, shape)
    return training.run(small_sam(), batch_of=source, losses_of=losses_of, weights=WEIGHTS)


if __name__ == "__main__":
    main()
