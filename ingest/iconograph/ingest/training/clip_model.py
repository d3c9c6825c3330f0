"""The mini CLIP as open_clip builds it, and its folder in open_clip's own format."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from iconograph.ingest.models.encode.crops import Interpolation, Preprocessing, Resize
from iconograph.ingest.models.libraries import library
from iconograph.ingest.training.clip_tokenizer import VOCABULARY_SIZE
from iconograph.ingest.training.corpora import PAD_COLOUR

if TYPE_CHECKING:
    from pathlib import Path

ARCHITECTURE = "iconograph-mini"
CONTEXT_LENGTH = 24
IMAGE_SIZE_PX = 64
EMBED_DIM = 128
MEAN, STD = (0.5, 0.45, 0.4), (0.25, 0.25, 0.25)
CONFIG, WEIGHTS, TOKENIZER = (
    "open_clip_config.json",
    "open_clip_model.safetensors",
    "tokenizer.json",
)

MODEL_CONFIG: dict[str, Any] = {
    "embed_dim": EMBED_DIM,
    "init_logit_bias": -6.0,
    # A residual network with an attention pool: CLIP's own, at a quarter of its least width.
    "vision_cfg": {
        "image_size": IMAGE_SIZE_PX, "layers": [1, 2, 2, 1], "width": 16, "head_width": 64,
    },
    "text_cfg": {
        "context_length": CONTEXT_LENGTH, "vocab_size": VOCABULARY_SIZE, "width": 128, "heads": 4,
        "layers": 2,
    },
}  # fmt: skip
"""open_clip's model_cfg."""

PREPROCESSING = Preprocessing(
    image_size_px=IMAGE_SIZE_PX,
    mean=MEAN,
    std=STD,
    interpolation=Interpolation.BICUBIC,
    resize=Resize.LONGEST,
    fill=PAD_COLOUR,
)
"""How crops become pixels: fitted into a grey square, proportions kept."""


def new_model(seed: int) -> Any:  # noqa: ANN401  an open_clip CLIP
    """An untrained model with weights drawn from a seed; raises `MissingExtraError` without open_clip."""
    torch = library("torch", needed_by="the training of the mini CLIP")
    open_clip = library("open_clip", needed_by="the training of the mini CLIP")
    torch.manual_seed(seed)
    return open_clip.CLIP(**MODEL_CONFIG)


def save_open_clip(model: Any, tokenizer_file: Path, folder: Path) -> None:  # noqa: ANN401
    """Write the folder that `open_clip.create_model('local-dir:FOLDER')` loads."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    preprocess = {
        "mean": list(MEAN), "std": list(STD), "interpolation": "bicubic", "resize_mode": "longest",
        "fill_color": PAD_COLOUR,
    }  # fmt: skip
    config = {"model_cfg": MODEL_CONFIG, "preprocess_cfg": preprocess}
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    weights = {
        name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()
    }
    save_file(weights, folder / WEIGHTS)
    if tokenizer_file != folder / TOKENIZER:
        shutil.copyfile(tokenizer_file, folder / TOKENIZER)


def load_open_clip(folder: Path) -> Any:  # noqa: ANN401  an open_clip CLIP
    """The model of such a folder, by open_clip itself, ready to be used."""
    open_clip = library("open_clip", needed_by="the mini CLIP as trained")
    return open_clip.create_model(f"local-dir:{folder}").eval()
