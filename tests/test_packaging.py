from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "graph": ["graph"],
    "ingest": ["ingest"],
    "relations": ["relations"],
    "gql": ["cli", "evaluation", "gql", "service"],
}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^ ;\\]+)", re.MULTILINE)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def outside_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own that has the wheel, and our dependencies behind it on the path."""
    home = tmp_path_factory.mktemp("outside")
    uv = [sys.executable, "-m", "uv", "--quiet", "--offline"]
    subprocess.run([*uv, "venv", str(home / "venv")], check=True)
    python = home / "venv" / "bin" / "python"
    install = [*uv, "pip", "install", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run(install, check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_holds_only_iconograph(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"iconograph"}


def test_the_wheel_holds_every_source_and_data_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for root in PARTS:
        in_tree = (path for path in (ROOT / root).rglob("*") if path.is_file())
        wanted = {
            path.relative_to(ROOT / root).as_posix()
            for path in in_tree
            if "__pycache__" not in path.parts
        }
        assert wanted <= names
    assert any(name.endswith(".toml") for name in names)


def test_every_part_says_that_it_is_typed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"iconograph/{part}/py.typed" for parts in PARTS.values() for part in parts} <= names


def test_the_wheel_works_outside_the_repository(outside_python: Path, tmp_path: Path) -> None:
    code = (
        "import json, iconograph.graph as g; from iconograph.graph.iconography.lexicon "
        "import load_lexicon; from iconograph.graph.store.open import open_store; load_lexicon(); "
        "open_store('sqlite:///x.db').close(); print(json.dumps(g.__file__))"
    )
    run = subprocess.run(
        [outside_python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    assert not Path(json.loads(run.stdout)).is_relative_to(ROOT)


def test_the_command_works_outside_the_repository(outside_python: Path, tmp_path: Path) -> None:
    command = outside_python.parent / "iconograph"
    run = subprocess.run(
        [command, "store", "info", "--store", "memory:", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["counts"]["image"] == 0


def test_the_gql_client_of_the_package_index_lives_beside_it(
    outside_python: Path, tmp_path: Path
) -> None:
    code = "from gql import Client; import iconograph.gql; print(Client.__module__)"
    run = subprocess.run(
        [outside_python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    theirs = {str(path) for path in metadata.files("gql") or ()}

    assert run.stdout.strip() == "gql.client"
    assert not any(path.startswith("iconograph") for path in theirs)


@pytest.mark.parametrize("root", PARTS)
def test_the_namespace_has_no_init(root: str) -> None:
    folder = ROOT / root
    inside = {path.name for path in (folder / "iconograph").iterdir()} - {"__pycache__"}

    assert "iconograph" in {path.name for path in folder.iterdir()}
    assert inside == set(PARTS[root])


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_is_hashed_and_names_no_host(path: Path) -> None:
    text = path.read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)

    assert "://" not in text
    assert "--index" not in text
    assert [b.splitlines()[0] for b in blocks if "==" in b and "--hash=sha256:" not in b] == []


@pytest.mark.parametrize("name", ["core.txt", "full.txt"])
def test_the_lock_files_agree(name: str) -> None:
    locked = set(PIN.findall((ROOT / "requirements" / name).read_text()))

    assert locked <= set(PIN.findall((ROOT / "requirements" / "dev.txt").read_text()))


def test_only_one_distribution_owns_cv2() -> None:
    names = {name for path in LOCKS for name, _ in PIN.findall(path.read_text())}

    assert [name for name in sorted(names) if name.startswith("opencv")] == [
        "opencv-contrib-python-headless"
    ]
