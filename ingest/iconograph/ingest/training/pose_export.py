"""From a trained pose model to the files that ship: ONNX, settings, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.export.onnx import Precision, export_module
from iconograph.ingest.models.pose.crops import cut
from iconograph.ingest.models.pose.simcc import (
    MODEL_FILE,
    SETTINGS_FILE,
    KeyPointSet,
    SimccPoses,
    decoded,
    padded_window,
)
from iconograph.ingest.training.corpora import TruePicture, pixels_of
from iconograph.ingest.training.jitter import jittered
from iconograph.ingest.training.pose_crops import SIZE_PX, figures_of
from iconograph.ingest.training.pose_measure import (
    OUTSIDE,
    PARTS,
    figures_of_merit,
    fitted_logistic,
    judged,
)
from iconograph.ingest.training.pose_net import (
    HEIGHT_PX,
    MIDDLE,
    SPLIT_RATIO,
    WIDTH_PX,
    Decoder,
    ReadOut,
    sharpness,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.training.corpora import TrueRegion

NAME, MEASURES = "mini-pose", "measures.json"

HALF = (0.4, 0.7)
"""How much of a figure's height a half-length shows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownFigures:
    """A picture, boxes of figures as a detector has them (n x 4), and the truth.

    `truths` holds 17 x 3 (x, y, visibility) for each figure, `heads_px` the heights of their heads.
    """

    pixels: NDArray[np.uint8]
    boxes_px: NDArray[np.float32]
    truths: tuple[NDArray[np.float32], ...]
    heads_px: tuple[float, ...]


def export_pose(
    network: torch.nn.Module, unseen: Sequence[TruePicture], out: Path
) -> dict[str, Any]:
    """Write the pose model and its measures on pictures of a style it has not seen.

    Every other picture of `unseen` calibrates its confidences, the rest measure it; whole figures and
    half-lengths.
    """
    fitting, measuring = unseen[::2], unseen[1::2]
    shown = [*whole_figures(fitting), *half_lengths(fitting)]
    read_out = fitted_read_out(network.eval().cpu(), shown)
    poses = written(network, read_out, out)
    content = {
        "pictures": len(measuring),
        "read_out": asdict(read_out),
        "whole": measured(poses, whole_figures(measuring)),
        "half_length": measured(poses, half_lengths(measuring)),
    }
    (out / MEASURES).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def whole_figures(pictures: Sequence[TruePicture]) -> Iterator[ShownFigures]:
    """All figures of each picture."""
    for number, picture in enumerate(pictures):
        figures = figures_of(picture)
        if figures:
            rng = np.random.default_rng(number)
            yield ShownFigures(
                pixels=pixels_of(picture),
                boxes_px=np.stack([jittered(rng, figure.box_px) for figure in figures]),
                truths=tuple(_truth(figure) for figure in figures),
                heads_px=tuple(_head_height_px(figure) for figure in figures),
            )


def half_lengths(pictures: Sequence[TruePicture]) -> Iterator[ShownFigures]:
    """The largest figure of each picture, the picture cut off at its waist or thereabouts."""
    for number, picture in enumerate(pictures):
        figures = figures_of(picture)
        if figures:
            rng = np.random.default_rng(number)
            figure = max(figures, key=lambda one: float(np.prod(one.box_px[2:] - one.box_px[:2])))
            x0, y0, x1, y1 = (float(side) for side in figure.box_px)
            end = round(y0 + (y1 - y0) * float(rng.uniform(*HALF)))
            truth = _truth(figure).copy()
            truth[truth[:, 1] >= end, 2] = OUTSIDE
            box = jittered(rng, np.array([x0, y0, x1, end], np.float32))
            yield ShownFigures(
                pixels=pixels_of(picture)[:end],
                boxes_px=np.minimum(box, np.array([np.inf, np.inf, np.inf, end], np.float32))[None],
                truths=(truth,),
                heads_px=(_head_height_px(figure),),
            )


def fitted_read_out(network: torch.nn.Module, pictures: Iterable[ShownFigures]) -> ReadOut:
    """The curves of confidences that are likeliest: how often points are seen and found near."""
    shown = list(pictures)
    places, measures = [], []
    for one in shown:
        windows = [padded_window(box, SIZE_PX) for box in one.boxes_px]
        crops = np.stack([cut(one.pixels, window) for window in windows]).transpose(0, 3, 1, 2)
        with torch.no_grad():
            x, y, seen = network(torch.from_numpy(crops.astype(np.float32) / MIDDLE - 1))
            sharp = sharpness(x, y)
        steps, _ = decoded(x.numpy(), y.numpy(), SPLIT_RATIO)
        places += [window.in_picture_px(at) for window, at in zip(windows, steps, strict=True)]
        measures += list(np.stack([seen.numpy(), sharp.numpy()], axis=2))
    truths = [truth for one in shown for truth in one.truths]
    heads_px = [head for one in shown for head in one.heads_px]
    found = judged(places, [m[:, 0] for m in measures], truths, heads_px)
    return curves_of(np.stack(measures).astype(np.float64), found.right)


def curves_of(measures: NDArray[np.float64], right: NDArray[np.bool_]) -> ReadOut:
    """One curve for each part of the body, over measures (n x 17 x 2) of being right (n x 17)."""
    numbers = np.zeros((3, len(COCO_KEY_POINTS)))
    for names in PARTS.values():
        columns = [COCO_KEY_POINTS.index(name) for name in names]
        of_part = measures[:, columns].reshape(-1, 2)
        slopes, offset = fitted_logistic(of_part, right[:, columns].ravel())
        if slopes[1] < 0:
            # A blurred answer must never be the surer one, whatever the drawn scenes say.
            alone, offset = fitted_logistic(of_part[:, :1], right[:, columns].ravel())
            slopes = np.array([alone[0], 0.0])
        numbers[:, columns] = np.array([*slopes, offset])[:, None]
    seen, sharp, offsets = (tuple(row) for row in numbers.tolist())
    return ReadOut(seen=seen, sharpness=sharp, offset=offsets)


def written(network: torch.nn.Module, read_out: ReadOut, out: Path) -> SimccPoses:
    """Export the network with a read-out; the folder as a pose estimator."""
    module = Decoder(network.to(memory_format=torch.contiguous_format), read_out)
    names = ["simcc_x", "simcc_y"]
    export_module(
        module, (torch.zeros(2, 3, HEIGHT_PX, WIDTH_PX),), out / MODEL_FILE,
        inputs=["pixels"], outputs=names, free={n: {0: "figures"} for n in ["pixels", *names]},
        precision=Precision.FP16,
    )  # fmt: skip
    settings = {
        "input_size_px": list(SIZE_PX),
        "mean": [MIDDLE] * 3,
        "std": [MIDDLE] * 3,
        "split_ratio": float(SPLIT_RATIO),
        "key_points": KeyPointSet.COCO17.value,
    }
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
    (out / SETTINGS_FILE).write_text("".join(lines), encoding="utf-8")
    return SimccPoses.open_folder(out, name=NAME)


def measured(poses: SimccPoses, pictures: Iterable[ShownFigures]) -> dict[str, Any]:
    """How many figures were recognised, and of those how well each part was found."""
    places, confidences, truths, heads = [], [], [], []
    asked = 0
    for one in pictures:
        asked += len(one.truths)
        found = zip(poses(one.pixels, one.boxes_px), one.truths, one.heads_px, strict=True)
        for pose, truth, head_px in found:
            if pose is None:
                continue
            places.append(np.array([(p.x_px, p.y_px) for p in pose.key_points]))
            confidences.append(np.array([p.confidence for p in pose.key_points]))
            truths.append(truth)
            heads.append(head_px)
    parts = figures_of_merit(judged(places, confidences, truths, heads)) if places else {}
    return {"figures": asked, "recognised": len(places) / max(1, asked), "parts": parts}


def _truth(figure: TrueRegion) -> NDArray[np.float32]:
    return np.asarray(figure.key_points, np.float32)


def _head_height_px(figure: TrueRegion) -> float:
    head = figure.box_px if figure.head_box_px is None else figure.head_box_px
    return float(head[3] - head[1])
