"""A picture of nothing has no regions, whatever a detector sees in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.pictures import read_picture
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.looks import Models
from tests.unit.ingest.small_models import Counted, one_region_each

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class Everywhere(Counted):
    """Sees a person as large as the picture in any picture, as some detectors do in plain paper."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        height, width = pixels.shape[:2]
        return Detections(
            boxes_px=np.array([[0, 0, width, height]], np.float32),
            confidences=np.array([0.2], np.float32),
            labels=("person",),
            kinds=(RegionKind.PERSON,),
        )


@pytest.mark.parametrize(
    ("grain", "found"), [(0, 0), (3, 0), (60, 1)], ids=["blank", "paper", "painted"]
)
def test_plain_paper_shows_nothing(tmp_path: Path, grain: int, found: int) -> None:
    rng = np.random.default_rng(0)
    pixels = 180 + rng.integers(-grain, grain + 1, (60, 80, 3))
    path = tmp_path / "paper.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    picture = read_picture(path)
    find = FindRegions(Models(detectors=(Everywhere(),)), profile="test", assemble=one_region_each)

    assert len(find(draft_of(picture, None, ())[0], picture).regions) == found
