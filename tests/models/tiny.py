"""Checkpoints with random weights, small but in the formats of the real libraries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CLIP_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {
            "image_size": 64,
            "layers": 2,
            "width": 64,
            "head_width": 32,
            "patch_size": 16,
        },
        "text_cfg": {
            "context_length": 77,
            "vocab_size": 49408,
            "width": 16,
            "heads": 2,
            "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711],
        "interpolation": "bicubic",
        "resize_mode": "shortest",
    },
}

SAM_SIZES: dict[str, Any] = {
    "image_size_px": 128,
    "patch_px": 16,
    "depth": 2,
    "width": 32,
    "heads": 2,
    "window": 4,
    "global_attention": [1],
    "channels": 32,
    "decoder_width": 64,
    "decoder_heads": 2,
}


def clip_folder(folder: Path, **preprocessing: Any) -> Path:
    """A folder of open_clip's schema `local-dir:`."""
    torch = pytest.importorskip("torch", reason="needs the extra `ml`")
    open_clip = pytest.importorskip("open_clip", reason="needs the extra `ml`")
    config = {**CLIP_CONFIG, "preprocess_cfg": CLIP_CONFIG["preprocess_cfg"] | preprocessing}
    torch.manual_seed(0)
    model = open_clip.CLIP(**CLIP_CONFIG["model_cfg"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    save_tensors(model, folder / "open_clip_model.safetensors")
    return folder


def sam_folder(folder: Path) -> Path:
    """A folder of segment_anything's model in a size of our own."""
    torch = pytest.importorskip("torch", reason="needs the extra `ml`")
    pytest.importorskip("segment_anything", reason="needs the extra `ml`")
    from iconograph.ingest.models.segment.sam import sam_of

    torch.manual_seed(0)
    sam = sam_of(SAM_SIZES)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} = {json.dumps(value)}" for key, value in SAM_SIZES.items()]
    settings = ['name = "tiny-sam"', 'architecture = "own"', "[size]", *lines]
    (folder / "sam.toml").write_text("\n".join(settings), encoding="utf-8")
    save_tensors(sam, folder / "model.safetensors")
    return folder


def save_tensors(model: Any, path: Path) -> None:
    """Weights as .safetensors."""
    from safetensors.torch import save_file

    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, path)


def damage(path: Path) -> None:
    """Make every weight of a .safetensors file NaN."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(path)
    broken = {
        name: value.fill_(float("nan")) if value.is_floating_point() else value
        for name, value in tensors.items()
    }
    save_file(broken, path, metadata={"format": "pt"})


def picture(height_px: int, width_px: int, seed: int = 0) -> NDArray[np.uint8]:
    """Coloured blocks with noise."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 230, (4, 4, 3))
    rows = np.arange(height_px) * 4 // height_px
    columns = np.arange(width_px) * 4 // width_px
    pixels = blocks[rows][:, columns] + rng.integers(0, 25, (height_px, width_px, 3))
    return pixels.astype(np.uint8)


def clip_tokenizer() -> Any:
    """CLIP's vocabulary as a tokenizer of transformers."""
    transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")
    tokenizer = pytest.importorskip("open_clip.tokenizer", reason="needs the extra `ml`")
    source = tokenizer.SimpleTokenizer()
    names = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
    vocabulary = {names.get(word, word): number for word, number in source.encoder.items()}
    merges = sorted(source.bpe_ranks, key=source.bpe_ranks.__getitem__)
    return transformers.CLIPTokenizerFast(
        vocab=vocabulary, merges=merges, pad_token="!", model_max_length=16
    )


def bert_tokenizer(folder: Path, words: list[str]) -> Any:
    """A BERT vocabulary of a few words."""
    transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")
    folder.mkdir(parents=True, exist_ok=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    path = folder / "vocab.txt"
    path.write_text("\n".join([*special, *words]) + "\n", encoding="utf-8")
    return transformers.BertTokenizerFast(vocab=str(path))
