"""Export a trained mini CLIP to ONNX: `python -m iconograph.ingest.training.clip_export --help`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.ingest.models.export.clip import export_clip
from iconograph.ingest.models.export.onnx import Precision
from iconograph.ingest.models.registry import sha256_of
from iconograph.ingest.training.clip_model import (
    ARCHITECTURE,
    CONTEXT_LENGTH,
    PREPROCESSING,
    TOKENIZER,
    WEIGHTS,
    load_open_clip,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPORTED = "drawn-int8"
"""Name of the exported weights: 8-bit vectors are not those of the weights as trained."""


def export_mini_clip(trained: Path, target: Path) -> Path:
    """Write the ONNX folder of a trained open_clip folder; matrices 8-bit, convolutions 16-bit."""
    export_clip(
        load_open_clip(trained),
        target,
        architecture=ARCHITECTURE,
        weights=EXPORTED,
        weights_sha256=sha256_of(trained / WEIGHTS),
        preprocessing=PREPROCESSING,
        context_length=CONTEXT_LENGTH,
        tokenizer_file=trained / TOKENIZER,
        image_precision=Precision.INT8,
        text_precision=Precision.INT8,
    )
    return target


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("trained", type=Path, help="the folder open_clip of a training")
    parser.add_argument("target", type=Path, help="takes the ONNX files")
    chosen = parser.parse_args(arguments)
    export_mini_clip(chosen.trained, chosen.target)


if __name__ == "__main__":
    main()
