from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.pose import GazeState
from iconograph.ingest.models.adding import add, described
from iconograph.ingest.models.gaze.gaze_lle import GazeLleGazes, GazeLleSession
from iconograph.ingest.models.gaze.numbers import load_map_numbers
from iconograph.ingest.models.registry import model_ref
from tests.models.tiny import damage, picture, save_tensors

torch = pytest.importorskip("torch", reason="needs the extra `ml`")
transformers = pytest.importorskip("transformers", reason="needs the extra `ml`")
timm = pytest.importorskip("timm.models.vision_transformer", reason="needs the extra `ml`")

GRID, PATCH, WIDTH, FEATURES = 8, 14, 32, 24
SIDE = GRID * PATCH
HEADS = np.array([(0.1, 0.1, 0.3, 0.35), (0.6, 0.5, 0.9, 0.8)], np.float32)
NN: Any = torch.nn


def decoder() -> Any:
    """The published network of ready-made layers, under the names of its state dict."""
    torch.manual_seed(1)
    net = NN.Module()
    net.linear = NN.Conv2d(FEATURES, WIDTH, 1)
    net.register_buffer("pos_embed", torch.randn(WIDTH, GRID, GRID))
    blocks = (timm.Block(WIDTH, 8, norm_layer=NN.LayerNorm) for _ in range(3))
    net.transformer = NN.Sequential(*blocks)
    net.heatmap_head = NN.Sequential(
        NN.ConvTranspose2d(WIDTH, WIDTH, 2, stride=2), NN.Conv2d(WIDTH, 1, 1, bias=False)
    )
    net.head_token, net.inout_token = NN.Embedding(1, WIDTH), NN.Embedding(1, WIDTH)
    score = (NN.Linear(WIDTH, 16), NN.ReLU(), NN.Dropout(0.1), NN.Linear(16, 1))
    net.inout_head = NN.Sequential(*score)
    for weights in net.parameters():
        NN.init.normal_(weights, std=0.3)
    return net.eval()


def gaze_folder(folder: Path, net: Any = None, *, positions: int = GRID) -> Path:
    torch.manual_seed(0)
    config = transformers.Dinov2Config(
        hidden_size=FEATURES,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=positions * PATCH,
        patch_size=PATCH,
    )
    transformers.Dinov2Model(config).save_pretrained(folder)
    save_tensors(net or decoder(), folder / "gaze_lle.safetensors")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gaze_folder(tmp_path_factory.mktemp("gaze_lle"))


def session(folder: Path) -> GazeLleSession:
    backbone = transformers.Dinov2Model.from_pretrained(folder)
    return GazeLleSession(backbone, folder / "gaze_lle.safetensors", name="tiny", device="cpu")


def pixels_fed(seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=(1, 3, SIDE, SIDE)).astype(np.float32)


def test_answers_are_those_of_the_published_layers(folder: Path) -> None:
    net, fed = decoder(), pixels_fed()
    under_head = torch.zeros(2, 1, GRID, GRID)
    under_head[0, :, 1:3, 1:2] = 1  # 0.8 to 2.4 across, 0.8 to 2.8 down
    under_head[1, :, 4:6, 5:7] = 1
    with torch.inference_mode():
        backbone = transformers.Dinov2Model.from_pretrained(folder).eval()
        seen = backbone(pixel_values=torch.from_numpy(fed)).last_hidden_state[:, 1:]
        tokens = net.linear(seen.mT.unflatten(2, (GRID, GRID))) + net.pos_embed
        tokens = tokens + under_head * net.head_token.weight[..., None, None]
        tokens = torch.cat([net.inout_token.weight.expand(2, 1, -1), tokens.flatten(2).mT], dim=1)
        tokens = net.transformer(tokens)
        heat = net.heatmap_head(tokens[:, 1:].mT.unflatten(2, (GRID, GRID))).sigmoid()
        in_frame = net.inout_head(tokens[:, 0]).sigmoid()

    heads = np.array([(0.1, 0.1, 0.3, 0.35), (0.6, 0.5, 0.9, 0.8)], np.float32)
    found = session(folder).run({"pixels": fed, "heads": heads})

    assert found["heatmaps"].shape == (2, 2 * GRID, 2 * GRID)
    assert np.allclose(found["heatmaps"], heat[:, 0].numpy(), atol=1e-5)
    assert np.allclose(found["in_frame"], in_frame[:, 0].numpy(), atol=1e-5)


def test_a_head_moves_its_own_map_alone(folder: Path) -> None:
    running, fed = session(folder), pixels_fed()
    first = running.run({"pixels": fed, "heads": HEADS})
    moved = running.run({"pixels": fed, "heads": HEADS + np.array([[0.3], [0.0]], np.float32)})

    assert np.abs(first["heatmaps"][0] - moved["heatmaps"][0]).max() > 0.01
    assert np.allclose(first["heatmaps"][1], moved["heatmaps"][1], atol=1e-6)
    for answers in (first, moved):
        assert ((answers["in_frame"] >= 0) & (answers["in_frame"] <= 1)).all()


def test_another_picture_is_seen_anew(folder: Path) -> None:
    running = session(folder)
    one, other = (running.run({"pixels": pixels_fed(s), "heads": HEADS}) for s in (0, 1))

    assert np.abs(one["heatmaps"] - other["heatmaps"]).max() > 0.01


def test_the_backbone_runs_once_for_many_heads(folder: Path) -> None:
    estimator = GazeLleGazes.open_folder(folder, name="tiny", device="cpu")
    running: Any = estimator._gazes._session  # noqa: SLF001
    calls: list[int] = []
    running._backbone.register_forward_pre_hook(lambda *_: calls.append(1))  # noqa: SLF001
    heads = np.tile(np.array([(10, 10, 40, 40)], np.float32), (40, 1))

    assert len(estimator(picture(90, 120), heads)) == 40
    assert len(calls) == 1


def looks_at_itself() -> Any:
    """A decoder whose heat lies under the head, and which is nearly sure of in frame."""
    net = decoder()
    with torch.no_grad():
        for weights in (net.linear.weight, net.linear.bias, net.pos_embed, net.inout_token.weight):
            weights.zero_()
        for block in net.transformer:
            for linear in (block.attn.proj, block.mlp.fc2):
                linear.weight.zero_()
                linear.bias.zero_()
        net.head_token.weight.fill_(1.0)
        net.heatmap_head[0].weight.copy_(torch.eye(WIDTH)[..., None, None].expand(-1, -1, 2, 2))
        net.heatmap_head[0].bias.fill_(-0.5)
        net.heatmap_head[1].weight.fill_(1.0)
        net.inout_head[3].weight.zero_()
        net.inout_head[3].bias.fill_(4.0)
    return net


@pytest.mark.parametrize(
    "head",
    [(30, 30, 60, 60), (100, 50, 160, 110), (2, 70, 14, 82), (-20, -10, 20, 40)],
    ids=["patches", "another place", "smaller than a patch", "cut by the border"],
)
def test_heat_is_read_in_the_pictures_pixels(
    tmp_path: Path, head: tuple[float, float, float, float]
) -> None:
    gaze_folder(tmp_path, looks_at_itself())
    pixels = picture(120, 240)
    # The whole map counts as one target, so that the middle of the heat is that of the head's patches.
    numbers = replace(load_map_numbers(), reach_fraction=2.0)
    estimator = GazeLleGazes.open_folder(tmp_path, name="own", device="cpu", numbers=numbers)

    (gaze,) = estimator(pixels, np.array([head], np.float32))

    assert gaze is not None
    assert gaze.state is GazeState.TARGET
    assert gaze.target is not None
    seen = np.clip(np.array(head, float).reshape(2, 2), 0, (240, 120)).mean(axis=0)
    # Within a patch of the stretched picture.
    assert abs(gaze.target.x_px - seen[0]) <= 240 / GRID / 2 + 1
    assert abs(gaze.target.y_px - seen[1]) <= 120 / GRID / 2 + 1
    assert gaze.confidence == pytest.approx(0.982 / 2, abs=1e-3)
    assert gaze.method == "own@1"


def test_heads_keep_their_places(folder: Path) -> None:
    estimator = GazeLleGazes.open_folder(folder, name="tiny", device="cpu")
    pixels = picture(90, 120)
    heads = np.array([(200, 0, 220, 20), (10, 10, 40, 40), (-30, -30, 0, 0)], np.float32)

    found = estimator(pixels, heads)

    assert [gaze is None for gaze in found] == [True, False, True]
    assert found == estimator(pixels, heads)
    assert estimator(pixels, heads[:0]) == ()


def test_positions_are_fitted_as_the_release_does(tmp_path: Path) -> None:
    gaze_folder(tmp_path, positions=11)
    known = transformers.Dinov2Model.from_pretrained(tmp_path).embeddings.position_embeddings
    fitted: Any = session(tmp_path)._backbone.embeddings.position_embeddings  # noqa: SLF001
    assert fitted.shape == (1, 1 + GRID**2, FEATURES)
    assert torch.equal(fitted[:, 0], known[:, 0])

    # A ramp shows where each place was taken from: (i + 0.5) of 8.1 patches on 11.
    ramp = torch.arange(11.0).expand(11, 11).reshape(1, -1, 1)
    backbone = transformers.Dinov2Model.from_pretrained(tmp_path)
    backbone.embeddings.position_embeddings.data[:, 1:] = ramp
    net = GazeLleSession(backbone, tmp_path / "gaze_lle.safetensors", name="ramp", device="cpu")
    row: Any = net._backbone.embeddings.position_embeddings[0, 1 : 1 + GRID, 0]  # noqa: SLF001
    expected = (np.arange(GRID) + 0.5) * 11 / 8.1 - 0.5
    # Bicubic weights bend a ramp a little, by far less than the offset moves it.
    bent = row.detach().numpy()[1:-1] - expected[1:-1]
    assert np.abs(bent).max() < 0.06
    assert abs(bent.mean()) < 0.01


def test_what_it_says_of_itself(folder: Path) -> None:
    estimator = GazeLleGazes.open_folder(folder, name="tiny", device="cpu")

    assert estimator.name == "tiny@1"
    assert [ref.name for ref in estimator.models] == ["tiny-backbone", "tiny"]
    assert len({ref.sha256 for ref in estimator.models}) == 2
    assert dict(estimator.parameters)["input_size_px"] == str(SIDE)
    assert dict(estimator.parameters)["right_bias"] == "0.0"


SETTINGS = """
input_size_px = {side}
mean = [123.675, 116.28, 103.53]
std = [58.395, 57.12, 57.375]
letterbox = false
direct_share = 0.0
right_bias = 2.0
right_slope_per_deg = -0.1
"""


def test_measured_settings_beside_the_weights_count(tmp_path: Path) -> None:
    gaze_folder(tmp_path)
    (tmp_path / "gaze.toml").write_text(SETTINGS.format(side=SIDE), encoding="utf-8")
    estimator = GazeLleGazes.open_folder(tmp_path, device="cpu")
    assert dict(estimator.parameters)["right_bias"] == "2.0"

    (tmp_path / "gaze.toml").write_text(SETTINGS.format(side=448), encoding="utf-8")
    with pytest.raises(MissingModelError, match="says input_size_px 448, expected 112"):
        GazeLleGazes.open_folder(tmp_path, device="cpu")


@pytest.mark.parametrize("file", ["model.safetensors", "gaze_lle.safetensors"])
def test_not_finite(tmp_path: Path, file: str) -> None:
    damage(gaze_folder(tmp_path) / file)

    with pytest.raises(ModelOutputError, match="not finite"):
        GazeLleGazes.open_folder(tmp_path, device="cpu")(
            picture(90, 120), np.array([(10, 10, 40, 40)], np.float32)
        )


def without_score(net: Any) -> None:
    del net.inout_head, net.inout_token


def of_another_backbone(net: Any) -> None:
    net.linear = NN.Conv2d(FEATURES + 1, WIDTH, 1)


def of_no_layers(net: Any) -> None:
    del net.transformer


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without_score, r"lacks inout_head\.0\.bias.*`_inout`"),
        (of_another_backbone, "belong to another backbone"),
        (of_no_layers, r"lacks transformer\.\*"),
    ],
)
def test_other_weights_are_refused(tmp_path: Path, spoil: Any, said: str) -> None:
    net = decoder()
    spoil(net)
    gaze_folder(tmp_path, net)
    with pytest.raises(MissingModelError, match=said):
        GazeLleGazes.open_folder(tmp_path, device="cpu")


def test_the_released_pickle_is_read_when_it_holds_tensors_alone(tmp_path: Path) -> None:
    gaze_folder(tmp_path)
    (tmp_path / "gaze_lle.safetensors").unlink()
    with pytest.raises(MissingModelError, match="lacks the decoder"):
        GazeLleGazes.open_folder(tmp_path, device="cpu")

    torch.save(decoder().state_dict(), tmp_path / "gaze_lle.pt")
    assert GazeLleGazes.open_folder(tmp_path, device="cpu").models[1].sha256

    torch.save({"net": Path("x")}, tmp_path / "gaze_lle.pt")
    with pytest.raises(MissingModelError, match="is refused"):
        GazeLleGazes.open_folder(tmp_path, device="cpu")


def test_a_model_of_the_registry(tmp_path: Path) -> None:
    gaze_folder(tmp_path / "own")
    (tmp_path / "cache").mkdir()
    record = described(tmp_path / "own", name="mine", task="gazes of heads", licence="none")
    placed = add(record, tmp_path / "cache")

    estimator = GazeLleGazes.open(tmp_path / "cache", "mine")
    assert estimator.name == "mine@1"
    assert estimator.models == (model_ref(record),)

    weights = placed / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(MissingModelError, match="mine"):
        GazeLleGazes.open(tmp_path / "cache", "mine")
