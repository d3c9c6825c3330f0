"""Finds the things in a picture: boxes, masks, names, poses and gazes, put together as regions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Label, LabelOrigin
from iconograph.ingest.regions.proposal import Proposal
from iconograph.ingest.runs import run_now
from iconograph.ingest.stages.bodies import with_bodies
from iconograph.ingest.stages.claims import KIND, as_given, with_kinds_found
from iconograph.ingest.stages.crops import CropSettings, crop_of_mask
from iconograph.ingest.stages.fitting import (
    at_full_size,
    boxes_of,
    known_among,
    usable_mask,
    without_known,
)
from iconograph.ingest.stages.image_vectors import encoded_crops
from iconograph.ingest.stages.known import EXTRACTION_ORIGIN
from iconograph.ingest.stages.looks import Turns, looked_at
from iconograph.ingest.stages.stored_outputs import DETECTIONS, PROPOSALS, SEGMENTS, VECTORS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.pose import Gaze
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.run import ModelRef
    from iconograph.graph.model.work import Image
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.models.detect.port import Detections, Detector
    from iconograph.ingest.models.face.port import Face
    from iconograph.ingest.models.segment.proposer import Proposer
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.problems import Problem
    from iconograph.ingest.regions.mask import Mask
    from iconograph.ingest.stages.looks import Look, Models

    Assemble = Callable[[Image, Sequence[Proposal], RunId], Sequence[Region]]
    """Merges proposals, all in the pixels of the image given, into regions of its entities."""

SMALLEST_SIDE_PX = 16
"""A picture of which either side is shorter shows nothing that could be found."""

SMALLEST_SPREAD = 4.0
"""A picture none of whose colours varies more (standard deviation, of 255) shows nothing.

Detectors see a figure of a picture's size even in plain paper. Of 349 paintings the plainest has 16.
"""

MOST_PROPOSALS = 3000
"""So many pieces of one picture are looked at, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How closely a picture is looked at.

    `most_px2` are the pixels at which models see it, `most_pieces` the proposals that each proposer
    may make, `most_cut_out` the boxes of each detector, surest first, whose things are cut out (the
    others stay boxes), `naming_crops` how pieces are cut out to be named.
    """

    name: str = "normal"
    most_px2: int = 1_000_000
    most_pieces: int = 200
    most_cut_out: int = 300
    naming_crops: CropSettings = field(default_factory=CropSettings)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """For runs."""
        return (
            ("budget", self.name),
            ("looked at px2", str(self.most_px2)),
            ("most pieces", str(self.most_pieces)),
            ("most cut out", str(self.most_cut_out)),
        )


class FindRegions:
    """A stage: adds the regions that models find, and their run, to a draft.

    What a draft has already is left as it is, and what is found of it again is not added; but a
    region of no kind gets the kind, pose and gaze of what is found there (see `claims`). `assemble`
    turns proposals into regions; `gaze_of` says where a face, found by a method of that name, looks;
    `parameters` are what else the run is to tell. Another stage that
    has the same models needs the same `turns`.
    """

    name = "find regions"

    def __init__(  # noqa: PLR0913  one argument for each choice
        self,
        models: Models,
        *,
        profile: str,
        assemble: Assemble,
        effort: Effort | None = None,
        gaze_of: Callable[[Face, str], Gaze | None] = lambda _face, _method: None,
        cache: OutputCache | None = None,
        parameters: tuple[tuple[str, str], ...] = (),
        turns: Turns | None = None,
        now: datetime | None = None,
    ) -> None:
        self._models = models
        self._assemble = assemble
        self._effort = effort or Effort()
        self._gaze_of = gaze_of
        self._cache = cache
        self._turns = turns or Turns()
        self._naming = _Naming(
            models=models.encoder.models if models.encoder else (),
            parameters=self._effort.naming_crops.parameters,
        )
        self._run = run_now(
            EXTRACTION_ORIGIN,
            models=models.refs,
            parameters=(
                ("profile", profile),
                *self._effort.parameters,
                *models.parameters,
                *parameters,
            ),
            now=now,
        )

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with what is found; without a picture nothing changes."""
        if picture is None:
            return draft
        found = self._found(draft.image, picture)
        # What this stage added before is taken back where no other did so.
        known = [as_given(r) if KIND in dict(r.attributes) else r for r in draft.regions]
        same = known_among(found, known)
        known = [*with_kinds_found(known, found, same, self._run.id)]
        runs = {run.id: run for run in (*draft.runs, self._run)}
        return dataclasses.replace(
            draft,
            runs=tuple(runs.values()),
            regions=(*known, *without_known(found, same)),
        )

    def take_notes(self) -> tuple[Problem, ...]:
        """What the cache has to tell."""
        return self._cache.take_notes() if self._cache else ()

    def _found(self, image: Image, picture: Picture) -> Sequence[Region]:
        if min(picture.width_px, picture.height_px) < SMALLEST_SIDE_PX:
            return ()
        look = looked_at(picture, self._effort.most_px2, turns=self._turns, cache=self._cache)
        if _spread(look.pixels) <= SMALLEST_SPREAD:
            return ()
        proposals = [
            *(p for detector in self._models.detectors for p in self._detected(detector, look)),
            *(p for proposer in self._models.proposers for p in self._proposed(proposer, look)),
        ]
        likeliest = sorted(proposals, key=lambda p: -p.confidence)[:MOST_PROPOSALS]
        named = self._named(likeliest, look)
        whole = with_bodies(named, look, self._models, self._gaze_of)
        height_px, width_px = look.pixels.shape[:2]
        small = dataclasses.replace(image, width_px=width_px, height_px=height_px)
        return at_full_size(self._assemble(small, whole, self._run.id), image, look.scale)

    def _detected(self, detector: Detector, look: Look) -> list[Proposal]:
        """What a detector finds, cut out where there is a segmenter."""
        found = look.remembered(detector, DETECTIONS, partial(detector, look.pixels))
        masks: list[Mask | None] = [None] * len(found)
        boxes = found.boxes_px[: self._effort.most_cut_out]
        segmenter = self._models.segmenter
        if segmenter and len(boxes):
            masks[: len(boxes)] = look.remembered(
                segmenter,
                SEGMENTS,
                lambda: segmenter(look.pixels).in_boxes(boxes),
                boxes,
            ).masks
        return [
            Proposal(
                mask=mask,
                confidence=float(found.confidences[n]),
                sources=(detector.name,),
                kind=found.kinds[n],
                labels=_labels(found, n),
            )
            for n, cut in enumerate(masks)
            if (mask := usable_mask(cut, found.boxes_px[n])) is not None
        ]

    def _proposed(self, proposer: Proposer, look: Look) -> tuple[Proposal, ...]:
        most = self._effort.most_pieces
        make = partial(proposer, look.pixels, most=most)
        return look.remembered(proposer, PROPOSALS, make, np.array(most, np.int64))

    def _named(self, proposals: Sequence[Proposal], look: Look) -> Sequence[Proposal]:
        """The proposals; those without a name get one where the recogniser is sure."""
        encoder, recogniser = self._models.encoder, self._models.recogniser
        nameless = [n for n, p in enumerate(proposals) if not p.labels]
        if encoder is None or recogniser is None or not nameless:
            return proposals
        cuts = [
            partial(crop_of_mask, look.pixels, proposals[n].mask, self._effort.naming_crops)
            for n in nameless
        ]
        pieces = [proposals[n] for n in nameless]
        areas = np.array([piece.mask.area_px2 for piece in pieces], np.int64)
        vectors = look.remembered(
            self._naming, VECTORS, lambda: encoded_crops(encoder, cuts), boxes_of(pieces), areas
        )
        done = list(proposals)
        answers = recogniser(vectors, [piece.kind for piece in pieces])
        for n, answer in zip(nameless, answers, strict=True):
            if answer:
                done[n] = dataclasses.replace(done[n], labels=(answer.label,), kind=answer.kind)
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Naming:
    """The encoder as the model that names pieces."""

    models: tuple[ModelRef, ...]
    parameters: tuple[tuple[str, str], ...]
    name: str = "vectors of pieces"


def _spread(pixels: NDArray[np.uint8]) -> float:
    """The standard deviation of the colour that varies most."""
    import cv2

    return float(cv2.meanStdDev(pixels)[1].max())


def _labels(found: Detections, number: int) -> tuple[Label, ...]:
    text = found.labels[number]
    confidence = round(float(found.confidences[number]), 4)
    return (Label(text=text, confidence=confidence, origin=LabelOrigin.DETECTOR),) if text else ()
