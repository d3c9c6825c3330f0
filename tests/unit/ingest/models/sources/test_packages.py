"""The real pip and npm, with packages made here."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.pull import pull, pull_all
from iconograph.ingest.models.record import ModelRecord
from iconograph.ingest.models.sources.port import PullProgress, Stage
from tests.unit.ingest.models.records import CONTENTS, FILES, files_below, record_of
from tests.unit.ingest.models.serving import serving

WHOLE = ["models/tiny/weights.onnx", "models/tiny/words.json"]
TAG = "cp39-cp39-win_amd64"

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def write_wheel(folder: Path, contents: dict[str, bytes], tag: str = TAG) -> Path:
    path = folder / f"tiny_model-1.0.0-{tag}.whl"
    about = "tiny_model-1.0.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in contents.items():
            wheel.writestr(f"data/{name}", content)
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0.0\n"
        )
        wheel.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


def of_pypi(wheel: Path, **changes: object) -> ModelRecord:
    fields = {
        "source": "pypi:tiny-model",
        "wheel_tag": TAG,
        "archive_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "archive_size_bytes": wheel.stat().st_size,
    }
    return record_of(**{**fields, **changes})


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_files_are_taken_out_of_a_wheel_for_another_machine(wheels: Path, tmp_path: Path) -> None:
    said: list[PullProgress] = []
    record = of_pypi(write_wheel(wheels, CONTENTS))
    paths = pull(record, tmp_path / "cache", said.append)

    assert {name: path.read_bytes() for name, path in paths.items()} == CONTENTS
    assert files_below(tmp_path / "cache") == WHOLE
    loaded = [step for step in said if step.stage is Stage.DOWNLOADING]
    assert loaded[-1].done_bytes == loaded[-1].total_bytes == record.archive_size_bytes


@pytest.mark.parametrize(
    ("contents", "changes", "message"),
    [
        pytest.param(
            {"words.json": b"{}"}, {}, r"does not hold data/weights\.onnx", id="no-such-file"
        ),
        pytest.param({**CONTENTS, "words.json": b"{}"}, {}, "has 2 bytes, expected 13", id="size"),
        pytest.param(
            {**CONTENTS, "words.json": b'{"words": 12}'}, {}, "has SHA-256 .* not kept", id="hash"
        ),
        pytest.param(
            CONTENTS, {"archive_sha256": "0" * 64}, "expected 0{64}; it was not kept", id="wheel"
        ),
        pytest.param(
            CONTENTS, {"revision": "2.0.0"}, "pip download said: .*No matching", id="version"
        ),
    ],
)
def test_a_wheel_that_does_not_fit_is_refused_and_leaves_nothing(
    wheels: Path,
    tmp_path: Path,
    contents: dict[str, bytes],
    changes: dict[str, str],
    message: str,
) -> None:
    record = of_pypi(write_wheel(wheels, contents), **changes)
    with pytest.raises(MissingModelError, match=message):
        pull(record, tmp_path / "cache")

    assert files_below(tmp_path / "cache") == []


def tarball_with(contents: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    about = json.dumps({"name": "@tiny/model", "version": "1.0.0"}).encode()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for path, content in {
            "package.json": about,
            **{f"data/{name}": content for name, content in contents.items()},
        }.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def registry_pages(url: str, tarball: bytes) -> dict[str, bytes]:
    """What an npm registry answers about one package of one version."""
    address = "/@tiny/model/-/model-1.0.0.tgz"
    integrity = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    version = {
        "name": "@tiny/model",
        "version": "1.0.0",
        "dist": {"tarball": url + address, "integrity": f"sha512-{integrity}"},
    }
    page = {
        "name": "@tiny/model",
        "dist-tags": {"latest": "1.0.0"},
        "versions": {"1.0.0": version},
    }
    return {"/@tiny/model": json.dumps(page).encode(), address: tarball}


@needs_npm
def test_models_of_one_npm_package_share_its_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tarball = tarball_with(CONTENTS)
    with serving({}) as site:
        site.files = registry_pages(site.url, tarball)
        monkeypatch.setenv("npm_config_registry", f"{site.url}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        one = record_of(
            source="npm:@tiny/model",
            archive_sha256=hashlib.sha256(tarball).hexdigest(),
            archive_size_bytes=len(tarball),
        )
        two = record_of(
            name="second",
            files=FILES[1:],
            source=one.source,
            archive_sha256=one.archive_sha256,
            archive_size_bytes=one.archive_size_bytes,
        )
        report = pull_all([one, two], tmp_path / "cache")

        assert not report.errors
        assert [path for path, _ in site.asked].count("/@tiny/model/-/model-1.0.0.tgz") == 1
    assert report.files["tiny"]["words.json"].read_bytes() == CONTENTS["words.json"]
    assert files_below(tmp_path / "cache") == ["models/second/words.json", *WHOLE]


def test_without_npm_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingModelError, match=r"npm, which is not .* `npm pack tiny@1\.0\.0`"):
        pull(record_of(source="npm:tiny"), tmp_path / "cache")


def test_without_the_hubs_client_it_says_where_to_place_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    message = r"huggingface-hub, which is not installed.*put weights\.onnx, words\.json into"
    with pytest.raises(MissingModelError, match=message):
        pull(record_of(source="hub:owner/name"), tmp_path)


def test_without_pip_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(MissingModelError, match=r"pip, which this Python lacks.*ensurepip"):
        pull(record_of(source="pypi:tiny-model"), tmp_path)
