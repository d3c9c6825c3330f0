"""The models of relations/data/thresholds.toml with what each is fitted on, and their judged pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from iconograph.cli.options import cache_folder
from iconograph.evaluation.annotations import AnnotatedPicture, Verdict, read_annotations
from iconograph.evaluation.photo_pairs import PhotoPairs, read_photo_pairs
from iconograph.evaluation.pixels import picture_at_hand
from iconograph.evaluation.relation_drawn import read_drawn
from iconograph.evaluation.relations import without_bodies
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Outline
from iconograph.graph.model.ids import RegionId
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.pictures import Picture
from iconograph.ingest.profile_models import OUTPUTS
from iconograph.ingest.stages.figures import FiguresOfRegions, figures_of_profile
from iconograph.relations.axis.divides import find_axes
from iconograph.relations.axis.glance import glance_at
from iconograph.relations.rules.above import ABOVE
from iconograph.relations.rules.across_divide import ACROSS_DIVIDE
from iconograph.relations.rules.beside import BESIDE
from iconograph.relations.rules.faces import FACES
from iconograph.relations.rules.holds import HOLDS
from iconograph.relations.rules.in_front_of import IN_FRONT_OF
from iconograph.relations.rules.part_of import PART_OF
from iconograph.relations.rules.rule import Rule
from iconograph.relations.scene import Scene, scene_of
from iconograph.relations.thresholds import Thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAINTING_WEIGHT = 30.0
"""One judged pair of a painting counts as this many of a photograph's: there are few, and they are
what the product is for."""

Truth = Callable[[RegionId, RegionId], bool | None]
Shown = tuple[ImageBundle, Picture | None, Truth]


class Given(StrEnum):
    """What a model's rule is given: outlines, boxes alone, heads and hands as annotated or as seen."""

    OUTLINES = "outlines"
    BOXES = "boxes"
    BODIES = "annotated bodies"
    SEEN = "seen bodies"
    PIXELS = "what divides the pixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the thresholds: its rule, which of the rule's findings, its measures and its sets."""

    name: str
    rule: Rule
    part: int = 0
    measures: tuple[str, ...]
    sets: tuple[str, ...]
    given: Given = Given.OUTLINES


HOLDS_THING = (
    "is_animal", "is_fixed", "is_part", "is_person", "is_portable", "is_worn", "covered_fraction",
)  # fmt: skip
HOLDS_BOXES = ("rival_covered_fraction", "off_middle_heights", "aside_widths", "size_log_ratio")
HOLDS_HANDS = (
    "hand_gap_heads",
    "hand_off_centre_sizes",
    "hand_lead_heads",
    "hands_at",
    "hand_below_heights",
)
NEARNESS = ("gap_sizes", "size_log_ratio", "level_fraction", "shared_width_fraction")
PHOTOS = ("vcoco_trainval", "hicodet_dev")
PAINTINGS, DRAWN = "dev_paintings", "drawn"
MODELS = (
    Model(
        name="holds.without_hands", rule=HOLDS, part=2, measures=(*HOLDS_THING, *HOLDS_BOXES),
        sets=(*PHOTOS, PAINTINGS),
    ),
    Model(
        name="holds.with_hands", rule=HOLDS, measures=(*HOLDS_THING, *HOLDS_HANDS),
        sets=(PAINTINGS,), given=Given.BODIES,
    ),
    Model(
        name="holds.with_seen_hands", rule=HOLDS, part=1,
        measures=(*HOLDS_THING, *HOLDS_HANDS, "forearm_gap_heads", *HOLDS_BOXES), sets=(PAINTINGS, DRAWN),
        given=Given.SEEN,
    ),
    Model(name="beside.things", rule=BESIDE, part=2, measures=NEARNESS, sets=("vrd_dev",)),
    Model(
        name="beside.outlined_figures", rule=BESIDE, part=3,
        measures=("gap_sizes", "level_fraction"), sets=(DRAWN,),
    ),
    Model(
        name="part_of.confidence", rule=PART_OF, sets=(PAINTINGS, DRAWN),
        measures=("covered_fraction", "tighter_log_ratio", "has_outline"),
    ),
    Model(
        name="above.confidence", rule=ABOVE, sets=(DRAWN,),
        measures=("middle_lead_heights", "shared_width_fraction"),
    ),
    Model(
        name="in_front_of.by_outlines", rule=IN_FRONT_OF, sets=(DRAWN,), given=Given.SEEN,
        measures=(
            "within_log", "touching_log", "bulging_fraction", "base_lead_fraction", "hidden_joints",
        ),
    ),
    Model(
        name="in_front_of.by_boxes", rule=IN_FRONT_OF, part=1, sets=(DRAWN,), given=Given.BOXES,
        measures=("covered_fraction", "base_lead_fraction"),
    ),
    Model(
        name="faces.confidence", rule=FACES, sets=(DRAWN,), given=Given.SEEN,
        measures=("nose_aside_fraction", "knee_aside_fraction", "ankle_aside_fraction"),
    ),
    Model(
        name="across_divide.confidence", rule=ACROSS_DIVIDE, sets=(PAINTINGS, DRAWN),
        measures=("divide_strength", "straddle_fraction"), given=Given.PIXELS,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Judged pairs: their measures (n x m), truths, set and picture."""

    measures: NDArray[np.float64]
    truths: NDArray[np.bool_]
    sets: NDArray[np.str_]
    pictures: NDArray[np.intp]

    @property
    def ridge(self) -> float:
        """Drawn truths follow exact definitions, which a strong ridge would blur."""
        return 0.1 if set(self.sets.tolist()) == {DRAWN} else 1.0

    @property
    def weights(self) -> NDArray[np.float64]:
        """How much each pair counts."""
        beside_photos = np.isin(PHOTOS, self.sets).any()
        return np.where((self.sets == PAINTINGS) & beside_photos, PAINTING_WEIGHT, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the sets are: the folder of development data, and of drawn pictures with how many count."""

    data: Path
    drawn: Path
    limit: int | None


def sample_of(model: Model, sources: Sources, thresholds: Thresholds) -> Sample:
    """All judged pairs of a model's sets that its rule looks at."""
    found = [
        (row, truth, name, picture)
        for name in model.sets
        for picture, shown in enumerate(shown_pictures(name, model, sources))
        for row, truth in judged_rows(model, shown, thresholds)
    ]
    first = {name: 100_000 * place for place, name in enumerate(model.sets)}
    return Sample(
        measures=np.array([row for row, _, _, _ in found]),
        truths=np.array([truth for _, truth, _, _ in found], np.bool_),
        sets=np.array([name for _, _, name, _ in found]),
        pictures=np.array([first[name] + picture for _, _, name, picture in found], np.intp),
    )


def judged_rows(
    model: Model, shown: Shown, thresholds: Thresholds
) -> Iterator[tuple[list[float], bool]]:
    """Measures and truth of the pairs of a picture that the annotation judges."""
    bundle, picture, truth_of = shown
    scene = _with_axes(scene_of(bundle, thresholds), picture, thresholds)
    findings = model.rule.find(scene, thresholds)
    if model.part < len(findings):
        part = findings[model.part]
        table = np.stack([part.measures[name] for name in model.measures], axis=1)
        ends = zip(part.subjects, part.objects, strict=True)
        for row, (subject, object_) in zip(table.tolist(), ends, strict=True):
            truth = truth_of(scene.regions[subject].id, scene.regions[object_].id)
            if truth is not None:
                yield row, truth


def _with_axes(scene: Scene, picture: Picture | None, thresholds: Thresholds) -> Scene:
    """The scene with what divides the picture, where one is given."""
    if picture is None:
        return scene
    glance = glance_at(picture.pixels, scene.image)
    vars(picture).pop("pixels", None)
    return replace(scene, axes=find_axes(scene, glance, thresholds, run_id=scene.regions[0].run_id))


def shown_pictures(name: str, model: Model, sources: Sources) -> Iterator[Shown]:
    """The pictures of a set as the model's rule is given them, and what is true in each."""
    if name in {PAINTINGS, DRAWN}:
        for annotated in _annotated(name, sources):
            picture = picture_at_hand(annotated.bundle.image)
            bundle = _given(annotated.bundle, picture, model.given, name)
            pixels = picture if model.given is Given.PIXELS and bundle.regions else None
            yield bundle, pixels, _annotated_truth(annotated, model)
    else:
        for photograph in read_photo_pairs(sources.data / f"annotations/{name}.json").photographs:
            yield photograph.bundle, None, _photo_truth(photograph)


@cache
def _annotated(name: str, sources: Sources) -> tuple[AnnotatedPicture, ...]:
    if name == DRAWN:
        return read_drawn(sources.drawn, limit=sources.limit).pictures
    path = sources.data / f"annotations/{PAINTINGS}.json"
    return read_annotations(path, sources.data / "paintings").pictures


@cache
def _bodies(profile: str) -> FiguresOfRegions:
    return figures_of_profile(profile, cache_folder(), cache=OutputCache(cache_folder() / OUTPUTS))


def _given(bundle: ImageBundle, picture: Picture | None, given: Given, name: str) -> ImageBundle:
    if given is Given.BODIES:
        return replace(bundle, regions=tuple(replace(r, gaze=None) for r in bundle.regions))
    bare = without_bodies(bundle)
    if given is Given.SEEN:
        return _bodies("mini" if name == DRAWN else "laptop")(bare, picture)
    if given is Given.BOXES:
        boxed = tuple(replace(r, outline=Outline.from_box(r.box)) for r in bare.regions)
        return replace(bare, regions=boxed)
    return bare


def _annotated_truth(picture: AnnotatedPicture, model: Model) -> Truth:
    verdicts = {Verdict.TRUE: True, Verdict.FALSE: False}
    return lambda subject, object_: verdicts.get(picture.verdict(model.rule.kind, subject, object_))


def _photo_truth(photograph: PhotoPairs) -> Truth:
    def truth(subject: RegionId, object_: RegionId) -> bool | None:
        pair = (subject, object_)
        return pair in photograph.true if pair in photograph.judged else None

    return truth
