"""A surrogate as arrays, ready for the compiled loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.outcome import Outcome
from sim.capability.recommender import with_unserved
from sim.capability.responses.base import Response, Situation
from sim.capability.supply import Supply
from sim.errors import InputError
from sim.kernels import surrogate as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.surrogate import Surrogate

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Constants by community; either ``factors`` (with overrides) or ``by_source`` gives T."""

    surrogate: Surrogate
    gain: Floats
    beta: Floats
    start: Floats
    full_loss: Floats
    factors: tuple[Floats, Floats] | None
    by_source: Floats | None
    target: NDArray[np.int64]
    source: NDArray[np.int64]
    extra: Floats

    @classmethod
    def of(cls, surrogate: Surrogate, communities: int) -> Evaluator:
        """Return the arrays of a surrogate for a number of communities."""
        transfer = surrogate.transfer
        transfer.check(communities)
        factors = transfer.factors(communities)
        target, source, extra = _extras(surrogate, factors)
        return cls(
            surrogate=surrogate,
            gain=1.0 - _spread(surrogate.phi, communities, "phi"),
            beta=_spread(surrogate.beta, communities, "beta"),
            start=_spread(surrogate.d0, communities, "d0"),
            full_loss=_spread(surrogate.full_loss, communities, "full_loss"),
            factors=factors,
            by_source=(None if factors else np.ascontiguousarray(transfer.matrix(communities).T)),
            target=target,
            source=source,
            extra=extra,
        )

    def evaluate(
        self,
        supply: Supply,
        full: Supply,
        response: Response,
        unserved: object,
        available: Supply | None = None,
    ) -> Outcome:
        """Return the outcome of `Surrogate.evaluate`."""
        cases = _cases(supply)
        situation = Situation(self.poisoned(cases), cases, available or full, full, self.surrogate)
        data = response.apply(situation)
        loss, rollback = self.losses(data, self.poisoned(_cases(full)))
        weights = self.weights(full)
        model = self._mean_excess(loss, weights)
        common = np.empty(len(loss))
        kernels.common_rollback(common, model, self.gain, self.beta, weights)
        if self.surrogate.mode == "recommender":
            loss = self._served(loss, unserved)
        overall = self._mean_excess(loss, weights)
        shape = supply.live.shape
        return Outcome(
            surrogate=self.surrogate,
            response=response.kind(),
            loss=loss.reshape(shape),
            rollback=rollback.reshape(shape),
            overall_loss=(1.0 + overall).reshape(shape[:-1]),
            overall_rollback=common.reshape(shape[:-1]),
            cost=response.cost(situation).reshape(shape[:-1]),
            weights=weights,
        )

    def _mean_excess(self, loss: Floats, weights: Floats) -> Floats:
        excess = np.empty(len(loss))
        kernels.mean_excess(excess, loss, weights)
        return excess

    def _served(self, loss: Floats, unserved: object) -> Floats:
        surrogate = self.surrogate
        without = surrogate.unserved_loss
        if without is None:
            assert surrogate.floor is not None
            without = surrogate.floor.loss
        gone = np.asarray(unserved, dtype=np.float64)
        return with_unserved(loss, without / self.full_loss, gone)

    def overall(self, data: Floats, full: Supply) -> Floats:
        """Return the overall loss (cases,) of effective data, relative to full."""
        loss, _ = self.losses(data, self.poisoned(_cases(full)))
        return 1.0 + self._mean_excess(loss, self.weights(full))

    def losses(self, data: Floats, full: Floats) -> tuple[Floats, Floats]:
        """Return loss and rollback (cases, communities) of effective data against ``full``."""
        rho = self.surrogate.rho
        loss, rollback = np.empty_like(data), np.empty_like(data)
        kernels.losses(
            loss,
            rollback,
            self.reach(data),
            self.reach(full)[0],
            self.gain,
            self.beta,
            self.start,
            rho,
        )
        return loss, rollback

    def reach(self, data: Floats) -> Floats:
        """Return z (cases, communities): what the data give to each community's domain."""
        rho = self.surrogate.rho
        data = np.ascontiguousarray(data)
        reach, power = np.empty_like(data), np.empty(data.shape[1])
        if self.by_source is not None:
            kernels.reach_dense(reach, power, data, rho, self.by_source)
        else:
            assert self.factors is not None
            kernels.reach_rank_one(reach, power, data, rho, *self.factors)
        if self.target.size:
            kernels.add_overrides(reach, data, rho, self.target, self.source, self.extra)
        return reach

    def poisoned(self, supply: Supply) -> Floats:
        """Return effective data after diffuse poison, D / (1 + lambda P / D)."""
        data = supply.total
        share = np.divide(supply.poison, data, out=np.zeros_like(data), where=data > 0.0)
        return data / (1.0 + self.surrogate.poison_harm * share)

    def weights(self, full: Supply) -> Floats:
        """Return the weight of each community in the overall loss."""
        stated = self.surrogate.weights
        usage = full.total if stated is None else np.array(stated)
        weights: Floats = usage * self.full_loss
        return weights if weights.sum() > 0.0 else np.ones_like(weights)


def _spread(value: float | tuple[float, ...], communities: int, name: str) -> Floats:
    array = np.atleast_1d(np.array(value, dtype=np.float64))
    if array.size not in {1, communities}:
        raise InputError(
            f"the surrogate's {name} has {array.size} values and there are {communities} "
            "communities: give one value, or one for each community"
        )
    return np.ascontiguousarray(np.broadcast_to(array, communities))


def _extras(
    surrogate: Surrogate, factors: tuple[Floats, Floats] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    stated = surrogate.transfer.stated(surrogate.communities) if factors else []
    places = {(target, source): value for target, source, value in stated if target != source}
    target = np.array([pair[0] for pair in places], dtype=np.int64)
    source = np.array([pair[1] for pair in places], dtype=np.int64)
    values = np.array(list(places.values()), dtype=np.float64)
    if factors is not None:
        values -= factors[0][target] * factors[1][source]
    return target, source, values


def _cases(supply: Supply) -> Supply:
    return Supply(
        **{
            name: np.atleast_2d(np.asarray(getattr(supply, name), dtype=np.float64))
            for name in ("live", "raw", "poison", "donated", "legacy")
        }
    )
