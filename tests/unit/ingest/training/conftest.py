from __future__ import annotations

import pytest

from iconograph.ingest.training.clip_facts import FactRegion
from iconograph.ingest.training.corpora import TruePicture
from tests.unit.ingest.training.clip_scenes import drawn


@pytest.fixture(scope="package")
def drawn_pictures(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[tuple[TruePicture, ...], tuple[FactRegion, ...]]:
    return drawn(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="package")
def regions(
    drawn_pictures: tuple[tuple[TruePicture, ...], tuple[FactRegion, ...]],
) -> tuple[FactRegion, ...]:
    return drawn_pictures[1]
