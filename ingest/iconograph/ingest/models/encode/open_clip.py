"""CLIP through open_clip: any architecture that its configuration can say, on CPU or GPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.graph.model.vector import Modality, VectorSpace
from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation
from iconograph.ingest.models.encode.crops import Interpolation, Preprocessing, Resize
from iconograph.ingest.models.encode.towers import BATCH_SIZE, TwoTowers
from iconograph.ingest.models.folders import files_in, json_settings, three, weights_in
from iconograph.ingest.models.libraries import array_of, device_name, inference, library
from iconograph.ingest.models.registry import (
    located,
    model_folder,
    model_ref,
    record_named,
    sha256_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

CONFIG, TOKENIZER = "open_clip_config.json", "tokenizer.json"
WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors")
"""Names by which open_clip looks for weights first."""

CONTEXT_LENGTH = 77
SPACE_PREFIX = "clip:"


class OpenClipEncoder(TwoTowers):
    """An `ImageEncoder` and `TextEncoder` on torch; not for several threads at once.

    Its folder is one of open_clip's schema `local-dir:`: `open_clip_config.json` and one file of
    weights named as in `WEIGHTS`. A `tokenizer.json` beside them replaces CLIP's own vocabulary,
    unless the configuration names a tokenizer of transformers.
    """

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
        """
        record = record_named(name, cache_dir)
        located(record, cache_dir)
        folder = model_folder(record, cache_dir)
        return cls.load(folder, space=record.space, models=(model_ref(record),))

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        space: str,
        models: tuple[ModelRef, ...] = (),
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> Self:
        """The model of a folder; `space` is `clip:<architecture>/<weights>`.

        `models` are worked out from its weights when not given. Raises `MissingModelError` when
        the folder is not complete or open_clip cannot use it, `MissingExtraError` without the
        extra `ml`.
        """
        config = files_in(folder, [CONFIG], model=space)[CONFIG]
        weights = _weights(folder, space)
        device = device or device_name()
        model = open_clip_model(folder, space=space).to(device)
        sha256 = sha256_of(weights)
        return cls(
            space=VectorSpace(
                name=space, dim=_dim(config), weights_sha256=sha256, modality=Modality.IMAGE
            ),
            models=models or (ModelRef(name=space.removeprefix(SPACE_PREFIX), sha256=sha256),),
            preprocessing=preprocessing_of(model.visual.preprocess_cfg, space),
            tokens=_tokens(folder, config, space),
            image_tower=_tower(model.encode_image, space, device),
            text_tower=_tower(model.encode_text, space, device),
            batch_size=batch_size,
        )


def open_clip_model(folder: Path, *, space: str) -> Any:  # noqa: ANN401  an open_clip model
    """The model of a folder on the CPU, ready to answer; raises as `OpenClipEncoder.load`."""
    _weights(folder, space)
    open_clip = library("open_clip", needed_by=space)
    try:
        return open_clip.create_model(f"local-dir:{folder}", weights_only=True).eval()
    except (ValueError, RuntimeError, TypeError, KeyError, OSError) as error:
        message = f"open_clip cannot use the folder of {space}, {folder}: {error}; copy it again"
        raise MissingModelError(message) from error


def preprocessing_of(settings: Mapping[str, Any], space: str) -> Preprocessing:
    """open_clip's `preprocess_cfg`; raises `MissingModelError` for one that is not supported."""
    size = settings["size"]
    sides = set(size) if isinstance(size, Sequence) else {size}
    try:
        (side,) = sides
        return Preprocessing(
            image_size_px=side,
            mean=three(settings["mean"]),
            std=three(settings["std"]),
            interpolation=Interpolation(settings["interpolation"]),
            resize=Resize(settings["resize_mode"]),
            fill=settings["fill_color"],
        )
    except (ValueError, TypeError) as error:
        message = (
            f"the pictures of {space} cannot be prepared: {error}; expected one size for both "
            "sides, three means, bicubic or bilinear; use another model"
        )
        raise MissingModelError(message) from error


def _weights(folder: Path, space: str) -> Path:
    weights = weights_in(folder, model=space)
    if weights.name not in WEIGHTS:
        message = f"{folder} holds {weights.name}; expected {' or '.join(WEIGHTS)}; rename it"
        raise MissingModelError(message)
    return weights


def _model_settings(config: Path) -> dict[str, Any]:
    settings = json_settings(config).get("model_cfg")
    if not isinstance(settings, dict) or not isinstance(settings.get("embed_dim"), int):
        message = f"{config} says no model_cfg with embed_dim; copy the model's files again"
        raise MissingModelError(message)
    return settings


def _dim(config: Path) -> int:
    return int(_model_settings(config)["embed_dim"])


def _tokens(folder: Path, config: Path, space: str) -> Callable[[Sequence[str]], NDArray[np.int64]]:
    text = _model_settings(config).get("text_cfg", {})
    own = folder / TOKENIZER
    if own.is_file() and not text.get("hf_tokenizer_name"):
        length = int(text.get("context_length", CONTEXT_LENGTH))
        return ClipTokens.load(own, context_length=length, tokenisation=Tokenisation.CLIP)
    tokenizer = library("open_clip", needed_by=space).get_tokenizer(f"local-dir:{folder}")

    def tokens_of(texts: Sequence[str]) -> NDArray[np.int64]:
        tokens: NDArray[np.int64] = tokenizer(list(texts)).numpy()
        return tokens

    return tokens_of


def _tower(
    encode: Callable[[Any], Any], space: str, device: str
) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    torch = library("torch", needed_by=space)

    def vectors_of(batch: NDArray[Any]) -> NDArray[np.float32]:
        with inference(space):
            return array_of(encode(torch.from_numpy(batch).to(device)), model=space)

    return vectors_of
