from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.errors import ModelMemoryError, ModelOutputError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Box, Outline, Polygon
from iconograph.graph.model.region import Level, region_of
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.stages.captions import Captions
from iconograph.ingest.stages.crops import GROUND, CropSettings, crop_of_mask, crop_of_outline
from iconograph.ingest.stages.image_vectors import ImageVectors
from tests.builders import TEXT_SPACE, a_region, a_run, random_vectors
from tests.unit.ingest.small_models import (
    COLOUR_SPACE,
    ColourVectors,
    Teller,
    painted,
    save_painted,
)

RED, BLUE = ("red", (20, 20, 60, 100)), ("blue", (100, 60, 130, 90))


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    return read_picture(save_painted(tmp_path / "painted.png", RED, BLUE))


def drafted(picture: Picture, *, origin: str = "extraction", copies: int = 1) -> ImageBundle:
    """A draft with the red thing, a scene, and copies of the blue thing a little apart."""
    draft, run = draft_of(picture, None, ())[0], a_run(origin=origin)
    image = draft.image
    whole = Outline.from_box(Box(x0_px=0, y0_px=0, x1_px=200, y1_px=120))
    regions = (
        a_region(image, "red", RED[1], run=run),
        *(a_region(image, "blue", (100, 60, 130, 89 + n / 10), run=run) for n in range(copies)),
        region_of(image, whole, run_id=run.id, level=Level.SCENE),
    )
    return dataclasses.replace(draft, runs=(run,), regions=regions)


def test_each_region_of_every_level_gets_the_vector_of_its_crop(picture: Picture) -> None:
    draft = drafted(picture)
    (vectors,) = ImageVectors(ColourVectors())(draft, picture).vectors
    assert vectors.space == COLOUR_SPACE
    assert vectors.region_ids == tuple(region.id for region in draft.regions)
    assert vectors.matrix.dtype == np.float32
    names = ["red", "blue", "red"]
    expected = [1 + ["red", "blue", "green"].index(name) for name in names]
    assert np.argmax(vectors.matrix, axis=1).tolist() == expected


def test_vectors_of_other_spaces_stay_and_own_ones_are_replaced(picture: Picture) -> None:
    draft = drafted(picture)
    words = random_vectors(TEXT_SPACE, draft.regions)
    old = random_vectors(COLOUR_SPACE, draft.regions)
    after = ImageVectors(ColourVectors())(dataclasses.replace(draft, vectors=(old, words)), picture)
    assert [vectors.space for vectors in after.vectors] == [TEXT_SPACE, COLOUR_SPACE]
    assert after.vectors[0] is words
    assert not np.allclose(after.vectors[1].matrix, old.matrix)


def test_crops_go_in_batches(picture: Picture) -> None:
    encoder = ColourVectors()
    ImageVectors(encoder, batch_size=4)(drafted(picture, copies=8), picture)
    assert encoder.batches == [4, 4, 2]


def test_where_memory_is_short_the_batch_is_halved(picture: Picture) -> None:
    encoder = ColourVectors(most_crops=3)
    whole = ImageVectors(ColourVectors())(drafted(picture, copies=8), picture)
    halved = ImageVectors(encoder, batch_size=8)(drafted(picture, copies=8), picture)
    assert set(encoder.batches) == {2}
    np.testing.assert_array_equal(whole.vectors[0].matrix, halved.vectors[0].matrix)


def test_a_crop_too_large_for_the_memory_is_an_error_that_says_so(picture: Picture) -> None:
    with pytest.raises(ModelMemoryError, match=r"single crop of .* px; free memory"):
        ImageVectors(ColourVectors(most_crops=0))(drafted(picture), picture)


def test_vectors_that_are_not_finite_are_refused(picture: Picture) -> None:
    with pytest.raises(ModelOutputError, match="not finite"):
        ImageVectors(ColourVectors(broken=True))(drafted(picture), picture)


def test_vectors_are_remembered_until_an_outline_or_the_cut_changes(
    picture: Picture, tmp_path: Path
) -> None:
    encoder, cache = ColourVectors(), OutputCache(tmp_path / "cache")

    def run(draft: ImageBundle, *, fading: float = 0.0) -> int:
        ImageVectors(encoder, cache=cache, crops=CropSettings(fading=fading))(draft, picture)
        return encoder.calls["batches"]

    assert [run(drafted(picture)) for _ in range(2)] == [1, 1]
    assert run(drafted(picture, copies=2)) == 2
    assert run(drafted(picture), fading=0.5) == 3
    assert run(drafted(picture)) == 3


def test_without_a_picture_or_regions_there_is_nothing_to_see(picture: Picture) -> None:
    draft = drafted(picture)
    assert ImageVectors(ColourVectors())(draft, None) is draft
    bare = dataclasses.replace(draft, regions=())
    assert ImageVectors(ColourVectors())(bare, picture).vectors == ()


TRIANGLE = Outline(parts=(Polygon(exterior=((10.0, 10.0), (30.0, 10.0), (10.0, 30.0))),))


def test_a_masked_crop_shows_the_thing_alone() -> None:
    pixels = painted(("red", (0, 0, 200, 120)))
    plain = crop_of_outline(pixels, TRIANGLE, CropSettings(padding_fraction=0.0))
    masked = crop_of_outline(pixels, TRIANGLE, CropSettings(padding_fraction=0.0, fading=1.0))
    faded = crop_of_outline(pixels, TRIANGLE, CropSettings(padding_fraction=0.0, fading=0.5))
    assert plain.shape == masked.shape == (20, 20, 3)
    assert masked[2, 2].tolist() == [220, 30, 30]
    assert masked[18, 18].tolist() == [GROUND] * 3
    assert plain[18, 18].tolist() == [220, 30, 30]
    assert faded[2, 2].tolist() == [220, 30, 30]
    assert faded[18, 18].tolist() == [(220 + GROUND) // 2, (30 + GROUND) // 2, (30 + GROUND) // 2]


@pytest.mark.parametrize(
    ("padding", "shape"), [(0.0, (10, 20)), (0.5, (18, 28)), (99.0, (120, 200))], ids=str
)
def test_a_crop_is_padded_as_far_as_the_picture_goes(
    padding: float, shape: tuple[int, int]
) -> None:
    mask = Mask.of(np.ones((10, 20), np.bool_))
    for fading in (0.0, 0.6):
        settings = CropSettings(padding_fraction=padding, fading=fading)
        assert crop_of_mask(painted(), mask, settings).shape == (*shape, 3)


def test_captions_are_given_to_what_machines_found_and_is_no_part(picture: Picture) -> None:
    draft = drafted(picture)
    whole, part, scene = draft.regions
    part = dataclasses.replace(part, parent_id=whole.id)
    composed = dataclasses.replace(
        whole, caption="a thing", attributes=(("caption", "composed"), ("x", "y"))
    )
    draft = dataclasses.replace(draft, regions=(composed, part, scene))
    told = Captions(Teller())(draft, picture).regions
    assert [region.caption for region in told] == ["something red", "", "something red"]
    assert told[0].attributes == (("x", "y"), ("caption", "Teller"))


def test_what_people_wrote_is_not_captioned_over(picture: Picture) -> None:
    draft, teller = drafted(picture, origin="annotations:a.json"), Teller()
    assert Captions(teller)(draft, picture) is draft
    assert not teller.calls


def test_captions_are_remembered(picture: Picture, tmp_path: Path) -> None:
    teller = Teller()
    stage = Captions(teller, cache=OutputCache(tmp_path / "cache"))
    assert stage(drafted(picture), picture).regions == stage(drafted(picture), picture).regions
    assert teller.calls["crops"] == 3
