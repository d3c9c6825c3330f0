from __future__ import annotations

import sys
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            # What the libraries' own modules warn of is theirs to mend; our code stays strict.
            for module in THEIRS:
                item.add_marker(pytest.mark.filterwarnings(f"ignore:::{module}"))


THEIRS = ("torch", "torchvision", "open_clip", "timm", "transformers", "segment_anything")


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    # Only where a test module has imported it: not every test here needs it.
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
