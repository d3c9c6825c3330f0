"""From a trained gaze model to the files that ship: ONNX, settings, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from iconograph.ingest.models.export.onnx import Precision, export_module
from iconograph.ingest.models.gaze.heatmap import (
    MODEL_FILE,
    SETTINGS_FILE,
    HeatmapGazes,
    fed_square,
)
from iconograph.ingest.models.gaze.maps import Look, blended, look_of
from iconograph.ingest.models.gaze.numbers import GazeSettings, load_map_numbers
from iconograph.ingest.training.gaze_measure import RIGHT_DEG, Shown, merit_of, parts, whole
from iconograph.ingest.training.gaze_net import MIDDLE, SIZE_PX, Decoder, ReadOut, state_logits
from iconograph.ingest.training.gaze_views import IN_FRAME, VIEWER
from iconograph.ingest.training.pose_measure import fitted_logistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from iconograph.ingest.training.corpora import TruePicture

NAME, MEASURES = "mini-gaze", "measures.json"
DIRECT_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
PLAIN = GazeSettings(
    input_size_px=SIZE_PX, mean=(MIDDLE,) * 3, std=(MIDDLE,) * 3, letterbox=True,
    direct_share=0.0, right_bias=0.0, right_slope_per_deg=0.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raw:
    """What the network says of one head, and the truth: its state and its direction."""

    look: Look
    own: tuple[float, float]
    logits: NDArray[np.float64]
    state: int
    direction: NDArray[np.float32]

    def error_deg(self, direct_share: float) -> float:
        """The angle from the true direction, with a share of the network's own."""
        found = blended(self.look.direction, self.own, direct_share) or self.own
        cosine = float(np.dot(found, self.direction))
        return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def export_gaze(
    network: torch.nn.Module, unseen: Sequence[TruePicture], out: Path
) -> dict[str, Any]:
    """Write the gaze model and its measures on pictures of a style it has not seen.

    Every other picture of `unseen` calibrates it, the rest measure it, whole and in parts.
    """
    fitting, measuring = unseen[::2], unseen[1::2]
    shown = [*whole(fitting), *parts(fitting)]
    read_out, settings = fitted(list(raw_answers(network.eval().cpu(), shown)))
    gazes = written(network, read_out, settings, out)
    content = {
        "pictures": len(measuring),
        "read_out": asdict(read_out),
        "settings": asdict(settings),
        "whole": measured(gazes, whole(measuring)),
        "parts": measured(gazes, parts(measuring)),
    }
    (out / MEASURES).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def measured(gazes: HeatmapGazes, pictures: Iterable[Shown]) -> dict[str, float]:
    """How well the gazes of pictures are found."""
    shown = list(pictures)
    return merit_of(shown, [gazes(one.pixels, one.heads_px) for one in shown])


def raw_answers(network: torch.nn.Module, pictures: Iterable[Shown]) -> Iterator[Raw]:
    """What the network says of every head."""
    numbers = load_map_numbers()
    for one in pictures:
        fed, ratio = fed_square(one.pixels, PLAIN)
        heads = (one.heads_px * np.tile(ratio, 2) / SIZE_PX).astype(np.float32)
        with torch.no_grad():
            heat, direction, state = network(torch.from_numpy(fed), torch.from_numpy(heads)[None])
            logits = state_logits(state[0]).numpy().astype(np.float64)
        maps = torch.softmax(heat[0].flatten(1), dim=1).reshape(heat[0].shape).numpy()
        size_px = (SIZE_PX / float(ratio[0]), SIZE_PX / float(ratio[1]))
        for n, head in enumerate(one.heads_px):
            x, y = (float(v) for v in (head[:2] + head[2:]) / 2)
            own = direction[0, n].numpy() / np.linalg.norm(direction[0, n].numpy())
            yield Raw(
                look=look_of(maps[n].astype(np.float64), (x, y), size_px, numbers),
                own=(float(own[0]), float(own[1])),
                logits=logits[n],
                state=int(one.truth.states[n]),
                direction=one.truth.directions[n],
            )


def fitted(answers: Sequence[Raw]) -> tuple[ReadOut, GazeSettings]:
    """The curves of both scores, the better direction, and how far it is to be trusted."""
    states = np.array([one.state for one in answers])
    logits = np.stack([one.logits for one in answers])
    curves = [
        fitted_logistic(logits[:, n : n + 1], states == state)
        for n, state in enumerate((IN_FRAME, VIEWER))
    ]
    in_frame, at_viewer = ((float(slopes[0]), offset) for slopes, offset in curves)
    inside = [one for one in answers if one.state == IN_FRAME]
    errors = {share: np.array([one.error_deg(share) for one in inside]) for share in DIRECT_SHARES}
    best = min(DIRECT_SHARES, key=lambda share: float(np.minimum(errors[share], 90.0).mean()))
    spreads = np.array([[one.look.spread_deg] for one in inside])
    slopes, bias = fitted_logistic(spreads, errors[best] <= RIGHT_DEG)
    settings = replace(
        PLAIN, direct_share=best, right_bias=bias, right_slope_per_deg=float(slopes[0])
    )
    return ReadOut(in_frame=in_frame, at_viewer=at_viewer), settings


def written(
    network: torch.nn.Module, read_out: ReadOut, settings: GazeSettings, out: Path
) -> HeatmapGazes:
    """Export the network; the folder as an estimator of gazes."""
    module = Decoder(network.to(memory_format=torch.contiguous_format), read_out)
    outputs = ["heatmaps", "in_frame", "at_viewer", "directions"]
    heads = torch.tensor([[0.1, 0.1, 0.3, 0.3], [0.5, 0.4, 0.6, 0.5]])
    export_module(
        module, (torch.zeros(1, 3, SIZE_PX, SIZE_PX), heads), out / MODEL_FILE,
        inputs=["pixels", "heads"], outputs=outputs,
        free={name: {0: "heads"} for name in ["heads", *outputs]}, precision=Precision.FP16,
    )  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in asdict(settings).items()]
    (out / SETTINGS_FILE).write_text("".join(lines), encoding="utf-8")
    return HeatmapGazes.open_folder(out, name=NAME)
