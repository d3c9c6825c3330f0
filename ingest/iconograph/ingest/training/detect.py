"""The command that trains the small detector: `python -m iconograph.ingest.training.detect --out DIR`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.ingest.training.command import Training, say_measures, training_options
from iconograph.ingest.training.corpora import seen_squares
from iconograph.ingest.training.detect_classes import Vocabulary

if TYPE_CHECKING:
    import torch

INPUT_PX = 416
"""Side of the network's input."""

VOCABULARY, WEIGHTS = "vocabulary.json", "detector.safetensors"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the detector as the command line asks."""
    parser = training_options(
        "Train the small detector on drawn scenes.",
        steps=6500,
        batch=(16, "pictures a step"),
        learning_rate=2e-3,
    )
    parser.add_argument("--strength", type=float, default=0.6, help="how far pictures vary, 0..1")
    parser.add_argument("--start", type=Path, help="weights to begin with, of the same vocabulary")
    options = parser.parse_args(arguments)
    training = Training.of(options, half_precision=True)
    network, vocabulary = trained(training, strength=options.strength, start=options.start)
    from iconograph.ingest.training.detect_export import export_detector

    measures = export_detector(network, vocabulary, training.unseen, training.out, size_px=INPUT_PX)
    say_measures(measures)


def trained(
    training: Training, *, strength: float = 1.0, start: Path | None = None
) -> tuple[torch.nn.Module, Vocabulary]:
    """The network trained on all pictures that are not of the held-out style.

    Pictures are varied by `strength`, 0..1; `start` names weights to begin with. Continues where a
    training of the same plan in its folder stopped.
    """
    from iconograph.ingest.training.detect_net import losses_of
    from iconograph.ingest.training.detect_targets import batches

    seen = seen_squares(training.corpora)
    vocabulary = Vocabulary.of(picture for picture, _ in seen)
    training.out.mkdir(parents=True, exist_ok=True)
    content = json.dumps(vocabulary.to_json(), indent=1) + "\n"
    (training.out / VOCABULARY).write_text(content, encoding="utf-8")
    source = batches(
        [p for p, _ in seen], [s for _, s in seen], vocabulary,
        size_px=INPUT_PX, count=training.batch, strength=strength,
    )  # fmt: skip
    beginning = _beginning(vocabulary, training.plan.seed, start)
    network = training.run(beginning, batch_of=source, losses_of=losses_of, weights=WEIGHTS)
    return network, vocabulary


def _beginning(vocabulary: Vocabulary, seed: int, start: Path | None) -> torch.nn.Module:
    import torch
    from safetensors.torch import load_file

    from iconograph.ingest.training.detect_net import DetectorNetwork

    torch.manual_seed(seed)
    network = DetectorNetwork(vocabulary)
    if start is not None:
        network.load_state_dict(load_file(start))
    channels_last: torch.nn.Module = network.to(memory_format=torch.channels_last)
    return channels_last


if __name__ == "__main__":
    main()
