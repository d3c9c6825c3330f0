from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.training.jitter import jittered


def test_sides_lie_off_by_a_share_of_their_own_length() -> None:
    box = np.array([100, 100, 200, 110], np.float32)
    off = np.array([jittered(np.random.default_rng(seed), box) - box for seed in range(200)])

    assert np.abs(off[:, [0, 2]]).max() <= 12
    assert np.abs(off[:, [1, 3]]).max() <= 1.2
    assert off.std(axis=0).min() > 0.2


@given(seed=st.integers(0, 1000))
def test_most_of_the_thing_stays_within(seed: int) -> None:
    off = jittered(np.random.default_rng(seed), np.array([10, 20, 110, 220], np.float32))

    assert off.dtype == np.float32
    assert off[0] < 30
    assert off[3] > 190


def test_a_seed_draws_four_numbers_and_always_the_same() -> None:
    rng, other = np.random.default_rng(7), np.random.default_rng(7)
    box = np.array([0, 0, 100, 100], np.float32)

    expected = np.clip(other.normal(0, 0.04, 4), -0.12, 0.12) * 100 + box

    assert np.allclose(jittered(rng, box), expected, atol=1e-4)
    assert rng.random() == other.random()
