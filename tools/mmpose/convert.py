"""Make the folder that iconograph reads of one of mmpose's configurations and its checkpoint.

Run it in the environment of `install.sh`. The configuration is run, since it is Python: take it from
the installed mmpose or read it first. The checkpoint is read with `weights_only` and is not.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from iconograph.ingest.models.pose.mmpose import CONFIG_FILE, state_dict_in

KEPT = ("default_scope", "codec", "model", "test_dataloader", "train_dataloader")
"""What decides how the model is built and its answer read; the rest is about training."""


def convert(config: Path, checkpoint: Path, folder: Path) -> None:
    """Write `config.json` and `model.safetensors` into a folder."""
    from mmengine.config import Config
    from safetensors.torch import save_file

    settings = Config.fromfile(config).to_dict()
    kept = {key: settings[key] for key in KEPT if key in settings}
    # It names a file to pull, which the checkpoint makes needless.
    kept["model"]["backbone"].pop("init_cfg", None)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_FILE).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    weights = {name: value.contiguous() for name, value in state_dict_in(checkpoint).items()}
    save_file(weights, folder / "model.safetensors")


def main() -> None:
    """Read the three paths from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="a configuration of mmpose, .py")
    parser.add_argument("checkpoint", type=Path, help="its weights, .pth")
    parser.add_argument("folder", type=Path, help="where the folder goes")
    given = parser.parse_args()
    convert(given.config, given.checkpoint, given.folder)
    print(f"{given.folder} can be opened with MmposePoses.open_folder")


if __name__ == "__main__":
    main()
