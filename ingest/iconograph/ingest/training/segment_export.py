"""From a trained segmenter to the files that ship, and how good its masks are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.ingest.models.export.onnx import Precision
from iconograph.ingest.models.export.sam import export_sam
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from iconograph.ingest.models.segment.windowed import WindowedSegmenter
from iconograph.ingest.training.corpora import TruePicture, mask_of, pixels_of
from iconograph.ingest.training.jitter import jittered

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.port import SegmentedPicture

NAME, MEASURES = "mini-sam", "measures.json"
GOOD_IOU = 0.75
FITTING_PICTURES = 10
SMALLEST_MASK_PX2 = 100


def export_segmenter(
    sam: torch.nn.Module, unseen: Sequence[TruePicture], out: Path
) -> dict[str, Any]:
    """Write the segmenter and its measures on pictures of a style it has not seen.

    The first `FITTING_PICTURES` decide between its single answer and the best of several by its own
    score; the others measure it.
    """
    fitting, measuring = unseen[:FITTING_PICTURES], unseen[FITTING_PICTURES:]
    worth = {
        several: masks_measured(written(sam, out, several=several), fitting)["jittered_box"]
        for several in (True, False)
    }
    several = max(worth, key=lambda choice: worth[choice]["mean_iou"])
    segmenter = written(sam, out, several=several)
    content = {
        "pictures": len(measuring),
        "several_masks": several,
        **masks_measured(segmenter, measuring),
    }
    (out / MEASURES).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def written(sam: torch.nn.Module, out: Path, *, several: bool) -> WindowedSegmenter:
    """Export a segmenter with its several answers or its single one, and open what was written."""
    export_sam(
        sam, out, name=NAME, several_masks=several, boxes_as_masks=True,
        encoder_precision=Precision.FP16, decoder_precision=Precision.FP16,
    )  # fmt: skip
    return WindowedSegmenter(inner=SamOnnxSegmenter.load(out, threads=1))


def masks_measured(
    segmenter: WindowedSegmenter, pictures: Sequence[TruePicture]
) -> dict[str, dict[str, float]]:
    """IoU of masks with the truth, for true boxes, boxes somewhat off, and the bare box.

    `by_kind` gives the mean for boxes somewhat off. Entities below 100 px are left out.
    """
    ious: dict[str, list[float]] = defaultdict(list)
    kinds: dict[str, list[float]] = defaultdict(list)
    for number, picture in enumerate(pictures):
        rng = np.random.default_rng(number)
        seen = segmenter(pixels_of(picture))
        for region in picture.entities:
            mask = mask_of(picture, region) > 0
            if np.count_nonzero(mask) < SMALLEST_MASK_PX2:
                continue
            found = _ious_of(rng, seen, mask, region.box_px)
            for prompt, iou in found.items():
                ious[prompt].append(iou)
            kinds[region.kind.value].append(found["jittered_box"])
    measures = {prompt: _shares(values) for prompt, values in ious.items()}
    return measures | {"by_kind": {kind: float(np.mean(values)) for kind, values in kinds.items()}}


def _ious_of(
    rng: np.random.Generator,
    seen: SegmentedPicture,
    mask: NDArray[np.bool_],
    box_px: NDArray[np.float32],
) -> dict[str, float]:
    height, width = mask.shape
    boxes = np.stack([box_px, jittered(rng, box_px)])
    in_boxes = seen.in_boxes(boxes).masks
    bare = np.zeros_like(mask)
    x0, y0, x1, y1 = np.round(box_px).astype(int)
    bare[y0:y1, x0:x1] = True
    found = {"true_box": in_boxes[0], "jittered_box": in_boxes[1]}
    arrays = {
        name: np.zeros_like(mask) if one is None else one.within(width, height)
        for name, one in found.items()
    }
    return {name: iou_of(one, mask) for name, one in (arrays | {"bare_box": bare}).items()}


def iou_of(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Intersection over union of two masks of one size, 0..1; 0 where both are empty."""
    union = np.count_nonzero(a | b)
    return float(np.count_nonzero(a & b) / union) if union else 0.0


def _shares(ious: Sequence[float]) -> dict[str, float]:
    values = np.array(ious)
    return {
        "masks": float(len(values)),
        "mean_iou": float(values.mean()),
        "median_iou": float(np.median(values)),
        "above_half": float((values >= 0.5).mean()),  # noqa: PLR2004  a half
        "good": float((values >= GOOD_IOU).mean()),
    }
