"""The two towers of an open_clip model as a folder that `OpenClipOnnxEncoder` reads."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from iconograph.ingest.models.encode.crops import Preprocessing
from iconograph.ingest.models.encode.open_clip import open_clip_model, preprocessing_of
from iconograph.ingest.models.encode.open_clip_onnx import IMAGE, SETTINGS, TEXT, TOKENIZER
from iconograph.ingest.models.export.onnx import Precision, export_module
from iconograph.ingest.models.folders import weights_in
from iconograph.ingest.models.libraries import library
from iconograph.ingest.models.registry import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

WORD_PATTERN = (
    r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)
"""How CLIP cuts a text into words, as open_clip 3.3 does it."""


def export_clip(  # noqa: PLR0913  each is a line of clip.toml
    model: Any,  # noqa: ANN401  an open_clip model
    folder: Path,
    *,
    architecture: str,
    weights: str,
    weights_sha256: str,
    preprocessing: Preprocessing,
    context_length: int = 77,
    tokenizer_file: Path | None = None,
    tokenizer: str = "clip",
    image_precision: Precision = Precision.FP32,
    text_precision: Precision = Precision.FP32,
) -> None:
    """Write `image.onnx`, `text.onnx`, `tokenizer.json` and `clip.toml`.

    Without `tokenizer_file` the standard CLIP vocabulary is written. `weights` names the space
    together with `architecture`: give an 8-bit export another name than its source, since their
    vectors differ. Raises `MissingExtraError` without torch or onnx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dim = _export_image(model, folder / IMAGE, preprocessing.image_size_px, image_precision)
    _export_text(model, folder / TEXT, context_length, text_precision)
    if tokenizer_file is None:
        standard_tokenizer(folder / TOKENIZER)
    else:
        shutil.copyfile(tokenizer_file, folder / TOKENIZER)
    settings = {
        "architecture": architecture,
        "weights": weights,
        "space": f"clip:{architecture}/{weights}",
        "weights_sha256": weights_sha256,
        "dim": dim,
        "image_size_px": preprocessing.image_size_px,
        "mean": list(preprocessing.mean),
        "std": list(preprocessing.std),
        "interpolation": preprocessing.interpolation.value,
        "resize": preprocessing.resize.value,
        "fill": preprocessing.fill,
        "context_length": context_length,
        "tokenizer": tokenizer,
    }
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    (folder / SETTINGS).write_text("".join(lines), encoding="utf-8")


def export_clip_folder(  # noqa: PLR0913  each is a choice of its own
    source: Path,
    folder: Path,
    *,
    architecture: str,
    weights: str,
    image_precision: Precision = Precision.FP32,
    text_precision: Precision = Precision.FP32,
) -> None:
    """Export a folder that `OpenClipEncoder` reads; raises as `OpenClipEncoder.load` does."""
    space = f"clip:{architecture}/{weights}"
    model = open_clip_model(source, space=space)
    own = source / TOKENIZER
    export_clip(
        model,
        folder,
        architecture=architecture,
        weights=weights,
        weights_sha256=sha256_of(weights_in(source, model=space)),
        preprocessing=preprocessing_of(model.visual.preprocess_cfg, space),
        context_length=int(model.context_length),
        tokenizer_file=own if own.is_file() else None,
        image_precision=image_precision,
        text_precision=text_precision,
    )


def standard_tokenizer(path: Path) -> None:
    """Write CLIP's vocabulary of 49,408 tokens, which open_clip brings, as a tokenizer.json."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    source = library("open_clip.tokenizer", needed_by="CLIP's vocabulary").SimpleTokenizer()
    ranked = sorted(source.bpe_ranks, key=source.bpe_ranks.__getitem__)
    tokenizer = Tokenizer(
        models.BPE(vocab=source.encoder, merges=ranked, end_of_word_suffix="</w>")
    )
    words = pre_tokenizers.Split(Regex(WORD_PATTERN), behavior="removed", invert=True)
    letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, letters])
    tokenizer.add_special_tokens(["<start_of_text>", "<end_of_text>"])
    tokenizer.save(str(path))


def _export_image(model: Any, path: Path, size_px: int, precision: Precision) -> int:  # noqa: ANN401
    torch = library("torch", needed_by="the export to ONNX")
    tower = _tower(model, "encode_image")
    pixels = torch.zeros(2, 3, size_px, size_px)
    with torch.no_grad():
        dim = int(tower(pixels).shape[1])
    export_module(
        tower,
        (pixels,),
        path,
        inputs=["pixels"],
        outputs=["vectors"],
        free={"pixels": {0: "n"}, "vectors": {0: "n"}},
        precision=precision,
    )
    return dim


def _export_text(model: Any, path: Path, context_length: int, precision: Precision) -> None:  # noqa: ANN401
    torch = library("torch", needed_by="the export to ONNX")
    tokens = torch.zeros(2, context_length, dtype=torch.long)
    # A tower that reads out at the end token takes the place of the greatest id.
    tokens[:, 1] = 1
    export_module(
        _tower(model, "encode_text"),
        (tokens,),
        path,
        inputs=["tokens"],
        outputs=["vectors"],
        free={"tokens": {0: "n"}, "vectors": {0: "n"}},
        precision=precision,
    )


def _tower(model: Any, method: str) -> Any:  # noqa: ANN401  torch modules
    torch = library("torch", needed_by="the export to ONNX")

    class Tower(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, batch: Any) -> Any:  # noqa: ANN401
            return getattr(self.model, method)(batch)

    return Tower().eval().cpu().float()
