"""The command that trains the small gaze model: `python -m iconograph.ingest.training.gaze --out DIR`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.ingest.training.corpora import TruePicture, drawn_corpus, small_pictures, split
from iconograph.ingest.training.gaze_views import batches
from iconograph.ingest.training.loop import Plan, Progress, train

if TYPE_CHECKING:
    import torch

SQUARE_PX = 448
"""Side of the squares that pictures are kept in; the same as the detector's, so that one cache serves both."""

BATCH_PICTURES, HEADS = 16, 3
WEIGHTS, CHECKPOINTS = "gaze.safetensors", "checkpoints"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the gaze model as the command line asks."""
    options = _options().parse_args(arguments)
    out: Path = options.out
    folders = options.corpus or [out / "corpus"]
    corpora = [
        drawn_corpus(folder, count=options.pictures, seed=options.seed) for folder in folders
    ]
    network = trained(
        corpora, folders, out, steps=options.steps, seed=options.seed, batch=options.batch
    )
    from iconograph.ingest.training.gaze_export import export_gaze

    unseen = split(picture for corpus in corpora for picture in corpus)[1]
    measures = export_gaze(network, unseen[: options.test_pictures], out)
    print(json.dumps(measures, indent=1))  # noqa: T201  a command talks


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the small gaze model on drawn scenes.")
    parser.add_argument("--out", type=Path, required=True, help="folder for everything written")
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=BATCH_PICTURES, help="pictures a step")
    parser.add_argument(
        "--corpus", type=Path, action="append", help="folder of drawn scenes, drawn where missing; repeatable"
    )  # fmt: skip
    parser.add_argument("--pictures", type=int, default=3600, help="how many scenes to draw")
    parser.add_argument("--test-pictures", type=int, default=400, help="how many to measure on")
    return parser


def trained(  # noqa: PLR0913  what decides a training
    corpora: Sequence[tuple[TruePicture, ...]],
    folders: Sequence[Path],
    out: Path,
    *,
    steps: int,
    seed: int,
    batch: int = BATCH_PICTURES,
) -> torch.nn.Module:
    """The network trained on all pictures that are not of the held-out style.

    Continues where a training of the same settings in `out` stopped.
    """
    import torch
    from safetensors.torch import save_file

    from iconograph.ingest.training.gaze_net import SIZE_PX, GazeNetwork, losses_of

    seen = []
    for pictures, folder in zip(corpora, folders, strict=True):
        squares = small_pictures(pictures, SQUARE_PX, folder / f"small-{SQUARE_PX}.npy")
        shown = {id(picture) for picture in split(pictures)[0]}
        seen += [(p, squares[n]) for n, p in enumerate(pictures) if id(p) in shown]
    source = batches(
        [p for p, _ in seen], [s for _, s in seen], size_px=SIZE_PX, count=batch, heads=HEADS
    )
    torch.manual_seed(seed)
    network = GazeNetwork().to(memory_format=torch.channels_last)
    plan = Plan(
        steps=steps, seed=seed, learning_rate=3e-3, half_precision=True, checkpoint_steps=min(100, steps)
    )  # fmt: skip
    train(
        network, batch_of=source, losses_of=losses_of, plan=plan, folder=out / CHECKPOINTS,
        on_progress=_say,
    )  # fmt: skip
    weights = {name: value.contiguous() for name, value in network.state_dict().items()}
    save_file(weights, out / WEIGHTS)
    return network


def _say(progress: Progress) -> None:
    print(progress, flush=True)  # noqa: T201  a command talks


if __name__ == "__main__":
    main()
