"""`iconograph evaluate photos`: relations measured on photographs with annotated pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iconograph.cli.options import Json
from iconograph.cli.output import answer_console, print_json


def photos(
    annotations: Annotated[
        list[Path], typer.Argument(help="V-COCO or HICO-DET (HOLDS) or VRD (BESIDE) as JSON.")
    ],
    *,
    json: Json = False,
) -> None:
    """Average precision of HOLDS and BESIDE among all pairs, beside overlap and nearness.

    Example: iconograph evaluate photos vcoco_trainval.json vrd_dev.json
    """
    from iconograph.evaluation.photo_pairs import read_photo_pairs
    from iconograph.evaluation.photos import photo_table, score_photos
    from iconograph.relations.thresholds import read_thresholds

    thresholds = read_thresholds()
    scores = [(path.stem, score_photos(read_photo_pairs(path), thresholds)) for path in annotations]
    if json:
        print_json({name: score.to_record() for name, score in scores})
    else:
        answer_console().print(photo_table(scores))
