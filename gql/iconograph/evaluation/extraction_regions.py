"""How well regions are found in drawn pictures: recall, names, duplicates, persons, time.

Truth are the entities of the drawn scenes of which enough can be seen. A region found matches one of
the truth at an IoU of at least 0.5, best overlap first, each once. What is left over and overlaps so
much with the truth as well is a duplicate; what overlaps with none is extra.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import shapely

from iconograph.evaluation.drawn_truth import Truth, can_be_seen
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.graph.model.shapes import to_shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.ingest.items import Item
    from iconograph.ingest.pipeline import Stage

MATCH_IOU = 0.5
SIZES = ((0.005, "small, under 0.5 % of the picture"), (0.05, "middling"), (1.0, "large, over 5 %"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over regions of the truth: all, found, of these with a name, and with a right one."""

    regions: int = 0
    found: int = 0
    named: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Share that was found."""
        return _share(self.found, self.regions)

    @property
    def accuracy(self) -> float:
        """Share of those found whose name is right; one without a name is not."""
        return _share(self.right, self.found)

    @property
    def accuracy_named(self) -> float:
        """Share of the names given that are right."""
        return _share(self.right, self.named)

    def plus(self, other: Tally) -> Tally:
        """The sum of two."""
        return Tally(
            regions=self.regions + other.regions,
            found=self.found + other.found,
            named=self.named + other.named,
            right=self.right + other.right,
        )

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "regions": self.regions,
            "found": self.found,
            "recall": self.recall,
            "label_accuracy": self.accuracy,
            "label_accuracy_of_named": self.accuracy_named,
        }


@dataclass(slots=True, kw_only=True)
class ExtractionScore:
    """What was counted so far, over all pictures."""

    pictures: int = 0
    all: Tally = Tally()
    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_size: dict[str, Tally] = field(default_factory=dict)
    duplicates: int = 0
    extra: int = 0
    stage_seconds: dict[str, float] = field(default_factory=dict)
    persons: list[tuple[float, bool]] = field(default_factory=list)
    true_persons: int = 0

    @property
    def duplicates_per_region(self) -> float:
        """Duplicates for each region of the truth that was found."""
        return _share(self.duplicates, self.all.found)

    @property
    def person_ap(self) -> float:
        """Average precision of persons' boxes at IoU 0.5."""
        return average_precision(self.persons, self.true_persons)

    @property
    def seconds_per_picture_s(self) -> float:
        """Of all stages."""
        return _share(sum(self.stage_seconds.values()), self.pictures)

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "pictures": self.pictures,
            "all": self.all.to_record(),
            "by_kind": {kind: tally.to_record() for kind, tally in sorted(self.by_kind.items())},
            "by_size": {size: tally.to_record() for size, tally in self.by_size.items()},
            "duplicates_per_region": self.duplicates_per_region,
            "extra_per_picture": _share(self.extra, self.pictures),
            "person_ap_50": self.person_ap,
            "seconds_per_picture_s": self.seconds_per_picture_s,
            "stage_seconds_per_picture_s": {
                name: _share(spent, self.pictures) for name, spent in self.stage_seconds.items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extracted:
    """A picture's truth, and what was made of its pixels alone."""

    truth: Truth
    bundle: ImageBundle


def extracted(
    items: Iterable[Item], stages: Sequence[Stage], lexicon: Lexicon, score: ExtractionScore
) -> Iterator[Extracted]:
    """Each picture seen by the stages without its truth, and counted into a score."""
    for item in items:
        draft = replace(item.draft, regions=(), edges=(), axes=(), vectors=(), runs=())
        for stage in stages:
            started_s = time.perf_counter()
            draft = stage(draft, item.picture)
            spent_s = time.perf_counter() - started_s
            score.stage_seconds[stage.name] = score.stage_seconds.get(stage.name, 0.0) + spent_s
        done = Extracted(truth=Truth.of(item.draft, lexicon), bundle=draft)
        count(done, lexicon, score)
        if item.picture is not None:
            vars(item.picture).pop("pixels", None)
        yield done


def count(done: Extracted, lexicon: Lexicon, score: ExtractionScore) -> None:
    """Count a picture into a score."""
    truth = tuple(r for r in done.truth.bundle.regions if _counts(r))
    found = tuple(r for r in done.bundle.regions if r.level is Level.ENTITY)
    matches, leftover = matched(truth, found)
    score.pictures += 1
    score.duplicates += sum(leftover.values())
    score.extra += len(leftover) - sum(leftover.values())
    for region in truth:
        match = matches.get(region.id)
        named = bool(match and match.label)
        right = bool(match and named and done.truth.is_true(match.label, region.id, lexicon))
        tally = Tally(regions=1, found=int(match is not None), named=int(named), right=int(right))
        score.all = score.all.plus(tally)
        size = next(name for most, name in SIZES if region.area_fraction <= most)
        for table, name in ((score.by_kind, region.kind.value), (score.by_size, size)):
            table[name] = table.get(name, Tally()).plus(tally)
    answers, persons = ranked_persons(truth, found)
    score.persons += answers
    score.true_persons += persons


def matched(
    truth: Sequence[Region], found: Sequence[Region]
) -> tuple[dict[RegionId, Region], dict[RegionId, bool]]:
    """The region found for each of the truth by id, and for each left over whether it is a duplicate.

    Pairs of the same kind go first, then those that overlap best.
    """
    pairs: list[tuple[bool, float, RegionId, int]] = []
    overlaps: dict[RegionId, float] = defaultdict(float)
    shapes = [to_shapely(region.outline) for region in found]
    tree = shapely.STRtree(shapes)
    for region in truth:
        shape = to_shapely(region.outline)
        for n in tree.query(shape).tolist():
            shared = shape.intersection(shapes[n]).area
            iou = shared / (shape.area + shapes[n].area - shared)
            if iou >= MATCH_IOU:
                pairs.append((found[n].kind is not region.kind, -iou, region.id, n))
                overlaps[found[n].id] = max(overlaps[found[n].id], iou)
    matches: dict[RegionId, Region] = {}
    taken: set[int] = set()
    for _, _, region_id, n in sorted(pairs):
        if region_id not in matches and n not in taken:
            matches[region_id] = found[n]
            taken.add(n)
    leftover = {r.id: r.id in overlaps for n, r in enumerate(found) if n not in taken}
    return matches, leftover


def ranked_persons(
    truth: Sequence[Region], found: Sequence[Region]
) -> tuple[list[tuple[float, bool]], int]:
    """Confidence of each person found and whether its box is right, and how many there are.

    The surest are judged first; a person of the truth is found once.
    """
    true_boxes = [shapely.box(*r.box.corners_px) for r in truth if r.kind is RegionKind.PERSON]
    persons = [r for r in found if r.kind is RegionKind.PERSON]
    free = set(range(len(true_boxes)))
    answers = []
    for person in sorted(persons, key=lambda r: -_confidence(r)):
        box = shapely.box(*person.box.corners_px)
        ious = [(_iou(box, true_boxes[n]), n) for n in free]
        best, n = max(ious, default=(0.0, -1))
        if best >= MATCH_IOU:
            free.discard(n)
        answers.append((_confidence(person), best >= MATCH_IOU))
    return answers, len(true_boxes)


def average_precision(answers: Iterable[tuple[float, bool]], positives: int) -> float:
    """Area under precision over recall, precision made falling (Everingham et al. 2010, all points)."""
    if positives == 0:
        return math.nan
    hits, points = 0, []
    for rank, (_, right) in enumerate(sorted(answers, key=lambda a: -a[0]), start=1):
        hits += right
        points.append((hits / positives, hits / rank))
    area, best, last = 0.0, 0.0, points[-1][0] if points else 0.0
    for recall, precision in reversed(points):
        area += best * (last - recall)
        best, last = max(best, precision), recall
    return area + best * last


def _counts(region: Region) -> bool:
    return region.level is Level.ENTITY and can_be_seen(region)


def _confidence(region: Region) -> float:
    return max((label.confidence for label in region.labels), default=0.0)


def _iou(a: shapely.Polygon, b: shapely.Polygon) -> float:
    shared = float(a.intersection(b).area)
    return shared / (float(a.area) + float(b.area) - shared)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
