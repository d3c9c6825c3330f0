"""Vectors follow the words and outlines of regions that relations change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.region import Level, Region
from iconograph.graph.model.vector import RegionVectors, VectorSpace, unit_rows
from iconograph.graph.store.open import open_store
from iconograph.ingest.freshness import with_fresh_vectors
from iconograph.ingest.identity import reconciled
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.pipeline import Stage
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.text_vectors import TextVectors, text_of
from iconograph.relations.groups.freshness import MissingVectors
from tests.builders import TEXT_SPACE, a_box, random_vectors
from tests.unit.ingest.small_models import COLOUR_SPACE, ColourVectors, save_painted
from tests.unit.relations.groups.pictures import at, grouped, told
from tests.unit.relations.groups.test_stage import FLOWER, GOAT, MAN, SAID, WOMAN
from tests.unit.relations.pictures import named

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Letters:
    """Encodes texts by how often they have each of four letters."""

    space = TEXT_SPACE

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.encoded += texts
        counts = [[1.0 + text.count(letter) for letter in "aeio"] for text in texts]
        return unit_rows(np.array(counts, np.float32), self.space)


@pytest.fixture
def meadow() -> ImageBundle:
    """A grouped picture with vectors of both sorts for each region."""
    bundle = grouped(told(WOMAN, GOAT, FLOWER, MAN, said=SAID))
    with_texts = TextVectors(Letters())(bundle, None)
    looks = random_vectors(COLOUR_SPACE, with_texts.regions)
    return replace(with_texts, vectors=(looks, *with_texts.vectors))


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    size = (1000, 1000)
    return read_picture(save_painted(tmp_path / "red.png", ("red", (0, 0, 400, 400)), size=size))


def rows_of(bundle: ImageBundle, space: VectorSpace) -> dict[str, NDArray[np.float32]]:
    """The vectors of a space by region."""
    found = [vectors for vectors in bundle.vectors if vectors.space == space]
    return {i: row for v in found for i, row in zip(v.region_ids, v.matrix, strict=True)}


def changed(bundle: ImageBundle, region: Region) -> ImageBundle:
    others = {known.id: known for known in bundle.regions} | {region.id: region}
    return replace(bundle, regions=tuple(others.values()))


def missing(stage: Stage | None, space: VectorSpace = TEXT_SPACE) -> MissingVectors:
    return MissingVectors(space, lambda: stage)


def test_vectors_of_what_stays_the_same_stay(meadow: ImageBundle) -> None:
    after = with_fresh_vectors(meadow, meadow)

    assert after.removed_vectors == frozenset()
    for space in (TEXT_SPACE, COLOUR_SPACE):
        kept, before = rows_of(after, space), rows_of(meadow, space)
        assert set(kept) == set(before)
        assert all(np.array_equal(kept[i], before[i]) for i in before)


def test_other_words_take_the_vector_of_the_words_alone(meadow: ImageBundle) -> None:
    woman = named(meadow)["woman"]
    after = with_fresh_vectors(changed(meadow, replace(woman, caption="a nymph")), meadow)

    assert after.removed_vectors == {(TEXT_SPACE.name, woman.id)}
    assert woman.id not in rows_of(after, TEXT_SPACE)
    assert woman.id in rows_of(after, COLOUR_SPACE)
    assert len(rows_of(after, TEXT_SPACE)) == len(rows_of(meadow, TEXT_SPACE)) - 1


def test_another_outline_takes_the_vector_of_the_picture_alone(meadow: ImageBundle) -> None:
    goat = replace(named(meadow)["goat"], outline=a_box(300, 600, 520, 900))
    after = with_fresh_vectors(changed(meadow, goat), meadow)

    assert after.removed_vectors == {(COLOUR_SPACE.name, goat.id)}
    assert goat.id in rows_of(after, TEXT_SPACE)


def test_a_region_that_is_gone_takes_its_vectors_along(meadow: ImageBundle) -> None:
    after = grouped(replace(meadow, edges=()))
    (group,) = at(meadow, Level.GROUP)

    assert all(group.id not in rows_of(after, s) for s in (TEXT_SPACE, COLOUR_SPACE))
    assert {(TEXT_SPACE.name, group.id), (COLOUR_SPACE.name, group.id)} <= after.removed_vectors


def test_what_lacks_a_vector_gets_one_and_nothing_else_is_encoded(meadow: ImageBundle) -> None:
    letters = Letters()
    bare = grouped(replace(meadow, edges=meadow.edges[:1]))
    done = missing(TextVectors(letters))(bare, None)
    now = rows_of(done, TEXT_SPACE)

    before = {text_of(region) for region in meadow.regions}
    assert letters.encoded
    assert set(letters.encoded) == {text_of(region) for region in done.regions} - before
    assert set(now) == {region.id for region in done.regions if text_of(region)}
    assert not {pair for pair in done.removed_vectors if pair[0] == TEXT_SPACE.name}
    for region in done.regions:
        assert np.allclose(now[region.id], Letters().encode([text_of(region)])[0], atol=1e-6)


def test_without_an_encoder_no_stale_vector_stays_in_the_store(meadow: ImageBundle) -> None:
    lacking = missing(None)
    with open_store("memory:") as store:
        store.write(meadow)
        stored = store.bundle(meadow.image.id)
        assert stored is not None
        again = lacking(grouped(replace(stored, edges=stored.edges[:1])), None)
        store.write(reconciled(again, stored))
        now = store.bundle(meadow.image.id)

    assert now is not None
    words = {region.id: text_of(region) for region in meadow.regions}
    texts = rows_of(now, TEXT_SPACE)
    stale = {r.id for r in now.regions if text_of(r) != words.get(r.id)}
    assert stale
    assert not stale & set(texts)
    assert set(texts) == {region.id for region in now.regions} - stale
    assert lacking.lacking == len(stale)


def test_a_vector_that_comes_later_is_stored(meadow: ImageBundle) -> None:
    with open_store("memory:") as store:
        store.write(grouped(replace(meadow, edges=meadow.edges[:1])))
        stored = store.bundle(meadow.image.id)
        assert stored is not None
        store.write(reconciled(missing(TextVectors(Letters()))(stored, None), stored))
        now = store.bundle(meadow.image.id)

    assert now is not None
    assert set(rows_of(now, TEXT_SPACE)) == {region.id for region in now.regions}


def test_a_new_group_is_looked_at_in_its_picture(meadow: ImageBundle, picture: Picture) -> None:
    encoder = ColourVectors()
    before = grouped(replace(meadow, edges=()))
    after = grouped(replace(before, edges=meadow.edges))
    stage = missing(ImageVectors(encoder), COLOUR_SPACE)
    done = stage(after, picture)
    (group,) = at(done, Level.GROUP)

    assert encoder.batches == [1]
    assert rows_of(done, COLOUR_SPACE)[group.id][1] > 0.5
    assert stage.lacking == 0


def test_without_its_picture_a_group_is_counted_as_lacking(meadow: ImageBundle) -> None:
    encoder = ColourVectors()
    after = grouped(replace(grouped(replace(meadow, edges=())), edges=meadow.edges))
    stage = missing(ImageVectors(encoder), COLOUR_SPACE)
    done = stage(after, None)

    assert (stage.lacking, encoder.batches) == (1, [])
    assert done.vectors == after.vectors


def test_nothing_is_looked_at_in_pictures_that_were_not_before(
    meadow: ImageBundle, picture: Picture
) -> None:
    encoder = ColourVectors()
    texts = tuple(vectors for vectors in meadow.vectors if vectors.space == TEXT_SPACE)
    stage = missing(ImageVectors(encoder), COLOUR_SPACE)
    done = stage(replace(meadow, vectors=texts), picture)

    assert (stage.lacking, encoder.batches) == (0, [])
    assert done.vectors == texts


def test_a_picture_that_lost_all_its_vectors_is_looked_at_again(
    meadow: ImageBundle, picture: Picture
) -> None:
    goat = named(meadow)["goat"]
    before = replace(meadow, vectors=(random_vectors(COLOUR_SPACE, (goat,)),))
    moved = replace(goat, outline=a_box(300, 600, 520, 900))
    after = with_fresh_vectors(changed(before, moved), before)
    done = missing(ImageVectors(ColourVectors()), COLOUR_SPACE)(after, picture)

    assert after.vectors == ()
    assert set(rows_of(done, COLOUR_SPACE)) == {region.id for region in meadow.regions}
    assert done.removed_vectors == frozenset()


def test_the_maker_is_not_asked_for_nothing(meadow: ImageBundle) -> None:
    asked: list[str] = []

    def find_maker() -> Stage | None:
        asked.append("maker")
        return None

    MissingVectors(TEXT_SPACE, find_maker)(meadow, None)

    assert asked == []


def test_vectors_of_other_weights_are_refused(meadow: ImageBundle) -> None:
    letters = Letters()
    letters.space = replace(TEXT_SPACE, weights_sha256="0" * 64)
    woman = replace(named(meadow)["woman"], caption="a nymph")

    with pytest.raises(VectorSpaceError, match="cannot be mixed"):
        missing(TextVectors(letters))(with_fresh_vectors(changed(meadow, woman), meadow), None)


def test_a_stage_of_vectors_has_a_name() -> None:
    assert missing(None).name == f"vectors of {TEXT_SPACE.name}"


def test_a_picture_without_words_gets_none() -> None:
    wordless = told(MAN)
    man = replace(wordless.regions[0], labels=())
    empty = RegionVectors(
        space=TEXT_SPACE, region_ids=(), matrix=np.empty((0, TEXT_SPACE.dim), np.float32)
    )
    draft = replace(wordless, regions=(man,), vectors=(empty,))

    assert missing(TextVectors(Letters()))(draft, None) is draft
