"""What stands in for mmcv's compiled operators in mmcv-lite: every name is there, none can be called.

mmpose imports `mmcv.ops` for one model of its own; key points by RTMPose and its kin call no operator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable


def __getattr__(name: str) -> Callable[..., NoReturn]:
    """A function that says which operator is not there."""
    if name.startswith("__"):
        raise AttributeError(name)

    def absent(*_arguments: object, **_options: object) -> NoReturn:
        message = (
            f"the operator {name} is compiled code, which mmcv-lite lacks; choose a model without "
            "it, or build mmcv 2.1.0 with MMCV_WITH_OPS=1 in this environment"
        )
        raise RuntimeError(message)

    return absent
