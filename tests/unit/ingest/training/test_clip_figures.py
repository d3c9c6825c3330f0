from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.training.clip_bank import (
    bank_of,
    fitted_thresholds,
    given_names,
    told_names,
    write_bank,
)
from iconograph.ingest.training.clip_captions import Phrasing, label_phrase
from iconograph.ingest.training.clip_facts import FactRegion
from iconograph.ingest.training.clip_figures import (
    entity_labels,
    label_figures,
    prompts_of,
    recall_at_5,
    swap_accuracy,
    swap_pairs,
)
from tests.unit.ingest.training.clip_scenes import LEXICON

Vectors = NDArray[np.float32]
RNG = np.random.default_rng


def oracle(regions: Sequence[FactRegion]) -> tuple[Vectors, Vectors]:
    """Regions and their label phrases in a space where true pairs are nearest."""
    images = np.eye(len(regions), dtype=np.float32)
    phrases = [label_phrase(region) for region in regions]
    texts = np.array([[p.truth(r) == 1.0 for r in regions] for p in phrases], np.float32)
    return images, texts / np.linalg.norm(texts, axis=1, keepdims=True)


def test_recall_of_what_is_nearest_is_one(regions: tuple[FactRegion, ...]) -> None:
    images, texts = oracle(regions)
    phrases = [label_phrase(region) for region in regions]
    recall = recall_at_5(phrases, regions, images, texts)
    assert (recall.recall, recall.filled) == (1.0, 1.0)
    assert 0.0 < recall.precision < 1.0
    assert recall_at_5(phrases, regions, images, -texts).recall < 0.2


def test_label_figures_count_exact_and_true_answers(regions: tuple[FactRegion, ...]) -> None:
    labels = entity_labels(regions)
    names = list(labels)
    space = dict(zip(names, np.eye(len(names), dtype=np.float32), strict=True))
    nothing = np.zeros(len(names), np.float32)
    images: Vectors = np.stack([space.get(r.drawn.label, nothing) for r in regions])
    figures = label_figures(regions, images, labels, np.stack(list(space.values())))
    assert (figures.exact, figures.true) == (1.0, 1.0)
    everything_is_an_angel = np.tile(space["angel"], (len(regions), 1))
    figures = label_figures(regions, everything_is_an_angel, labels, np.stack(list(space.values())))
    assert figures.exact < figures.true < 0.3
    assert figures.by_label["halo"][1:] == (0, "angel")


def test_swaps_are_told_by_the_nearer_phrase(regions: tuple[FactRegion, ...]) -> None:
    pairs = swap_pairs(regions, Phrasing(LEXICON), RNG(0))
    assert pairs
    true = {text for _, text, _ in pairs}

    def encode(texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] if text in true else [0.0, 1.0] for text in texts], np.float32)

    images = np.tile(np.array([1.0, 0.0], np.float32), (len(regions), 1))
    assert swap_accuracy(pairs, images, encode) == 1.0
    assert swap_accuracy(pairs, images[:, ::-1], encode) == 0.0


@pytest.mark.parametrize(
    ("label", "prompts"),
    [
        ("angel", ("angel", "an angel", "a picture of an angel")),
        ("keys", ("keys", "keys", "a picture of keys")),
        ("Saint Peter", ("Saint Peter", "a picture of Saint Peter")),
    ],
)
def test_prompts(label: str, prompts: tuple[str, ...]) -> None:
    assert prompts_of(label) == prompts


def test_names_that_can_be_told_are_given_and_written(
    regions: tuple[FactRegion, ...], tmp_path: Path
) -> None:
    places: dict[str, int] = {}

    def encode(texts: Sequence[str]) -> Vectors:
        numbers = [places.setdefault(text, len(places)) for text in texts]
        return np.eye(400, dtype=np.float32)[numbers]

    entities = [region for region in regions if region.drawn.level is Level.ENTITY] * 5
    bank = bank_of(entities, encode)
    row = {(n, k): i for i, (n, k) in enumerate(zip(bank.names, bank.kinds, strict=True))}
    images = np.stack([bank.vectors[row[r.drawn.label, r.drawn.kind]] for r in entities])
    assert told_names(bank, entities, images) == list(range(len(bank.names)))
    thresholds = fitted_thresholds(bank, entities, images)
    given = given_names(bank, entities, images, thresholds.least_cosine)
    assert (given.given, given.true, given.exact) == (1.0, 1.0, 1.0)
    alone = [i for i, kind in enumerate(bank.kinds) if bank.kinds.count(kind) == 1]
    assert told_names(bank, entities, -images) == alone
    write_bank(tmp_path / "labels.toml", bank, thresholds)
    assert 'angel", "cherub' in (tmp_path / "labels.toml").read_text(encoding="utf-8")
    assert RegionKind.PERSON in bank.kinds
