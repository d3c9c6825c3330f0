from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.pull import pull
from iconograph.ingest.models.sources.port import PullProgress, Stage
from tests.unit.ingest.models.records import CONTENTS, WEIGHTS, files_below, record_of
from tests.unit.ingest.models.serving import serving

SITE = {f"/models/data/{name}": content for name, content in CONTENTS.items()}
WHOLE = ["models/tiny/weights.onnx", "models/tiny/words.json"]


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no-ranges"])
def test_a_download_that_breaks_is_gone_on_with(tmp_path: Path, ranges: bool) -> None:  # noqa: FBT001
    said: list[PullProgress] = []
    with serving(SITE) as site:
        site.ranges, site.breaks_after = ranges, [30_000, 50_000]
        paths = pull(record_of(source=f"{site.url}/models"), tmp_path, said.append)

        asked = [span for path, span in site.asked if path.endswith("onnx")]
    assert paths["weights.onnx"].read_bytes() == WEIGHTS
    assert asked == ["", "bytes=30000-", f"bytes={80_000 if ranges else 50_000}-"]
    done = [step.done_bytes for step in said if step.stage is Stage.DOWNLOADING]
    assert done[-1] == said[-1].total_bytes == sum(map(len, CONTENTS.values()))
    assert files_below(tmp_path) == WHOLE


def test_a_server_that_keeps_breaking_off_leaves_the_part_for_the_next_pull(
    tmp_path: Path,
) -> None:
    with serving(SITE) as site:
        record = record_of(source=f"{site.url}/models")
        site.breaks_after = [1000, 1000, 1000]
        with pytest.raises(MissingModelError, match=r"after 3000 of 102400 bytes .* to go on"):
            pull(record, tmp_path)
        assert not (tmp_path / "models" / "tiny").exists()
        pull(record, tmp_path)

        assert ("/models/data/weights.onnx", "bytes=3000-") in site.asked
    assert files_below(tmp_path) == WHOLE


def test_what_was_gone_on_with_after_a_change_of_the_file_is_not_kept(tmp_path: Path) -> None:
    with serving(SITE) as site:
        record = record_of(source=f"{site.url}/models")
        site.breaks_after = [1000, 0, 0]
        with pytest.raises(MissingModelError, match="broke off"):
            pull(record, tmp_path)
        site.files = {**SITE, "/models/data/weights.onnx": WEIGHTS[::-1]}
        with pytest.raises(MissingModelError, match=r"has SHA-256 .* it was not kept"):
            pull(record, tmp_path)
        assert files_below(tmp_path) == []
        site.files = SITE
        pull(record, tmp_path)
    assert files_below(tmp_path) == WHOLE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, r"answers 404 .* put weights\.onnx, words\.json into", id="not-there"),
        pytest.param(WEIGHTS + b"more", "holds more than the 102400 bytes expected", id="longer"),
        pytest.param(WEIGHTS[:-1], "broke off after 102399 of 102400 bytes|416", id="shorter"),
    ],
)
def test_what_is_no_such_file_is_refused(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    files = {} if content is None else {"/models/data/weights.onnx": content}
    with serving(files) as site, pytest.raises(MissingModelError, match=message):
        pull(record_of(source=f"{site.url}/models"), tmp_path)

    assert not (tmp_path / "models" / "tiny").exists()


def test_a_server_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    with serving({}) as site:
        gone = site.url
    with pytest.raises(MissingModelError, match=r"after 0 of 102400 bytes .*refused"):
        pull(record_of(source=f"{gone}/models"), tmp_path)
