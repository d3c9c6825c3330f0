from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iconograph.evaluation.annotations import AnnotatedPicture, Verdict
from iconograph.evaluation.relation_drawn import read_drawn
from iconograph.evaluation.relations import evaluate_relations
from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import RegionId
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.stages.figures import FiguresOfRegions
from iconograph.relations.thresholds import read_thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Annunciation (a column parts Gabriel and Mary), Virgin and Child, heaven and earth."""
    folder = tmp_path_factory.mktemp("drawn")
    write_corpus(folder, count=3, seed=5)
    return folder


@pytest.fixture(scope="module")
def pictures(corpus: Path) -> dict[str, AnnotatedPicture]:
    titles = ("annunciation", "child", "heaven")
    return dict(zip(titles, read_drawn(corpus).pictures, strict=True))


def ids(picture: AnnotatedPicture) -> dict[str, RegionId]:
    return {region.label: region.id for region in picture.regions.values()}


def test_only_entities_are_judged(pictures: dict[str, AnnotatedPicture]) -> None:
    for picture in pictures.values():
        assert {region.level for region in picture.bundle.regions} == {Level.ENTITY}
        assert set(picture.regions) == {region.id for region in picture.bundle.regions}
        assert all({a, b} <= picture.regions.keys() for _, a, b in picture.true)


def test_what_the_truth_would_name_is_false_where_it_does_not(
    pictures: dict[str, AnnotatedPicture],
) -> None:
    picture = pictures["annunciation"]
    at = ids(picture)
    gabriel, mary, dove, column = (
        at[name] for name in ("Archangel Gabriel", "Virgin Mary", "dove", "column")
    )
    expected = {
        (EdgeKind.FACES, dove, mary): Verdict.FALSE,
        (EdgeKind.FACES, gabriel, column): Verdict.UNJUDGED,
        (EdgeKind.GAZES_AT, gabriel, mary): Verdict.TRUE,
        (EdgeKind.ACROSS_DIVIDE, gabriel, mary): Verdict.TRUE,
        (EdgeKind.HOLDS, mary, gabriel): Verdict.FALSE,
        (EdgeKind.BESIDE, gabriel, column): Verdict.UNJUDGED,
        (EdgeKind.GAZES_AT, dove, mary): Verdict.UNJUDGED,
        (EdgeKind.POINTS_AT, dove, mary): Verdict.UNJUDGED,
        (EdgeKind.POINTS_AT, mary, gabriel): Verdict.FALSE,
        (EdgeKind.ACROSS_DIVIDE, gabriel, dove): Verdict.UNJUDGED,
        (EdgeKind.TOUCHES, gabriel, mary): Verdict.UNJUDGED,
        (EdgeKind.INSIDE, gabriel, mary): Verdict.UNJUDGED,
    }

    assert {triple: picture.verdict(*triple) for triple in expected} == expected


def test_without_a_divide_no_pair_is_parted(pictures: dict[str, AnnotatedPicture]) -> None:
    picture = pictures["child"]
    at = ids(picture)
    pair = (at["Virgin Mary"], at["Christ Child"])

    assert picture.verdict(EdgeKind.ACROSS_DIVIDE, *pair) is Verdict.FALSE
    assert picture.verdict(EdgeKind.BESIDE, *pair) is Verdict.TRUE
    assert picture.verdict(EdgeKind.IN_FRONT_OF, *pair[::-1]) is Verdict.TRUE


def test_those_on_one_side_of_the_clouds(pictures: dict[str, AnnotatedPicture]) -> None:
    picture = pictures["heaven"]
    same = [triple for triple in picture.true if triple[0] is EdgeKind.SAME_SIDE]

    assert len(same) == 10 + 3


def test_pictures_are_evaluated_step_by_step(corpus: Path) -> None:
    evaluation = evaluate_relations(
        read_drawn(corpus, limit=2), thresholds=read_thresholds(), figures=Blind()
    )

    rows = {s.method for s in evaluation.scores if s.kind is EdgeKind.HOLDS}
    assert rows == {
        "boxes only",
        "boxes, heads, hands",
        "key points seen",
        "bodies and gazes seen",
    }
    assert all(s.f1 for s in evaluation.scores if s.kind is EdgeKind.WEARS)


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"annotations\.json"):
        read_drawn(tmp_path)


def test_heads_of_seen_bodies_get_a_gaze(corpus: Path) -> None:
    truth = read_drawn(corpus, limit=1).pictures[0].bundle
    given = replace(truth, regions=tuple(replace(r, gaze=None) for r in truth.regions))
    picture = read_picture(min(corpus.glob("*.jpg")))

    seen = FiguresOfRegions(gazes=Staring())(given, picture)

    persons = [r for r in seen.regions if r.kind is RegionKind.PERSON]
    assert persons
    assert all(r.gaze and r.gaze.method == Staring.name for r in persons)
    assert all(r.gaze is None for r in seen.regions if r.kind is not RegionKind.PERSON)
    assert FiguresOfRegions(gazes=Staring())(given, None) is given


class Blind:
    """A stage that sees nothing."""

    name = "blind"

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        del picture
        return draft


class Staring:
    """Sees all heads look at the viewer."""

    name = "staring@1"
    models = ()
    parameters = ()

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        del pixels
        middle = (heads_px[:, :2] + heads_px[:, 2:]) / 2
        return tuple(
            Gaze(state=GazeState.VIEWER, origin=point_at(x, y), method=self.name) for x, y in middle
        )


def point_at(x_px: float, y_px: float) -> Point:
    return Point(x_px=float(x_px), y_px=float(y_px))
