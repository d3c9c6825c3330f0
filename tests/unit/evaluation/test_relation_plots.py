from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iconograph.evaluation.relation_plots import write_evaluation
from iconograph.evaluation.relation_scores import KindScore, Ranking
from iconograph.evaluation.relations import RelationEvaluation
from iconograph.graph.errors import MissingExtraError
from iconograph.graph.model.edge import EdgeKind


def a_score(kind: EdgeKind, truths: str) -> KindScore:
    """A score of statements of falling confidence, true for each t."""
    confidences = np.linspace(0.9, 0.1, len(truths))
    ranking = Ranking(
        confidences=confidences, truths=np.array([t == "t" for t in truths]), stored=0.3
    )
    return KindScore(kind=kind, method="boxes only", found=1, wrong=1, missed=0, ranking=ranking)


EVALUATION = RelationEvaluation(
    pictures=1,
    looked_at=0,
    threshold=0.5,
    scores=(
        a_score(EdgeKind.HOLDS, "tftf"),
        a_score(EdgeKind.WEARS, "ff"),
    ),
    baselines=(),
)


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(MissingExtraError, match=r"iconograph\[evaluate\]"):
        write_evaluation(EVALUATION, tmp_path / "plots")
    assert not (tmp_path / "plots").exists()


def test_kinds_with_true_statements_are_drawn_and_all_numbers_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra evaluate")

    files = write_evaluation(EVALUATION, tmp_path / "plots")

    assert [file.name for file in files] == ["holds.png", "relations.json"]
    with Image.open(files[0]) as plot:
        assert plot.width > plot.height > 400
        assert len(plot.convert("RGB").getcolors(100_000) or ()) > 10
    record = json.loads(files[1].read_text())
    holds, wears = record["curves"]
    assert holds["recall"] == [0.5, 0.5, 1.0, 1.0]
    assert [b["count"] for b in holds["reliability"]] == [1, 1, 1, 1]
    assert wears["recall"] == [0.0, 0.0]
    assert record["scores"][0]["average_precision"] == pytest.approx((1 + 2 / 3) / 2)


def test_plotting_leaves_no_figures_behind(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra evaluate")
    before = sys.modules.get("matplotlib.pyplot")

    write_evaluation(EVALUATION, tmp_path)

    assert sys.modules.get("matplotlib.pyplot") is before
