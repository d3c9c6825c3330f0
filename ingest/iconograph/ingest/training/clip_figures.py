"""How well a mini CLIP does: recall of phrases, labels without training for them, swapped colours."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Level
from iconograph.ingest.training.clip_captions import Content, Phrase, Phrasing, label_phrase
from iconograph.ingest.training.clip_facts import COLOURS, Thing
from iconograph.ingest.training.clip_negatives import swapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.training.clip_facts import FactRegion

    Vectors = NDArray[np.float32]
    Encoded = Callable[[Sequence[str]], Vectors]

FIRST = 5
MAYBE = 0.5
FEW = 10
"""A phrase true of at most so many regions is a hard one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Share of phrases with a true region among the first five, and shares of the five that are true.

    `precision` is over five, `filled` over as many as could be true. `hard` is the recall of phrases that are true of ten regions at most, `hard_count` their number.
    """

    recall: float
    precision: float
    filled: float
    hard: float
    count: int
    hard_count: int


def recall_at_5(
    phrases: Sequence[Phrase], regions: Sequence[FactRegion], images: Vectors, texts: Vectors
) -> Recall:
    """Search every phrase among all regions; a region that may be meant or not counts as wrong."""
    truth: NDArray[np.bool_] = truth_of(phrases, regions) > MAYBE
    order = np.argsort(-(texts @ images.T), axis=1, kind="stable")[:, :FIRST]
    found = np.take_along_axis(truth, order, axis=1)
    hit = np.asarray(found.any(axis=1))
    true_counts = truth.sum(axis=1)
    hard = true_counts <= FEW
    filled = found.sum(axis=1) / np.minimum(FIRST, true_counts)
    return Recall(
        recall=float(hit.mean()), precision=float(found.mean()), filled=float(filled.mean()),
        count=len(phrases),
        hard=float(hit[hard].mean()) if hard.any() else 0.0, hard_count=int(hard.sum()),
    )  # fmt: skip


def truth_of(phrases: Sequence[Phrase], regions: Sequence[FactRegion]) -> NDArray[np.float32]:
    """Phrases x regions: 1 true, 0 false, 0.5 neither."""
    return np.array([[p.truth(region) for region in regions] for p in phrases], np.float32)


def asked_phrases(
    regions: Sequence[FactRegion], phrasing: Phrasing, count: int, rng: np.random.Generator
) -> list[Phrase]:
    """Different phrases, each true of a region; groups and scenes are asked for as often as they occur."""
    asked: dict[str, Phrase] = {}
    while len(asked) < count:
        phrase = phrasing.phrase(regions[int(rng.integers(len(regions)))], rng)
        asked.setdefault(phrase.text, phrase)
    return list(asked.values())


def swap_pairs(
    regions: Sequence[FactRegion], phrasing: Phrasing, rng: np.random.Generator
) -> list[tuple[int, str, str]]:
    """Regions (by number) with a true phrase of two garments and the same with colours exchanged."""
    pairs = []
    for number, region in enumerate(regions):
        worn = tuple(t for t in region.worn if t.qualities and t.qualities[0] in COLOURS)[:2]
        content = Content(thing=_body(region), worn=worn)
        exchanged = swapped(content)
        if exchanged is None:
            continue
        seed = int(rng.integers(1 << 31))
        true, false = (phrasing.said(c, np.random.default_rng(seed)) for c in (content, exchanged))
        if false.truth(region) == 0.0:
            pairs.append((number, true.text, false.text))
    return pairs


def _body(region: FactRegion) -> Thing:
    return Thing(term=region.things[-1].term)


def swap_accuracy(pairs: Sequence[tuple[int, str, str]], images: Vectors, encode: Encoded) -> float:
    """How often the true phrase is nearer than the one with exchanged colours; 0.5 is chance."""
    if not pairs:
        return float("nan")
    numbers = [number for number, _, _ in pairs]
    true = encode([text for _, text, _ in pairs])
    false = encode([text for _, _, text in pairs])
    own = images[numbers]
    return float((np.einsum("nd,nd->n", own, true) > np.einsum("nd,nd->n", own, false)).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigures:
    """Shares of regions whose nearest label is their own, and is at least true of them.

    `by_label` has for each true label how many regions there are, how many got it, and the most
    frequent wrong answer.
    """

    exact: float
    true: float
    by_label: Mapping[str, tuple[int, int, str]]


def entity_labels(regions: Sequence[FactRegion]) -> dict[str, Phrase]:
    """The labels of entities with what each claims, in order."""
    found = {
        region.drawn.label: label_phrase(region)
        for region in regions
        if region.drawn.level is Level.ENTITY
    }
    return dict(sorted(found.items()))


def label_figures(
    regions: Sequence[FactRegion], images: Vectors, labels: Mapping[str, Phrase], vectors: Vectors
) -> LabelFigures:
    """Give every entity the nearest label; `vectors` are the labels', in their order."""
    names = list(labels)
    entities = [i for i, region in enumerate(regions) if region.drawn.level is Level.ENTITY]
    nearest = (images[entities] @ vectors.T).argmax(axis=1)
    given = [names[i] for i in nearest]
    own = [regions[i].drawn.label for i in entities]
    true = [labels[g].truth(regions[i]) == 1.0 for g, i in zip(given, entities, strict=True)]
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    right: Counter[str] = Counter()
    for label, answer in zip(own, given, strict=True):
        if label == answer:
            right[label] += 1
        else:
            wrong[label][answer] += 1
    counts = Counter(own)
    return LabelFigures(
        exact=sum(right.values()) / len(own),
        true=float(np.mean(true)),
        by_label={
            label: (counts[label], right[label], _commonest(wrong[label]))
            for label in sorted(counts)
        },
    )


def _commonest(answers: Counter[str]) -> str:
    return answers.most_common(1)[0][0] if answers else ""


def prompts_of(label: str) -> tuple[str, ...]:
    """The texts whose mean vector stands for a label."""
    if label[:1].isupper():
        return (label, f"a picture of {label}")
    article = "" if label.endswith("s") else "an " if label[0] in "aeiou" else "a "
    return (label, f"{article}{label}", f"a picture of {article}{label}")


def label_vectors(labels: Sequence[str], encode: Encoded) -> Vectors:
    """One unit vector per label: the mean of its prompts'."""
    rows = [encode(prompts_of(label)).mean(axis=0) for label in labels]
    stacked = np.stack(rows)
    units: Vectors = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
    return units
