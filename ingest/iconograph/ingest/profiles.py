"""Which models look at pictures together: profiles, which of them are ready here, and how to open them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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


MOST_PX2 = {Budget.FAST: 400_000, Budget.NORMAL: 1_000_000, Budget.DEEP: 3_000_000}
"""The pixels at which models see a picture."""

MOST_PIECES = {Budget.FAST: 60, Budget.NORMAL: 150, Budget.DEEP: 400}
"""The pieces of a picture that are looked at without a detector having found them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Models that look at pictures together, and what they can know; what they cannot they leave out.

    Its models are those records of the registry that name it; the registry must have those in `needs`.
    """

    name: str
    knows: str
    needs: tuple[str, ...] = ()


PROFILES = (
    Profile(
        name="full",
        knows="figures and things of an open vocabulary with masks, vectors and captions",
    ),
    Profile(
        name="laptop",
        knows="persons with pose, face and gaze, everyday objects, and pieces by colour; no vectors",
        needs=("centernet", "movenet-lightning", "blazepose-landmark", "face-mesh", "iris"),
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
    lacking = missing_from(profile, cache_dir)
    if lacking is None or lacking:
        message = f"{_lack(profile, lacking)}; {_instead(profile, cache_dir)}"
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


def missing_from(profile: Profile, cache_dir: Path) -> tuple[ModelRecord, ...] | None:
    """The models of a profile that are not there or not whole; None when not all are known."""
    records = members(profile, cache_dir)
    if not records or not set(profile.needs) <= {record.name for record in records}:
        return None
    return tuple(r for r in records if state_of(r, cache_dir) is not ModelState.READY)


def _best(cache_dir: Path) -> Choice:
    passed: list[str] = []
    for profile in PROFILES:
        lacking = missing_from(profile, cache_dir)
        if lacking == ():
            why = f"{profile.name} is the best that is ready here: {profile.knows}"
            return Choice(profile=profile, why="; ".join([why, *passed]))
        passed.append(_lack(profile, lacking))
    return Choice(profile=None, why="; ".join(["no profile is ready here", *passed]))


def _lack(profile: Profile, lacking: tuple[ModelRecord, ...] | None) -> str:
    if lacking is None:
        return (
            f"not all models of the profile {profile.name} are known (see: iconograph models add)"
        )
    names = " ".join(record.name for record in lacking)
    size_mb = sum(record.size_bytes for record in lacking) / 1e6
    return (
        f"the profile {profile.name} lacks {len(lacking)} models ({size_mb:.1f} MB); "
        f"get them with: iconograph models pull {names}"
    )


def _instead(profile: Profile, cache_dir: Path) -> str:
    ready = [p.name for p in PROFILES if p != profile and missing_from(p, cache_dir) == ()]
    return f"--models {ready[0]} works now" if ready else "no other profile works now"
