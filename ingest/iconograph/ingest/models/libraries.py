"""Libraries of the extra `ml`, imported when a model is opened, and their failures in our words."""

from __future__ import annotations

import importlib
import pickle
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import (
    MissingExtraError,
    MissingModelError,
    ModelMemoryError,
    ModelOutputError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

PACKAGES = {
    "onnx": "onnx",
    "open_clip": "open_clip_torch",
    "safetensors": "safetensors",
    "segment_anything": "segment-anything-py",
    "torch": "torch",
    "transformers": "transformers",
}
"""The package that brings each module."""

MEMORY_PHRASES = ("out of memory", "can't allocate memory", "not enough memory")
"""What torch says, beside its own error class, when an allocation fails."""


def library(module: str, *, needed_by: str) -> Any:  # noqa: ANN401  these libraries ship few types
    """A module of the extra `ml`; raises `MissingExtraError` when its package is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        root = (error.name or module).partition(".")[0]
        package = PACKAGES.get(root, root)
        raise MissingExtraError(needed_by, package=package, extra="ml") from error


def device_name() -> str:
    """`cuda` where torch finds a GPU, else `cpu`."""
    torch = library("torch", needed_by="a torch model")
    return "cuda" if torch.cuda.is_available() else "cpu"


@contextmanager
def inference(model: str) -> Iterator[None]:
    """Run torch without gradients; what it says of memory becomes `ModelMemoryError`."""
    torch = library("torch", needed_by=model)
    try:
        with torch.inference_mode():
            yield
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _memory_error(model) from error
    except RuntimeError as error:
        if not any(phrase in str(error).lower() for phrase in MEMORY_PHRASES):
            raise
        raise _memory_error(model) from error


def tensors_in(path: Path) -> dict[str, Any]:
    """Named tensors from .safetensors, or from a .pth that holds nothing but tensors.

    Raises `MissingModelError` for a file that holds anything else: unpickling it could run code.
    """
    needed_by = f"the file {path.name}"
    if path.suffix == ".safetensors":
        found: dict[str, Any] = library("safetensors.torch", needed_by=needed_by).load_file(path)
        return found
    torch = library("torch", needed_by=needed_by)
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        message = (
            f"{path} is refused: it is no file of plain tensors; expected .safetensors, or a "
            "state dict that torch reads with weights_only"
        )
        raise MissingModelError(message) from error
    if not isinstance(loaded, dict):
        message = f"{path} holds {type(loaded).__name__}; expected named tensors"
        raise MissingModelError(message)
    return loaded


def pretrained(kind: str, folder: Path, *, model: str, **options: Any) -> Any:  # noqa: ANN401
    """A class of transformers, `kind`, read from a folder and never from the network.

    Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without
    transformers.
    """
    transformers = library("transformers", needed_by=model)
    try:
        with _without_progress_bar(transformers):
            return getattr(transformers, kind).from_pretrained(
                folder, local_files_only=True, **options
            )
    except ImportError as error:
        raise MissingExtraError(model, package="torchvision", extra="ml") from error
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        message = f"the folder of {model} cannot be used: {folder}: {error}; copy its files again"
        raise MissingModelError(message) from error


@contextmanager
def _without_progress_bar(transformers: Any) -> Iterator[None]:  # noqa: ANN401  the module
    # It would run through our own.
    logging = transformers.utils.logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def array_of(tensor: Any, *, model: str) -> NDArray[np.float32]:  # noqa: ANN401  a torch.Tensor
    """A tensor as float32 on the CPU; raises `ModelOutputError` unless all of it is finite."""
    array: NDArray[np.float32] = tensor.detach().float().cpu().numpy()
    return finite(array, model=model)


def finite(array: NDArray[np.float32], *, model: str) -> NDArray[np.float32]:
    """The array itself; raises `ModelOutputError` unless all of it is finite."""
    if not np.isfinite(array).all():
        message = (
            f"{model} answered numbers that are not finite; expected finite ones; its weights may "
            "be damaged or overflow in half precision: verify them, or use 32-bit weights"
        )
        raise ModelOutputError(message)
    return array


def _memory_error(model: str) -> ModelMemoryError:
    return ModelMemoryError(
        f"{model} needs more memory than there is; close other programs or use a smaller model"
    )
