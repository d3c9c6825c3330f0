from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.relations.logistic import Logistic
from iconograph.relations.thresholds import read_thresholds


def test_a_logistic_model_weighs_its_measures() -> None:
    model = Logistic(bias=-1.0, weights={"gap_sizes": 2.0})
    measures = {"gap_sizes": np.array([0.5, 1e9]), "unused": np.zeros(2)}

    assert model.probabilities(measures) == pytest.approx([0.5, 1.0])


def test_a_measure_that_is_missing_is_named() -> None:
    model = Logistic(bias=0.0, weights={"gap_sizes": 1.0})

    with pytest.raises(InvalidValueError, match="gap_sizes"):
        model.probabilities({"other": np.zeros(1)})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("[beside]\n", "need the tables", id="tables missing"),
        pytest.param("[typo]\n", "typo", id="unknown table"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text(text)

    with pytest.raises(InvalidValueError, match=found):
        read_thresholds(file)
