from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.model.run import ModelRef
from iconograph.ingest.cache import OutputCache, json_array, json_of, key_of, sweep
from iconograph.ingest.stages.stored_outputs import SENTENCES, VECTORS

ROOT = Path(__file__).parents[3]
REF = ModelRef(name="m", revision="1", sha256="a" * 64)
VECTOR = np.arange(4, dtype=np.float32).reshape(1, 4)


class Making:
    """Makes a value, and counts how often."""

    def __init__(self, value: Any = VECTOR) -> None:
        self.times = 0
        self._value = value

    def __call__(self) -> Any:
        self.times += 1
        return self._value


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_value_is_made_once(tmp_path: Path) -> None:
    make = Making()
    for _ in range(3):
        found = OutputCache(tmp_path).remembered("ab12", make, VECTORS)
        np.testing.assert_array_equal(found, VECTOR)
    assert make.times == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"image_sha256": "q"}, id="picture"),
        pytest.param({"step": "other"}, id="step"),
        pytest.param(
            {"models": (ModelRef(name="m", revision="1", sha256="b" * 64),)}, id="weights"
        ),
        pytest.param({"parameters": (("threshold", "0.4"),)}, id="parameter"),
    ],
)
def test_a_key_changes_with_all_that_changes_the_answer(change: dict[str, Any]) -> None:
    told: dict[str, Any] = {
        "image_sha256": "p", "step": "s", "models": (REF,), "parameters": (("threshold", "0.3"),)
    }  # fmt: skip
    assert key_of(**told) == key_of(**told)
    assert key_of(**told) != key_of(**{**told, **change})


def test_a_key_changes_with_the_inputs() -> None:
    keys = {
        key_of("p", "s", (REF,), (), *inputs)
        for inputs in ((), (VECTOR,), (VECTOR + 1,), (VECTOR.reshape(4, 1),), (VECTOR, VECTOR))
    }
    assert len(keys) == 5


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:50]), id="cut off"),
        pytest.param(lambda path: path.write_bytes(b"nonsense"), id="other bytes"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: np.savez(path, other=VECTOR), id="other names"),
        pytest.param(
            lambda path: np.savez(path, vectors=np.array([object()], dtype=object)), id="pickle"
        ),
    ],
)
def test_a_broken_entry_is_made_again_and_replaced(
    tmp_path: Path, spoil: Callable[[Path], Any]
) -> None:
    make = Making()
    OutputCache(tmp_path).remembered("ab12", make, VECTORS)
    (path,) = entries(tmp_path)
    spoil(path)
    for _ in range(2):
        np.testing.assert_array_equal(
            OutputCache(tmp_path).remembered("ab12", make, VECTORS), VECTOR
        )
    assert make.times == 2
    assert entries(tmp_path) == [path]


def test_the_least_lately_used_entries_are_taken_out(tmp_path: Path) -> None:
    cache = OutputCache(tmp_path)
    for number in range(4):
        noise = np.random.default_rng(number).normal(size=(50, 50)).astype(np.float32)
        cache.remembered(f"{number}{number}ff", Making(noise), VECTORS)
        os.utime(tmp_path / f"{number}{number}" / f"{number}{number}ff.npz", (number, number))
    size = entries(tmp_path)[0].stat().st_size
    left = sweep(tmp_path, most_bytes=3 * size)
    assert left <= 3 * size
    assert {path.stem for path in entries(tmp_path)} <= {"22ff", "33ff"}
    assert "33ff" in {path.stem for path in entries(tmp_path)}


def test_a_cache_never_grows_far_over_its_limit(tmp_path: Path) -> None:
    cache = OutputCache(tmp_path, most_bytes=1)
    cache.remembered("ab12", Making(), VECTORS)
    assert entries(tmp_path) == []


def test_where_nothing_can_be_written_it_is_said_once_and_work_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    cache, make = OutputCache(blocked), Making()
    for key in ("ab12", "cd34"):
        np.testing.assert_array_equal(cache.remembered(key, make, VECTORS), VECTOR)
    (note,) = cache.take_notes()
    assert note.code == "CACHE"
    assert "goes on without" in note.message
    assert cache.take_notes() == ()


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.stages.stored_outputs import VECTORS
cache = OutputCache(Path(sys.argv[1]))
small = np.ones((1, 4), np.float32)
large = np.random.default_rng(0).normal(size=(200, 200)).astype(np.float32)
cache.remembered("aa11", lambda: small, VECTORS)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
assert (cache.remembered("bb22", lambda: large, VECTORS) == large).all()
assert (cache.remembered("aa11", lambda: large, VECTORS) == small).all()
print([note.code for note in cache.take_notes()])
"""


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['CACHE']"
    assert [path.stem for path in entries(tmp_path)] == ["aa11"]


def test_words_are_kept_as_they_are(tmp_path: Path) -> None:
    words = ("Ève", "", "a red robe")
    cache = OutputCache(tmp_path)
    assert cache.remembered("ab12", lambda: words, SENTENCES) == words
    assert cache.remembered("ab12", lambda: ("other",), SENTENCES) == words
    assert json_of(json_array({"a": [1, None]})) == {"a": [1, None]}
