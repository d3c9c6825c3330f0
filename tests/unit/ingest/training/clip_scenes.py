"""Drawn pictures as training data, without files."""

from __future__ import annotations

from pathlib import Path

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.ingest.scenes import write_corpus
from iconograph.ingest.training.clip_facts import FactRegion, fact_regions
from iconograph.ingest.training.corpora import TruePicture, read_corpus

LEXICON = load_lexicon()


def drawn(folder: Path, count: int = 3) -> tuple[tuple[TruePicture, ...], tuple[FactRegion, ...]]:
    """An annunciation, a Virgin and Child, and heaven and earth."""
    write_corpus(folder, count=count, seed=7)
    pictures = read_corpus(folder)
    return pictures, fact_regions(pictures, LEXICON)


def labelled(regions: tuple[FactRegion, ...], label: str) -> FactRegion:
    """The first region of a label."""
    return next(region for region in regions if region.drawn.label == label)
