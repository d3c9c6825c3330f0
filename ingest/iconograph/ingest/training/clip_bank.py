"""The names that a mini CLIP can tell, by kind, with the probability from which one may be given."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.training.clip_captions import Phrase, label_phrase
from iconograph.ingest.training.clip_figures import MAYBE, label_vectors, prompts_of
from iconograph.ingest.training.clip_fit import fitted_scale, least_value, softmax_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.training.clip_facts import FactRegion
    from iconograph.ingest.training.clip_figures import Encoded, Vectors

LEAST_TOLD = 0.4
"""A name is taken up when so many of the regions that bear it are told by it."""

LEAST_SEEN = 5
PRECISION = 0.95
"""How often a given name is to be right."""

HEADER = """# What the mini CLIP can tell, by the kind of region it names. A name stands for the mean vector of its
# prompts. No name is to be given below `least_cosine`: there it was true in 95 of 100 cases. `scale`
# turns cosines into the logits of a softmax over the names of a kind, and `surest` is the probability
# with the same precision. All were fitted to drawn scenes of a style that training did not see, by
# `python -m iconograph.ingest.training.clip_measure`. `figures` are persons by name: known by how they
# are drawn, so not to be given to a painting.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bank:
    """Names with their kind and what each claims; `vectors` are theirs, one row each."""

    names: tuple[str, ...]
    kinds: tuple[RegionKind, ...]
    claims: tuple[Phrase, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which cosine, or from which share of a softmax at a scale, a name is given."""

    scale: float
    surest: float
    least_cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How names are given to entities of known kind: how many at all, how many right, how many exact.

    `true` counts those that say something true, `exact` those that say the drawn label.
    """

    count: int
    given: float
    true: float
    exact: float


def bank_of(regions: Sequence[FactRegion], encode: Encoded) -> Bank:
    """All labels of entities."""
    found = {
        (region.drawn.label, region.drawn.kind): label_phrase(region)
        for region in regions
        if region.drawn.level is Level.ENTITY
    }
    keys = sorted(found, key=lambda key: (key[1].value, key[0]))
    return Bank(
        names=tuple(name for name, _ in keys),
        kinds=tuple(kind for _, kind in keys),
        claims=tuple(found[key] for key in keys),
        vectors=label_vectors([name for name, _ in keys], encode),
    )


def of_names(bank: Bank, kept: Sequence[int]) -> Bank:
    """A bank of some of the names."""
    return Bank(
        names=tuple(bank.names[i] for i in kept),
        kinds=tuple(bank.kinds[i] for i in kept),
        claims=tuple(bank.claims[i] for i in kept),
        vectors=bank.vectors[list(kept)],
    )


def kind_cosines(bank: Bank, images: Vectors, kinds: Sequence[RegionKind]) -> NDArray[np.float32]:
    """Cosines of regions with names, minus infinity where the kinds differ."""
    same = np.array([[kind is own for own in bank.kinds] for kind in kinds])
    return np.where(same, images @ bank.vectors.T, -np.inf).astype(np.float32)


def told_names(bank: Bank, regions: Sequence[FactRegion], images: Vectors) -> list[int]:
    """The names that reach `LEAST_TOLD` among their own regions, of which there are enough."""
    nearest = kind_cosines(bank, images, [r.drawn.kind for r in regions]).argmax(axis=1)
    told: dict[int, list[bool]] = defaultdict(list)
    place = {key: i for i, key in enumerate(zip(bank.names, bank.kinds, strict=True))}
    for region, given in zip(regions, nearest, strict=True):
        own = place.get((region.drawn.label, region.drawn.kind))
        if own is not None:
            told[own].append(bank.claims[int(given)].truth(region) > MAYBE)
    return [
        i
        for i, right in sorted(told.items())
        if len(right) >= LEAST_SEEN and np.mean(right) >= LEAST_TOLD
    ]


def fitted_thresholds(bank: Bank, regions: Sequence[FactRegion], images: Vectors) -> Thresholds:
    """Thresholds at which a name given to an entity of known kind is true in `PRECISION` of cases.

    Entities whose own label is not in the bank count too: whatever they are called must be true.
    """
    place = {key: i for i, key in enumerate(zip(bank.names, bank.kinds, strict=True))}
    chosen = [i for i, r in enumerate(regions) if r.drawn.kind in bank.kinds]
    asked = [regions[i] for i in chosen]
    cosines = kind_cosines(bank, images[chosen], [r.drawn.kind for r in asked])
    own = {i: place.get((r.drawn.label, r.drawn.kind)) for i, r in enumerate(asked)}
    known = [i for i, number in own.items() if number is not None]
    scale = fitted_scale(cosines[known], np.array([own[i] for i in known], np.int64))
    nearest = cosines.argmax(axis=1)
    right = np.array(
        [bank.claims[int(g)].truth(r) > MAYBE for g, r in zip(nearest, asked, strict=True)]
    )
    return Thresholds(
        scale=scale,
        surest=least_value(softmax_rows(scale * cosines).max(axis=1), right, PRECISION),
        least_cosine=least_value(cosines.max(axis=1), right, PRECISION),
    )


def given_names(
    bank: Bank, regions: Sequence[FactRegion], images: Vectors, least_cosine: float
) -> Given:
    """Name entities whose kind is known, where the bank has names of their kind."""
    asked = [
        i
        for i, region in enumerate(regions)
        if region.drawn.kind in bank.kinds and region.drawn.level is Level.ENTITY
    ]
    chosen = [regions[i] for i in asked]
    cosines = kind_cosines(bank, images[asked], [r.drawn.kind for r in chosen])
    nearest, sure = cosines.argmax(axis=1), cosines.max(axis=1) >= least_cosine
    pairs = [(r, int(g)) for r, g, s in zip(chosen, nearest, sure, strict=True) if s]
    return Given(
        count=len(chosen),
        given=float(sure.mean()),
        true=float(np.mean([bank.claims[g].truth(r) > MAYBE for r, g in pairs])),
        exact=float(np.mean([bank.names[g] == r.drawn.label for r, g in pairs])),
    )


def share_named(bank: Bank, images: Vectors, least_cosine: float) -> float:
    """How many vectors of unknown kind get a name at all."""
    return float(((images @ bank.vectors.T).max(axis=1) >= least_cosine).mean())


def write_bank(path: Path, bank: Bank, thresholds: Thresholds) -> None:
    """Write the names as labels.toml."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for name, kind in zip(bank.names, bank.kinds, strict=True):
        own_name = kind is RegionKind.PERSON and name[:1].isupper()
        by_kind["figures" if own_name else kind.value].append(name)
    names = "".join(f"{kind} = {json.dumps(names)}\n" for kind, names in sorted(by_kind.items()))
    numbers = "".join(
        f"{name} = {getattr(thresholds, name):.2f}\n"
        for name in ("least_cosine", "scale", "surest")
    )
    prompts = "".join(
        f"{json.dumps(name)} = {json.dumps(list(prompts_of(name)))}\n"
        for name in dict.fromkeys(bank.names)
    )
    text = f"{HEADER}\n{numbers}\n[names]\n{names}\n[prompts]\n{prompts}"
    path.write_text(text, encoding="utf-8")
