"""One at a time, among all processes of a machine."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def alone(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file; waits for whoever holds it, after calling `on_wait` once.

    The system frees the lock of a process that was killed. The file itself stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if not _taken(file.fileno(), wait=False):
            on_wait()
            _taken(file.fileno(), wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int, *, wait: bool) -> bool:
        # A waiting call gives up after ten seconds.
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def _taken(handle: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
