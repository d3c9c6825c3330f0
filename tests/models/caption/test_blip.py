from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError, MissingModelError, ModelOutputError
from iconograph.ingest.models.caption.blip import LONGEST_TOKENS, BlipCaptioner
from tests.models.tiny import bert_tokenizer, damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")

WORDS = ["a", "goat", "woman", "painting", "of", "lily", "sword", "with", "the", "in"]


def blip_folder(folder: Path) -> Path:
    """A folder as transformers writes it, of a BLIP that knows ten words."""
    tokenizer = bert_tokenizer(folder, WORDS)
    tokenizer.add_special_tokens({"bos_token": "[DEC]"})
    tokenizer.add_tokens(["[ENC]"], special_tokens=True)
    layers = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    config = transformers.BlipConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "encoder_hidden_size": 32,
            "max_position_embeddings": 64,
            "bos_token_id": tokenizer.convert_tokens_to_ids("[DEC]"),
            "pad_token_id": 0,
            "eos_token_id": 2,
            "sep_token_id": 3,
            "projection_dim": 32,
            **layers,
        },
        vision_config={"image_size": 64, "patch_size": 16, **layers},
        projection_dim=32,
        image_text_hidden_size=32,
    )
    torch.manual_seed(0)
    transformers.BlipForConditionalGeneration(config).save_pretrained(folder)
    processor = transformers.BlipImageProcessor(size={"height": 64, "width": 64})
    transformers.BlipProcessor(processor, tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blip_folder(tmp_path_factory.mktemp("blip"))


def test_captions_are_those_of_the_library(folder: Path) -> None:
    crops = [picture(40, 60), picture(1, 1), picture(90, 20, seed=3)]
    model = transformers.BlipForConditionalGeneration.from_pretrained(folder).eval()
    processor = transformers.BlipProcessor.from_pretrained(folder)
    expected = []
    for crop in crops:
        inputs = processor(images=PillowImage.fromarray(crop), return_tensors="pt")
        with torch.inference_mode():
            ids = model.generate(**inputs, max_new_tokens=LONGEST_TOKENS, do_sample=False)
        expected.append(" ".join(processor.decode(ids[0], skip_special_tokens=True).split()))

    captions = BlipCaptioner.load(folder, device="cpu")(crops)

    assert list(captions) == expected
    assert set(" ".join(captions).split()) <= set(WORDS)


def test_nothing_in_nothing_out(folder: Path) -> None:
    assert BlipCaptioner.load(folder, device="cpu")([]) == ()


def test_grey_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidValueError, match="RGB"):
        BlipCaptioner.load(folder, device="cpu")([np.zeros((8, 8), np.uint8)])


def test_not_a_number(tmp_path: Path) -> None:
    damage(blip_folder(tmp_path) / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not numbers"):
        BlipCaptioner.load(tmp_path, device="cpu")([picture(8, 8)])


def test_a_folder_of_something_else(folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())

    with pytest.raises(MissingModelError, match="cannot be used"):
        BlipCaptioner.load(tmp_path)
