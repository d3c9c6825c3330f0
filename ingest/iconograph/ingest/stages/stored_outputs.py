"""How the answers of models are kept as plain arrays in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.pose import Gaze, Pose
from iconograph.graph.model.record import encoded, from_record
from iconograph.graph.model.region import Label, RegionKind
from iconograph.ingest.cache import Arrays, Form, json_array, json_of
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.models.face.port import Face
from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


def _pack_detections(found: Detections) -> Arrays:
    words = json_array({"labels": found.labels, "kinds": [kind.value for kind in found.kinds]})
    return {"boxes": found.boxes_px, "confidences": found.confidences, "words": words}


def _unpack_detections(arrays: Mapping[str, NDArray[Any]]) -> Detections:
    words = json_of(arrays["words"])
    return Detections(
        boxes_px=arrays["boxes"],
        confidences=arrays["confidences"],
        labels=tuple(words["labels"]),
        kinds=tuple(RegionKind(kind) for kind in words["kinds"]),
    )


def _pack_masks(masks: Sequence[Mask | None]) -> Arrays:
    """Places and sizes (n x 4, height 0 for None), and all bits in a row, eight to a byte."""
    extents = [(m.x0_px, m.y0_px, *m.bits.shape) if m else (0, 0, 0, 0) for m in masks]
    bits = [m.bits.ravel() for m in masks if m]
    row = np.concatenate(bits) if bits else np.zeros(0, np.bool_)
    return {"extents": np.array(extents, np.int64).reshape(-1, 4), "bits": np.packbits(row)}


def _unpack_masks(arrays: Mapping[str, NDArray[Any]]) -> tuple[Mask | None, ...]:
    extents = arrays["extents"].tolist()
    count = sum(height * width for _, _, height, width in extents)
    row = np.unpackbits(arrays["bits"], count=count).astype(np.bool_)
    masks: list[Mask | None] = []
    start = 0
    for x0, y0, height, width in extents:
        bits = row[start : start + height * width].reshape(height, width)
        start += height * width
        masks.append(Mask.of(bits, x0_px=x0, y0_px=y0) if height else None)
    return tuple(masks)


def _pack_segments(segments: Segments) -> Arrays:
    return {**_pack_masks(segments.masks), "confidences": segments.confidences}


def _unpack_segments(arrays: Mapping[str, NDArray[Any]]) -> Segments:
    return Segments(masks=_unpack_masks(arrays), confidences=arrays["confidences"])


def _pack_proposals(proposals: Sequence[Proposal]) -> Arrays:
    """Masks, and what is said of them besides pose and gaze, which proposers do not know."""
    words = [
        {
            "confidence": p.confidence,
            "sources": p.sources,
            "kind": p.kind.value,
            "labels": encoded(p.labels),
            "caption": p.caption,
        }
        for p in proposals
    ]
    return {**_pack_masks([p.mask for p in proposals]), "words": json_array(words)}


def _unpack_proposals(arrays: Mapping[str, NDArray[Any]]) -> tuple[Proposal, ...]:
    masks = [mask for mask in _unpack_masks(arrays) if mask is not None]
    return tuple(
        Proposal(
            mask=mask,
            confidence=words["confidence"],
            sources=tuple(words["sources"]),
            kind=RegionKind(words["kind"]),
            labels=tuple(from_record(Label, label) for label in words["labels"]),
            caption=words["caption"],
        )
        for mask, words in zip(masks, json_of(arrays["words"]), strict=True)
    )


def _pack_poses(poses: Sequence[Pose | None]) -> Arrays:
    return {"poses": json_array([None if pose is None else encoded(pose) for pose in poses])}


def _unpack_poses(arrays: Mapping[str, NDArray[Any]]) -> tuple[Pose | None, ...]:
    return tuple(
        None if record is None else from_record(Pose, record) for record in json_of(arrays["poses"])
    )


def _pack_gazes(gazes: Sequence[Gaze | None]) -> Arrays:
    return {"gazes": json_array([None if gaze is None else encoded(gaze) for gaze in gazes])}


def _unpack_gazes(arrays: Mapping[str, NDArray[Any]]) -> tuple[Gaze | None, ...]:
    return tuple(
        None if record is None else from_record(Gaze, record) for record in json_of(arrays["gazes"])
    )


DETECTIONS: Form[Detections] = Form(pack=_pack_detections, unpack=_unpack_detections)
SEGMENTS: Form[Segments] = Form(pack=_pack_segments, unpack=_unpack_segments)
PROPOSALS: Form[tuple[Proposal, ...]] = Form(pack=_pack_proposals, unpack=_unpack_proposals)
POSES: Form[tuple[Pose | None, ...]] = Form(pack=_pack_poses, unpack=_unpack_poses)
GAZES: Form[tuple[Gaze | None, ...]] = Form(pack=_pack_gazes, unpack=_unpack_gazes)
FACES: Form[tuple[Face, ...]] = Form(
    pack=lambda faces: {"faces": json_array([encoded(face) for face in faces])},
    unpack=lambda arrays: tuple(from_record(Face, r) for r in json_of(arrays["faces"])),
)
VECTORS: Form[NDArray[np.float32]] = Form(
    pack=lambda vectors: {"vectors": vectors}, unpack=lambda arrays: arrays["vectors"]
)
SENTENCES: Form[tuple[str, ...]] = Form(
    pack=lambda sentences: {"sentences": json_array(sentences)},
    unpack=lambda arrays: tuple(json_of(arrays["sentences"])),
)
