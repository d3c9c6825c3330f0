"""Drawn scenes: iconographic pictures from a seed, with exact truth about everything in them."""

from __future__ import annotations

from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.scenes.draw import draw_scene
from iconograph.ingest.scenes.recipes import RECIPES
from iconograph.ingest.scenes.styles import STYLES
from iconograph.ingest.scenes.values import DrawnPart, DrawnRelation, DrawnScene

__all__ = [
    "RECIPES",
    "STYLES",
    "DrawnPart",
    "DrawnRelation",
    "DrawnScene",
    "draw_scene",
    "write_corpus",
]
