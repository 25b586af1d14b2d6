"""Campaigns that happened, played by their scenarios: what was filed, by whom, and when."""

from __future__ import annotations

import functools
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.loading.files import load_scenario
from sim.networks.empty import Empty
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import played


def works_opted_out(
    scenario: str = "stable_diffusion_opt_out",
    lab: str = "Stability",
    training: int = 0,
    platforms: tuple[str, ...] | None = None,
    deadline: bool = True,
    runs: int = 20,
    seed: int = 0,
) -> Estimate:
    """Return how many works are out of a lab's training set, in real works.

    Parameters
    ----------
    scenario, lab : str
        Scenario of the library, and one of its labs.
    training : int
        Number of the training round, from 0.
    platforms : tuple of str, optional
        Platforms that take part; all of the scenario's unless given.
    deadline : bool
        Whether there is a deadline, and news of it.
    runs, seed : int
        Number of runs, and first random seed.
    """
    return mean_of(_withdrawn(scenario, lab, platforms, deadline, runs, seed)[:, training])


@functools.lru_cache(maxsize=16)
def _withdrawn(
    name: str, lab: str, platforms: tuple[str, ...] | None, deadline: bool, runs: int, seed: int
) -> NDArray[np.float64]:
    scenario = load_scenario(name)
    if platforms is not None:
        there = tuple(each for each in scenario.platforms if each.name in platforms)
        scenario = scenario.replace(platforms=there)
    if not deadline:
        scenario = scenario.replace(calendar=scenario.calendar[:1])
    return np.array([run.labs[lab].columns["withdrawn"] for run in played(scenario, runs, seed)])


def requests_of_counted(
    counted: float,
    since: date,
    until: date,
    start: date,
    scenario: str = "bigcode_opt_out",
    peers: bool = True,
    runs: int = 20,
    seed: int = 0,
) -> float:
    """Return the median number of requests filed between two days, as a share of those counted.

    Parameters
    ----------
    counted : float
        Requests that were counted.
    since, until : date
        Days at whose ends they were.
    start : date
        First day that is played.
    scenario : str
        Scenario of the library.
    peers : bool
        Whether creators see one another.
    runs, seed : int
        Number of runs, and first random seed.
    """
    filed = _adopters(scenario, start, until, peers, runs, seed)
    first, last = ((day - start).days for day in (since, until))
    return float(np.median(filed[:, last] - filed[:, first])) / counted


@functools.lru_cache(maxsize=16)
def _adopters(
    name: str, start: date, until: date, peers: bool, runs: int, seed: int
) -> NDArray[np.float64]:
    """Return real creators who have filed, by the end of each day (runs, days)."""
    whole = load_scenario(name)
    played_part = whole.replace(
        start=start,
        steps=(until - start).days + 1,
        labs=(),
        calendar=tuple(event for event in whole.calendar if event.on >= start),
        network=whole.network if peers else Empty(),
    )
    return np.array([run.adopters for run in played(played_part, runs, seed)])
