"""Train the mini CLIP on drawn scenes: `python -m iconograph.ingest.training.clip --help`.

The loss has two halves. Among the crops of a batch a phrase must find all those that it is true of,
and a crop all phrases that are true of it: a softmax with several right answers, weighted alike, from
which pairs that are neither true nor false are left out. And each pair by itself is judged true or
false by a logistic curve, so that cosines mean the same from one phrase to the next.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation
from iconograph.ingest.training.clip_batches import Batches, BatchSize
from iconograph.ingest.training.clip_crops import stored_crops
from iconograph.ingest.training.clip_facts import fact_regions
from iconograph.ingest.training.clip_model import (
    CONTEXT_LENGTH,
    TOKENIZER,
    load_open_clip,
    new_model,
    save_open_clip,
)
from iconograph.ingest.training.clip_tokenizer import write_tokenizer
from iconograph.ingest.training.command import say_progress
from iconograph.ingest.training.corpora import drawn_corpus, split
from iconograph.ingest.training.loop import Plan, Progress, train

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import torch

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.training.clip_facts import FactRegion

STEPS, SEED = 1600, 41
LEARNING_RATE = 2e-3
PAIR_WEIGHT = 0.3
"""Weight of the loss over single pairs."""

SHARPEST_SCALE = 50.0
"""The greatest factor of cosines in the loss."""

PICTURES_PER_CORPUS, CORPUS_SEEDS = 1800, (1001, 1002)


def losses_of(model: Any, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:  # noqa: ANN401
    """The terms of the loss for a batch of `Batches`."""
    import torch

    images = model.encode_image(tensors["pixels"], normalize=True).float()
    texts = model.encode_text(tensors["tokens"], normalize=True).float()
    cosines = texts @ images.T
    truth = tensors["truth"]
    known, true = truth != 0.5, truth == 1.0  # noqa: PLR2004  neither true nor false
    scale = model.logit_scale.exp().clamp(max=SHARPEST_SCALE)
    logits = (scale * cosines).masked_fill(~known, -torch.inf)
    pairs = torch.nn.functional.binary_cross_entropy_with_logits(
        scale * cosines + model.logit_bias, true.float(), reduction="none"
    )
    return {
        "phrase_to_crop": _all_right_answers(logits, true),
        "crop_to_phrase": _all_right_answers(logits.T, true.T),
        "pair": PAIR_WEIGHT * (pairs * known).sum() / len(truth),
    }


def _all_right_answers(logits: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Cross entropy of rows against the even distribution over their true columns."""
    import torch

    log_shares = torch.log_softmax(logits, dim=1).masked_fill(~true, 0.0)
    counts = true.sum(dim=1)
    asked = counts > 0
    return -(log_shares.sum(dim=1)[asked] / counts[asked]).mean()


# long: the few steps of one training, each a call
def train_clip(  # noqa: PLR0913  each decides the result
    corpora: Sequence[Path],
    folder: Path,
    *,
    steps: int = STEPS,
    seed: int = SEED,
    pictures: int = PICTURES_PER_CORPUS,
    crops: int = 128,
    checkpoint_steps: int = 100,
    learning_rate: float = LEARNING_RATE,
    start: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Train on corpora (drawn where missing, seeded by their folder's name); the open_clip folder.

    `folder` takes the tokenizer, the stored crops, the checkpoints and the result. The style held
    out is not read. With `start`, the open_clip folder of an earlier training, that one is trained
    further.
    """
    lexicon = load_lexicon()
    drawn = [
        picture
        for place in corpora
        for picture in drawn_corpus(place, count=pictures, seed=int(place.name))
    ]
    seen, _ = split(drawn)
    regions = fact_regions(seen, lexicon)
    tokenizer = folder / TOKENIZER
    if not tokenizer.exists():
        _bring_tokenizer(tokenizer, regions, lexicon, seed, start)
    tokens = ClipTokens.load(
        tokenizer, context_length=CONTEXT_LENGTH, tokenisation=Tokenisation.CLIP
    )
    stored = stored_crops(seen, regions, folder / "crops.npy")
    batches = Batches(
        regions,
        stored,
        lexicon,
        tokens,
        BatchSize(crops=crops, contrary=crops // 4, foreign=crops // 16),
    )
    plan = Plan(
        steps=steps, seed=seed, learning_rate=learning_rate, warm_up_steps=min(100, steps // 4 + 1),
        weight_decay=0.02, half_precision=True, checkpoint_steps=checkpoint_steps,
    )  # fmt: skip
    model = train(
        load_open_clip(start) if start else new_model(seed), batch_of=batches, losses_of=losses_of, plan=plan, folder=folder / "run",
        on_progress=on_progress,
    )  # fmt: skip
    save_open_clip(model, tokenizer, folder / "open_clip")
    return folder / "open_clip"


def _bring_tokenizer(
    path: Path, regions: Sequence[FactRegion], lexicon: Lexicon, seed: int, start: Path | None
) -> None:
    """That of the training to start from, or a new one."""
    if start is None:
        write_tokenizer(path, regions, lexicon, seed=seed)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(start / TOKENIZER, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("folder", type=Path, help="takes tokenizer, checkpoints and result")
    parser.add_argument("--corpora", type=Path, nargs="+", help="folders named by their seeds")
    parser.add_argument("--pictures", type=int, default=PICTURES_PER_CORPUS, help="in each corpus")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--start", type=Path, help="the open_clip folder to train further")
    chosen = parser.parse_args(arguments)
    corpora = chosen.corpora or [chosen.folder / "corpora" / str(seed) for seed in CORPUS_SEEDS]
    result = train_clip(
        corpora, chosen.folder, steps=chosen.steps, seed=chosen.seed, pictures=chosen.pictures, learning_rate=chosen.learning_rate, start=chosen.start, on_progress=say_progress,
    )  # fmt: skip
    sys.stdout.write(f"{result}\n")


if __name__ == "__main__":
    main()
