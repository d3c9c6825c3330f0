"""The measures of extraction, on regions made by hand and on a small folder seen by small models."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.evaluation.cosine_curve import fitted_curve
from iconograph.evaluation.drawn_truth import Truth, drawn_pictures, with_article, words_of
from iconograph.evaluation.extraction import evaluate_extraction, evaluate_kept, table
from iconograph.evaluation.extraction_phrases import evaluate_phrases
from iconograph.evaluation.extraction_queries import RelationQuery, relation_queries
from iconograph.evaluation.extraction_regions import (
    Extracted,
    ExtractionScore,
    average_precision,
    count,
    matched,
)
from iconograph.evaluation.extraction_search import (
    Asking,
    QueryScore,
    SearchScore,
    mean_by_method,
)
from iconograph.graph.errors import AnnotationError, InputError, InvalidValueError
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.graph.store.open import open_store
from iconograph.ingest.pictures import Picture
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.looks import Models
from iconograph.relations.stage import DeriveRelations
from iconograph.relations.thresholds import read_thresholds
from tests.builders import a_region, a_run, a_work, an_edge, an_image
from tests.unit.ingest.folders import write_json
from tests.unit.ingest.small_models import (
    Blots,
    ColourVectors,
    one_region_each,
    save_painted,
)

LEXICON = load_lexicon()
WORK = a_work("drawn")
IMAGE = an_image(WORK, width_px=400, height_px=300)
RUN = a_run()

EVE = a_region(
    IMAGE, "Eve", (20, 20, 80, 120),
    attributes=(("is", "a nude woman"), ("sex", "woman"), ("stance", "standing")),
)  # fmt: skip
ROBE = a_region(IMAGE, "red robe", (100, 20, 160, 120), kind=RegionKind.ATTRIBUTE)
GOAT = a_region(IMAGE, "goat", (200, 20, 260, 120), kind=RegionKind.ANIMAL)
SPECK = a_region(IMAGE, "apple", (300, 20, 305, 25), kind=RegionKind.OBJECT)


def bundle_of(*regions: Any, edges: tuple[Any, ...] = ()) -> ImageBundle:
    return ImageBundle(work=WORK, image=IMAGE, runs=(RUN,), regions=regions, edges=edges)


TRUE = bundle_of(
    EVE, ROBE, GOAT, SPECK,
    edges=(an_edge(EdgeKind.BESIDE, EVE, GOAT), an_edge(EdgeKind.WEARS, EVE, ROBE)),
)  # fmt: skip
TRUTH = Truth.of(TRUE, LEXICON)


def found(label: str, box: tuple[float, float, float, float], **fields: Any) -> Any:
    return a_region(IMAGE, label, box, **fields)


def scored(*regions: Any) -> ExtractionScore:
    score = ExtractionScore()
    count(Extracted(truth=TRUTH, bundle=bundle_of(*regions)), LEXICON, score)
    return score


@pytest.mark.parametrize(
    ("text", "region", "true"),
    [
        ("Eve", EVE, True),
        ("woman", EVE, True),
        ("nude woman", EVE, True),
        ("person", EVE, True),
        ("man", EVE, False),
        ("king", EVE, False),
        ("robe", ROBE, True),
        ("red robe", ROBE, True),
        ("blue robe", ROBE, False),
        ("animal", GOAT, True),
        ("sheep", GOAT, False),
    ],
)
def test_a_name_is_right_when_it_or_something_narrower_is_true(
    text: str, region: Any, *, true: bool
) -> None:
    assert TRUTH.is_true(text, region.id, LEXICON) is true


def test_statements_are_true_of_kinds_and_in_their_direction_only() -> None:
    assert TRUTH.states("woman", EdgeKind.BESIDE, "animal", LEXICON)
    assert TRUTH.states("animal", EdgeKind.BESIDE, "woman", LEXICON)
    assert TRUTH.states("woman", EdgeKind.WEARS, "red robe", LEXICON)
    assert not TRUTH.states("robe", EdgeKind.WEARS, "woman", LEXICON)
    assert not TRUTH.states("man", EdgeKind.BESIDE, "goat", LEXICON)


def test_words_are_what_can_be_seen() -> None:
    assert [words_of(region) for region in (EVE, ROBE)] == ["nude woman", "red robe"]
    assert words_of(a_region(IMAGE, "x", (0, 0, 9, 9), attributes=(("is", "a lady"),))) == "woman"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("apple", "an apple"),
        ("keys", "keys"),
        ("cross", "a cross"),
        ("unicorn", "a unicorn"),
        ("armour", "armour"),
    ],
)
def test_articles(words: str, expected: str) -> None:
    assert with_article(words) == expected


def dressed(**attributes: str) -> Truth:
    """A person in a golden crown, with what the scene says of it."""
    person = a_region(IMAGE, "woman", (20, 20, 80, 120), attributes=tuple(attributes.items()))
    crown = a_region(IMAGE, "golden crown", (40, 20, 60, 30), kind=RegionKind.ATTRIBUTE)
    bundle = bundle_of(person, crown, edges=(an_edge(EdgeKind.WEARS, person, crown),))
    return Truth.of(bundle, LEXICON)


@pytest.mark.parametrize(
    ("truth", "text", "true"),
    [
        (dressed(**{"is": "a woman"}), "crowned woman", True),
        (dressed(**{"is": "a woman"}), "veiled woman", False),
        (dressed(**{"is": "a soldier", "sex": "man"}), "crowned man", True),
        (dressed(**{"is": "an angel", "sex": "man"}), "crowned angel", True),
        (dressed(**{"is": "an angel", "sex": "man"}), "man", False),
    ],
    ids=["what she wears", "what she lacks", "by sex", "an angel", "no man"],
)
def test_what_is_worn_shows_and_an_angel_is_no_man(truth: Truth, text: str, *, true: bool) -> None:
    assert truth.is_true(text, truth.bundle.regions[0].id, LEXICON) is true


def test_regions_names_duplicates_and_extras_are_counted() -> None:
    score = scored(
        found("woman", (20, 20, 80, 118)),
        found("woman", (20, 20, 80, 100)),
        found("blue robe", (100, 20, 160, 118), kind=RegionKind.ATTRIBUTE),
        found("dog", (350, 200, 390, 290), kind=RegionKind.ANIMAL),
    )
    assert (score.all.regions, score.all.found, score.all.named, score.all.right) == (3, 2, 2, 1)
    assert score.all.recall == pytest.approx(2 / 3)
    assert score.all.accuracy == pytest.approx(1 / 2)
    assert (score.duplicates, score.extra) == (1, 1)
    assert score.duplicates_per_region == pytest.approx(1 / 2)
    assert score.by_kind["animal"].found == 0
    assert score.by_kind["person"].right == 1


def test_what_is_too_small_to_be_seen_is_not_counted() -> None:
    assert "object" not in scored().by_kind


def test_each_region_found_matches_once_and_its_own_kind_first() -> None:
    person = found("woman", (20, 20, 80, 120))
    garment = dataclasses.replace(found("robe", (20, 20, 80, 110)), kind=RegionKind.ATTRIBUTE)
    true_robe = dataclasses.replace(ROBE, outline=EVE.outline)
    matches, leftover = matched([true_robe, EVE], [garment, person])
    assert {matches[EVE.id].id, matches[true_robe.id].id} == {person.id, garment.id}
    assert matches[EVE.id] is person
    assert leftover == {}


@pytest.mark.parametrize(
    ("answers", "positives", "expected"),
    [
        ([(0.9, True), (0.8, True)], 2, 1.0),
        ([(0.9, True), (0.8, False)], 2, 0.5),
        ([(0.9, False), (0.8, True)], 1, 0.5),
        ([(0.9, True), (0.8, False), (0.7, True)], 2, 0.5 + 0.5 * 2 / 3),
        ([], 2, 0.0),
    ],
    ids=["all", "half", "second", "with a wrong one between", "none"],
)
def test_average_precision(
    answers: list[tuple[float, bool]], positives: int, expected: float
) -> None:
    assert average_precision(answers, positives) == pytest.approx(expected)
    assert math.isnan(average_precision([], 0))


def elsewhere(bundle: ImageBundle, number: int) -> Truth:
    image = dataclasses.replace(bundle.image, uri=f"file:///{number}.jpg")
    return Truth.of(dataclasses.replace(bundle, image=image), LEXICON)


def test_questions_are_those_that_few_pictures_answer() -> None:
    others = [elsewhere(bundle_of(GOAT), n) for n in range(9)]
    queries = relation_queries([TRUTH, *others], LEXICON)
    assert {query.text for query in queries} == {
        "goat beside a nude woman",
        "nude woman wearing a red robe",
    }
    assert all(query.relevant == {IMAGE.file_name} for query in queries)
    assert relation_queries([elsewhere(TRUE, n) for n in range(10)], LEXICON) == ()


def test_what_hardly_shows_is_neither_right_nor_wrong() -> None:
    seen = a_region(IMAGE, "apple", (90, 60, 110, 80), kind=RegionKind.OBJECT)
    holding = [
        bundle_of(EVE, apple, edges=(an_edge(EdgeKind.HOLDS, EVE, apple),))
        for apple in (seen, SPECK)
    ]
    unrelated = [bundle_of(EVE, seen), bundle_of(EVE), bundle_of(seen)]
    others = [bundle_of(GOAT)] * 15
    truths = [elsewhere(b, n) for n, b in enumerate([*holding, *unrelated, *others])]
    (query,) = relation_queries(truths, LEXICON)
    assert query.text == "nude woman holding an apple"
    assert query.relevant == {"0.jpg"}
    assert query.uncertain == {"1.jpg"}
    assert query.tempting == {"2.jpg"}


def test_who_holds_a_thing_touches_it_and_pairs_are_asked_once() -> None:
    lamb = a_region(IMAGE, "lamb", (200, 140, 260, 200), kind=RegionKind.ANIMAL)
    apple = a_region(IMAGE, "apple", (90, 60, 110, 80), kind=RegionKind.OBJECT)
    touching = bundle_of(EVE, apple, edges=(an_edge(EdgeKind.TOUCHES, EVE, apple),))
    holding = bundle_of(EVE, apple, edges=(an_edge(EdgeKind.HOLDS, EVE, apple),))
    beside = [
        bundle_of(GOAT, lamb, edges=(an_edge(EdgeKind.BESIDE, *pair),))
        for pair in ((GOAT, lamb), (lamb, GOAT))
    ]
    others = [bundle_of(EVE)] * 20
    truths = [elsewhere(b, n) for n, b in enumerate([touching, holding, *beside, *others])]
    asked = {query.text: query.relevant for query in relation_queries(truths, LEXICON)}
    assert asked == {
        "nude woman touching an apple": {"0.jpg", "1.jpg"},
        "nude woman holding an apple": {"1.jpg"},
        "goat beside a lamb": {"2.jpg", "3.jpg"},
    }


def test_parts_are_asked_for_by_their_wholes() -> None:
    query = RelationQuery(
        subject="wings", kind=EdgeKind.PART_OF, object="angel", relevant=frozenset()
    )
    assert query.text == "angel with wings"


def test_figures_of_a_search_by_kind_by_subject_and_of_hard_questions() -> None:
    def asked(kind: EdgeKind, relevant: str, tempting: str, ndcg: float) -> QueryScore:
        query = RelationQuery(
            subject="woman", kind=kind, object="goat",
            relevant=frozenset(relevant), tempting=frozenset(tempting),
        )  # fmt: skip
        return QueryScore(query=query, ndcg={"ours": ndcg})

    score = SearchScore(
        scores=(asked(EdgeKind.HOLDS, "ab", "", 1.0), asked(EdgeKind.ABOVE, "b", "c", 0.4)),
        subjects={"a": "Eden", "b": "a farm"},
    )
    assert score.ndcg == pytest.approx({"ours": 0.7})
    assert {kind: mean_by_method(own) for kind, own in score.by_kind.items()} == {
        "HOLDS": {"ours": 1.0}, "ABOVE": {"ours": 0.4},
    }  # fmt: skip
    assert mean_by_method(score.tempting) == {"ours": 0.4}
    assert score.by_subject["Eden"] == {"ours": 1.0}
    assert score.by_subject["a farm"]["ours"] == pytest.approx((0.5 * 1.0 + 1.0 * 0.4) / 1.5)
    assert mean_by_method(()) == {}


def drawn_folder(folder: Path, *, style: str = "flat", pictures: int = 2) -> Path:
    """Pictures of a red and a blue thing, with a truth that names them."""
    target = folder / "drawn"
    target.mkdir()
    annotations: list[dict[str, Any]] = []
    for n in range(pictures):
        save_painted(
            target / f"{n}.png", ("red", (20, 20, 60, 100)), ("blue", (100 + n, 60, 130, 90))
        )
        boxes = {1: [20, 20, 40, 80], 2: [100 + n, 60, 30 - n, 30], 3: [0, 0, 200, 120]}
        levels = {1: "entity", 2: "entity", 3: "scene"}
        annotations += [
            {
                "id": 10 * n + c, "image_id": n, "category_id": c, "bbox": box,
                "level": levels[c], "attributes": {"style": style} if c == 3 else {},
            }
            for c, box in boxes.items()
        ]  # fmt: skip
    record = {
        "images": [
            {"id": n, "file_name": f"{n}.png", "width": 200, "height": 120} for n in range(pictures)
        ],
        "categories": [
            {"id": 1, "name": "red thing", "kind": "person"},
            {"id": 2, "name": "blue thing", "kind": "object"},
            {"id": 3, "name": "a scene", "kind": "unknown"},
        ],
        "annotations": annotations,
        "relations": [
            {"subject_id": 1, "object_id": 2, "predicate": "HOLDS", "image_id": 0},
        ],
    }
    write_json(target / "annotations.json", record)
    return target


def test_a_whole_evaluation_without_the_truth_in_sight(tmp_path: Path) -> None:
    seen: list[int] = []

    class Blind:
        """Remembers how many regions it was shown."""

        name = "blind"

        def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
            assert picture
            seen.append(len(draft.regions) + len(draft.edges) + len(draft.runs))
            return draft

    encoder = ColourVectors()
    vectors = ImageVectors(encoder)
    find = FindRegions(Models(detectors=(Blots(),)), profile="test", assemble=one_region_each)
    stages = (Blind(), find, DeriveRelations(thresholds=read_thresholds()), vectors)
    corpus = drawn_folder(tmp_path)
    asking = Asking(encoders=(encoder,), pictures=encoder)
    certain = dataclasses.replace(asking, min_confidence=1.0)
    with open_store("memory:") as store:
        evaluation = evaluate_extraction(
            corpus, stages, store, profile="test", vectors=vectors, asking=asking
        )
        again = evaluate_kept(corpus, store, profile="test", asking=asking)
        surest = evaluate_kept(corpus, store, profile="test", asking=certain)
        with pytest.raises(InputError, match=r"2 pictures that are not of .*elsewhere"):
            evaluate_kept(tmp_path / "elsewhere", store, profile="test")
    with open_store("memory:") as store:
        evaluate_extraction(corpus, stages, store, profile="test", limit=1)
        with pytest.raises(InputError, match=r"lacks 1 of 2 pictures .* 1\.png"):
            evaluate_kept(corpus, store, profile="test")
    assert again.search == evaluation.search
    assert again.regions.all == evaluation.regions.all
    assert seen == [0, 0, 0]
    assert evaluation.regions.all.recall == 1.0
    assert evaluation.regions.all.accuracy == 1.0
    assert evaluation.regions.person_ap == 1.0
    assert evaluation.phrases
    assert evaluation.phrases.recall_at_5 == 1.0
    assert evaluation.search.queries == 1
    assert set(evaluation.search.ndcg) == {
        "compound", "compound, then those unrelated",
        "whole-image vector", "region vectors, no edges",
    }  # fmt: skip
    (strict, then), (none, still) = (
        [own.search.ndcg[method] for method in ("compound", "compound, then those unrelated")]
        for own in (evaluation, surest)
    )
    assert then >= strict
    assert (none, still > 0) == (0.0, True)
    assert surest.search.to_record()["min_confidence"] == 1.0
    text = table(evaluation)
    assert "edges of confidence 1 or more count" in table(surest)
    assert "| all | 4 | 1.000 | 1.000 | 1.000 |" in text
    assert set(evaluation.to_record()) == {"profile", "style", "regions", "search", "phrases"}


def test_colours_that_belong_to_other_things_are_told_apart_by_chance_only(
    tmp_path: Path,
) -> None:
    del tmp_path
    mantle = a_region(IMAGE, "blue mantle", (20, 60, 80, 118), kind=RegionKind.ATTRIBUTE)
    robe = a_region(IMAGE, "red robe", (20, 20, 80, 60), kind=RegionKind.ATTRIBUTE)
    worn = bundle_of(
        EVE, robe, mantle,
        edges=(an_edge(EdgeKind.WEARS, EVE, robe), an_edge(EdgeKind.WEARS, EVE, mantle)),
    )  # fmt: skip
    encoder = ColourVectors()
    texts = encoder.encode(["red", "red", "blue"])
    from iconograph.graph.model.vector import RegionVectors

    vectors = RegionVectors(
        space=encoder.space, region_ids=(EVE.id, robe.id, mantle.id), matrix=texts
    )
    bundle = dataclasses.replace(worn, vectors=(vectors,))
    score = evaluate_phrases([(Truth.of(worn, LEXICON), bundle)], encoder, LEXICON)
    assert (score.swaps, score.swaps_right) == (1, 0)


def test_a_curve_finds_the_numbers_that_pairs_were_made_with() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(-0.2, 0.6, 20_000)
    true = rng.random(20_000) < 1 / (1 + np.exp(-30 * (cosines - 0.3)))
    curve = fitted_curve(cosines, true)
    assert curve.slope == pytest.approx(30, rel=0.1)
    assert curve.centre == pytest.approx(0.3, abs=0.01)
    assert curve.most == pytest.approx(0.95, abs=0.03)
    with pytest.raises(InvalidValueError, match="pairs that are true"):
        fitted_curve(cosines, np.zeros(20_000, np.bool_))


def test_one_style_may_be_measured_alone(tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path, style="flat", pictures=3)
    assert len(list(drawn_pictures(folder, style="flat"))) == 3
    assert len(list(drawn_pictures(folder, limit=1))) == 1
    with pytest.raises(AnnotationError, match=r"style 'ink'; there are \['flat'\]"):
        list(drawn_pictures(folder, style="ink"))


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"has no annotations\.json"):
        list(drawn_pictures(tmp_path))
