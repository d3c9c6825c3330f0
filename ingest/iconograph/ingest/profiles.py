"""Which models look at pictures together: profiles, which of them are ready here, and how to open them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.registry import ModelState, load_registry, state_of

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.ingest.models.record import ModelRecord

NONE, AUTO = "none", "auto"


class Budget(StrEnum):
    """How much time a picture may take."""

    FAST = "fast"
    NORMAL = "normal"
    DEEP = "deep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one picture may cost.

    `px2` are the pixels at which models see it, `pieces` those looked at without a detector having
    found them, `cut_out` the boxes of a detector, surest first, whose things a segmenter cuts out:
    at ViT-B's size 40 boxes cost a ninth of SAM's grid of 32 x 32 points, 80 a seventh, 300 a third
    (`tests/bench/test_segmenter_bench.py`). The others stay boxes.
    """

    px2: int
    pieces: int
    cut_out: int


LIMITS = {
    Budget.FAST: Limits(px2=400_000, pieces=60, cut_out=40),
    Budget.NORMAL: Limits(px2=1_000_000, pieces=150, cut_out=80),
    Budget.DEEP: Limits(px2=3_000_000, pieces=400, cut_out=300),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a profile needs a model of the user's own for, and one that would do.

    The first word of a record's task says that it is for this one. Size and licence of the model that
    would do are those its makers state; nothing is fetched by them.
    """

    name: str
    fitting: str
    size_mb: int
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Models that look at pictures together, and what they can know; what they cannot they leave out.

    Its models are those records of the registry that name it; the registry must have those in `needs`,
    and one for each of `tasks`. `package` is what must be installed to run them, as it is imported,
    and `extra` is ours that brings it.
    """

    name: str
    knows: str
    needs: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    package: str = ""
    extra: str = ""


PROFILES = (
    Profile(
        name="full",
        knows="figures and things of an open vocabulary with masks, vectors and captions",
        tasks=(
            Task(
                name="detect",
                fitting="google/owlv2-base-patch16-ensemble",
                size_mb=620,
                licence="Apache-2.0",
            ),
            Task(name="segment", fitting="SAM ViT-B", size_mb=375, licence="Apache-2.0"),
            Task(
                name="encode",
                fitting="laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
                size_mb=605,
                licence="MIT",
            ),
        ),
    ),
    Profile(
        name="laptop",
        knows="persons with pose, face and gaze, everyday objects, and pieces by colour; no vectors",
        needs=("centernet", "movenet-lightning", "blazepose-landmark", "face-mesh", "iris"),
        package="ai_edge_litert",
        extra="people",
    ),
    Profile(
        name="mini",
        knows="drawn scenes, not paintings: figures, animals, things, their masks, poses and vectors",
        needs=("mini-detect", "mini-sam", "mini-clip", "mini-pose", "mini-gaze"),
    ),
)
"""The best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The profile to work with, None for none, and why in a sentence for people."""

    profile: Profile | None
    why: str


def chosen(asked: str, cache_dir: Path) -> Choice:
    """The profile asked for by name; for `auto` the best that is ready on this machine.

    Raises `MissingModelError` when a profile that was named is not complete, with what it lacks, how
    to get it, and which profile would work now.
    """
    if asked == NONE:
        return Choice(profile=None, why="no models were asked for")
    if asked == AUTO:
        return _best(cache_dir)
    profile = profile_named(asked)
    if missing_from(profile, cache_dir) != ():
        message = f"{_lack(profile, cache_dir)}; {_instead(profile, cache_dir)}"
        raise MissingModelError(message)
    return Choice(profile=profile, why=f"{profile.name} was asked for: {profile.knows}")


def profile_named(name: str) -> Profile:
    """The profile of this name; raises `MissingModelError` when there is none."""
    for profile in PROFILES:
        if profile.name == name:
            return profile
    names = ", ".join(profile.name for profile in PROFILES)
    message = f"no profile is named {name!r}; there are {NONE}, {AUTO}, {names}"
    raise MissingModelError(message)


def members(profile: Profile, cache_dir: Path) -> tuple[ModelRecord, ...]:
    """The models of a profile, as the registry knows them."""
    return tuple(r for r in load_registry(cache_dir).values() if profile.name in r.profiles)


def tasks_without_model(profile: Profile, cache_dir: Path) -> tuple[Task, ...]:
    """The tasks of a profile for which the registry knows no model."""
    there = {task_of(record) for record in members(profile, cache_dir)}
    return tuple(task for task in profile.tasks if task.name not in there)


def task_of(record: ModelRecord) -> str:
    """The first word of what a model is for."""
    return record.task.split()[0]


def missing_from(profile: Profile, cache_dir: Path) -> tuple[ModelRecord, ...] | None:
    """The models of a profile that are not there or not whole; None when not all are known."""
    records = members(profile, cache_dir)
    known = {record.name for record in records}
    if not records or not set(profile.needs) <= known or tasks_without_model(profile, cache_dir):
        return None
    return tuple(r for r in records if state_of(r, cache_dir) is not ModelState.READY)


def _best(cache_dir: Path) -> Choice:
    passed: list[str] = []
    for profile in PROFILES:
        if _is_ready(profile, cache_dir):
            why = f"{profile.name} is the best that is ready here: {profile.knows}"
            return Choice(profile=profile, why="; ".join([why, *passed]))
        passed.append(_lack(profile, cache_dir))
    return Choice(profile=None, why="; ".join(["no profile is ready here", *passed]))


def _is_ready(profile: Profile, cache_dir: Path) -> bool:
    return missing_from(profile, cache_dir) == () and _has_package(profile)


def _has_package(profile: Profile) -> bool:
    return not profile.package or find_spec(profile.package) is not None


def _lack(profile: Profile, cache_dir: Path) -> str:
    """What a profile lacks, how large it is, under what licence, and how to get it or where to put it."""
    lacking = missing_from(profile, cache_dir)
    place = cache_dir / "models" / "NAME"
    if lacking is None:
        open_tasks = tasks_without_model(profile, cache_dir)
        told = "; ".join(
            f"{task.name}, such as {task.fitting} (some {task.size_mb} MB, licence {task.licence})"
            for task in open_tasks
        )
        first = open_tasks[0].name if open_tasks else "TASK"
        return (
            f"the profile {profile.name} lacks models of your own for: {told}. Put the files of each "
            f"into a folder, then: iconograph models add NAME --from FOLDER --task {first} "
            f"--licence LICENCE --profile {profile.name}, which keeps them at {place}"
        )
    if not lacking:
        return (
            f"the profile {profile.name} lacks the package {profile.package}; "
            f"install it with: pip install 'iconograph[{profile.extra}]'"
        )
    told = ", ".join(
        f"{r.name} ({r.size_bytes / 1e6:.1f} MB, licence {r.licence})" for r in lacking
    )
    size_mb = sum(record.size_bytes for record in lacking) / 1e6
    count = f"{len(lacking)} model{'s' if len(lacking) > 1 else ''}"
    return (
        f"the profile {profile.name} lacks {count} ({size_mb:.1f} MB): {told}; get them with: "
        f"iconograph models pull {' '.join(record.name for record in lacking)}, or put the files of "
        f"each into {place}"
    )


def _instead(profile: Profile, cache_dir: Path) -> str:
    ready = [p.name for p in PROFILES if p != profile and _is_ready(p, cache_dir)]
    return f"--models {ready[0]} works now" if ready else "no other profile works now"
