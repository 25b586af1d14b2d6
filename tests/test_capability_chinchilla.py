"""The language-model preset against published constants of the replicated scaling law."""

from __future__ import annotations

import numpy as np
import pytest

from sim.capability import presets
from sim.capability.chinchilla import loss
from sim.capability.repetition import worth
from sim.capability.supply import Supply


def strike(share: float, response: str, communities: int = 4):
    full = Supply.of(np.full(communities, 1.0 / communities))
    left = Supply.of(full.live * (1.0 - share))
    return presets.load("chinchilla").surrogate.evaluate(left, full, response)


def test_loss_of_the_published_model():
    assert loss(70e9, 1.4e12) == pytest.approx(1.974, abs=0.001)


# Published to two decimals of a per cent: half of the last digit.
@pytest.mark.parametrize(
    ("response", "share", "per_cent"),
    [
        ("none", 0.01, 0.01),
        ("none", 0.10, 0.15),
        ("none", 0.50, 1.10),
        ("none", 0.90, 5.03),
        ("repeat_uniform", 0.50, 0.02),
        ("repeat_uniform", 0.90, 0.36),
        ("repeat_uniform", 0.99, 3.58),
    ],
)
def test_random_strikes(response, share, per_cent):
    assert 100.0 * strike(share, response).loss_change == pytest.approx(per_cent, abs=0.006)


@pytest.mark.parametrize(
    ("share", "compute"), [(0.01, 0.990), (0.1, 0.901), (0.5, 0.483), (0.9, 0.064)]
)
def test_compute_equivalent(share, compute):
    assert strike(share, "none").compute_equivalent == pytest.approx(compute, abs=0.0006)


def test_rollback_of_a_random_strike_is_the_share_left():
    assert strike(0.3, "none").overall_rollback == pytest.approx(0.7, rel=1e-12)


@pytest.mark.parametrize(("times", "fresh"), [(1, 1.0), (4, 3.73), (16, 10.58)])
def test_worth_of_repetition(times, fresh):
    assert worth(times) == pytest.approx(fresh, abs=0.006)
