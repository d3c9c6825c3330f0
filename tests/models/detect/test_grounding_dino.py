from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.grounding_dino import GroundingDinoDetector
from iconograph.ingest.models.detect.open_vocabulary import Curve
from iconograph.ingest.models.detect.vocabulary import Term
from tests.models.tiny import bert_tokenizer, damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")

LABELS = ("woman", "goat", "red lily", "sword")
TERMS = tuple(
    Term(label=label, kind=kind, prompt=f"a {label}")
    for label, kind in zip(
        LABELS,
        (RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT, RegionKind.OBJECT),
        strict=True,
    )
)
ALL = Curve(least_score=0.0, scores=(0.0, 1.0), confidences=(0.0, 1.0), basis="test")


def grounding_dino_folder(folder: Path, *, most_tokens: int = 64) -> Path:
    """A folder as transformers writes it, of a Grounding DINO for small pictures."""
    tokenizer = bert_tokenizer(folder, ["a", "goat", "woman", "red", "lily", "sword", "."])
    backbone = transformers.SwinConfig(
        image_size=64,
        patch_size=4,
        embed_dim=12,
        depths=[1, 1, 1, 1],
        num_heads=[1, 1, 2, 2],
        window_size=4,
        out_indices=[2, 3, 4],
        out_features=["stage2", "stage3", "stage4"],
    )
    text = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=most_tokens,
    )
    config = transformers.GroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        num_queries=20,
        encoder_layers=1,
        decoder_layers=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        d_model=32,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        num_feature_levels=4,
        max_text_len=most_tokens,
        disable_custom_kernels=True,
    )
    torch.manual_seed(0)
    transformers.GroundingDinoForObjectDetection(config).save_pretrained(folder)
    transformers.GroundingDinoProcessor(
        transformers.GroundingDinoImageProcessor(size={"shortest_edge": 64, "longest_edge": 96}),
        tokenizer,
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grounding_dino_folder(tmp_path_factory.mktemp("dino"))


def test_scores_are_those_of_the_words(folder: Path) -> None:
    pixels = picture(60, 90)
    model = transformers.GroundingDinoForObjectDetection.from_pretrained(folder).eval()
    processor = transformers.GroundingDinoProcessor.from_pretrained(folder)
    text = "a woman. a goat. a red lily. a sword."
    inputs = processor(images=PillowImage.fromarray(pixels), text=text, return_tensors="pt")
    with torch.inference_mode():
        answer = model(**inputs)
    (expected,) = processor.post_process_grounded_object_detection(
        answer, threshold=0.0, text_threshold=1.0, target_sizes=[(60, 90)]
    )
    words = processor.tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    of_words = answer.logits[0].sigmoid().numpy()

    detector = GroundingDinoDetector.load(folder, vocabulary=TERMS, curve=ALL, device="cpu")
    found = detector(pixels)

    boxes = np.clip(expected["boxes"].numpy(), 0, [90, 60, 90, 60])
    columns = {
        "woman": ["woman"],
        "goat": ["goat"],
        "red lily": ["red", "lily"],
        "sword": ["sword"],
    }
    assert detector.passes == 1
    assert len(found) > 0
    for box, confidence, label in zip(found.boxes_px, found.confidences, found.labels, strict=True):
        places = [at for at, word in enumerate(words) if word in columns[label]]
        places.append(places[0] - 1)
        same = np.abs(boxes - box).max(axis=1) < 0.05
        assert confidence == pytest.approx(of_words[same][:, places].max(), abs=1e-4)


def test_a_long_vocabulary_takes_several_passes(tmp_path: Path) -> None:
    folder = grounding_dino_folder(tmp_path, most_tokens=12)
    detector = GroundingDinoDetector.load(folder, vocabulary=TERMS, curve=ALL, device="cpu")

    assert detector.passes == 2
    assert set(detector(picture(40, 60)).labels) <= set(LABELS)


def test_a_prompt_that_is_too_long(tmp_path: Path) -> None:
    folder = grounding_dino_folder(tmp_path, most_tokens=12)
    term = Term(label="goats", kind=RegionKind.ANIMAL, prompt="goat " * 20)

    with pytest.raises(InvalidValueError, match="shorten it"):
        GroundingDinoDetector.load(folder, vocabulary=(term,), device="cpu")


def test_not_finite(tmp_path: Path) -> None:
    damage(grounding_dino_folder(tmp_path) / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        GroundingDinoDetector.load(tmp_path, vocabulary=TERMS, device="cpu")(picture(30, 40))
