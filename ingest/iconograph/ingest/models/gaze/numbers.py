"""The numbers of gaze models: how maps are read, and how a model's input is made."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.folders import three, toml_settings

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNumbers:
    """What reading a map goes by; `heatmap.toml` says what each number is."""

    in_frame_gate: float
    at_viewer_gate: float
    reach_fraction: float
    floor_fraction: float
    cone_spreads: float
    narrowest_cone_deg: float
    widest_cone_deg: float

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All numbers as text, for the run."""
        return tuple((name, str(value)) for name, value in asdict(self).items())


def load_map_numbers() -> MapNumbers:
    """The shipped numbers."""
    folder = resources.files("iconograph.ingest.models.gaze")
    return MapNumbers(**tomllib.loads(folder.joinpath("heatmap.toml").read_text("utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class GazeSettings:
    """How a model's input is made and its answers trusted; `gaze.toml` of its folder.

    With `letterbox` the picture keeps its shape in the upper left of a grey square, else it is
    stretched. `direct_share` 0..1 is how much the model's own direction counts beside that to the
    map's target. A direction is right with the logistic of `right_bias + right_slope_per_deg * s`,
    where s is the spread of the heat as seen from the head.
    """

    input_size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    letterbox: bool
    direct_share: float
    right_bias: float
    right_slope_per_deg: float

    def direction_right(self, spread_deg: float) -> float:
        """How often a direction with such a spread is right."""
        logit = self.right_bias + self.right_slope_per_deg * spread_deg
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def read_gaze_settings(path: Path) -> GazeSettings:
    """The settings of a `gaze.toml`; raises `MissingModelError` for what does not fit."""
    number = (int, float)
    numbers = dict.fromkeys(("direct_share", "right_bias", "right_slope_per_deg"), number)
    keys = {"input_size_px": int, "mean": list, "std": list, "letterbox": bool}
    read = toml_settings(path, {**keys, **numbers})
    colours = read["mean"] + read["std"]
    fits = (
        read["input_size_px"] > 0
        and len(read["mean"]) == len(read["std"]) == 3  # noqa: PLR2004  RGB
        and all(isinstance(value, number) for value in colours)
        and all(value > 0 for value in read["std"])
        and 0 <= read["direct_share"] <= 1
    )
    if not fits:
        message = (
            f"{path} holds {read}; expected input_size_px above 0, mean and std of three numbers "
            "(RGB), direct_share in 0..1; export the model again"
        )
        raise MissingModelError(message)
    return GazeSettings(
        input_size_px=read["input_size_px"],
        mean=three(read["mean"]),
        std=three(read["std"]),
        letterbox=read["letterbox"],
        direct_share=float(read["direct_share"]),
        right_bias=float(read["right_bias"]),
        right_slope_per_deg=float(read["right_slope_per_deg"]),
    )
