from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            # What mmpose and its kin warn of is theirs to mend; our code stays strict.
            for module in THEIRS:
                item.add_marker(pytest.mark.filterwarnings(f"ignore:::{module}"))


THEIRS = ("mmcv", "mmdet", "mmengine", "mmpose", "pkg_resources", "torch", "xtcocotools")


@pytest.fixture(autouse=True, scope="session")
def libraries() -> None:
    if "mmpose" not in sys.modules:
        return
    with warnings.catch_warnings():
        # Python itself warns when it compiles them for the first time.
        warnings.simplefilter("ignore")
        importlib.import_module("mmdet.models")
        importlib.import_module("mmpose.apis")
