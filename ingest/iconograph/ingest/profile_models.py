"""Opens the models of a profile and puts them together into stages: the one place that knows them all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.region import Level
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.models.registry import located, record_named
from iconograph.ingest.profiles import (
    LIMITS,
    Budget,
    members,
    task_of,
    tasks_without_model,
)
from iconograph.ingest.stages.captions import Captions
from iconograph.ingest.stages.crops import CropSettings
from iconograph.ingest.stages.figures import FiguresOfRegions, models_of_bodies
from iconograph.ingest.stages.find_regions import Effort, FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.looks import Models, OneAtATime, Turns
from iconograph.ingest.stages.recognise import Recogniser, label_bank_in, read_label_bank

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iconograph.graph.model.ids import RunId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.work import Image
    from iconograph.ingest.models.caption.port import Captioner
    from iconograph.ingest.models.detect.port import Detector
    from iconograph.ingest.models.encode.port import ImageEncoder
    from iconograph.ingest.models.encode.towers import TwoTowers
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.models.pose.port import PoseEstimator
    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.segment.port import Segmenter
    from iconograph.ingest.pipeline import Stage
    from iconograph.ingest.profiles import Profile
    from iconograph.ingest.regions.assembly import RegionSettings
    from iconograph.ingest.regions.proposal import Proposal
    from iconograph.ingest.stages.recognise import LabelBank

LABELS = "labels.toml"
OUTPUTS = "outputs"
"""Folder of the user's cache in which model outputs are remembered."""


MINI_CROPS = CropSettings(padding_fraction=0.1, fading=0.6)
"""As the mini CLIP was trained to see things."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extraction:
    """Stages of one profile: `first` before relations are derived, `last` after groups were made.

    `vectors` is that of them which gives vectors of pictures, in the space of `encoder`.
    """

    first: tuple[Stage, ...]
    last: tuple[Stage, ...] = ()
    vectors: ImageVectors | None = None
    encoder: ImageEncoder | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """The opened models of a profile; `captioner` tells in sentences what is seen.

    `crops` is how things are cut out for the encoder.
    """

    models: Models
    captioner: Captioner | None = None
    crops: CropSettings = field(default_factory=CropSettings)


def opened_profile(
    profile: Profile,
    cache_dir: Path,
    *,
    budget: Budget = Budget.NORMAL,
    with_scenes: bool = False,
) -> Extraction:
    """The stages of a profile; raises `MissingModelError` or `MissingExtraError`.

    With `with_scenes` the whole picture becomes a scene at once; leave that to the stage of groups
    where it runs, which says what a scene holds.
    """
    from iconograph.ingest.models.face.gaze import gaze_of, load_gaze_numbers
    from iconograph.ingest.regions.assembly import RegionSettings
    from iconograph.ingest.regions.depth import Budget as RegionBudget

    gaze_numbers, limits = load_gaze_numbers(), LIMITS[budget]
    opened = _OPENERS[profile.name](profile, cache_dir, budget)
    cache, turns = OutputCache(cache_dir / OUTPUTS), Turns()
    settings = RegionSettings(budget=RegionBudget(budget.value), keep_unnamed=budget is Budget.DEEP)
    find = FindRegions(
        opened.models,
        profile=profile.name,
        assemble=partial(_assembled, settings=settings, with_scenes=with_scenes),
        gaze_of=lambda face, _method: gaze_of(face, gaze_numbers),
        effort=Effort(
            name=budget.value,
            most_px2=limits.px2,
            most_pieces=limits.pieces,
            most_cut_out=limits.cut_out,
            naming_crops=opened.crops,
        ),
        cache=cache,
        turns=turns,
        parameters=(("regions_sha256", settings.numbers.sha256), *gaze_numbers.parameters),
    )
    encoder = opened.models.encoder
    vectors = ImageVectors(encoder, crops=opened.crops, cache=cache) if encoder else None
    captions = Captions(opened.captioner, cache=cache) if opened.captioner else None
    last = tuple(stage for stage in (captions, vectors) if stage)
    given = _figures(opened.models, cache, turns)
    return Extraction(first=(*given, find), last=last, vectors=vectors, encoder=encoder)


def _figures(models: Models, cache: OutputCache, turns: Turns) -> tuple[Stage, ...]:
    """What looks at persons that a curator outlined; none where a profile has no such models."""
    if not (models.poses or models.faces):
        return ()
    figures = FiguresOfRegions(
        poses=models.poses, faces=models.faces, gazes=models.gazes, cache=cache, turns=turns
    )
    return (figures,)


def _assembled(
    image: Image,
    proposals: Sequence[Proposal],
    run_id: RunId,
    *,
    settings: RegionSettings,
    with_scenes: bool,
) -> tuple[Region, ...]:
    from iconograph.ingest.regions.assembly import regions_of

    regions = regions_of(image, proposals, settings=settings, run_id=run_id)
    return tuple(r for r in regions if with_scenes or r.level is not Level.SCENE)


def _open_mini(_profile: Profile, cache_dir: Path, _budget: Budget) -> Opened:
    from iconograph.ingest.models.detect.person_onnx import End2EndDetector
    from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder
    from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
    from iconograph.ingest.models.segment.windowed import WindowedSegmenter

    clip = OpenClipOnnxEncoder.open(cache_dir, name="mini-clip")
    models = replace(
        models_of_bodies("mini", cache_dir),
        detectors=(End2EndDetector.open(cache_dir, name="mini-detect"),),
        segmenter=WindowedSegmenter(inner=SamOnnxSegmenter.open(cache_dir, name="mini-sam")),
        encoder=OneAtATime(clip),
        recogniser=Recogniser(clip, _bank_of("mini-clip", cache_dir)),
    )
    return Opened(models=models, crops=MINI_CROPS)


def _open_laptop(_: Profile, cache_dir: Path, budget: Budget) -> Opened:
    from iconograph.ingest.models.detect.centernet import CenterNetDetector
    from iconograph.ingest.models.segment.merge_tree import MergeTreeSegmenter
    from iconograph.ingest.models.segment.merge_tree_proposals import MergeTreeProposer

    models = replace(
        models_of_bodies("laptop", cache_dir),
        detectors=(CenterNetDetector.open(cache_dir, budget=budget.value),),
        segmenter=MergeTreeSegmenter(),
        # Without an encoder nothing that they propose gets a name, which only a deep look keeps.
        proposers=(MergeTreeProposer(),) if budget is Budget.DEEP else (),
    )
    return Opened(models=models)


def _open_full(profile: Profile, cache_dir: Path, budget: Budget) -> Opened:
    """One model of each task, by the first word of its record's task; each by what its files are.

    Poses ("key points of ...") and gazes ("gazes of ...") are looked for where there is a model.
    """
    from iconograph.ingest.models.segment.merge_tree_proposals import MergeTreeProposer

    records = {task_of(r): r for r in reversed(members(profile, cache_dir))}
    lacking = [task.name for task in tasks_without_model(profile, cache_dir)]
    if lacking:
        message = (
            f"the profile {profile.name} lacks a model for: {', '.join(lacking)}; "
            f"add one with: iconograph models add NAME --profile {profile.name}"
        )
        raise MissingModelError(message)
    clip = opened_clip(records["encode"], cache_dir)
    models = Models(
        detectors=(_open_detector(records["detect"], cache_dir),),
        segmenter=_open_segmenter(records["segment"], cache_dir),
        proposers=() if budget is Budget.FAST else (MergeTreeProposer(),),
        encoder=OneAtATime(clip),
        recogniser=Recogniser(clip, _bank_of(records["encode"].name, cache_dir)),
        poses=_open_poses(records["key"], cache_dir) if "key" in records else None,
        gazes=_open_gazes(records["gazes"], cache_dir) if "gazes" in records else None,
    )
    if "caption" not in records:
        return Opened(models=models)
    from iconograph.ingest.models.caption.blip import BlipCaptioner

    return Opened(
        models=models, captioner=BlipCaptioner.open(cache_dir, name=records["caption"].name)
    )


def opened_clip(record: ModelRecord, cache_dir: Path) -> TwoTowers:
    """The CLIP of a record, by what its files are; raises as `opened_profile` does."""
    if _has(record, "clip.toml"):
        from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder

        return OpenClipOnnxEncoder.open(cache_dir, name=record.name)
    from iconograph.ingest.models.encode.open_clip import OpenClipEncoder

    return OpenClipEncoder.open(cache_dir, name=record.name)


def _open_detector(record: ModelRecord, cache_dir: Path) -> Detector:
    if _has(record, "detector.toml"):
        from iconograph.ingest.models.detect.person_onnx import End2EndDetector

        return End2EndDetector.open(cache_dir, name=record.name)
    if "dino" in record.name:
        from iconograph.ingest.models.detect.grounding_dino import GroundingDinoDetector

        return GroundingDinoDetector.open(cache_dir, name=record.name)
    from iconograph.ingest.models.detect.owlv2 import Owlv2Detector

    return Owlv2Detector.open(cache_dir, name=record.name)


def _open_segmenter(record: ModelRecord, cache_dir: Path) -> Segmenter:
    if _has(record, "sam.toml"):
        from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter

        return SamOnnxSegmenter.open(cache_dir, name=record.name)
    if "sam2" in record.name:
        from iconograph.ingest.models.segment.sam2 import Sam2Segmenter

        return Sam2Segmenter.open(cache_dir, name=record.name)
    from iconograph.ingest.models.segment.sam import SamSegmenter

    return SamSegmenter.open(cache_dir, name=record.name)


def _open_poses(record: ModelRecord, cache_dir: Path) -> PoseEstimator:
    """The estimator of a record whose task is "key points of ..."."""
    if _has(record, "pose.toml"):
        from iconograph.ingest.models.pose.simcc import SimccPoses

        return SimccPoses.open(cache_dir, record.name)
    if _has(record, "preprocessor_config.json"):
        from iconograph.ingest.models.pose.vitpose import VitPosePoses

        return VitPosePoses.open(cache_dir, record.name)
    from iconograph.ingest.models.pose.mmpose import MmposePoses

    return MmposePoses.open(cache_dir, record.name)


def _open_gazes(record: ModelRecord, cache_dir: Path) -> GazeTargetEstimator:
    """The estimator of a record whose task is "gazes of ..."."""
    if _has(record, "gaze_lle.safetensors"):
        from iconograph.ingest.models.gaze.gaze_lle import GazeLleGazes

        return GazeLleGazes.open(cache_dir, record.name)
    from iconograph.ingest.models.gaze.heatmap import HeatmapGazes

    return HeatmapGazes.open(cache_dir, record.name)


def _bank_of(name: str, cache_dir: Path) -> LabelBank:
    """The names that an encoder brings with it, else the general ones."""
    files = located(record_named(name, cache_dir), cache_dir)
    return label_bank_in(files[LABELS]) if LABELS in files else read_label_bank()


def _has(record: ModelRecord, file_name: str) -> bool:
    return any(file.name == file_name for file in record.files)


_OPENERS = {"mini": _open_mini, "laptop": _open_laptop, "full": _open_full}
