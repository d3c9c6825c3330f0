"""How well a detector finds persons, as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from iconograph.evaluation.detection import SMALLEST_IOU, SURE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iconograph.evaluation.detection import DetectionEvaluation, PersonScore


def detection_table(evaluation: DetectionEvaluation) -> Table:
    """The figures for people to read, all pictures first, then each style."""
    total = evaluation.total
    table = Table(
        title=f"Persons found by {evaluation.detector}, IoU >= {SMALLEST_IOU}, "
        f"{total.pictures} pictures"
    )
    table.add_column("style", no_wrap=True)
    goal = f"P at R {evaluation.goal_recall:g}"
    for name in ("pictures", "boxes", "AP", goal, f"P at {SURE:g}", f"R at {SURE:g}"):
        table.add_column(name, justify="right", min_width=len(max(name.split(), key=len)))
    for score in (total, *evaluation.styles):
        table.add_row(score.name, *_cells(score), style="" if score is total else "dim")
    table.caption = "\n".join(_notes(evaluation))
    return table


def _cells(score: PersonScore) -> list[str]:
    goal, sure = score.at_goal, next(p for p in score.points if p.confidence == SURE)
    return [
        str(score.pictures),
        str(score.boxes),
        _number(score.average_precision, 3),
        _number(goal.precision, 3) if goal else "not reached",
        _number(sure.precision, 2),
        _number(sure.recall, 2),
    ]


def _notes(evaluation: DetectionEvaluation) -> Iterable[str]:
    total = evaluation.total
    yield "P is precision, R recall, AP the mean precision over all recalls"
    if total.at_goal:
        confidence = _number(total.at_goal.confidence, 2)
        yield f"recall {evaluation.goal_recall:g} is reached at confidence {confidence}"
    for point in total.points:
        figures = _number(point.precision, 3), _number(point.recall, 3)
        yield f"confidence >= {point.confidence:g}: precision {figures[0]}, recall {figures[1]}"
    yield f"recall of all that is found: {_number(total.largest_recall, 3)}"
    if total.calibration_error is not None:
        yield f"confidences are off by {total.calibration_error:.3f} on average"
    yield f"{total.difficult} difficult boxes are not counted"
    if evaluation.unboxed:
        yield f"{len(evaluation.unboxed)} pictures in which nobody boxed anyone are left out"
    if evaluation.absent:
        yield f"{len(evaluation.absent)} pictures are not in the folder and are left out"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
