"""Heads: skull and face turned to where the eyes look, hair, beard, and what sits on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Frame, Points, ellipse, smooth, tube
from iconograph.ingest.scenes.figure import PROFILE_YAW, Figure, Look, Skeleton, head_turn
from iconograph.ingest.scenes.styles import Colour, mixed

FRONT = (
    (0, -0.5),
    (0.2, -0.46),
    (0.34, -0.3),
    (0.375, -0.05),
    (0.34, 0.16),
    (0.245, 0.36),
    (0.1, 0.485),
)
PROFILE = (
    (-0.05, -0.5), (0.2, -0.43), (0.33, -0.25), (0.345, -0.12), (0.325, -0.05), (0.39, 0.06),
    (0.445, 0.125), (0.36, 0.165), (0.385, 0.215), (0.355, 0.25), (0.375, 0.285), (0.325, 0.335),
    (0.34, 0.43), (0.24, 0.5), (0.05, 0.4), (-0.1, 0.2), (-0.3, 0.18), (-0.43, -0.05), (-0.36, -0.33),
)  # fmt: skip
LIP: Colour = (168, 74, 64)
EYE_WHITE: Colour = (240, 230, 214)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head in its local frame: x to where it is turned, y down, one unit from crown to chin."""

    frame: Frame
    yaw: float
    gaze: tuple[float, float]
    closed: bool

    @property
    def profile(self) -> bool:
        """Whether it shows one eye only."""
        return self.yaw >= PROFILE_YAW

    def outline(self) -> Points:
        """The contour of skull and face."""
        if self.profile:
            return self.frame(smooth(PROFILE))
        half = np.array(FRONT)
        ring = np.vstack([half, half[:0:-1] * (-1, 1)])
        ring[:, 0] += self.yaw * np.interp(ring[:, 1], (-0.5, 0, 0.5), (-0.05, 0.02, 0.12))
        back = ring[:, 0] < 0
        ring[back, 0] *= 1 + 0.22 * self.yaw * np.clip(0.35 - ring[back, 1], 0, 1)
        return self.frame(smooth(ring))

    @property
    def middle(self) -> float:
        """Where the line of the nose crosses the eyes."""
        return 0.2 * self.yaw

    def eyes(self) -> tuple[tuple[float, float, float], ...]:
        """Centre and half width of the eyes that show, the nearer one first."""
        if self.profile:
            return ((0.235, -0.045, 0.062),)
        spread = 0.165 * (1 - 0.15 * self.yaw)
        near = (self.middle - spread, -0.03, 0.088)
        far = (self.middle + spread * (1 - 0.25 * self.yaw), -0.03, 0.088 * (1 - 0.35 * self.yaw))
        return (near, far)


def head_of(figure: Figure, skeleton: Skeleton, look: Look) -> Head:
    """The head of a figure turned towards what it looks at."""
    yaw, roll = head_turn(figure, look)
    x, y = skeleton["head"]
    mirrored = yaw < 0
    frame = Frame(x_px=x, y_px=y, scale_px=skeleton.unit_px, angle_deg=roll, mirrored=mirrored)
    dx, dy = look.direction or (0.0, 0.0)
    return Head(frame=frame, yaw=abs(yaw), gaze=(-dx if mirrored else dx, dy), closed=look.closed)


def face_points(head: Head) -> dict[str, tuple[float, float]]:
    """Nose, eyes and ears of the head in picture pixels, by their COCO names."""
    near, far = ("left", "right") if head.frame.mirrored else ("right", "left")
    eyes = head.eyes()
    nose = (0.43, 0.12) if head.profile else (head.middle + 0.1 * head.yaw, 0.14)
    far_eye = eyes[-1] if not head.profile else (0.3, -0.045, 0.0)
    ear_near = -0.1 if head.profile else -0.36 + 0.22 * head.yaw
    ear_far = 0.22 if head.profile else 0.36
    return {
        "nose": head.frame.at(*nose),
        f"{near}_eye": head.frame.at(*eyes[0][:2]),
        f"{far}_eye": head.frame.at(*far_eye[:2]),
        f"{near}_ear": head.frame.at(ear_near, 0.05),
        f"{far}_ear": head.frame.at(ear_far, 0.05),
    }


def paint_face(brush: Brush, figure: Figure, head: Head) -> None:
    """Skull, ear, eyes, brows, nose and mouth."""
    scale = head.frame.scale_px
    skin = figure.skin
    if not head.profile and head.yaw < 0.5:  # noqa: PLR2004  the far ear shows until the head is half turned
        brush.fill(head.frame(ellipse(0.38, 0.06, 0.06, 0.11)), mixed(skin, LIP, 0.15))
    brush.fill(head.outline(), skin, Surface(round_px=0.13 * scale, depth=0.8))
    ear_x = -0.1 if head.profile else -0.385 + 0.24 * head.yaw
    brush.fill(head.frame(ellipse(ear_x, 0.06, 0.065, 0.12)), mixed(skin, LIP, 0.12))
    cheek = 0.12 if head.profile else head.middle - 0.17
    brush.dab(
        head.frame(ellipse(cheek, 0.17, 0.12, 0.1)),
        (206, 96, 78),
        opacity=0.3,
        blur_px=0.06 * scale,
    )
    for x, y, half in head.eyes():
        _paint_eye(brush, figure, head, (x, y, half))
    _paint_nose(brush, figure, head)
    _paint_mouth(brush, head)
    if figure.aged:
        _paint_wrinkles(brush, head)


def _paint_eye(brush: Brush, figure: Figure, head: Head, eye: tuple[float, float, float]) -> None:
    x, y, half = eye
    frame, scale = head.frame, head.frame.scale_px
    dark = mixed(figure.skin, (40, 20, 14), 0.8)
    brush.dab(
        frame(ellipse(x, y - 0.02, half * 1.35, 0.085)),
        mixed(figure.skin, (90, 44, 30), 0.7), opacity=0.28, blur_px=0.03 * scale,
    )  # fmt: skip
    gx, gy = head.gaze
    lid = 0.06 - 0.026 * max(0.0, gy)
    top = smooth([(x - half, y + 0.008), (x - half * 0.2, y - lid), (x + half, y)], closed=False)
    low = smooth([(x - half, y + 0.008), (x, y + 0.04), (x + half, y)], closed=False)
    if head.closed:
        brush.line(frame(low), 0.025 * scale, dark)
    else:
        ring = frame(np.vstack([top, low[::-1]]))
        brush.fill(ring, EYE_WHITE, Surface(depth=0.3, outline=0))
        pupil = (x + gx * half * 0.48, y - 0.004 + gy * 0.016)
        # The iris is cut by the lids, so that it stays inside the eye.
        for radius, colour in ((0.05, figure.eyes), (0.026, (12, 8, 8))):
            disc = ellipse(*pupil, radius, radius, steps=20)
            disc[:, 1] = np.clip(disc[:, 1], y - lid * 0.95, y + 0.033)
            disc[:, 0] = np.clip(disc[:, 0], x - half * 0.92, x + half * 0.92)
            brush.fill(frame(disc), colour, Surface(depth=0, outline=0))
        brush.line(frame(low), 0.012 * scale, dark, opacity=0.55)
        brush.line(frame(top), 0.024 * scale, dark, opacity=0.95)
    brow = [(x - half * 1.2, y - 0.085), (x - half * 0.1, y - 0.125), (x + half * 1.15, y - 0.09)]
    brow_colour = mixed(figure.hair.colour, (60, 40, 30), 0.4)
    brush.line(frame(smooth(brow, closed=False)), 0.024 * scale, brow_colour, opacity=0.75)


def _paint_nose(brush: Brush, figure: Figure, head: Head) -> None:
    frame, scale = head.frame, head.frame.scale_px
    dark = mixed(figure.skin, (70, 28, 18), 0.75)
    if head.profile:
        wing = [(0.33, 0.1), (0.3, 0.135), (0.34, 0.165)]
        brush.line(frame(smooth(wing, closed=False)), 0.022 * scale, dark, opacity=0.7)
        return
    m, k = head.middle, head.yaw
    ridge = [
        (m + 0.05, -0.08),
        (m + 0.035 + 0.05 * k, 0.03),
        (m + 0.06 + 0.13 * k, 0.14),
        (m + 0.03 + 0.08 * k, 0.165),
    ]
    brush.dab(
        frame([(m - 0.01, 0), (m + 0.09, 0.02), (m + 0.12 + 0.1 * k, 0.16), (m + 0.02, 0.16)]),
        dark, opacity=0.35, blur_px=0.022 * scale,
    )  # fmt: skip
    brush.line(frame(smooth(ridge, closed=False)), 0.018 * scale, dark, opacity=0.6)
    base = [
        (m - 0.065 + 0.07 * k, 0.15),
        (m - 0.03 + 0.08 * k, 0.172),
        (m + 0.06 + 0.08 * k, 0.165),
    ]
    brush.line(frame(smooth(base, closed=False)), 0.022 * scale, dark, opacity=0.75)
    brush.dab(
        frame(ellipse(m + 0.04 * k, 0.09, 0.022, 0.06)),
        (255, 240, 220),
        opacity=0.4,
        blur_px=0.014 * scale,
    )


def _paint_mouth(brush: Brush, head: Head) -> None:
    frame, scale = head.frame, head.frame.scale_px
    centre, half = (
        (0.3, 0.075) if head.profile else (head.middle * 1.05, 0.12 * (1 - 0.25 * head.yaw))
    )
    y = 0.252 if head.profile else 0.275
    upper = [
        (centre - half, y),
        (centre - half * 0.35, y - 0.032),
        (centre, y - 0.022),
        (centre + half * 0.35, y - 0.032),
        (centre + half, y),
    ]
    lower = [(centre + half * 0.6, y + 0.03), (centre, y + 0.05), (centre - half * 0.6, y + 0.03)]
    brush.dab(frame(upper + lower), LIP, opacity=0.8, blur_px=0.008 * scale)
    middle = smooth(
        [(centre - half, y), (centre, y + 0.008), (centre + half, y - 0.002)], closed=False
    )
    brush.line(frame(middle), 0.016 * scale, (92, 28, 24), opacity=0.85)
    brush.dab(
        frame(ellipse(centre, y + 0.085, half * 0.7, 0.018)),
        (110, 52, 38),
        opacity=0.35,
        blur_px=0.015 * scale,
    )


def _paint_wrinkles(brush: Brush, head: Head) -> None:
    frame, scale = head.frame, head.frame.scale_px
    m = head.middle
    for y in (-0.2, -0.26):
        line = smooth([(m - 0.17, y + 0.01), (m, y - 0.01), (m + 0.15, y + 0.01)], closed=False)
        brush.line(frame(line), 0.012 * scale, (96, 50, 36), opacity=0.5)
    fold = smooth([(m - 0.12, 0.14), (m - 0.19, 0.22), (m - 0.19, 0.3)], closed=False)
    brush.line(frame(fold), 0.014 * scale, (96, 50, 36), opacity=0.55)


def paint_beard(brush: Brush, figure: Figure, head: Head) -> None:
    """A beard that leaves the mouth free, with strands."""
    if not figure.hair.beard:
        return
    frame, scale, m = head.frame, head.frame.scale_px, head.middle
    long = 0.95 if figure.hair.beard == "long" else 0.62
    ring = _beard_in_profile(long) if head.profile else _beard_from_front(head, long)
    strands = []
    for x in np.linspace(ring[0][0], 0.36, 7):
        line = [
            (x * 0.7 + m * 0.3, 0.25),
            (x * 0.55 + m * 0.5, 0.5),
            (m + 0.3 * (x - m), long - 0.05),
        ]
        strands.append((frame(smooth(line, closed=False)), 0.035 * scale, 0.7))
    surface = Surface(round_px=0.06 * scale, folds=tuple(strands))
    brush.fill(frame(smooth(ring)), figure.hair.colour, surface)
    _paint_mouth(brush, head)
    ends = [(m - 0.16, 0.27), (m, 0.215), (m + 0.15, 0.265)]
    if head.profile:
        ends = [(0.16, 0.3), (0.28, 0.21), (0.385, 0.215)]
    moustache = tube(ends, [0.02, 0.075, 0.03])
    brush.fill(frame(moustache), figure.hair.colour, Surface(round_px=0.03 * scale))


def _beard_in_profile(long: float) -> list[tuple[float, float]]:
    return [
        (-0.14, 0.05), (-0.12, 0.28), (0.0, 0.5), (0.1, long - 0.14), (0.26, long), (0.4, long - 0.12), (0.43, 0.55),
        (0.385, 0.4), (0.36, 0.31), (0.26, 0.3), (0.24, 0.2), (0.1, 0.22), (-0.04, 0.14),
    ]  # fmt: skip


def _beard_from_front(head: Head, long: float) -> list[tuple[float, float]]:
    left, right, m = -0.36 + 0.16 * head.yaw, 0.33 + 0.06 * head.yaw, head.middle
    return [
        (left, 0.06), (left + 0.03, 0.3), (m - 0.2, 0.5), (m - 0.1, long - 0.08), (m + 0.02, long), (m + 0.12, long - 0.1),
        (right - 0.1, 0.48), (right, 0.28), (right - 0.015, 0.1), (right - 0.06, 0.22), (m + 0.14, 0.2),
        (m, 0.19), (m - 0.16, 0.215), (left + 0.1, 0.2),
    ]  # fmt: skip
