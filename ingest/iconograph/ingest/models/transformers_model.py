"""A model of transformers with its processor: what the adapters of that library are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.folders import files_in, weights_in
from iconograph.ingest.models.libraries import device_name, library, pretrained
from iconograph.ingest.models.registry import located_folder, sha256_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """The library's classes of a network and of its processor, by name, and what these need.

    `files` must lie in a model's folder beside its weights; `modules` are those that the processor
    imports only when it is used.
    """

    network: str
    processor: str
    files: tuple[str, ...] = ("config.json",)
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransformersModel:
    """A network on its device, ready to answer, and the processor that prepares its inputs.

    `models` names its file of weights, for the runs that it takes part in.
    """

    network: Any
    processor: Any
    name: str
    models: tuple[ModelRef, ...]
    device: str

    @classmethod
    def open(
        cls, cache_dir: Path, architecture: Architecture, *, name: str, device: str | None = None
    ) -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
        """
        folder, ref = located_folder(name, cache_dir)
        return cls.load(folder, architecture, name=name, models=(ref,), device=device)

    @classmethod
    def load(
        cls,
        folder: Path,
        architecture: Architecture,
        *,
        name: str,
        models: tuple[ModelRef, ...] = (),
        device: str | None = None,
    ) -> Self:
        """The model of a folder; `models` are worked out from its weights when not given.

        `device` is a GPU where torch finds one, unless it is given. Raises `MissingModelError` when
        the folder cannot be used, `MissingExtraError` without the extra `ml`.
        """
        files_in(folder, architecture.files, model=name)
        weights = weights_in(folder, model=name)
        for module in architecture.modules:
            library(module, needed_by=name)
        network = pretrained(architecture.network, folder, model=name, use_safetensors=True)
        processor = pretrained(architecture.processor, folder, model=name)
        refs = models or (ModelRef(name=name, sha256=sha256_of(weights)),)
        device = device or device_name()
        return cls(
            network=network.to(device).eval(),
            processor=processor,
            name=name,
            models=refs,
            device=device,
        )
