"""Watts 2002: cascades from one initiator on sparse random networks."""

from __future__ import annotations

from functools import partial

from sim.theory import degrees, gleeson_cahalane
from sim.theory import watts as theory
from sim.validation import watts as model
from sim.validation.check import Check, but
from sim.validation.expected import Below, Near, OfFew, Simulated

SOURCE = "Watts 2002, doi:10.1073/pnas.082090499"
FEW = {"runs": 100}
SMALL = {"creators": 50_000, "initiators": 400, "networks": 6}
VANISHING = 1e-6
"""Share of initiators that stands for one in a large crowd."""


def _window() -> theory.Window:
    window = theory.cascade_window(0.18)
    assert window is not None
    return window


def _size(mean_degree: float) -> float:
    return gleeson_cahalane.final_size(degrees.poisson(mean_degree), 0.18, VANISHING)


CHECKS = (
    Check(
        "threshold .18: mean degree at which cascades begin",
        Near(1.0207, 4),
        model.watts_window_end,
        {"low": 0.92, "high": 1.12},
        but("threshold .25", threshold=0.25, low=0.95, high=1.25),
        SOURCE,
        theory=lambda: _window().low,
        fast=SMALL,
    ),
    Check(
        "threshold .18: mean degree at which they end",
        Near(5.7647, 4),
        model.watts_window_end,
        {"low": 5.5, "high": 6.0},
        but("threshold .21", threshold=0.21, low=4.0, high=4.4),
        SOURCE,
        theory=lambda: _window().high,
        fast=SMALL,
    ),
    Check(
        "threshold .26: further creators brought by one, at most",
        Below(1.0),
        model.watts_largest_multiplication,
        {"threshold": 0.26},
        but("threshold .25", threshold=0.25),
        SOURCE,
        theory=lambda: max(
            theory.vulnerable_neighbours(degrees.poisson(z / 100.0), 0.26) for z in range(50, 500)
        ),
        fast=SMALL,
    ),
    *(
        Check(
            f"10,000 creators, mean degree {z}: runs with cascades",
            Simulated(frequency, 3),
            model.watts_frequency,
            {"mean_degree": z},
            but(f"threshold {other}", threshold=other, runs=100),
            SOURCE,
            fast=FEW,
        )
        for z, frequency, other in (
            (1.5, 0.545, 0.34),
            (2.0, 0.764, 0.34),
            (4.0, 0.873, 0.26),
            (5.5, 0.443, 0.26),
            (6.0, 0.052, 0.16),
            (6.5, 0.0, 0.16),
        )
    ),
    *(
        Check(
            f"10,000 creators, mean degree {z}: mean size of cascades",
            OfFew(size, 3),
            model.watts_mean_size,
            {"mean_degree": z},
            but(f"mean degree {other}", mean_degree=other, runs=100),
            SOURCE,
            theory=theory_size,
            fast=FEW,
        )
        for z, size, other, theory_size in (
            (1.5, 0.585, 1.8, partial(_size, 1.5)),
            (2.0, 0.795, 2.4, partial(_size, 2.0)),
            (4.0, 0.980, 3.0, partial(_size, 4.0)),
            (5.5, 0.995, 4.0, partial(_size, 5.5)),
            (6.0, 0.998, 4.0, None),
        )
    ),
)
