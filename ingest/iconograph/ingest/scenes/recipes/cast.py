"""Who appears in the recipes: people with random looks, and figures that everyone knows."""

from __future__ import annotations

from typing import TypedDict, Unpack

from iconograph.ingest.scenes.figure import XY, Dress, Figure, Hair
from iconograph.ingest.scenes.stage import Stage
from iconograph.ingest.scenes.styles import Colour, varied

SKINS: tuple[Colour, ...] = (
    (232, 188, 156),
    (222, 174, 140),
    (206, 154, 118),
    (168, 116, 84),
    (120, 80, 58),
)
HAIRS: tuple[Colour, ...] = (
    (62, 40, 26),
    (110, 70, 38),
    (176, 130, 68),
    (40, 30, 28),
    (148, 78, 40),
)
EYES: tuple[Colour, ...] = ((84, 58, 36), (64, 42, 28), (74, 104, 132), (98, 110, 100))
PALE_RED = 214
GREY: Colour = (176, 170, 162)
BLUE_MANTLE: Colour = (36, 64, 140)
RED_ROBE: Colour = (172, 40, 38)
LINEN: Colour = (234, 226, 208)
STEEL: Colour = (150, 156, 168)
LEAVES: Colour = (58, 104, 50)
WING: Colour = (232, 216, 206)


class Traits(TypedDict, total=False):
    """What a recipe may fix of a figure; the rest is random."""

    stance: str
    facing: float
    right: XY | None
    left: XY | None
    grips: tuple[str, str]
    dress: Dress
    hair: Hair
    aged: bool


def someone(stage: Stage, sex: str, foot: XY, tall: float, **traits: Unpack[Traits]) -> Figure:
    """A person `tall` picture heights high at a place in fractions, dressed at random."""
    rng = stage.rng
    skin = varied(SKINS[int(rng.choice(len(SKINS), p=(0.34, 0.3, 0.2, 0.1, 0.06)))], rng, 8)
    # Blue and grey eyes go with pale skin only.
    pale = skin[0] > PALE_RED
    eyes = EYES[int(rng.integers(len(EYES) if pale else 2))]
    traits.setdefault("hair", some_hair(stage, sex))
    traits.setdefault("dress", some_dress(stage, sex))
    return Figure(
        sex=sex, foot=stage.at(*foot), height_px=tall * stage.height, skin=skin, eyes=eyes, **traits,
    )  # fmt: skip


def some_hair(stage: Stage, sex: str) -> Hair:
    """Hair of a random colour and cut."""
    colour = HAIRS[int(stage.rng.integers(len(HAIRS)))]
    if sex == "man":
        return Hair(
            colour=colour,
            cut=stage.pick("short", "curls", "long", "short"),
            beard=stage.pick("", "short", "long", ""),
        )
    cut = "curls" if sex in {"child", "cherub"} else stage.pick("long", "bound", "long")
    return Hair(colour=colour, cut=cut)


def some_dress(stage: Stage, sex: str) -> Dress:
    """A robe, with a mantle, veil or hat now and then."""
    robe = stage.style.cloth(stage.rng)
    mantle = stage.style.cloth(stage.rng) if stage.chance(0.45) else None
    woman = sex == "woman"
    return Dress(
        robe=robe,
        mantle=mantle,
        veil=LINEN if woman and stage.chance(0.35) else None,
        hat=stage.style.cloth(stage.rng) if not woman and stage.chance(0.3) else None,
        short=sex == "man" and mantle is None and stage.chance(0.5),
    )


def old_beard(cut: str = "short") -> Hair:
    """Grey hair and a long beard."""
    return Hair(colour=GREY, cut=cut, beard="long")


def mary_dress(stage: Stage) -> Dress:
    """Red robe, blue mantle, white veil and halo."""
    return Dress(
        robe=varied(RED_ROBE, stage.rng, 14),
        mantle=varied(BLUE_MANTLE, stage.rng, 14),
        veil=LINEN,
        halo=stage.style.gold,
    )


def angel_dress(stage: Stage, *, mantle: bool = True) -> Dress:
    """A pale robe, wings and halo."""
    robe = varied((238, 222, 206), stage.rng, 16)
    return Dress(
        robe=robe,
        mantle=stage.style.cloth(stage.rng) if mantle else None,
        wings=varied(WING, stage.rng, 30),
        halo=stage.style.gold,
    )


def saint_dress(stage: Stage, *, mantle: bool = True) -> Dress:
    """Robe, mantle and halo."""
    cloths = [stage.style.cloth(stage.rng) for _ in range(2)]
    return Dress(robe=cloths[0], mantle=cloths[1] if mantle else None, halo=stage.style.gold)


def king_dress(stage: Stage) -> Dress:
    """Robe, mantle and crown."""
    cloths = [stage.style.cloth(stage.rng) for _ in range(2)]
    return Dress(robe=cloths[0], mantle=cloths[1], crown=stage.style.gold)


def bare(stage: Stage) -> Dress:
    """Nothing but leaves or a loin-cloth."""
    return Dress(loincloth=LEAVES if stage.chance(0.7) else LINEN)


def golden_hair(stage: Stage) -> Hair:
    """Long fair hair."""
    return Hair(colour=varied((190, 142, 72), stage.rng, 16), cut="long")
