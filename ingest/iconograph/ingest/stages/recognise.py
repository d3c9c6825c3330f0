"""Says what a piece of a picture shows, by comparing its vector with those of words (zero-shot)."""

from __future__ import annotations

import threading
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError, MissingModelError
from iconograph.graph.model.checks import require_fraction, require_text
from iconograph.graph.model.region import Label, LabelOrigin, RegionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.model.vector import TextEncoder

LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEntry:
    """A name that may be given, the kind of thing that it names, and the texts that stand for it."""

    name: str
    kind: RegionKind
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        require_text("BankEntry", name=self.name)
        if not self.texts:
            message = f"the name {self.name} needs a text that stands for it, got none"
            raise InvalidValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelBank:
    """Names that may be given, and texts of what is no thing and gets no name.

    `scale` turns cosines into the logits of a softmax; it, `surest`, the least probability with
    which a name is given, and `least_cosine`, that a name must reach beside it, were fitted to regions
    whose names are known (see `evaluate extraction`).
    """

    entries: tuple[BankEntry, ...]
    nothing: tuple[str, ...] = ()
    scale: float = 60.0
    surest: float = 0.6
    least_cosine: float = -1.0

    def __post_init__(self) -> None:
        require_fraction("LabelBank", surest=self.surest)
        if not self.entries:
            message = "a label bank needs a name, got none"
            raise InvalidValueError(message)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """For runs."""
        return (
            ("recognise names", str(len(self.entries))),
            ("recognise scale", f"{self.scale:g}"),
            ("recognise surest", f"{self.surest:g}"),
            ("recognise least cosine", f"{self.least_cosine:g}"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A name for a thing, with the kind that goes with it."""

    label: Label
    kind: RegionKind


class Recogniser:
    """Names vectors of the space that its text encoder shares with an image encoder.

    A name is given when the softmax over all names that fit the kind, and over the texts for
    nothing, gives it `surest` or more, and its cosine is not below `least_cosine`; else none is. Any
    threads may use it.
    """

    def __init__(self, texts: TextEncoder, bank: LabelBank) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self.bank = bank

    def __call__(
        self, vectors: NDArray[np.float32], kinds: Sequence[RegionKind], /
    ) -> tuple[Recognised | None, ...]:
        """A name for each unit vector, n x dim, among those of its kind (UNKNOWN: of any)."""
        if len(vectors) == 0:
            return ()
        with self._lock:
            names, nothing = self._bank_vectors
        found: list[Recognised | None] = []
        entry_kinds = np.array([entry.kind.value for entry in self.bank.entries])
        cosines, empty = vectors @ names.T, vectors @ nothing.T
        for row, kind in enumerate(kinds):
            allowed = (
                np.ones(len(entry_kinds), np.bool_)
                if kind is RegionKind.UNKNOWN
                else entry_kinds == kind.value
            )
            found.append(self._best(np.where(allowed, cosines[row], -np.inf), empty[row]))
        return tuple(found)

    def _best(self, cosines: NDArray[np.float32], empty: NDArray[np.float32]) -> Recognised | None:
        if not np.isfinite(cosines).any():
            return None
        probabilities = softmax(self.bank.scale * np.concatenate([cosines, empty]))
        best = int(np.argmax(probabilities))
        if best >= len(self.bank.entries) or probabilities[best] < self.bank.surest:
            return None
        if cosines[best] < self.bank.least_cosine:
            return None
        entry = self.bank.entries[best]
        label = Label(
            text=entry.name,
            confidence=round(float(probabilities[best]), 4),
            origin=LabelOrigin.CLASSIFIER,
        )
        return Recognised(label=label, kind=entry.kind)

    @cached_property
    def _bank_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit vectors of the names (the mean over each name's texts) and of the texts for nothing."""
        texts = [text for entry in self.bank.entries for text in entry.texts]
        encoded = self._texts.encode([*texts, *self.bank.nothing])
        rows, start = [], 0
        for entry in self.bank.entries:
            mean = encoded[start : start + len(entry.texts)].mean(axis=0)
            rows.append(mean / max(float(np.linalg.norm(mean)), LEAST_SPREAD))
            start += len(entry.texts)
        return np.stack(rows).astype(np.float32), encoded[start:]


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probabilities that add up to 1; a logit of minus infinity gives 0."""
    powers = np.exp(np.asarray(logits, np.float64) - float(np.max(logits)))
    return np.asarray(powers / powers.sum())


def read_label_bank() -> LabelBank:
    """The label bank for encoders that bring none of their own."""
    tables = tomllib.loads(
        resources.files(__package__).joinpath("label_bank.toml").read_text("utf-8")
    )
    names: Mapping[str, Sequence[str]] = tables["names"]
    entries = tuple(
        BankEntry(
            name=name,
            kind=RegionKind(kind),
            texts=tuple(prompt.format(_with_article(name)) for prompt in tables["prompts"]),
        )
        for kind in names
        for name in names[kind]
    )
    return LabelBank(
        entries=entries,
        nothing=tuple(tables["nothing"]),
        scale=tables["scale"],
        surest=tables["surest"],
    )


def label_bank_in(path: Path) -> LabelBank:
    """The label bank that comes with an encoder, in a file `labels.toml`.

    It has `scale`, `surest`, `least_cosine`, `names` by kind, and the `prompts` of each name. Names under kinds that
    regions do not have, such as `figures`, are left out: nobody is recognised by name. Raises
    `MissingModelError` for a file of another form.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        kinds = {kind.value for kind in RegionKind}
        entries = tuple(
            BankEntry(name=name, kind=RegionKind(kind), texts=tuple(tables["prompts"][name]))
            for kind, names in tables["names"].items()
            if kind in kinds
            for name in names
        )
        return LabelBank(
            entries=entries,
            scale=tables["scale"],
            surest=tables["surest"],
            least_cosine=tables["least_cosine"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{path} is no label bank ({error!r}); expected scale, surest, least_cosine, names "
            "by kind, and prompts of each name; get the model again"
        )
        raise MissingModelError(message) from error


def _with_article(name: str) -> str:
    """`a red robe`; plurals and what cannot be counted stay without."""
    if name.endswith("s") or name in {"armour", "water", "sky", "fire"}:
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
