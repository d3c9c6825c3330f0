"""How well gazes are found: their directions, and which of the annotated regions they go to.

An annotated direction towards a region may have been computed from that region; given directions
then show what the choice of the target is worth, not how well gazes are seen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.relations.gaze.heads import gazes_of
from iconograph.relations.gaze.target import gaze_masses
from iconograph.relations.pose.points import angles_deg
from iconograph.relations.scene import scene_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iconograph.evaluation.annotations import AnnotatedPicture
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.relations.thresholds import Thresholds

HEADS = "boxes, heads, hands"
DIRECTIONS = "directions of gazes given"


@dataclass(frozen=True, slots=True, kw_only=True)
class GazeScore:
    """What a method makes of gazes whose direction or target is annotated.

    `directions` is how many annotated directions the method has a direction for, of
    `true_directions`; `targets_right` of `gazers` put most of their mass on a true target.
    """

    method: str
    directions: int
    true_directions: int
    median_error_deg: float | None
    targets_right: int
    gazers: int

    @property
    def target_accuracy(self) -> float | None:
        """Share of the gazers whose target was found among all regions."""
        return self.targets_right / self.gazers if self.gazers else None

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self) | {"target_accuracy": self.target_accuracy}

    def __str__(self) -> str:
        """One line for people."""
        error = "-" if self.median_error_deg is None else f"{self.median_error_deg:.0f} deg"
        share = "-" if self.target_accuracy is None else f"{self.target_accuracy:.2f}"
        return (
            f"gaze, {self.method}: median error {error} "
            f"({self.directions} of {self.true_directions} directions), "
            f"target found {share} ({self.targets_right} of {self.gazers})"
        )


def gaze_scores(
    pictures: Sequence[AnnotatedPicture],
    thresholds: Thresholds,
    *,
    seen: Mapping[str, Sequence[ImageBundle]] = MappingProxyType({}),
) -> tuple[GazeScore, ...]:
    """Scores without and with the annotated directions, and of what was `seen`, by method.

    There is nothing where no gaze is annotated. `seen` has a bundle for each picture.
    """
    if not any(region.gaze for picture in pictures for region in picture.bundle.regions):
        return ()
    methods: dict[str, Sequence[ImageBundle]] = {
        HEADS: [without_gazes(picture.bundle) for picture in pictures],
        **seen,
        DIRECTIONS: [without_targets(picture.bundle) for picture in pictures],
    }
    return tuple(
        _score(method, list(zip(pictures, bundles, strict=True)), thresholds)
        for method, bundles in methods.items()
    )


def without_gazes(bundle: ImageBundle) -> ImageBundle:
    """The bundle with all gazes taken away."""
    return replace(bundle, regions=tuple(replace(r, gaze=None) for r in bundle.regions))


def without_targets(bundle: ImageBundle) -> ImageBundle:
    """The bundle with nothing of its gazes but directions, and looks at the viewer and closed eyes."""
    regions = tuple(
        replace(
            region,
            gaze=replace(region.gaze, state=GazeState.UNKNOWN, target=None, target_region=None),
        )
        if region.gaze and region.gaze.direction
        else region
        for region in bundle.regions
    )
    return replace(bundle, regions=regions)


def _score(
    method: str, pictures: list[tuple[AnnotatedPicture, ImageBundle]], thresholds: Thresholds
) -> GazeScore:
    errors = [e for picture, seen in pictures for e in _errors_deg(picture, seen, thresholds)]
    found = [e for e in errors if e is not None]
    hits = [h for picture, seen in pictures for h in _hits(picture, seen, thresholds)]
    return GazeScore(
        method=method,
        directions=len(found),
        true_directions=len(errors),
        median_error_deg=round(median(found), 6) if found else None,
        targets_right=sum(hits),
        gazers=len(hits),
    )


def _errors_deg(
    picture: AnnotatedPicture, seen: ImageBundle, thresholds: Thresholds
) -> Iterator[float | None]:
    """For each annotated direction the angle to the one found, None where none was."""
    gazes = gazes_of(scene_of(seen, thresholds), thresholds)
    for region, gaze in zip(seen.regions, gazes, strict=True):
        truth = picture.regions[region.id].gaze
        if truth is None or truth.direction is None:
            continue
        if gaze is None or gaze.direction is None:
            yield None
        else:
            yield float(angles_deg(np.array(gaze.direction), np.array(truth.direction)))


def _hits(picture: AnnotatedPicture, seen: ImageBundle, thresholds: Thresholds) -> Iterator[bool]:
    """For each gazer with a true target whether the likeliest one is true."""
    scene = scene_of(seen, thresholds)
    (first, second), measures = gaze_masses(scene, thresholds)
    best: Mapping[RegionId, RegionId] = {
        scene.regions[first[k]].id: scene.regions[second[k]].id
        for k in np.argsort(measures["mass_fraction"], kind="stable")
    }
    true = {triple for triple in picture.true if triple[0] is EdgeKind.GAZES_AT}
    for gazer in sorted({subject for _, subject, _ in true}):
        yield gazer in best and (EdgeKind.GAZES_AT, gazer, best[gazer]) in true
