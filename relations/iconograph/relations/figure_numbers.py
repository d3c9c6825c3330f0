"""The numbers of the rules about where figures look, point and stand."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.relations.logistic import Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How wide the gaze is that a witness gives, as a full opening angle, and how far it is believed."""

    cone_deg: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadGaze:
    """The direction of a head, by witness."""

    frontal_deg: float
    noise_fraction: float
    full_bend_deg: float
    face: Trust
    profile: Trust
    eyes: Trust
    back: Trust
    trunk: Trust
    company: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class GazesAt:
    """What lies in the cone of a gaze."""

    most_candidates: float
    own_covered_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """A body turned to another."""

    usual_trunk_sizes: float
    frontal_width_trunks: float
    frontal_nose_shoulders: float
    frontal_turn_trunks: float
    frontal_knee_trunks: float
    widest_deg: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAt:
    """An arm that reaches out, or a raised hand, and what lies in its line."""

    smallest_reach_fraction: float
    smallest_bent_fraction: float
    bent_rise_deg: float
    smallest_finger_confidence: float
    most_finger_bend_deg: float
    widest_deg: float
    furthest_heads: float
    at_hand_heads: float
    together_heads: float
    thing_handicap_deg: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class InFrontOf:
    """One figure that hides another."""

    smallest_covered_fraction: float
    by_outlines: Logistic
    by_boxes: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class SameSide:
    """Two figures on one side of the strongest line."""

    most_neighbours: float
    smallest_strength: float
    most_straddle_fraction: float
    confidence: Logistic
