"""Subjects by name: each recipe sets the scene on a stage, with random details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from iconograph.ingest.scenes.recipes import eden, pairs, sacred, saints, secular
from iconograph.ingest.scenes.stage import Stage

UPRIGHT, WIDE, SQUARE = 0.78, 1.28, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a subject is set on the stage, and the picture's width over its height."""

    compose: Callable[[Stage], None]
    aspect: float


RECIPES_BY_NAME = MappingProxyType({
    "annunciation": Recipe(compose=sacred.annunciation, aspect=SQUARE),
    "virgin_and_child": Recipe(compose=sacred.virgin_and_child, aspect=UPRIGHT),
    "heaven_and_earth": Recipe(compose=sacred.heaven_and_earth, aspect=UPRIGHT),
    "adoration_of_the_magi": Recipe(compose=sacred.adoration_of_the_magi, aspect=WIDE),
    "eve_and_goat": Recipe(compose=eden.eve_and_goat, aspect=SQUARE),
    "adam_and_eve": Recipe(compose=eden.adam_and_eve, aspect=SQUARE),
    "venus_and_mars": Recipe(compose=eden.venus_and_mars, aspect=SQUARE),
    "saint": Recipe(compose=saints.single_saint, aspect=0.6),
    "diptych": Recipe(compose=saints.diptych, aspect=SQUARE),
    "catherine": Recipe(compose=saints.catherine, aspect=0.7),
    "jerome": Recipe(compose=saints.jerome, aspect=SQUARE),
    "michael": Recipe(compose=saints.michael, aspect=UPRIGHT),
    "judith": Recipe(compose=saints.judith, aspect=SQUARE),
    "portrait": Recipe(compose=secular.portrait, aspect=UPRIGHT),
    "lady_and_unicorn": Recipe(compose=secular.lady_and_unicorn, aspect=SQUARE),
    "musicians": Recipe(compose=secular.musicians, aspect=WIDE),
    "shepherds": Recipe(compose=secular.shepherds, aspect=WIDE),
    "battle": Recipe(compose=secular.battle, aspect=WIDE),
    "still_life": Recipe(compose=secular.still_life, aspect=WIDE),
    "paradise": Recipe(compose=secular.animals_drinking, aspect=WIDE),
    "pair": Recipe(compose=pairs.pair, aspect=0.9),
    "column": Recipe(compose=pairs.parted_by_column, aspect=SQUARE),
    "river": Recipe(compose=pairs.parted_by_river, aspect=WIDE),
    "person_and_animal": Recipe(compose=pairs.person_and_animal, aspect=SQUARE),
})  # fmt: skip
RECIPES = tuple(RECIPES_BY_NAME)
"""Names of the recipes."""
