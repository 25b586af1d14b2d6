"""What a fit found: constants, held-out error, intervals, rival forms, a surrogate."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.fit_forms import BETA, RHO, Floats, Form, transfers, within
from sim.capability.fit_problem import Problem, uniforms
from sim.capability.fit_solver import Solution
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.capability.surrogate import Surrogate


class ExtrapolationWarning(UserWarning):
    """Data are asked about that lie outside those of the fitted runs."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A surrogate fitted to runs."""

    problem: Problem
    solution: Solution
    held_out: dict[Form, Floats]
    """By form: losses of every run predicted without it, (runs, targets)."""
    split: NDArray[np.intp]

    @property
    def form(self) -> Form:
        """Return the form of transfer that was chosen."""
        return self.solution.form

    @property
    def rho(self) -> float:
        """Return the elasticity of a community's contribution."""
        return within(self.solution.shared.rho, RHO)

    @property
    def beta(self) -> Floats:
        """Return the exponent of data, (targets,)."""
        return np.array([within(one.beta, BETA) for one in self._constants])

    @property
    def d0(self) -> Floats:
        """Return the reach without data, (targets,), with the largest corpus as unit."""
        return np.exp([one.start for one in self._constants])

    @property
    def floor(self) -> Floats:
        """Return E, (targets,): the loss that no data remove, or the score never exceeded."""
        return self.problem.shown(np.array([own.floor for own in self.solution.own]))

    @property
    def size(self) -> Floats:
        """Return B, (targets,), with the largest corpus as unit of data."""
        return np.exp([own.size for own in self.solution.own])

    @property
    def transfer(self) -> Floats:
        """Return T, (targets, communities); 1 for a target's own community."""
        communities = len(self.problem.names)
        rows = np.exp(
            [
                transfers(self.form, self.solution.shared, own, communities)
                for own in self.solution.own
            ]
        )
        for target, own in enumerate(self.problem.own):
            if own is not None:
                rows[target, own] = 1.0
        return rows

    @property
    def _constants(self) -> list[Any]:
        own = self.solution.own
        return list(own) if self.form == "dense_own" else [self.solution.shared] * len(own)

    def predict(self, data: ArrayLike) -> Floats:
        """Return what was measured for other ``data``, (runs, communities), as (runs, targets).

        Warns where a community has more or less data than in any fitted run.
        """
        from sim.capability.fitting import predicted

        amounts = np.atleast_2d(np.asarray(data, dtype=np.float64)) / self.problem.unit
        communities = len(self.problem.names)
        if amounts.shape[1] != communities and amounts.shape[0] == communities == 1:
            amounts = amounts.T
        if amounts.shape[1] != communities:
            raise InputError(
                f"data have {amounts.shape[1]} columns and the fit {communities} communities"
            )
        self._warn(amounts)
        return self.problem.shown(predicted(self.problem, self.solution, amounts))

    def _warn(self, amounts: Floats) -> None:
        known = self.problem.data
        margin = 1e-9
        outside = (amounts < known.min(axis=0) - margin) | (amounts > known.max(axis=0) + margin)
        total, totals = amounts.sum(axis=1), known.sum(axis=1)
        beyond = (total < totals.min() * (1.0 - 1e-2)) | (total > totals.max() * (1.0 + 1e-2))
        runs = int((outside.any(axis=1) | beyond).sum())
        if runs:
            worst = [self.problem.names[j] for j in np.flatnonzero(outside.any(axis=0))]
            what = f"amounts of {', '.join(worst[:5])}" if worst else "total amounts of data"
            warnings.warn(
                f"{runs} of {len(amounts)} predictions are for {what} outside the fitted runs: "
                "the form is extrapolated there and intervals do not cover that",
                ExtrapolationWarning,
                stacklevel=3,
            )

    @cached_property
    def cv_score(self) -> float:
        """Return R2 of held-out runs: mean over targets of 1 - squared error / variance."""
        return r_squared(self.problem.losses, self.held_out[self.form])

    @property
    def table(self) -> pd.DataFrame:
        """Return held-out R2 and root mean squared error of each form tried."""
        return _scores(self.problem, dict(self.held_out))

    def rivals(self) -> pd.DataFrame:
        """Return held-out scores of this and other forms on the same splits.

        ``pooled``: only the total counts.  ``own``: only a target's own community counts.
        ``linear`` and ``log_linear``: in (the logarithm of) weighted data.  ``exponential``:
        the data-mixing law c + exp(sum t_j r_j) of proportions r (Ye et al. 2024, arXiv
        2403.16952), times a power of the total where totals differ.
        """
        from sim.capability.rivals import held_out

        mine: dict[str, Floats] = {"surrogate": self.held_out[self.form]}
        return _scores(self.problem, mine | held_out(self.problem, self.split))

    def intervals(self, draws: int = 100, level: float = 0.9, seed: int = 0) -> pd.DataFrame:
        """Return constants with intervals from refitting to resampled mixtures.

        Parameters
        ----------
        draws
            Resamples.
        level
            Share of refits inside an interval.
        seed
            Of the resampling; keyed, so equal seeds give equal intervals.
        """
        import pandas as pd

        refits = pd.DataFrame([fit.constants for fit in self.resampled(draws, seed)])
        edge = (1.0 - level) / 2.0
        return pd.DataFrame(
            {
                "value": self.constants,
                "low": refits.quantile(edge),
                "high": refits.quantile(1.0 - edge),
            }
        )

    def resampled(self, draws: int, seed: int = 0) -> list[Fit]:
        """Return the form refitted to resampled mixtures, each starting from this fit."""
        from sim.capability.fitting import climb

        groups = self.problem.groups
        mixtures = int(groups.max()) + 1
        members = [np.flatnonzero(groups == mixture) for mixture in range(mixtures)]
        fits = []
        for draw in range(draws):
            picked = (uniforms(mixtures, seed, draw + 1) * mixtures).astype(np.intp)
            runs = np.concatenate([members[mixture] for mixture in picked])
            solution = climb(self.problem, [self.form], runs, self.solution)[self.form]
            fits.append(Fit(self.problem, solution, {}, self.split))
        return fits

    @property
    def constants(self) -> dict[str, float]:
        """Return every constant by name."""
        found = {"rho": self.rho}
        if self.form == "dense_own":
            for target, beta, d0 in zip(self.problem.targets, self.beta, self.d0, strict=True):
                found |= {f"beta.{target}": float(beta), f"d0.{target}": float(d0)}
        else:
            found |= {"beta": float(self.beta[0]), "d0": float(self.d0[0])}
        for target, floor, size in zip(self.problem.targets, self.floor, self.size, strict=True):
            found |= {f"floor.{target}": float(floor), f"size.{target}": float(size)}
        for target, row, own in zip(
            self.problem.targets, self.transfer, self.problem.own, strict=True
        ):
            for j, name in enumerate(self.problem.names):
                if j != own:
                    found[f"transfer.{target}.{name}"] = float(row[j])
        return found

    def surrogate(self, full: ArrayLike | None = None, **constants: Any) -> Surrogate:
        """Return the surrogate relative to a full corpus.

        Parameters
        ----------
        full
            Data of each community with everybody taking part, (communities,), in the unit of
            the runs; the largest run unless stated.
        constants
            Other constants of the surrogate, for example ``unit``.

        Raises
        ------
        InputError
            If a target is nobody's or two targets are of the same community.
        """
        from sim.capability.fit_surrogate import to_surrogate

        return to_surrogate(self, full, constants)


def r_squared(losses: Floats, predictions: Floats) -> float:
    """Return the mean over targets of 1 - squared error / squared deviation from the mean."""
    spread = ((losses - losses.mean(axis=0)) ** 2).sum(axis=0)
    return float((1.0 - ((predictions - losses) ** 2).sum(axis=0) / spread).mean())


def _scores(problem: Problem, held_out: dict[Any, Floats]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            form: {
                "r2": r_squared(problem.losses, losses),
                "rmse": float(np.sqrt(((losses - problem.losses) ** 2).mean())),
            }
            for form, losses in held_out.items()
        }
    ).T.rename_axis("form")
