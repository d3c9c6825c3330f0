"""An RTMPose of random weights, small but as mmpose builds it."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WIDE, HIGH = 96, 128
MEAN, STD = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
CODEC = {
    "type": "SimCCLabel",
    "input_size": [WIDE, HIGH],
    "sigma": [4.9, 5.66],
    "simcc_split_ratio": 2.0,
    "normalize": False,
    "use_dark": False,
}
BACKBONE = {
    "_scope_": "mmdet",
    "type": "CSPNeXt",
    "arch": "P5",
    "expand_ratio": 0.5,
    "deepen_factor": 0.167,
    "widen_factor": 0.125,
    "out_indices": [4],
    "channel_attention": True,
    "norm_cfg": {"type": "BN"},
    "act_cfg": {"type": "SiLU"},
}
GAU = {
    "hidden_dims": 32,
    "s": 16,
    "expansion_factor": 2,
    "dropout_rate": 0.0,
    "drop_path": 0.0,
    "act_fn": "SiLU",
    "use_rel_bias": False,
    "pos_enc": False,
}


def config(*, key_points: int = 17) -> dict[str, Any]:
    """What `config.json` holds."""
    head = {
        "type": "RTMCCHead",
        "in_channels": 128,
        "out_channels": key_points,
        "input_size": CODEC["input_size"],
        "in_featuremap_size": [WIDE // 32, HIGH // 32],
        "simcc_split_ratio": CODEC["simcc_split_ratio"],
        "final_layer_kernel_size": 3,
        "gau_cfg": GAU,
        "loss": {"type": "KLDiscretLoss", "use_target_weight": True},
        "decoder": CODEC,
    }
    pixels = {"type": "PoseDataPreprocessor", "mean": MEAN, "std": STD, "bgr_to_rgb": True}
    pipeline = [
        {"type": "LoadImage"},
        {"type": "GetBBoxCenterScale"},
        {"type": "TopdownAffine", "input_size": CODEC["input_size"]},
        {"type": "PackPoseInputs"},
    ]
    return {
        "default_scope": "mmpose",
        "model": {
            "type": "TopdownPoseEstimator",
            "data_preprocessor": pixels,
            "backbone": BACKBONE,
            "head": head,
            "test_cfg": {"flip_test": False},
        },
        "test_dataloader": {"dataset": {"pipeline": pipeline}},
    }


def rtmpose_folder(folder: Path, *, key_points: int = 17) -> Any:
    """Write `config.json` and `model.safetensors`; the model itself, as mmpose built it."""
    import torch
    from mmengine.config import Config
    from mmpose.apis import init_model
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps(config(key_points=key_points))
    (folder / "config.json").write_text(written, encoding="utf-8")
    torch.manual_seed(0)
    with warnings.catch_warnings(record=True):  # it sets a filter of its own
        model = init_model(Config(json.loads(written)), None, device="cpu")
    # So that answers tell crops and key points apart, and count as found.
    wake(model)
    for layer in (model.head.final_layer, model.head.cls_x, model.head.cls_y):
        torch.nn.init.normal_(layer.weight, std=PEAKED)
    save_file(
        {name: value.contiguous() for name, value in model.state_dict().items()},
        folder / "model.safetensors",
    )
    return model


def wake(model: Any) -> None:
    """Let the normalisations of random weights go by what pictures look like."""
    import torch

    size = torch.Generator().manual_seed(0)
    model.train()
    with torch.no_grad():
        for _ in range(20):
            blocks = torch.randn(8, 3, 8, 6, generator=size)
            model.extract_feat(torch.nn.functional.interpolate(blocks, (HIGH, WIDE)))
    model.eval()


PEAKED = 0.05
