from __future__ import annotations

import threading
from pathlib import Path

from iconograph.ingest.models.lock import alone


def test_the_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        with alone(tmp_path / "folder" / "lock", waiting.set):
            order.append("second")

    with alone(tmp_path / "folder" / "lock", waiting.set):
        assert not waiting.is_set()
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)

    assert order == ["first", "second"]
