"""What the mini CLIP in the wheel can tell of pictures that it has never seen."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.encode.open_clip_onnx import FILES, OpenClipOnnxEncoder
from iconograph.ingest.scenes import draw_scene
from iconograph.ingest.scenes.values import DrawnPart, DrawnScene
from iconograph.ingest.training.clip_crops import region_crop
from iconograph.ingest.training.corpora import HELD_OUT_STYLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = Path(str(resources.files("iconograph.ingest.models"))) / "weights" / "mini-clip"
SEED = 90_002


@pytest.fixture(scope="module")
def encoder() -> OpenClipOnnxEncoder:
    return OpenClipOnnxEncoder.load(FOLDER, threads=1)


@pytest.fixture(scope="module")
def scene() -> DrawnScene:
    return draw_scene(SEED, recipe="annunciation", style=HELD_OUT_STYLE)


def vector_of(
    encoder: OpenClipOnnxEncoder, scene: DrawnScene, part: DrawnPart
) -> NDArray[np.float32]:
    rows, columns = np.flatnonzero(part.mask.any(axis=1)), np.flatnonzero(part.mask.any(axis=0))
    box = (float(columns[0]), float(rows[0]), columns[-1] + 1.0, rows[-1] + 1.0)
    crop = region_crop(scene.picture, box, part.mask.astype(np.uint8))
    return np.asarray(encoder.encode([crop])[0])


@pytest.mark.parametrize(
    ("label", "true", "false"),
    [
        pytest.param("lily", "a lily", "a skull", id="a thing"),
        pytest.param("Archangel Gabriel", "angel with wings", "a woman holding a book", id="a figure"),
        pytest.param("Virgin Mary", "lady in a blue mantle", "an angel with wings", id="a composition"),
        pytest.param("column", "pillar", "tree", id="another word"),
        pytest.param("dove", "a white bird", "an elephant", id="what is never drawn"),
    ],
)  # fmt: skip
def test_true_phrases_are_nearer(
    encoder: OpenClipOnnxEncoder, scene: DrawnScene, label: str, true: str, false: str
) -> None:
    part = next(part for part in scene.parts if part.label == label)
    right, wrong = encoder.encode([true, false]) @ vector_of(encoder, scene, part)
    assert right > wrong


def test_the_pack_is_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 4_000_000


def test_names_have_kinds_and_prompts() -> None:
    bank = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
    kinds = set(bank["names"]) - {"figures"}
    assert kinds <= {kind.value for kind in RegionKind}
    names = {name for own in bank["names"].values() for name in own}
    assert names == set(bank["prompts"])
    assert 0 < bank["surest"] < 1 < bank["scale"]
    assert 0 < bank["least_cosine"] < 1
