"""From a fit in the unit of the runs to a surrogate relative to a full corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sim.capability.surrogate import Surrogate
from sim.capability.transfer import Dense, Flat, RankOne
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.capability.fit_forms import Floats
    from sim.capability.fit_result import Fit
    from sim.capability.transfer import Transfer


def to_surrogate(fit: Fit, full: ArrayLike | None, constants: dict[str, Any]) -> Surrogate:
    """Return the surrogate of a fit; communities without a target weigh nothing."""
    problem = fit.problem
    places = [place for place in problem.own if place is not None]
    if len(places) < len(problem.own) or len(set(places)) < len(places):
        raise InputError(
            "a surrogate needs for every target a community of its own: give `own`, each "
            "community at most once"
        )
    corpus = _corpus(fit, full)
    communities = len(problem.names)
    reached = fit.transfer @ corpus**fit.rho
    reach = _by_community(reached + fit.d0, places, communities)
    beta = _by_community(fit.beta, places, communities)
    size = _by_community(fit.size, places, communities)
    floor = _by_community(np.array([own.floor for own in fit.solution.own]), places, communities)
    loss = floor + size * reach ** (-beta / fit.rho)
    start = _by_community(fit.d0 / reached, places, communities)
    fields: dict[str, Any] = {
        "beta": _short(beta),
        "phi": _short(floor / loss),
        "rho": fit.rho,
        "transfer": _transfer(fit, places, communities),
        "d0": _short(start),
        "full_loss": _short(loss),
        "unit": "of the runs",
    }
    if len(places) < communities:
        seen = np.isin(np.arange(communities), places)
        fields["weights"] = tuple((corpus / corpus.sum() * seen).tolist())
    return Surrogate(**{**fields, **constants})


def _corpus(fit: Fit, full: ArrayLike | None) -> Floats:
    if full is None:
        return np.asarray(fit.problem.data[fit.problem.data.sum(axis=1).argmax()])
    corpus = np.asarray(full, dtype=np.float64).ravel() / fit.problem.unit
    if corpus.shape != (len(fit.problem.names),):
        raise InputError(
            f"the full corpus has {corpus.size} values and the fit "
            f"{len(fit.problem.names)} communities: give one for each"
        )
    return corpus


def _by_community(values: Floats, places: list[int], communities: int) -> Floats:
    spread = np.full(communities, np.median(values))
    spread[places] = values
    return spread


def _short(values: Floats) -> float | tuple[float, ...]:
    return float(values[0]) if np.all(values == values[0]) else tuple(values.tolist())


def _transfer(fit: Fit, places: list[int], communities: int) -> Transfer:
    if fit.form == "flat":
        return Flat(float(np.exp(fit.solution.shared.transfer)))
    if fit.form == "rank_one":
        logs = np.array([float(own.transfer) for own in fit.solution.own])
        receptivity = np.exp(_by_community(logs, places, communities))
        return RankOne(
            tuple(receptivity.tolist()), tuple(np.exp(fit.solution.shared.transfer).tolist())
        )
    rows = np.full((communities, communities), float(np.median(fit.transfer)))
    rows[places] = fit.transfer
    np.fill_diagonal(rows, 1.0)
    return Dense(tuple(tuple(row) for row in rows.tolist()))
