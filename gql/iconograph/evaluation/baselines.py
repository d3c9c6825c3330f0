"""What a search without edges answers: the figures that ours is to be compared with."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from iconograph.graph.search.lemmas import lemmas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iconograph.graph.model.bundle import ImageBundle

    Answerer = Callable[[str], Sequence[str]]

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "with",
        "and",
        "or",
        "by",
        "who",
        "that",
        "which",
        "be",
        "each",
        "other",
    ]
)
SATURATION, LENGTH_WEIGHT = 1.2, 0.75
"""The usual constants of BM25."""


def bag_of_labels(bundles: Sequence[ImageBundle]) -> Answerer:
    """Images by the share of the query's words that are among their labels' words."""
    bags = {bundle.image.file_name: frozenset(_label_words(bundle)) for bundle in bundles}

    def answer(query: str) -> list[str]:
        wanted = frozenset(_words(query))
        scores = {file: len(wanted & bag) for file, bag in bags.items()}
        return _best(scores)

    return answer


def full_text(bundles: Sequence[ImageBundle]) -> Answerer:
    """Images by BM25 over title, labels and captions (Robertson and Zaragoza 2009)."""
    texts = {bundle.image.file_name: Counter(_all_words(bundle)) for bundle in bundles}
    sizes = {file: sum(words.values()) for file, words in texts.items()}
    mean = sum(sizes.values()) / max(1, len(sizes))
    spread = Counter(word for words in texts.values() for word in words)

    def answer(query: str) -> list[str]:
        scores = {}
        for file, words in texts.items():
            norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * sizes[file] / mean)
            scores[file] = sum(
                math.log(1 + (len(texts) - spread[word] + 0.5) / (spread[word] + 0.5))
                * words[word]
                * (SATURATION + 1)
                / (words[word] + norm)
                for word in _words(query)
                if words[word]
            )
        return _best(scores)

    return answer


def _words(text: str) -> list[str]:
    return [word for word in lemmas(text) if word not in STOP_WORDS]


def _label_words(bundle: ImageBundle) -> list[str]:
    labels = (label.text for region in bundle.regions for label in region.labels)
    return [word for text in labels for word in _words(text)]


def _all_words(bundle: ImageBundle) -> list[str]:
    texts = [bundle.work.title, *(region.caption for region in bundle.regions)]
    return [*_label_words(bundle), *(word for text in texts for word in _words(text))]


def _best(scores: dict[str, float] | dict[str, int]) -> list[str]:
    found = [(-score, file) for file, score in scores.items() if score > 0]
    return [file for _, file in sorted(found)]
