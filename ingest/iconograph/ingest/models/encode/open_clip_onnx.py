"""CLIP from ONNX files, without torch.

A folder of this format holds four files:

`image.onnx`
    input `pixels` (float32, n x 3 x S x S, normalised), output `vectors` (float32, n x dim).
`text.onnx`
    input `tokens` (int64, n x L), output `vectors` (float32, n x dim).
`tokenizer.json`
    a vocabulary of the library `tokenizers`, of any size. With `tokenizer = "clip"` it needs a
    start token (`<start_of_text>` or `<|startoftext|>`) and an end token (`<end_of_text>` or
    `<|endoftext|>`); texts are cleaned as CLIP does it, both tokens are put around, and the rest
    is filled with 0. With `tokenizer = "plain"` the file alone decides.
`clip.toml`
    the keys of `KEYS`: `architecture`, `weights` and `space` are names (`space` is
    `clip:<architecture>/<weights>`), `weights_sha256` that of the weights the files were made
    from, `dim`, `image_size_px` (S), `mean` and `std` (of values 0..1), `interpolation`
    ("bicubic", "bilinear"), `resize` ("shortest", "longest", "squash"), `context_length` (L) and
    `tokenizer`; and, where it is not 0, `fill` (0..255).

Weights inside may be 8-bit or 16-bit; inputs and outputs are not. `models.export.clip` writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.graph.model.vector import Modality, VectorSpace
from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation
from iconograph.ingest.models.encode.crops import Interpolation, Preprocessing, Resize
from iconograph.ingest.models.encode.towers import BATCH_SIZE, TwoTowers
from iconograph.ingest.models.folders import files_in, three, toml_settings
from iconograph.ingest.models.registry import located, model_ref, record_named, sha256_of
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session

IMAGE, TEXT, TOKENIZER, SETTINGS = "image.onnx", "text.onnx", "tokenizer.json", "clip.toml"
FILES = (IMAGE, TEXT, TOKENIZER, SETTINGS)
"""What a folder of this format holds."""

KEYS: dict[str, type] = {
    "architecture": str,
    "weights": str,
    "space": str,
    "weights_sha256": str,
    "dim": int,
    "image_size_px": int,
    "mean": list,
    "std": list,
    "interpolation": str,
    "resize": str,
    "context_length": int,
    "tokenizer": str,
}


class OpenClipOnnxEncoder(TwoTowers):
    """An `ImageEncoder` and `TextEncoder` on onnxruntime; not for several threads at once."""

    @classmethod
    def open(cls, cache_dir: Path, *, name: str = "mini-clip") -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones.
        """
        record = record_named(name, cache_dir)
        return cls.of_files(located(record, cache_dir), models=(model_ref(record),))

    @classmethod
    def load(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The model of a folder; raises `MissingModelError` when a file is missing or wrong."""
        files = files_in(folder, FILES, model="an exported CLIP")
        return cls.of_files(files, threads=threads)

    @classmethod
    def of_files(
        cls,
        files: Mapping[str, Path],
        *,
        models: tuple[ModelRef, ...] = (),
        threads: int | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> Self:
        """The model of these files by name; `models` are worked out from them when not given."""
        settings = toml_settings(files[SETTINGS], KEYS)
        preprocessing, tokenisation = _choices_of(settings, files[SETTINGS])
        image = open_session(files[IMAGE], threads=threads)
        text = open_session(files[TEXT], threads=threads)
        named = f"{settings['architecture']}/{settings['weights']}"
        return cls(
            space=_space_of(settings),
            models=models
            or tuple(
                ModelRef(name=f"{named}/{name}", sha256=sha256_of(files[name]))
                for name in (IMAGE, TEXT)
            ),
            preprocessing=preprocessing,
            tokens=ClipTokens.load(
                files[TOKENIZER],
                context_length=settings["context_length"],
                tokenisation=tokenisation,
            ),
            image_tower=_tower(image, "pixels"),
            text_tower=_tower(text, "tokens"),
            batch_size=batch_size,
        )


def _space_of(settings: Mapping[str, Any]) -> VectorSpace:
    return VectorSpace(
        name=settings["space"],
        dim=settings["dim"],
        weights_sha256=settings["weights_sha256"],
        modality=Modality.IMAGE,
    )


def _choices_of(settings: Mapping[str, Any], path: Path) -> tuple[Preprocessing, Tokenisation]:
    try:
        preprocessing = Preprocessing(
            image_size_px=settings["image_size_px"],
            mean=three(settings["mean"]),
            std=three(settings["std"]),
            interpolation=Interpolation(settings["interpolation"]),
            resize=Resize(settings["resize"]),
            fill=int(settings.get("fill", 0)),
        )
        return preprocessing, Tokenisation(settings["tokenizer"])
    except (ValueError, TypeError) as error:
        message = f"{path} cannot be used: {error}; export the model again"
        raise MissingModelError(message) from error


def _tower(session: Session, name: str) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    def vectors_of(batch: NDArray[Any]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = session.run({name: batch})["vectors"]
        return vectors

    return vectors_of
