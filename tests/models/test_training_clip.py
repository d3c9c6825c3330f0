"""The training of the mini CLIP, a few steps of it, and what it leaves behind, in open_clip itself."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra ml is not installed")
open_clip = pytest.importorskip("open_clip", reason="the extra ml is not installed")

from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation  # noqa: E402
from iconograph.ingest.models.encode.crops import pixel_batch  # noqa: E402
from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder  # noqa: E402
from iconograph.ingest.training.clip import losses_of, train_clip  # noqa: E402
from iconograph.ingest.training.clip_export import export_mini_clip  # noqa: E402
from iconograph.ingest.training.clip_model import (  # noqa: E402
    CONTEXT_LENGTH,
    EMBED_DIM,
    PREPROCESSING,
    TOKENIZER,
    load_open_clip,
    new_model,
)
from iconograph.ingest.training.loop import Progress  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")

TEXTS = ["woman in a red robe", "angel with a lily", "skull"]


def trained(place: Path, corpus: Path, steps: int, told: list[Progress] | None = None) -> Path:
    tell = told.append if told is not None else None
    return train_clip(
        [corpus], place, steps=steps, pictures=3, crops=12, checkpoint_steps=2, on_progress=tell
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpora") / "7"


@pytest.fixture(scope="module")
def folder(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("training"), corpus, 4)


@pytest.fixture(scope="module")
def crops() -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 255, size, dtype=np.uint8) for size in ((40, 90, 3), (64, 64, 3))]


def test_open_clip_loads_the_folder(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = open_clip.create_model(f"local-dir:{folder}").eval()
    tokens = torch.zeros(2, CONTEXT_LENGTH, dtype=torch.long)
    tokens[:, 1] = 5
    with torch.no_grad():
        assert model.encode_text(tokens).shape == (2, EMBED_DIM)
        assert model.encode_image(torch.zeros(1, 3, 64, 64)).shape == (1, EMBED_DIM)


def test_onnx_and_torch_agree(
    folder: Path, tmp_path: Path, crops: list[np.ndarray[Any, np.dtype[np.uint8]]]
) -> None:
    encoder = OpenClipOnnxEncoder.load(export_mini_clip(folder, tmp_path), threads=1)
    model = load_open_clip(folder)
    tokens = ClipTokens.load(
        folder / TOKENIZER, context_length=CONTEXT_LENGTH, tokenisation=Tokenisation.CLIP
    )
    with torch.no_grad():
        texts = model.encode_text(torch.from_numpy(tokens(TEXTS)), normalize=True).numpy()
        pixels = torch.from_numpy(pixel_batch(crops, PREPROCESSING))
        images = model.encode_image(pixels, normalize=True).numpy()
    assert np.einsum("nd,nd->n", encoder.encode(TEXTS), texts).min() > 0.99
    assert np.einsum("nd,nd->n", encoder.encode(crops), images).min() > 0.99


def test_a_stopped_training_ends_where_it_would_have_ended(
    corpus: Path, folder: Path, tmp_path: Path
) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.step == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        train_clip(
            [corpus], tmp_path, steps=4, pictures=3, crops=12, checkpoint_steps=2, on_progress=stop
        )
    again = trained(tmp_path, corpus, 4)
    name = "open_clip_model.safetensors"
    assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_a_result_is_trained_further(corpus: Path, folder: Path, tmp_path: Path) -> None:
    further = train_clip([corpus], tmp_path, steps=1, pictures=3, crops=12, start=folder)
    before, after = (load_open_clip(place).state_dict() for place in (folder, further))
    moved = max(
        float((after[name] - before[name]).abs().max())
        for name in before
        if before[name].is_floating_point() and "running" not in name
    )
    assert 0 < moved < 0.1
    assert (further / TOKENIZER).read_bytes() == (folder / TOKENIZER).read_bytes()


def test_the_loss_falls_when_true_pairs_come_together() -> None:
    torch.manual_seed(0)
    model = new_model(3).train()
    tensors = {
        "pixels": torch.randn(6, 3, 64, 64),
        "tokens": torch.randint(1, 3000, (8, CONTEXT_LENGTH)),
        "truth": torch.cat([torch.eye(6), torch.full((1, 6), 0.5), torch.zeros(1, 6)]),
    }
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    totals = []
    for _ in range(8):
        total = torch.stack(list(losses_of(model, tensors).values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append(float(total.detach()))
    assert totals[-1] < 0.7 * totals[0]


def test_pairs_that_are_neither_true_nor_false_do_not_count() -> None:
    model = new_model(3).eval()
    tensors = {
        "pixels": torch.randn(2, 3, 64, 64),
        "tokens": torch.randint(1, 3000, (2, CONTEXT_LENGTH)),
        "truth": torch.tensor([[1.0, 0.5], [0.5, 1.0]]),
    }
    with torch.no_grad():
        losses = losses_of(model, tensors)
    # Nothing is left to tell the true ones from.
    assert float(losses["phrase_to_crop"]) == pytest.approx(0.0, abs=1e-6)
    assert float(losses["crop_to_phrase"]) == pytest.approx(0.0, abs=1e-6)
