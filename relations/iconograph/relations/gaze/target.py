"""What lies in the cone of a gaze: the share of its mass that falls on each thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.pose import FACE_KEY_POINTS, Gaze, GazeState
from iconograph.graph.model.region import RegionKind
from iconograph.relations.gaze.attention import ROUNDS, shared_and_returned
from iconograph.relations.gaze.heads import gazes_of, head_boxes_px, second_looks
from iconograph.relations.gaze.numbers import read_gaze_pull
from iconograph.relations.hands import head_units_px
from iconograph.relations.pairs import Pairs, best_rivals, covered_fractions, near_pairs, picked
from iconograph.relations.pose.points import angles_deg
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.relations.gaze.numbers import GazePull
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

GRID = np.stack(np.meshgrid([0.2, 0.5, 0.8], [0.2, 0.5, 0.8]), axis=-1).reshape(-1, 2)
"""Places in a box, as fractions of its extent, s x 2."""

AIMED = (GazeState.TARGET, GazeState.UNKNOWN)
"""States of a gaze that may go to something in the picture."""

SPREADS_PER_CONE = 4.0
"""A cone takes in two standard deviations to either side."""

FULL_TURN_DEG = 360.0
LEAST_MASS = 1e-3
"""Smaller shares, and such a rest, are all alike."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rays:
    """Gazes as arrays: directions and origins, n x 2, standard deviations and confidences, n; NaN for none."""

    directions: NDArray[np.float64]
    origins_px: NDArray[np.float64]
    spreads_deg: NDArray[np.float64]
    trusts: NDArray[np.float64]


def gaze_masses(
    scene: Scene, thresholds: Thresholds
) -> tuple[Pairs, dict[str, NDArray[np.float64]]]:
    """Pairs of a gazer and a thing in the cone, with what was measured of them, each of length m.

    `mass_fraction` is the thing's share of the gaze, `angle_deg` how far its nearest sample is off
    the direction, `distance_heads` how far away it is in heights of the gazer's head, and
    `gaze_confidence` how far the gaze itself is believed. `mass_logit` is the log odds of the share,
    within -7..7, and `is_first` 1 for the largest share of a gaze and 0 for the others.
    `shared_gazes` is the mass that others give the thing, `returned_fraction` what comes back from
    it; both draw eyes (joint attention and looks that meet). Where a machine and key points both
    tell where a head looks, both must be near. A gaze at the viewer, out of the picture,
    behind closed lids or of unknown direction has no pairs, unless its target was given.
    """
    pull, gazes = read_gaze_pull(), gazes_of(scene, thresholds)
    targets = _given_targets(scene, gazes)
    aimed = np.array([g is not None and _is_aimed(g) for g in gazes], dtype=np.bool_)
    pairs = _candidates(scene, aimed | (targets >= 0), thresholds)
    samples, rays = looked_at_px(scene, thresholds)[pairs[1]], _rays(gazes)
    angles, density = _seen_by(rays, samples, pairs)
    second = _rays(second_looks(scene, gazes, thresholds))
    told = np.isfinite(second.directions[pairs[0], 0])
    density[told] *= _seen_by(second, samples[told], picked(pairs, told))[1]
    units_px = head_units_px(scene, thresholds)[pairs[0], np.newaxis]
    heads = _away_px(samples, rays.origins_px[pairs[0]]) / units_px
    missed = _away_px(samples, _points_looked_at_px(gazes)[pairs[0]]) / units_px
    density = density / (1.0 + np.nan_to_num(missed / pull.target_spread_heads) ** 2)
    weights = (density * (1.0 + heads) ** -pull.distance_power).mean(axis=1)
    weights *= _attractions(scene, pull)[pairs[1]]
    nothing = np.array([0.0 if _is_sure_of_end(g) else pull.nothing_weight for g in gazes])
    masses, shared, returned = _masses(pairs, weights, targets, nothing[pairs[0]])
    return pairs, {
        "mass_fraction": masses,
        "shared_gazes": shared,
        "returned_fraction": returned,
        "angle_deg": np.where(np.isfinite(angles), angles, 0.0).min(axis=1),
        "distance_heads": heads.min(axis=1),
        "gaze_confidence": rays.trusts[pairs[0]],
        **_standing(masses, pairs[0], len(targets)),
    }


def _densities(
    angles_deg: NDArray[np.float64], spreads_deg: NDArray[np.float64], trusts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How likely a gaze goes that way: normal about its direction, or astray, which is anywhere alike.

    Relative to the height of the normal curve, which it has in so many cases as the gaze is trusted.
    """
    anywhere = spreads_deg * np.sqrt(2.0 * np.pi) / FULL_TURN_DEG
    near = np.exp(-0.5 * (angles_deg / spreads_deg) ** 2)
    return np.asarray(trusts * near + (1.0 - trusts) * anywhere, dtype=np.float64)


def _masses(
    pairs: Pairs,
    weights: NDArray[np.float64],
    targets: NDArray[np.intp],
    nothing: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Each gazer's gaze shared out over pairs, m, and what others add: shared and returned masses."""
    size, given = len(targets), targets[pairs[0]]
    shared, returned = np.zeros_like(weights), np.zeros_like(weights)
    masses = np.zeros_like(weights)
    for turn in range(ROUNDS + 1):
        if turn:
            shared, returned = shared_and_returned(pairs, masses, size)
        drawn = weights * (1.0 + shared) * np.exp(returned)
        masses = np.where(
            given >= 0,
            (given == pairs[1]).astype(np.float64),
            drawn / (_sums(drawn, pairs[0], size) + nothing),
        )
    return masses, shared, returned


def _standing(
    masses: NDArray[np.float64], gazers: NDArray[np.intp], size: int
) -> dict[str, NDArray[np.float64]]:
    """Log odds of each share, and whether it is the largest of its gaze."""
    kept = np.clip(masses, LEAST_MASS, 1.0 - LEAST_MASS)
    most = np.zeros(size)
    np.maximum.at(most, gazers, masses)
    first = (masses > 0) & (masses == most[gazers])
    return {"mass_logit": np.log(kept / (1.0 - kept)), "is_first": first.astype(np.float64)}


def looked_at_px(scene: Scene, thresholds: Thresholds) -> NDArray[np.float64]:
    """Places of each thing at which eyes rest, n x s x 2: on the head where known, else all over.

    Where a face was found but not how large it is, a head has the size that it usually has.
    """
    heads = head_boxes_px(scene)
    units_px = head_units_px(scene, thresholds)
    for row in np.flatnonzero(np.isnan(heads[:, 0])):
        face = [scene.points[row][name] for name in FACE_KEY_POINTS if name in scene.points[row]]
        if face:
            middle = np.mean(face, axis=0)
            heads[row] = *(middle - units_px[row] / 2), *(middle + units_px[row] / 2)
    samples = sample_points_px(scene)
    headed = np.isfinite(heads[:, 0])
    samples[headed] = _grids_px(heads[headed])
    return samples


def sample_points_px(scene: Scene) -> NDArray[np.float64]:
    """Places all over each thing, n x s x 2; those beside a drawn outline are moved to a point in it."""
    samples = _grids_px(scene.boxes_px)
    drawn = np.flatnonzero(~scene.upright)
    xs, ys = samples[drawn, :, 0], samples[drawn, :, 1]
    inside = shapely.contains_xy(scene.shapes[drawn, np.newaxis], xs, ys)
    rests = shapely.get_coordinates(shapely.point_on_surface(scene.shapes[drawn]))
    samples[drawn] = np.where(inside[..., np.newaxis], samples[drawn], rests[:, np.newaxis])
    return samples


def _grids_px(boxes_px: NDArray[np.float64]) -> NDArray[np.float64]:
    extents = (boxes_px[:, 2:] - boxes_px[:, :2])[:, np.newaxis]
    return np.asarray(boxes_px[:, np.newaxis, :2] + GRID * extents, dtype=np.float64)


def _is_aimed(gaze: Gaze) -> bool:
    return gaze.direction is not None and gaze.state in AIMED


def _is_sure_of_end(gaze: Gaze | None) -> bool:
    """Whether something in the picture is looked at for sure, be it listed or not."""
    return gaze is not None and gaze.state is GazeState.TARGET


def _candidates(scene: Scene, gazers: NDArray[np.bool_], thresholds: Thresholds) -> Pairs:
    """Gazers and what they could look at: not settings or frames, not what anyone wears, not their parts.

    A part that lies on another figure as well is not taken for the gazer's own.
    """
    worn = scene.of_kind(RegionKind.ATTRIBUTE) & ~scene.groups[WordGroup.PORTABLE]
    parts = scene.of_kind(RegionKind.PART)
    whole_px = np.full(len(scene.regions), float(scene.image.width_px + scene.image.height_px))
    pairs = near_pairs(
        scene,
        gazers,
        ~scene.of_kind(RegionKind.SETTING, RegionKind.ORNAMENT) & ~worn,
        whole_px,
        most=int(thresholds.gazes_at.most_candidates),
    )
    bodily = np.flatnonzero(parts[pairs[1]])
    covered = np.zeros(pairs[0].size)
    covered[bodily] = covered_fractions(scene, (pairs[0][bodily], pairs[1][bodily]))
    shared = best_rivals(covered, pairs[1], none=0.0) >= covered
    return picked(pairs, (covered < thresholds.gazes_at.own_covered_fraction) | shared)


def _given_targets(scene: Scene, gazes: Sequence[Gaze | None]) -> NDArray[np.intp]:
    """The row of each gaze's given target, -1 where none was given, n."""
    rows = {region.id: row for row, region in enumerate(scene.regions)}
    targets = [gaze.target_region if gaze else None for gaze in gazes]
    return np.array([rows.get(target, -1) if target else -1 for target in targets], dtype=np.intp)


def _rays(gazes: Sequence[Gaze | None]) -> Rays:
    unknown = (np.nan, np.nan)
    directions = [g.direction if g and g.direction else unknown for g in gazes]
    origins = [(g.origin.x_px, g.origin.y_px) if g else unknown for g in gazes]
    cones = [g.cone_deg if g else np.nan for g in gazes]
    return Rays(
        directions=np.array(directions, dtype=np.float64).reshape(-1, 2),
        origins_px=np.array(origins, dtype=np.float64).reshape(-1, 2),
        spreads_deg=np.array(cones, dtype=np.float64) / SPREADS_PER_CONE,
        trusts=np.array([g.confidence if g else 0.0 for g in gazes], dtype=np.float64),
    )


def _seen_by(
    rays: Rays, samples_px: NDArray[np.float64], pairs: Pairs
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far samples are off the direction of each pair's gaze, in degrees, and their density, m x s."""
    away = samples_px - rays.origins_px[pairs[0], np.newaxis]
    angles = angles_deg(away, rays.directions[pairs[0], np.newaxis])
    spreads, trusts = (values[pairs[0], np.newaxis] for values in (rays.spreads_deg, rays.trusts))
    return angles, _densities(angles, spreads, trusts)


def _away_px(
    samples_px: NDArray[np.float64], points_px: NDArray[np.float64]
) -> NDArray[np.float64]:
    """From each sample to the point of its pair, m x s; NaN where there is none."""
    return np.asarray(np.linalg.norm(samples_px - points_px[:, np.newaxis], axis=2), np.float64)


def _points_looked_at_px(gazes: Sequence[Gaze | None]) -> NDArray[np.float64]:
    """The point that each gaze was found to end at, n x 2; NaN where none was."""
    points = [g.target if g else None for g in gazes]
    places = [(p.x_px, p.y_px) if p else (np.nan, np.nan) for p in points]
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def _attractions(scene: Scene, pull: GazePull) -> NDArray[np.float64]:
    """How much things of a kind and at a place draw eyes, a person in the middle most, n."""
    weights = np.full(len(scene.regions), pull.thing_weight)
    weights[scene.groups[WordGroup.WORN] | scene.groups[WordGroup.FIXED]] *= pull.background_weight
    weights[scene.of_kind(RegionKind.ANIMAL)] = pull.animal_weight
    weights[scene.of_kind(RegionKind.PERSON)] = 1.0
    half_px = np.array([scene.image.width_px, scene.image.height_px]) / 2
    off_centre = np.linalg.norm(scene.centres_px / half_px - 1.0, axis=1) / np.sqrt(2.0)
    return np.asarray(weights * np.exp(-pull.off_centre_pull * off_centre), dtype=np.float64)


def _sums(values: NDArray[np.float64], rows: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    """For each pair the sum over all pairs of its subject, m."""
    return np.asarray(np.bincount(rows, weights=values, minlength=size)[rows], dtype=np.float64)
