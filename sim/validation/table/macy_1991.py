"""Macy 1991: learning whether to act from what it brought."""

from __future__ import annotations

from sim.decisions.stochastic_learning import StochasticLearning
from sim.theory import macy as theory
from sim.validation import macy as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Below, Near

SOURCE = "Macy 1991, doi:10.1086/229821"
GAME = theory.Game(temptation=4.0, reward=3.0, punishment=1.0, sucker=0.0, aspiration=2.0)

CHECKS = (
    Check(
        "payoffs 4, 3, 1, 0, aspiration 2: propensity that does not move",
        Near(0.3660, 4),
        model.macy_zero,
        {"low": 0.3, "high": 0.43, "runs": 10},
        but("aspiration 1.8", rule=StochasticLearning(aspiration=1.8)),
        SOURCE,
        theory=lambda: theory.self_correcting(GAME)[0].value,
        fast={"pairs": 50_000},
    ),
    Check(
        "pairs that begin with 5 %: participation in the end",
        Above(0.9),
        model.macy_cooperation,
        {"paired": True},
        but("all learn from the whole crowd", paired=False),
        SOURCE,
        "M",
        fast={"runs": 3},
    ),
    Check(
        "a crowd that begins with 5 %: participation in the end",
        Below(0.5),
        model.macy_cooperation,
        {"paired": False},
        but("all learn in pairs", paired=True),
        SOURCE,
        "M",
        fast={"runs": 3},
    ),
)
