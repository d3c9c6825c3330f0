"""The command that trains the small SAM: `python -m iconograph.ingest.training.segment --out DIR`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.ingest.training.corpora import (
    TruePicture,
    default_folders,
    split,
    training_corpora,
)
from iconograph.ingest.training.loop import Plan, Progress, train
from iconograph.ingest.training.segment_owners import Owners
from iconograph.ingest.training.segment_windows import Shape, batches

if TYPE_CHECKING:
    import torch

WEIGHTS, CHECKPOINTS, OWNERS = "sam.safetensors", "checkpoints", "owners.npz"
WINDOWS_OF_A_PICTURE = 8


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export and measure the segmenter as the command line asks."""
    options = _options().parse_args(arguments)
    out: Path = options.out
    folders = options.corpus or default_folders(out)
    corpora = training_corpora(folders, count=options.pictures, seed=options.seed)
    plan = Plan(
        steps=options.steps, seed=options.seed, learning_rate=options.learning_rate,
        checkpoint_steps=min(100, options.steps),
    )  # fmt: skip
    sam = trained(corpora, folders, out, plan, batch=options.batch)
    from iconograph.ingest.training.segment_export import export_segmenter

    unseen = split(picture for corpus in corpora for picture in corpus)[1]
    measures = export_segmenter(sam, unseen[: options.test_pictures], out)
    print(json.dumps(measures, indent=1))  # noqa: T201  a command talks


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the small SAM on drawn scenes.")
    parser.add_argument("--out", type=Path, required=True, help="folder for everything written")
    parser.add_argument("--steps", type=int, default=2200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=4, help="pictures a step, 8 windows of each")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument(
        "--corpus", type=Path, action="append", help="folder of drawn scenes, drawn where missing; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--pictures", type=int, default=1800, help="how many scenes to draw in each folder"
    )  # fmt: skip
    parser.add_argument("--test-pictures", type=int, default=120, help="how many to measure on")
    return parser


def trained(
    corpora: Sequence[tuple[TruePicture, ...]],
    folders: Sequence[Path],
    out: Path,
    plan: Plan,
    *,
    batch: int,
) -> torch.nn.Module:
    """The segmenter trained on all pictures that are not of the held-out style.

    Continues where a training of the same plan in `out` stopped.
    """
    import torch
    from safetensors.torch import save_file

    from iconograph.ingest.training.segment_net import INPUT_PX, losses_of, small_sam

    seen: list[tuple[TruePicture, Owners, int]] = []
    for pictures, folder in zip(corpora, folders, strict=True):
        owners = Owners.of(pictures, folder / OWNERS)
        shown = {picture.path for picture in split(pictures)[0]}
        seen += [(p, owners, n) for n, p in enumerate(pictures) if p.path in shown]
    shape = Shape(pictures=batch, windows=WINDOWS_OF_A_PICTURE, size_px=INPUT_PX)
    torch.manual_seed(plan.seed)
    sam = train(
        small_sam(), batch_of=batches(seen, shape), losses_of=losses_of, plan=plan,
        folder=out / CHECKPOINTS, on_progress=_say,
    )  # fmt: skip
    save_file({k: v.contiguous() for k, v in sam.state_dict().items()}, out / WEIGHTS)
    return sam


def _say(progress: Progress) -> None:
    print(progress, flush=True)  # noqa: T201  a command talks


if __name__ == "__main__":
    main()
