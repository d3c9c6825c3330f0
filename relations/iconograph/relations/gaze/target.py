"""What lies in the cone of a gaze: the share of its mass that falls on each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import RegionKind
from iconograph.relations.gaze.attention import ROUNDS, shared_and_returned
from iconograph.relations.gaze.heads import gazes_of, head_boxes_px
from iconograph.relations.hands import head_units_px
from iconograph.relations.pairs import Pairs, best_rivals, covered_fractions, near_pairs, picked
from iconograph.relations.pose.points import angles_deg, found_points
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

GRID = np.stack(np.meshgrid([0.2, 0.5, 0.8], [0.2, 0.5, 0.8]), axis=-1).reshape(-1, 2)
"""Places in a box, as fractions of its extent, s x 2."""

FACE_POINTS = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")

AIMED = (GazeState.TARGET, GazeState.UNKNOWN)
"""States of a gaze that may go to something in the picture."""

SPREADS_PER_CONE = 4.0
"""A cone takes in two standard deviations to either side."""

CENTRE_PULL = 2.0
"""What stands in the middle of a picture draws e^2 times the eyes of what stands in a corner."""

FULL_TURN_DEG = 360.0


def gaze_masses(
    scene: Scene, thresholds: Thresholds
) -> tuple[Pairs, dict[str, NDArray[np.float64]]]:
    """Pairs of a gazer and a thing in the cone, with what was measured of them, each of length m.

    `mass_fraction` is the thing's share of the gaze, `angle_deg` how far its nearest sample is off
    the direction, `distance_heads` how far away it is in heights of the gazer's head, and
    `gaze_confidence` how far the gaze itself is believed, `trusted_mass_fraction` the product.
    `shared_gazes` is the mass that others give the thing, `returned_fraction` what comes back from
    it; both draw eyes (joint attention and looks that meet). A gaze at the viewer, out of the picture,
    behind closed lids or of unknown direction has no pairs, unless its target was given.
    """
    numbers, gazes = thresholds.gazes_at, gazes_of(scene, thresholds)
    targets = _given_targets(scene, gazes)
    aimed = np.array([g is not None and _is_aimed(g) for g in gazes], dtype=np.bool_)
    pairs = _candidates(scene, aimed | (targets >= 0), thresholds)
    directions, origins, spreads_deg, trusts = _rays(gazes)
    samples = looked_at_px(scene, thresholds)
    away = samples[pairs[1]] - origins[pairs[0], np.newaxis]
    angles = angles_deg(away, directions[pairs[0], np.newaxis])
    heads = np.linalg.norm(away, axis=2) / head_units_px(scene, thresholds)[pairs[0], np.newaxis]
    density = _densities(angles, spreads_deg[pairs[0], np.newaxis], trusts[pairs[0], np.newaxis])
    weights = (density / (1.0 + heads / numbers.near_heads)).mean(axis=1)
    weights *= _attractions(scene, thresholds)[pairs[1]]
    masses, shared, returned = _masses(pairs, weights, targets, numbers.nothing_weight)
    measures = {
        "mass_fraction": masses,
        "shared_gazes": shared,
        "returned_fraction": returned,
        "angle_deg": np.where(np.isfinite(angles), angles, 0.0).min(axis=1),
        "distance_heads": heads.min(axis=1),
        "gaze_confidence": trusts[pairs[0]],
        "trusted_mass_fraction": masses * trusts[pairs[0]],
    }
    return pairs, measures


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
    nothing_weight: float,
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
            drawn / (_sums(drawn, pairs[0], size) + nothing_weight),
        )
    return masses, shared, returned


def looked_at_px(scene: Scene, thresholds: Thresholds) -> NDArray[np.float64]:
    """Places of each thing at which eyes rest, n x s x 2: on the head where known, else all over.

    Where a face was found but not how large it is, a head has the size that it usually has.
    """
    surest = thresholds.common.smallest_key_point_confidence
    points = [found_points(region.pose, surest) for region in scene.regions]
    heads = head_boxes_px(scene, points)
    units_px = head_units_px(scene, thresholds)
    for row in np.flatnonzero(np.isnan(heads[:, 0])):
        face = [points[row][name] for name in FACE_POINTS if name in points[row]]
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


def _rays(
    gazes: Sequence[Gaze | None],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Directions and origins, n x 2, standard deviations in degrees and confidences, n."""
    unknown = (np.nan, np.nan)
    directions = [g.direction if g and g.direction else unknown for g in gazes]
    origins = [(g.origin.x_px, g.origin.y_px) if g else unknown for g in gazes]
    cones = [g.cone_deg if g else np.nan for g in gazes]
    return (
        np.array(directions, dtype=np.float64).reshape(-1, 2),
        np.array(origins, dtype=np.float64).reshape(-1, 2),
        np.array(cones, dtype=np.float64) / SPREADS_PER_CONE,
        np.array([g.confidence if g else 0.0 for g in gazes], dtype=np.float64),
    )


def _attractions(scene: Scene, thresholds: Thresholds) -> NDArray[np.float64]:
    """How much things of a kind and at a place draw eyes, a person in the middle most, n."""
    numbers = thresholds.gazes_at
    weights = np.full(len(scene.regions), numbers.thing_weight)
    weights[scene.of_kind(RegionKind.PERSON)] = 1.0
    weights[scene.of_kind(RegionKind.ANIMAL)] = numbers.animal_weight
    weights[scene.of_kind(RegionKind.PART, RegionKind.ATTRIBUTE)] = numbers.detail_weight
    half_px = np.array([scene.image.width_px, scene.image.height_px]) / 2
    off_centre = np.linalg.norm(scene.centres_px / half_px - 1.0, axis=1) / np.sqrt(2.0)
    return np.asarray(weights * np.exp(-CENTRE_PULL * off_centre), dtype=np.float64)


def _sums(values: NDArray[np.float64], rows: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    """For each pair the sum over all pairs of its subject, m."""
    return np.asarray(np.bincount(rows, weights=values, minlength=size)[rows], dtype=np.float64)
