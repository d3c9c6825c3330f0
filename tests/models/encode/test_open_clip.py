from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.ingest.models.encode.crops import pixel_batch
from iconograph.ingest.models.encode.open_clip import OpenClipEncoder, open_clip_model
from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder
from iconograph.ingest.models.export.clip import export_clip_folder
from iconograph.ingest.models.export.onnx import Precision
from tests.models.tiny import clip_folder, damage, picture

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
open_clip = pytest.importorskip("open_clip", reason="needs the extra `ml`")

SPACE = "clip:tiny/random"
SIZES_PX = ((40, 70), (1, 1), (300, 20), (64, 64), (63, 65), (200, 130))
TEXTS = ("a woman in a red robe", "Eve", "", "the lamb's fleece, 12 cafés", "robe " * 100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip_folder(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OpenClipEncoder:
    return OpenClipEncoder.load(folder, space=SPACE, device="cpu", batch_size=3)


@pytest.fixture(scope="module", params=list(Precision))
def exported(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Precision, OpenClipOnnxEncoder]:
    precision: Precision = request.param
    target = tmp_path_factory.mktemp(f"clip-{precision}")
    export_clip_folder(
        folder,
        target,
        architecture="tiny",
        weights="random",
        image_precision=precision,
        text_precision=precision,
    )
    return precision, OpenClipOnnxEncoder.load(target, threads=1)


def crops() -> list[np.ndarray]:
    return [picture(height, width, seed) for seed, (height, width) in enumerate(SIZES_PX)]


def test_answers_as_open_clip_itself_does(folder: Path, encoder: OpenClipEncoder) -> None:
    model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    with torch.inference_mode():
        pixels = torch.stack([prepare(PillowImage.fromarray(crop)) for crop in crops()])
        images = model.eval().encode_image(pixels, normalize=True).numpy()
        texts = model.encode_text(tokenizer(list(TEXTS)), normalize=True).numpy()

    assert np.allclose(images, encoder.encode(crops()), atol=1e-4)
    assert np.allclose(texts, encoder.encode(TEXTS), atol=1e-5)


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
@pytest.mark.parametrize("resize_mode", ["shortest", "longest", "squash"])
def test_prepares_crops_as_open_clip_does(
    tmp_path: Path, resize_mode: str, interpolation: str
) -> None:
    folder = clip_folder(
        tmp_path, resize_mode=resize_mode, interpolation=interpolation, fill_color=9
    )
    _, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    ours = OpenClipEncoder.load(folder, space=SPACE, device="cpu").preprocessing

    for crop in crops():
        theirs = prepare(PillowImage.fromarray(crop)).numpy()

        difference = (
            np.abs(pixel_batch([crop], ours)[0] - theirs) * np.array(ours.std)[:, None, None]
        )
        assert difference.max() <= 1 / 255 + 1e-6


def test_space_names_the_weights(encoder: OpenClipEncoder) -> None:
    assert encoder.space.name == SPACE
    assert encoder.space.dim == 32
    assert encoder.space.weights_sha256 == encoder.models[0].sha256
    assert encoder.models[0].name == "tiny/random"


def test_onnx_answers_as_torch_does(
    encoder: OpenClipEncoder, exported: tuple[Precision, OpenClipOnnxEncoder]
) -> None:
    precision, onnx = exported
    least = {Precision.FP32: 0.9999, Precision.FP16: 0.9999, Precision.INT8: 0.99}[precision]
    images = (encoder.encode(crops()) * onnx.encode(crops())).sum(axis=1)
    texts = (encoder.encode(TEXTS) * onnx.encode(TEXTS)).sum(axis=1)

    assert images.min() > least
    assert texts.min() > least
    encoder.space.require_same(onnx.space)


def test_smaller_weights_make_smaller_files(folder: Path, tmp_path: Path) -> None:
    sizes = {}
    for precision in Precision:
        target = tmp_path / precision
        export_clip_folder(folder, target, architecture="t", weights="r", text_precision=precision)
        sizes[precision] = (target / "text.onnx").stat().st_size

    assert sizes[Precision.FP16] < 0.6 * sizes[Precision.FP32]
    assert sizes[Precision.INT8] < 0.35 * sizes[Precision.FP32]


def test_nothing_in_nothing_out(encoder: OpenClipEncoder) -> None:
    assert encoder.encode([]).shape == (0, 32)
    assert encoder.encode([]).dtype == np.float32


def test_own_vocabulary_beside_the_weights(folder: Path, tmp_path: Path) -> None:
    from iconograph.ingest.models.export.clip import standard_tokenizer

    own = clip_folder(tmp_path)
    standard_tokenizer(own / "tokenizer.json")

    theirs = OpenClipEncoder.load(folder, space=SPACE, device="cpu").encode(TEXTS)
    assert np.allclose(theirs, OpenClipEncoder.load(own, space=SPACE, device="cpu").encode(TEXTS))


def test_not_finite(tmp_path: Path) -> None:
    folder = clip_folder(tmp_path)
    damage(folder / "open_clip_model.safetensors")
    encoder = OpenClipEncoder.load(folder, space=SPACE, device="cpu")

    with pytest.raises(ModelOutputError, match="not finite"):
        encoder.encode([picture(8, 8)])


def test_memory_that_is_short_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = OpenClipEncoder.load(folder, space=SPACE, device="cpu")
    taken: list[int] = []

    def short(batch: object) -> object:
        taken.append(len(batch))  # type: ignore[arg-type]
        message = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        raise RuntimeError(message)

    monkeypatch.setattr(torch, "from_numpy", short)
    with pytest.raises(ModelMemoryError, match="more memory"):
        encoder.encode([picture(8, 8)] * 5)

    assert taken == [5, 2, 1]


@pytest.mark.parametrize(
    ("leave", "message"),
    [
        pytest.param((), "lacks open_clip_config.json", id="empty"),
        pytest.param(("open_clip_config.json",), "no weights", id="no weights"),
        pytest.param(("open_clip_config.json", "pickle"), "not loaded", id="pickle"),
    ],
)
def test_incomplete_folder(tmp_path: Path, leave: tuple[str, ...], message: str) -> None:
    folder = clip_folder(tmp_path)
    weights = folder / "open_clip_model.safetensors"
    if "pickle" in leave:
        weights.rename(folder / "open_clip_pytorch_model.bin")
    for path in (folder / "open_clip_config.json", weights):
        if path.name not in leave:
            path.unlink(missing_ok=True)

    with pytest.raises(MissingModelError, match=message):
        OpenClipEncoder.load(folder, space=SPACE)


def test_weights_of_another_architecture(tmp_path: Path) -> None:
    folder = clip_folder(tmp_path)
    config = folder / "open_clip_config.json"
    config.write_text(config.read_text().replace('"layers": 2', '"layers": 3'))

    with pytest.raises(MissingModelError, match="cannot use"):
        open_clip_model(folder, space=SPACE)
