from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.encode.open_clip_onnx import FILES, OpenClipOnnxEncoder

TEXT = """
architecture = "t"
weights = "r"
space = "clip:t/r"
weights_sha256 = "0"
dim = 8
image_size_px = 16
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
interpolation = "bicubic"
resize = "shortest"
context_length = 8
tokenizer = "clip"
"""


def write(folder: Path, text: str) -> Path:
    for name in FILES:
        (folder / name).touch()
    (folder / "clip.toml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("dim = 8", "", "lacks dim", id="missing"),
        pytest.param("dim = 8", 'dim = "8"', "lacks dim", id="type"),
        pytest.param('"shortest"', '"stretch"', "'stretch' is not a valid Resize", id="resize"),
        pytest.param('"bicubic"', '"nearest"', "Interpolation", id="interpolation"),
        pytest.param('"clip"\n', '"sentencepiece"\n', "Tokenisation", id="tokenizer"),
        pytest.param("mean = [0.5, 0.5, 0.5]", "mean = [0.5]", "cannot be used", id="mean"),
        pytest.param("size_px = 16", "size_px = 0", "at least 1 px", id="size"),
        pytest.param("", "", "expected an ONNX model", id="no ONNX"),
    ],
)
def test_wrong_files(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(MissingModelError, match=message):
        OpenClipOnnxEncoder.load(write(tmp_path, TEXT.replace(old, new) if old else TEXT))


def test_incomplete_folder(tmp_path: Path) -> None:
    (write(tmp_path, TEXT) / "text.onnx").unlink()

    with pytest.raises(MissingModelError, match=r"exported CLIP lacks text\.onnx"):
        OpenClipOnnxEncoder.load(tmp_path)
