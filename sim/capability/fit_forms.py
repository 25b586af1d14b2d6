"""The law that is fitted and its derivatives: one target over all runs.

loss = E + B (z + d0)^(-beta / rho), z = D_own^rho + sum_j T_j D_j^rho; in recommender mode
only the share ``served`` gets that loss and the others the loss of no model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Form = Literal["flat", "rank_one", "dense", "dense_own"]
FORMS: tuple[Form, ...] = ("flat", "rank_one", "dense", "dense_own")

BETA = (0.02, 1.5)
RHO = (0.3, 1.0)
TRANSFER_PRIOR = (np.log(0.1), 1.5)
START_PRIOR = (np.log(0.005), 2.0)


@dataclass(frozen=True, eq=False)
class Target:
    """One target's runs.  ``data`` (runs, communities) is in units of the largest corpus."""

    data: Floats
    log_data: Floats
    loss: Floats
    own: int | None
    served: Floats
    scale: float
    """Size of an ordinary error, for the robust loss and the weight of priors."""
    floor: float | None
    """Stated floor, or None where it is fitted."""
    floor_prior: tuple[float, float]
    """Its middle and width."""
    spread: float
    """Logarithm of the standard deviation of the losses."""
    unserved: float | None = None
    """Loss of who is not served, or None where it is fitted."""

    @property
    def fits_unserved(self) -> bool:
        """Whether the loss of who is not served has to be found."""
        return self.unserved is None and bool((self.served < 1.0).any())

    def part(self, runs: NDArray[np.intp]) -> Target:
        """Return the target with some runs only."""
        return replace(
            self,
            data=self.data[runs],
            log_data=self.log_data[runs],
            loss=self.loss[runs],
            served=self.served[runs],
        )


@dataclass(frozen=True, eq=False)
class Shared:
    """Constants of all targets: logits of rho and beta within bounds, logs of the others."""

    rho: float
    beta: float
    start: float = float(START_PRIOR[0])
    transfer: Floats | float = float(TRANSFER_PRIOR[0])
    """One log tau, or the log generality of each community."""


@dataclass(frozen=True, eq=False)
class Own:
    """Constants of one target."""

    floor: float
    size: float
    """Logarithm of B."""
    transfer: Floats | float = math.nan
    """Log receptivity, or the log of each T_j; not of a flat transfer."""
    beta: float = math.nan
    start: float = math.nan
    """Like beta, the target's own in the form dense_own only."""
    unserved: float = 0.0


def within(logit: float, bounds: tuple[float, float]) -> float:
    """Return the value between two bounds that a logit stands for."""
    low, high = bounds
    return float(low + (high - low) / (1.0 + np.exp(-logit)))


def slope(logit: float, bounds: tuple[float, float]) -> float:
    """Return the derivative of `within`."""
    share = 1.0 / (1.0 + np.exp(-logit))
    return float((bounds[1] - bounds[0]) * share * (1.0 - share))


def to_logit(value: float, bounds: tuple[float, float]) -> float:
    """Return the logit of a value between two bounds."""
    low, high = bounds
    share = min(max((value - low) / (high - low), 1e-6), 1.0 - 1e-6)
    return float(np.log(share / (1.0 - share)))


def transfers(form: Form, shared: Shared, own: Own, communities: int) -> Floats:
    """Return log T_j (communities,) of one target; the entry of its own community counts not."""
    if form == "flat":
        return np.full(communities, shared.transfer)
    if form == "rank_one":
        return np.asarray(shared.transfer + own.transfer)
    return np.asarray(own.transfer)


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of the predicted loss, (runs,) or (runs, communities)."""

    value: Floats
    floor: Floats
    size: Floats
    rho: Floats
    beta: Floats
    start: Floats
    transfer: Floats
    unserved: Floats


def powers(target: Target, shared: Shared) -> Floats:
    """Return D^rho, (runs, communities): alike for all targets of the same runs."""
    rho = within(shared.rho, RHO)
    return np.where(target.data > 0.0, np.exp(rho * target.log_data), 0.0)


def predict(target: Target, form: Form, shared: Shared, own: Own, power: Floats) -> Slopes:
    """Return the predicted loss of one target and its derivatives; ``power`` of `powers`."""
    rho = within(shared.rho, RHO)
    constants = own if form == "dense_own" else shared
    beta, start = within(constants.beta, BETA), np.exp(constants.start)
    weights = np.exp(transfers(form, shared, own, target.data.shape[1]))
    if target.own is not None:
        weights[target.own] = 1.0
    terms = power * weights
    reach = terms.sum(axis=1) + start
    log_reach, exponent = np.log(reach), -beta / rho
    served = target.served
    model = served * np.exp(own.size + exponent * log_reach)
    by_reach = model * exponent / reach
    by_transfer = by_reach[:, None] * terms
    if target.own is not None:
        by_transfer[:, target.own] = 0.0
    by_rho = by_reach * (terms * target.log_data).sum(axis=1) - model * log_reach * exponent / rho
    return Slopes(
        value=served * own.floor + model + (1.0 - served) * own.unserved,
        floor=served,
        size=model,
        rho=by_rho * slope(shared.rho, RHO),
        beta=-model * log_reach / rho * slope(constants.beta, BETA),
        start=by_reach * start,
        transfer=by_transfer,
        unserved=1.0 - served,
    )
