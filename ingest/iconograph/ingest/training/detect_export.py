"""From a trained detector to the files that ship: ONNX, settings, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.person_onnx import CLASSES, MODEL, SETTINGS
from iconograph.ingest.models.export.onnx import Precision, export_module
from iconograph.ingest.models.runtime.onnx import open_session
from iconograph.ingest.training.corpora import TruePicture, small_extent, small_picture, small_scale
from iconograph.ingest.training.detect_classes import Vocabulary, parted
from iconograph.ingest.training.detect_measure import (
    Boxes,
    calibration,
    calibration_error,
    outcomes,
    tallies_by_kind,
)
from iconograph.ingest.training.detect_net import Decoder, ReadOut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Detector = Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.int64]]]

MEASURES = "measures.json"
MIDDLE = 127.5
"""Mean and half range of pixel values, as the network takes them."""

THRESHOLDS = tuple(round(0.05 * n, 2) for n in range(2, 16))
"""Probabilities tried as the one below which a detection is left out."""

DUPLICATES_ALLOWED = 0.05


def export_detector(
    network: torch.nn.Module,
    vocabulary: Vocabulary,
    unseen: Sequence[TruePicture],
    out: Path,
    *,
    size_px: int,
) -> dict[str, Any]:
    """Write the detector and its measures on pictures of a style it has not seen.

    Every other picture of `unseen` calibrates it and sets the threshold, the rest measure it.
    """
    fitting, measuring = unseen[::2], unseen[1::2]
    raw = answers(
        written(network, vocabulary, ReadOut(), out, size_px), fitting, vocabulary, size_px
    )
    slope, offset = calibration(*outcomes(raw))
    read_out = ReadOut(slope=slope, offset=offset)
    run = written(network, vocabulary, read_out, out, size_px)
    fitted = tuple(answers(run, fitting, vocabulary, size_px))
    threshold = best_threshold(fitted)
    write_settings(vocabulary, threshold, out)
    measured = tuple(answers(run, measuring, vocabulary, size_px))
    content = {
        "pictures": len(measured),
        "threshold": threshold,
        "slope": slope,
        "offset": offset,
        "calibration_error": calibration_error(*outcomes(measured)),
        "by_kind": measures_of(measured, threshold),
        "garments_without_colour": _uncoloured(measured, threshold),
    }
    (out / MEASURES).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def measures_of(
    pictures: Iterable[tuple[Boxes, Boxes]], threshold: float
) -> dict[str, dict[str, float]]:
    """Recall, label accuracy and what came besides, for each kind and for `all`."""
    kept = ((truth, found.above(threshold)) for truth, found in pictures)
    return {kind: tally.shares() for kind, tally in tallies_by_kind(kept).items()}


def _uncoloured(pictures: Iterable[tuple[Boxes, Boxes]], threshold: float) -> dict[str, float]:
    """The same of worn things, their colours not asked for."""
    plain = ((without_colours(truth), without_colours(found)) for truth, found in pictures)
    return measures_of(plain, threshold)[RegionKind.ATTRIBUTE.value]


def without_colours(boxes: Boxes) -> Boxes:
    """The same boxes with garments named without their colour."""
    return replace(boxes, labels=tuple(parted(label)[0] for label in boxes.labels))


def write_settings(vocabulary: Vocabulary, threshold: float, out: Path) -> None:
    """`detector.toml` and `classes.toml` as `End2EndDetector` reads them."""
    settings = {
        "letterbox": True,
        "interpolation": "area",
        "channel_order": "rgb",
        "mean": [MIDDLE] * 3,
        "std": [MIDDLE] * 3,
        "smallest_score": threshold,
    }
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
    (out / SETTINGS).write_text("".join(lines), encoding="utf-8")
    tables = [
        f"[[classes]]\nlabel = {json.dumps(label)}\nkind = {json.dumps(kind)}\n"
        for label, kind in vocabulary.labels
    ]
    (out / CLASSES).write_text("\n".join(tables), encoding="utf-8")


def written(
    network: torch.nn.Module, vocabulary: Vocabulary, read_out: ReadOut, out: Path, size_px: int
) -> Detector:
    """Export the network with a read-out; the file as a function of a square picture."""
    module = Decoder(network.to(memory_format=torch.contiguous_format), vocabulary, read_out)
    export_module(
        module, (torch.zeros(1, 3, size_px, size_px),), out / MODEL,
        inputs=["pixels"], outputs=["dets", "labels"], free={}, precision=Precision.FP16,
    )  # fmt: skip
    session = open_session(out / MODEL, threads=1)

    def run(square: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        pixels = (square.astype(np.float32).transpose(2, 0, 1)[None] - MIDDLE) / MIDDLE
        found = session.run({"pixels": pixels})
        return found["dets"][0], found["labels"][0]

    return run


def answers(
    run: Detector, pictures: Iterable[TruePicture], vocabulary: Vocabulary, size_px: int
) -> Iterator[tuple[Boxes, Boxes]]:
    """Truth and what was found, for each picture, in its small square's pixels."""
    labels = vocabulary.labels
    for picture in pictures:
        dets, numbers = run(small_picture(picture, size_px))
        kept = dets[:, 4] > 0
        named = [labels[int(number)] for number in numbers[kept]]
        width, height = small_extent(picture, size_px)
        limits = np.array([width, height, width, height], np.float32)
        found = Boxes(
            boxes_px=np.minimum(dets[kept, :4], limits),
            labels=tuple(label for label, _ in named),
            kinds=tuple(kind for _, kind in named),
            confidences=dets[kept, 4],
        )
        yield truth_boxes(picture, size_px), found


def truth_boxes(picture: TruePicture, size_px: int) -> Boxes:
    """All entities of a picture, in its small square's pixels."""
    entities = picture.entities
    boxes = np.array([region.box_px for region in entities], np.float32).reshape(-1, 4)
    return Boxes(
        boxes_px=boxes * small_scale(picture, size_px),
        labels=tuple(region.label for region in entities),
        kinds=tuple(region.kind.value for region in entities),
        confidences=np.ones(len(entities), np.float32),
    )


def best_threshold(pictures: Sequence[tuple[Boxes, Boxes]]) -> float:
    """The probability at which recall less what came besides is largest.

    Thresholds with more than `DUPLICATES_ALLOWED` duplicates per region are taken only where all have more.
    """

    def worth(threshold: float) -> tuple[bool, float]:
        kept = ((truth, found.above(threshold)) for truth, found in pictures)
        shares = tallies_by_kind(kept)["all"].shares()
        extra = shares["duplicates_per_region"] + shares["inventions_per_region"]
        return shares["duplicates_per_region"] <= DUPLICATES_ALLOWED, shares["recall"] - 0.5 * extra

    return max(THRESHOLDS, key=worth)
