"""The scores of relations for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from iconograph.evaluation.relation_scores import KindScore
    from iconograph.evaluation.relations import RelationEvaluation

COLUMNS = ("found", "wrong", "missed", "precision", "recall", "F1", "AP", "ECE", "stored", "swap")
"""`ECE` is the calibration error over all judged statements, `stored` that over stored edges."""


def relation_table(evaluation: RelationEvaluation) -> Table:
    """The scores, each kind with its baselines below it."""
    table = Table(
        title=f"Relations from given regions, {evaluation.pictures} pictures "
        f"({evaluation.looked_at} looked at), confidence >= {evaluation.threshold}"
    )
    table.add_column("kind")
    table.add_column("method")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for kind in EdgeKind:
        ours = [score for score in evaluation.scores if score.kind is kind]
        theirs = [score for score in evaluation.baselines if score.kind is kind]
        for score in ours:
            table.add_row(kind.value, score.method, *_cells(score))
        for score in theirs:
            cells = _cells(score, ranks=False)
            table.add_row(kind.value, f"baseline: {score.method}", *cells, style="dim")
        if ours:
            table.add_section()
    if evaluation.gazes:
        table.caption = "\n".join(map(str, evaluation.gazes))
    return table


def _cells(score: KindScore, *, ranks: bool = True) -> list[str]:
    """A baseline says yes or no, so that its ranks and its calibration say nothing."""
    ranking = score.ranking
    rated = (
        ranking.average_precision,
        ranking.calibration_error,
        ranking.stored_calibration_error,
    )
    shares = [score.precision, score.recall, score.f1]
    shares += [*(rated if ranks else (None, None, None)), score.swap_accuracy]
    counts = [score.found, score.wrong, score.missed]
    return [str(n) for n in counts] + ["-" if s is None else f"{s:.2f}" for s in shares]
