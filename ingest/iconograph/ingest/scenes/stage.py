"""A scene in the making: who and what takes part, painted back to front, with the truth kept beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes.animals import ANIMALS
from iconograph.ingest.scenes.attributes import ATTRIBUTES
from iconograph.ingest.scenes.canvas import Brush, Canvas
from iconograph.ingest.scenes.curves import Frame, unit
from iconograph.ingest.scenes.figure import XY, Figure, Look, Skeleton, skeleton_of
from iconograph.ingest.scenes.head import face_points, head_of
from iconograph.ingest.scenes.person import paint_person
from iconograph.ingest.scenes.styles import Style
from iconograph.ingest.scenes.values import Attributes, DrawnGaze, DrawnRelation
from iconograph.ingest.scenes.words import garment_label, worn_things

if TYPE_CHECKING:
    import numpy as np

Taken = tuple[int, str, Frame]
"""A held thing: its id, its label and where it is drawn."""


@dataclass(slots=True, eq=False, kw_only=True)
class Entry:
    """One thing of the scene as far as it is known while painting."""

    id: int
    level: Level
    kind: RegionKind
    label: str
    words: str = ""
    parent_id: int | None = None
    members: tuple[int, ...] = ()
    attributes: Attributes = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Actor:
    """A figure with its joints, its gaze and what it holds, until it is painted."""

    id: int
    figure: Figure
    skeleton: Skeleton
    worn: dict[str, int]
    look: Look = field(default_factory=Look)
    gaze: DrawnGaze | None = None
    held: list[Taken] = field(default_factory=list)

    @property
    def focus(self) -> XY:
        """The point that others look at: the head."""
        return self.skeleton["head"]

    @property
    def points(self) -> dict[str, XY]:
        """Joints and face points by their COCO names."""
        face = face_points(head_of(self.figure, self.skeleton, self.look))
        return {**self.skeleton.joints, **face}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An animal or an object at its place; `focus` is the point that others look at."""

    id: int
    label: str
    frame: Frame
    focus: XY


class Stage:
    """Collects the cast and paints it; places are fractions of the picture's width and height."""

    def __init__(self, canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
        self.canvas, self.style, self.rng = canvas, style, rng
        self.width, self.height = float(canvas.width_px), float(canvas.height_px)
        self.entries: list[Entry] = []
        self.actors: list[Actor] = []
        self.things: list[Thing] = []
        self.relations: list[DrawnRelation] = []
        self.title = self.subject = ""

    def at(self, x: float, y: float) -> XY:
        """A place given in fractions of width and height, in px."""
        return (x * self.width, y * self.height)

    def chance(self, probability: float) -> bool:
        """Whether something happens, at random."""
        return bool(self.rng.uniform() < probability)

    def pick(self, *choices: str) -> str:
        """One of the words, at random."""
        return choices[int(self.rng.integers(len(choices)))]

    def near(self, value: float, spread: float) -> float:
        """A number about a value, at most `spread` away."""
        return float(self.rng.uniform(value - spread, value + spread))

    def entry(
        self, label: str, kind: RegionKind, *, words: str = "", parent_id: int | None = None
    ) -> int:
        """Enter a thing of the scene and give it its id."""
        entry = Entry(
            id=len(self.entries) + 1, level=Level.ENTITY, kind=kind, label=label,
            words=words or label, parent_id=parent_id,
        )  # fmt: skip
        self.entries.append(entry)
        return entry.id

    def brush(self, owner: int = 0) -> Brush:
        """A brush in the hand of an owner."""
        return Brush(canvas=self.canvas, style=self.style, rng=self.rng, owner=owner)

    def setting(self, label: str, *, kind: RegionKind = RegionKind.SETTING) -> Brush:
        """A brush for a new part of the setting."""
        return self.brush(self.entry(label, kind))

    def relate(self, subject: int, kind: EdgeKind, target: int) -> None:
        """State a relation."""
        self.relations.append(DrawnRelation(subject_id=subject, object_id=target, kind=kind))

    def actor(self, label: str, figure: Figure, words: str) -> Actor:
        """Enter a figure with all it wears; `words` say what it is (`an angel`)."""
        own = self.entry(label, RegionKind.PERSON, words=words)
        worn = {}
        for name, colour in worn_things(figure.dress):
            kind = RegionKind.PART if name in {"wings", "halo"} else RegionKind.ATTRIBUTE
            worn[name] = self.entry(garment_label(name, colour), kind, parent_id=own)
            if kind is RegionKind.PART:
                self.relate(worn[name], EdgeKind.PART_OF, own)
            else:
                self.relate(own, EdgeKind.WEARS, worn[name])
        actor = Actor(id=own, figure=figure, skeleton=skeleton_of(figure), worn=worn)
        self.actors.append(actor)
        return actor

    def give(
        self, actor: Actor, label: str, side: str, *, angle_deg: float = 0.0, scale: float = 1.0
    ) -> Thing:
        """Put a thing into a hand; it is painted with the figure, under the fingers."""
        x, y = actor.skeleton[f"{side}_wrist"]
        ex, ey = actor.skeleton[f"{side}_elbow"]
        dx, dy = unit((ex, ey), (x, y))
        u = actor.skeleton.unit_px
        frame = Frame(
            x_px=x + 0.2 * dx * u, y_px=y + 0.2 * dy * u, scale_px=u * scale, angle_deg=angle_deg
        )
        kind = RegionKind.OBJECT
        own = self.entry(label, kind, words=ATTRIBUTES[label].words)
        actor.held.append((own, label, frame))
        self.relate(actor.id, EdgeKind.HOLDS, own)
        return self._enter(own, label, frame, frame.at(0, -0.3))

    def place(self, label: str, frame: Frame, *, painted: bool = True) -> Thing:
        """Set a thing that nobody holds."""
        own = self.entry(label, RegionKind.OBJECT, words=ATTRIBUTES[label].words)
        if painted:
            ATTRIBUTES[label].draw(self.brush(own), frame)
        return self._enter(own, label, frame, frame.at(0, -0.3))

    def animal(self, label: str, foot: XY, height_px: float, *, to_left: bool = False) -> Thing:
        """Paint an animal with its feet at a place, turned to the right or the left."""
        animal = ANIMALS[label]
        frame = Frame(x_px=foot[0], y_px=foot[1], scale_px=height_px, mirrored=to_left)
        own = self.entry(label, RegionKind.ANIMAL, words=animal.words)
        animal.draw(self.brush(own), frame)
        return self._enter(own, label, frame, frame.at(*animal.eye))

    def look(self, actor: Actor, target: Actor | Thing | None) -> None:
        """Turn head and eyes to a target, or to the viewer."""
        if target is None:
            actor.look = Look()
            origin = _between_eyes(actor)
            actor.gaze = DrawnGaze(state=GazeState.VIEWER, origin=origin)
            return
        # The eyes move with the head: the second pass aims from where they have come to lie.
        origin = actor.focus
        for _ in range(3):
            actor.look = Look(direction=unit(origin, target.focus))
            origin = _between_eyes(actor)
        actor.gaze = DrawnGaze(
            state=GazeState.TARGET, origin=origin, direction=actor.look.direction,
            target=target.focus, target_id=target.id,
        )  # fmt: skip
        self.relate(actor.id, EdgeKind.GAZES_AT, target.id)

    def shut_eyes(self, actor: Actor) -> None:
        """Close the eyes."""
        actor.look = Look(closed=True)
        actor.gaze = DrawnGaze(state=GazeState.CLOSED, origin=_between_eyes(actor))

    def paint(self, *actors: Actor) -> None:
        """Paint figures in the given order, later ones in front."""
        for actor in actors:
            if actor.gaze is None:
                self.look(actor, None)
            self._paint(actor)

    def group(self, label: str, members: Sequence[int]) -> int:
        """Enter a group whose area is that of its members."""
        group = Entry(
            id=len(self.entries) + 1, level=Level.GROUP, kind=RegionKind.UNKNOWN, label=label,
            members=tuple(members),
        )  # fmt: skip
        self.entries.append(group)
        return group.id

    def divide(self, one_side: Sequence[int], other_side: Sequence[int]) -> None:
        """State that a divide lies between all of one side and all of the other."""
        for a in one_side:
            for b in other_side:
                self.relate(a, EdgeKind.ACROSS_DIVIDE, b)

    def _enter(self, own: int, label: str, frame: Frame, focus: XY) -> Thing:
        thing = Thing(id=own, label=label, frame=frame, focus=focus)
        self.things.append(thing)
        return thing

    def _paint(self, actor: Actor) -> None:
        def brush_of(name: str) -> Brush:
            return self.brush(actor.worn[name] if name else actor.id)

        def paint_held() -> None:
            for own, label, frame in actor.held:
                ATTRIBUTES[label].draw(self.brush(own), frame)

        paint_person(brush_of, actor.figure, actor.skeleton, actor.look, paint_held)


def _between_eyes(actor: Actor) -> XY:
    points = face_points(head_of(actor.figure, actor.skeleton, actor.look))
    (ax, ay), (bx, by) = points["left_eye"], points["right_eye"]
    return ((ax + bx) / 2, (ay + by) / 2)
