"""Where a face looks: the direction of its head, moved a share of the way by its eyes.

A painted head that looks at us is often turned aside and its eyes turned back, so that without the
eyes looks at the viewer are missed.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.ingest.models.face.angles import HeadAngles, axes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.face.port import Face

METHOD = "face-mesh/gaze@1"
WIDEST_CONE_DEG = 180.0
SHORTEST = 1e-6
SPREADS_PER_CONE = 4.0
"""A cone takes in two standard deviations to either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GazeNumbers:
    """What gazes from faces go by; `gaze.toml` says what each number is."""

    eye_share: float
    one_eye_yaw_deg: float
    viewer_deg: float
    viewer_slope_per_deg: float
    closed_lids_fraction: float
    closed_confidence: float
    spread_deg: float
    direction_right_fraction: float

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All numbers as text, for the run."""
        return tuple((name, str(value)) for name, value in asdict(self).items())


def load_gaze_numbers() -> GazeNumbers:
    """The shipped numbers."""
    text = resources.files("iconograph.ingest.models.face").joinpath("gaze.toml").read_text("utf-8")
    return GazeNumbers(**tomllib.loads(text))


# long: three states, each with what it knows
def gaze_of(face: Face, numbers: GazeNumbers | None = None) -> Gaze:
    """The gaze of a face.

    VIEWER and CLOSED have no direction; UNKNOWN has one, on the picture plane, and says nothing of
    what is at its end. Confidence is that of state and direction together, times the face's own.
    """
    known = numbers or load_gaze_numbers()
    (left, right), lids = face.eyes, face.lids_open_fraction
    origin = Point(x_px=(left.x_px + right.x_px) / 2, y_px=(left.y_px + right.y_px) / 2)
    if lids is not None and lids < known.closed_lids_fraction:
        return Gaze(
            state=GazeState.CLOSED,
            origin=origin,
            method=METHOD,
            confidence=face.confidence * known.closed_confidence,
        )
    sight = line_of_sight(face, known)
    turned_fraction = math.hypot(sight[0], sight[1])
    turned_deg = math.degrees(math.atan2(turned_fraction, -sight[2]))
    at_viewer = 1.0 / (1.0 + math.exp((turned_deg - known.viewer_deg) * known.viewer_slope_per_deg))
    cone_deg = min(WIDEST_CONE_DEG, SPREADS_PER_CONE * known.spread_deg)
    if turned_deg <= known.viewer_deg:
        return Gaze(
            state=GazeState.VIEWER,
            origin=origin,
            cone_deg=cone_deg,
            method=METHOD,
            confidence=face.confidence * at_viewer,
        )
    # Straight into the picture there is no direction on its plane.
    along = sight[:2] / turned_fraction if turned_fraction > SHORTEST else None
    return Gaze(
        state=GazeState.UNKNOWN,
        origin=origin,
        direction=None if along is None else (float(along[0]), float(along[1])),
        cone_deg=cone_deg,
        method=METHOD,
        confidence=face.confidence * (1.0 - at_viewer) * known.direction_right_fraction,
    )


def line_of_sight(face: Face, numbers: GazeNumbers) -> NDArray[np.float64]:
    """Unit vector (x, y, z into the picture) of the head's front with a share of the eyes' turn.

    The nearer eye counts, both alike where the head is seen from the front: the far one is drawn
    foreshortened. The irises' height says nothing, measured, and is left out.
    """
    across, _, front = axes_of(
        HeadAngles(yaw_deg=face.yaw_deg, pitch_deg=face.pitch_deg, roll_deg=face.roll_deg)
    )
    aside = 0.0
    if face.eye_offsets:
        right_share = min(1.0, max(0.0, 0.5 + face.yaw_deg / numbers.one_eye_yaw_deg / 2))
        (left, _), (right, _) = face.eye_offsets
        aside = (1.0 - right_share) * left + right_share * right
    sight = front + numbers.eye_share * aside * across
    return np.asarray(sight / np.linalg.norm(sight), dtype=np.float64)
