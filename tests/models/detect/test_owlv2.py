from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.open_vocabulary import Curve
from iconograph.ingest.models.detect.owlv2 import Owlv2Detector
from iconograph.ingest.models.detect.vocabulary import Term, load_vocabulary
from tests.models.tiny import clip_tokenizer, damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")

TERMS = (
    Term(label="woman", kind=RegionKind.PERSON, prompt="a woman"),
    Term(label="goat", kind=RegionKind.ANIMAL, prompt="a goat"),
    Term(label="key", kind=RegionKind.OBJECT, prompt="a key"),
)
ALL = Curve(least_score=0.0, scores=(0.0, 1.0), confidences=(0.0, 1.0), basis="test")


def owlv2_folder(folder: Path) -> Path:
    """A folder as transformers writes it, of an OWLv2 for pictures of 64 x 64 px."""
    layers = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    config = transformers.Owlv2Config(
        text_config={"vocab_size": 49408, "max_position_embeddings": 16, **layers},
        vision_config={"image_size": 64, "patch_size": 16, **layers},
        projection_dim=32,
    )
    torch.manual_seed(0)
    transformers.Owlv2ForObjectDetection(config).save_pretrained(folder)
    transformers.Owlv2Processor(
        transformers.Owlv2ImageProcessor(size={"height": 64, "width": 64}), clip_tokenizer()
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return owlv2_folder(tmp_path_factory.mktemp("owlv2"))


def test_boxes_are_those_of_the_library(folder: Path) -> None:
    pixels = picture(60, 90)
    model = transformers.Owlv2ForObjectDetection.from_pretrained(folder).eval()
    processor = transformers.Owlv2Processor.from_pretrained(folder)
    inputs = processor(
        text=[[term.prompt for term in TERMS]],
        images=PillowImage.fromarray(pixels),
        return_tensors="pt",
    )
    with torch.inference_mode():
        (expected,) = processor.post_process_grounded_object_detection(
            model(**inputs), threshold=0.0, target_sizes=[(60, 90)]
        )

    found = Owlv2Detector.load(folder, vocabulary=TERMS, curve=ALL, device="cpu")(pixels)

    boxes = np.clip(expected["boxes"].numpy(), 0, [90, 60, 90, 60])
    scores, labels = expected["scores"].numpy(), expected["labels"].numpy()
    assert len(found) > 0
    for box, confidence, label in zip(found.boxes_px, found.confidences, found.labels, strict=True):
        same = np.abs(boxes - box).max(axis=1) < 0.05
        of_label = np.array([TERMS[index].label == label for index in labels])
        assert np.abs(scores[same & of_label] - confidence).min() < 1e-4


def test_whole_vocabulary(folder: Path) -> None:
    detector = Owlv2Detector.load(folder, curve=ALL, device="cpu")
    found = detector(picture(1, 1))

    labels = {term.label: term.kind for term in load_vocabulary()}
    assert all(labels[a] == b for a, b in zip(found.labels, found.kinds, strict=True))
    assert dict(detector.parameters)["least_score"] == "0.0"
    assert detector.models[0].sha256


def test_not_finite(tmp_path: Path) -> None:
    damage(owlv2_folder(tmp_path) / "model.safetensors")

    with pytest.raises(ModelOutputError, match="not finite"):
        Owlv2Detector.load(tmp_path, vocabulary=TERMS, device="cpu")(picture(30, 40))


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"lacks config\.json"):
        Owlv2Detector.load(tmp_path)
