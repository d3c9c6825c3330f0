"""Reliability and precision-recall of relations as pictures, and their numbers as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.measures import precision_recall, reliability
from iconograph.graph.errors import MissingExtraError
from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from iconograph.evaluation.relation_scores import KindScore
    from iconograph.evaluation.relations import RelationEvaluation

NUMBERS = "relations.json"
SIZE_INCHES = (11.0, 5.0)
DOTS_PER_INCH = 110
LARGEST_MARK_POINTS = 14.0
SMALLEST_MARK_POINTS = 3.0


def write_evaluation(evaluation: RelationEvaluation, folder: Path) -> tuple[Path, ...]:
    """A plot for each kind that has judged statements, and all numbers; the files written.

    Makes the folder. Raises `MissingExtraError` without matplotlib.
    """
    _require_matplotlib()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in EdgeKind:
        scores = [s for s in evaluation.scores if s.kind is kind and s.ranking.truths.any()]
        if scores:
            files.append(folder / f"{kind.value.lower().replace('_', '-')}.png")
            _write_plot(kind, scores, files[-1])
    numbers = folder / NUMBERS
    record = evaluation.to_record() | {"curves": [_curves(score) for score in evaluation.scores]}
    numbers.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return (*files, numbers)


def _require_matplotlib() -> None:
    try:
        import matplotlib as mpl  # noqa: F401  only whether it is there
    except ImportError as error:
        needed_by = "drawing reliability and precision-recall"
        raise MissingExtraError(needed_by, package="matplotlib", extra="evaluate") from error


def _write_plot(kind: EdgeKind, scores: Sequence[KindScore], path: Path) -> None:
    """Two panels; figures are made without pyplot, which keeps those it made."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    figure.suptitle(f"{kind.value}: {scores[0].ranking.truths.sum()} true statements")
    _draw_reliability(left, scores)
    _draw_precision(right, scores)
    canvas.print_png(path)


def _draw_reliability(axes: Axes, scores: Sequence[KindScore]) -> None:
    """Confidence against truth in bins; the larger a mark, the more statements it stands for."""
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", linewidth=1)
    for score in scores:
        bins = reliability(score.ranking.confidences, score.ranking.truths)
        across = [one.confidence for one in bins]
        up = [one.true_fraction for one in bins]
        told = _errors_told(score)
        (line,) = axes.plot(across, up, linewidth=1, label=score.method + told)
        sizes = [min(LARGEST_MARK_POINTS, SMALLEST_MARK_POINTS + b.count**0.5) ** 2 for b in bins]
        axes.scatter(across, up, s=sizes, color=line.get_color())
    _finish(axes, "reliability", "confidence", "share that is true")


def _errors_told(score: KindScore) -> str:
    """The calibration error over all judged statements, and over the stored ones."""
    error, stored = score.ranking.calibration_error, score.ranking.stored_calibration_error
    if error is None:
        return ""
    return f" (ECE {error:.3f})" if stored is None else f" (ECE {error:.3f}, stored {stored:.3f})"


def _draw_precision(axes: Axes, scores: Sequence[KindScore]) -> None:
    for score in scores:
        curve = precision_recall(score.ranking.confidences, score.ranking.truths)
        ap = score.ranking.average_precision
        told = "" if ap is None else f" (AP {ap:.2f})"
        axes.step(curve.recall, curve.precision, where="pre", label=score.method + told)
    _finish(axes, "precision and recall", "recall", "precision")


def _finish(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.grid(visible=True, color="0.9")
    axes.legend(fontsize="small", loc="best")


def _curves(score: KindScore) -> dict[str, Any]:
    ranking = score.ranking
    curve = precision_recall(ranking.confidences, ranking.truths)
    bins = reliability(ranking.confidences, ranking.truths)
    return {
        "kind": score.kind.value,
        "method": score.method,
        "reliability": [asdict(one) for one in bins],
        "precision": curve.precision.round(6).tolist(),
        "recall": curve.recall.round(6).tolist(),
    }
