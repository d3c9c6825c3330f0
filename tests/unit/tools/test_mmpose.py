from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parents[3] / "tools" / "mmpose"


def stand_in() -> Any:
    spec = importlib.util.spec_from_file_location("mmcv_ext", HERE / "mmcv_ext.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_absent_operator_is_there_and_cannot_be_called() -> None:
    module = stand_in()
    assert hasattr(module, "nms")
    with pytest.raises(RuntimeError, match="the operator nms is compiled code"):
        module.nms([1.0], threshold=0.5)


def test_what_python_asks_of_a_module_is_not_made_up() -> None:
    assert not hasattr(stand_in(), "__path__")


def test_the_script_is_plain_shell() -> None:
    subprocess.run(["/bin/sh", "-n", HERE / "install.sh"], check=True)


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 1\necho Python 3.9\n', encoding="utf-8")
    python.chmod(0o755)
    run = subprocess.run(
        [HERE / "install.sh", "uv", tmp_path / "environment", python],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "needs Python 3.11 or 3.12" in run.stderr
    assert "found: Python 3.9" in run.stderr
    assert not (tmp_path / "environment").exists()


@pytest.mark.parametrize("name", ["libraries", "openmmlab"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and line[0].isalnum()]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert not any(line.startswith("opencv") for line in packages), "cv2 has one owner"
