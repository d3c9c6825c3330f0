"""Extraction under bad conditions: bad pictures, kills, two at once, a full disk in the cache."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from iconograph.graph.model.region import Level
from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import compare_stores
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.looks import Models
from iconograph.relations.groups.stage import GroupFigures
from iconograph.relations.stage import DeriveRelations
from iconograph.relations.thresholds import read_thresholds
from tests.unit.ingest.bad_pictures import save_animated, save_huge, save_truncated
from tests.unit.ingest.small_models import (
    Blots,
    ColourVectors,
    Cutter,
    one_region_each,
    painted,
    save_painted,
)

ROOT = Path(__file__).parents[2]
PICTURES = 16
MAN = ("red", (20, 20, 60, 100))


def painted_folder(folder: Path) -> Path:
    target = folder / "painted"
    target.mkdir()
    for number in range(PICTURES):
        things = (MAN, ("blue", (100, 60, 130 + number, 90)))
        save_painted(target / f"{number:02d}.png", *things)
    return target


def started(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.reliability.extract_painted", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    report: dict[str, Any] = json.loads(out.splitlines()[-1])
    return report


def sqlite_url(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}"


def assert_equal_to_an_undisturbed_one(folder: Path, url: str) -> None:
    whole = sqlite_url(folder, "whole.db")
    assert finished(started(folder / "painted", whole, folder / "other-cache"))["complete"]
    with open_store(url, read_only=True) as store, open_store(whole, read_only=True) as fresh:
        assert compare_stores(store, fresh).equal
        assert fresh.info().counts["image"] == PICTURES


def entries(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize("workers", [1, 3])
def test_killed_in_the_middle_then_run_again_gives_an_equal_store(
    tmp_path: Path, workers: int
) -> None:
    folder, url, cache = painted_folder(tmp_path), sqlite_url(tmp_path, "a.db"), tmp_path / "cache"
    with started(folder, url, cache, workers) as process:
        assert process.stdout
        for _ in range(3):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    report = finished(started(folder, url, cache, workers))
    assert report["complete"]
    assert report["unchanged"] >= 3
    assert_equal_to_an_undisturbed_one(tmp_path, url)


def test_interrupted_with_several_workers_then_run_again(tmp_path: Path) -> None:
    folder, url, cache = painted_folder(tmp_path), sqlite_url(tmp_path, "a.db"), tmp_path / "cache"
    with started(folder, url, cache, 3) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert json.loads(out.splitlines()[-1])["interrupted"]
    assert finished(started(folder, url, cache, 3))["complete"]
    assert_equal_to_an_undisturbed_one(tmp_path, url)


def test_two_ingests_of_one_folder_at_once(tmp_path: Path) -> None:
    folder, url, cache = painted_folder(tmp_path), sqlite_url(tmp_path, "a.db"), tmp_path / "cache"
    open_store(url).close()
    both = [started(folder, url, cache, 2) for _ in range(2)]
    reports = [finished(process) for process in both]
    assert all(report["complete"] for report in reports)
    assert sum(report["written"] for report in reports) >= PICTURES
    assert not [path for path in entries(cache) if path.suffix != ".npz"]
    assert_equal_to_an_undisturbed_one(tmp_path, url)


def test_a_full_disk_in_the_cache_is_a_note_and_nothing_is_half_stored(tmp_path: Path) -> None:
    folder, url, cache = painted_folder(tmp_path), sqlite_url(tmp_path, "a.db"), tmp_path / "cache"
    report = finished(started(folder, url, cache, 1, 400))
    assert report["complete"]
    assert [problem["code"] for problem in report["problems"]] == ["CACHE"]
    for path in entries(cache):
        with np.load(path, allow_pickle=False) as entry:
            assert entry.files
    again = finished(started(folder, url, cache))
    assert (again["written"], again["problems"]) == (0, [])
    assert_equal_to_an_undisturbed_one(tmp_path, url)


def save_as(path: Path, mode: str) -> None:
    """The man and his ground in another colour mode."""
    Image.fromarray(painted(MAN)).convert(mode).save(path)


def bad_folder(folder: Path) -> Path:
    target = folder / "bad"
    target.mkdir()
    for name, mode in (("grey.png", "L"), ("alpha.png", "RGBA"), ("cmyk.tif", "CMYK")):
        save_as(target / name, mode)
    deep = np.asarray(Image.fromarray(painted(MAN)).convert("L"), np.uint16) * 257
    Image.fromarray(deep).save(target / "deep.png")
    save_painted(target / "dot.png", size=(1, 1))
    save_painted(target / "strip.png", ("red", (15_000, 5, 15_400, 45)), size=(20_000, 50))
    save_painted(target / "blank.png", size=(300, 200))
    save_animated(target / "moving.gif")
    save_truncated(target / "half.jpg")
    save_huge(target / "huge.png", width_px=20_000, height_px=20_000)
    turned = Image.Exif()
    turned[0x0112] = 6
    picture = Image.fromarray(np.rot90(painted(MAN)).copy())
    picture.save(target / "turned.jpg", exif=turned, quality=98, subsampling=0)
    return target


def test_pictures_of_every_kind_are_looked_at_or_reported(tmp_path: Path) -> None:
    thresholds = read_thresholds()
    models = Models(detectors=(Blots(),), segmenter=Cutter())
    stages = (
        FindRegions(models, profile="test", assemble=one_region_each),
        DeriveRelations(thresholds=thresholds),
        GroupFigures(thresholds=thresholds),
        ImageVectors(ColourVectors()),
    )
    with open_store("memory:") as store:
        report = ingest(annotated_items([bad_folder(tmp_path)]), store, stages=stages, workers=2)
        bundles = {bundle.image.file_name: bundle for bundle in store.bundles()}
    assert {problem.where for problem in report.left_out} == {"half.jpg", "huge.png"}
    found = {
        name: [r for r in bundle.regions if r.level is Level.ENTITY]
        for name, bundle in bundles.items()
    }
    scenes = {
        name: sum(r.level is Level.SCENE for r in bundle.regions)
        for name, bundle in bundles.items()
    }
    assert set(scenes.values()) == {1}
    for name in ("alpha.png", "cmyk.tif", "turned.jpg"):
        (man,) = found[name]
        assert man.box.corners_px == pytest.approx(MAN[1], abs=2), name
    (far,) = found["strip.png"]
    assert far.box.corners_px == pytest.approx((15_000, 5, 15_400, 45), abs=2)
    assert [name for name, regions in found.items() if regions] == [
        name for name in found if name in {"alpha.png", "cmyk.tif", "turned.jpg", "strip.png"}
    ]
    assert all(bundle.vectors for bundle in bundles.values())
