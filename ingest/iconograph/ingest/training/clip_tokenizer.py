"""A small vocabulary of sub-words, learned from what can be said of drawn scenes and of iconography."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.iconography.names import GERMAN
from iconograph.ingest.models.encode.clip_tokens import END_TOKENS, START_TOKENS, cleaned
from iconograph.ingest.training.clip_captions import Phrasing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.training.clip_facts import FactRegion

VOCABULARY_SIZE = 3072
"""Byte letters, special tokens and merges; the end token has the greatest id."""

PHRASES = 20_000
"""So many phrases of drawn regions are read, beside all names of the lexicon."""

PADDING = "<pad>"


def write_tokenizer(
    path: Path, regions: Sequence[FactRegion], lexicon: Lexicon, *, seed: int
) -> None:
    """Learn byte pair merges and write a tokenizer.json.

    Every text has ids, since single bytes are in the vocabulary; the words of the lexicon are
    mostly single tokens. The same regions and seed write the same file.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE - 1,
        special_tokens=[PADDING, START_TOKENS[0]],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        min_frequency=1,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(regions, lexicon, seed), trainer)
    tokenizer.add_special_tokens([END_TOKENS[0]])
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))


def _texts(regions: Sequence[FactRegion], lexicon: Lexicon, seed: int) -> Iterator[str]:
    names = [name for term in sorted(lexicon.names) for name in lexicon.names[term]]
    names += [name for quality in lexicon.qualities.values() for name in sorted(quality.names)]
    # Each name counts twice: rare words of the lexicon become tokens before rare joints of common ones.
    for name in names + names:
        yield cleaned(name.removeprefix(GERMAN))
    rng = np.random.default_rng(seed)
    phrasing = Phrasing(lexicon)
    for number in rng.integers(len(regions), size=PHRASES):
        yield cleaned(phrasing.phrase(regions[int(number)], rng).text)
