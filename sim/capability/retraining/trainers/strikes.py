"""Plays strikes against real training and against the surrogate fitted to some of them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.capability import ExtrapolationWarning, fit
from sim.capability.fit_forms import Form
from sim.capability.retraining.check import RetrainCheck
from sim.capability.retraining.trainers.draws import order, uniforms
from sim.capability.retraining.trainers.trainer import Floats, Trainer

CONTROLS = 3
PARTS = 10
EACH = 10
"""Strikes for each community from which on who hurts whom is fitted pair by pair."""
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Design:
    """Who leaves in every strike: boolean (creators,), true for those who leave."""

    trainer: Trainer
    runs: int
    seed: int

    @cached_property
    def to_fit(self) -> list[Booleans]:
        """Random strikes, then strikes with a share of its own for each community; some stay."""
        count = len(self.trainer.communities)
        leaving = []
        for run in range(self.runs):
            shares = uniforms(self.seed, "shares", count, run)
            if run % 2 == 0:
                shares[:] = shares[0]
            leaving.append(self._leave(shares, run))
        return leaving

    @cached_property
    def whole(self) -> list[Booleans]:
        """Each community leaving as one."""
        trainer = self.trainer
        return [trainer.community == i for i in range(len(trainer.communities))]

    @cached_property
    def parts(self) -> list[list[Booleans]]:
        """The members of each community leaving alone, or tenths of it."""
        return [self._tenths(np.flatnonzero(group), i) for i, group in enumerate(self.whole)]

    @cached_property
    def controls(self) -> list[list[Booleans]]:
        """As much data as each community has, leaving at random."""
        return [
            [self._as_much(group, CONTROLS * i + again) for again in range(CONTROLS)]
            for i, group in enumerate(self.whole)
        ]

    def _leave(self, kept: Floats, run: int) -> Booleans:
        """Return who leaves when each community keeps a share of its members, at least one."""
        ranked = uniforms(self.seed, "strikers", len(self.trainer.creators), run)
        leave = np.zeros(ranked.size, np.bool_)
        for share, group in zip(kept, self.whole, strict=True):
            members = np.flatnonzero(group)
            stay = max(1, round(float(share) * members.size))
            leave[members[np.argsort(ranked[members], kind="stable")[stay:]]] = True
        return leave

    def _tenths(self, members: NDArray[np.int64], label: int) -> list[Booleans]:
        keyed = members[order(self.seed, f"parts of {label}", members.size)]
        parts = []
        for part in np.array_split(keyed, min(PARTS, members.size)):
            leave = np.zeros(len(self.trainer.creators), np.bool_)
            leave[part] = True
            parts.append(leave)
        return parts

    def _as_much(self, group: Booleans, run: int) -> Booleans:
        amounts = self.trainer.amounts
        keyed = order(self.seed, "controls", amounts.size, run)
        gone = np.cumsum(amounts[keyed])
        count = int(np.argmin(np.abs(gone - amounts[group].sum()))) + 1
        leave = np.zeros(amounts.size, np.bool_)
        leave[keyed[:count]] = True
        return leave


class Player:
    """Knows the harm of strikes, really trained or foretold; each strike is trained once.

    Parameters
    ----------
    trainer : Trainer
    to_fit : list of bool (creators,)
        Who leaves in the strikes that the surrogate is shown, besides full data.
    """

    def __init__(self, trainer: Trainer, to_fit: list[Booleans]) -> None:
        self.trainer = trainer
        self.trainings = 1
        self._nobody = np.zeros(len(trainer.creators), np.bool_)
        self._sign = -1.0 if trainer.higher_is_better else 1.0
        self.surrogate = fit(
            np.array([trainer.data(~leave) for leave in (self._nobody, *to_fit)]),
            np.array([trainer.full(), *map(self._train, to_fit)]),
            names=list(trainer.communities),
            mode=trainer.mode,
            higher_is_better=trainer.higher_is_better,
            forms=self._forms(len(to_fit)),
        )

    def _forms(self, runs: int) -> tuple[Form, ...] | None:
        """Return a transfer from each community to each other, where there are strikes enough.

        Fewer constants foretell random and mixed strikes as well, so that held-out error among
        those chooses them; what a whole community does to its own domain they miss by more.
        """
        return ("dense",) if runs >= EACH * len(self.trainer.communities) else None

    def _train(self, leave: Booleans) -> Floats:
        self.trainings += 1
        return self.trainer.train(~leave)

    def real(self, leave: Booleans) -> Floats:
        """Return the harm to each domain (communities,) by training."""
        return self._sign * (self._train(leave) - self.trainer.full())

    def foretold(self, leave: Booleans) -> Floats:
        """Return the harm to each domain (communities,) by the surrogate."""
        data = np.array([self.trainer.data(~leave), self.trainer.data(~self._nobody)])
        with warnings.catch_warnings():
            # That no strike it was fitted to emptied a community is the point here.
            warnings.simplefilter("ignore", ExtrapolationWarning)
            struck, full = self.surrogate.predict(data)
        return np.asarray(self._sign * (struck - full))


def measure(trainer: Trainer, runs: int, seed: int) -> RetrainCheck:
    """Play the strikes and compare (see `sim.capability.retraining.check.retrain_check`)."""
    design = Design(trainer, runs, seed)
    player = Player(trainer, design.to_fit)
    real = np.array([player.real(leave) for leave in design.whole])
    foretold = np.array([player.foretold(leave) for leave in design.whole])
    share = trainer.data(np.ones(len(trainer.creators)))
    rows = []
    for i, name in enumerate(trainer.communities):
        own = {
            "community": name,
            "creators": int(design.whole[i].sum()),
            "data": float(share[i]),
            "random": float(np.mean([player.real(leave)[i] for leave in design.controls[i]])),
        }
        parts = design.parts[i]
        effects = _effects(real[i], i, sum(player.real(part)[i] for part in parts))
        guesses = _effects(foretold[i], i, sum(player.foretold(part)[i] for part in parts))
        guesses = {f"{key}_predicted": value for key, value in guesses.items()}
        harm = effects["own"]
        error = guesses["own_predicted"] / harm - 1.0 if harm > 0.0 else float("nan")
        rows.append({**own, **effects, **guesses, "own_error": error})
    rmse = float(np.sqrt(np.mean((real - foretold) ** 2)))
    score = float(player.surrogate.cv_score)
    return RetrainCheck(
        rows=tuple(rows),
        rmse=rmse,
        cv_score=score,
        unit=trainer.metric,
        trainings=player.trainings,
        sentences=tuple(_sentences(trainer, rows, rmse, score, runs)),
    )


def _effects(harm: Floats, own: int, parts: float) -> dict[str, float]:
    others = np.delete(harm, own)
    other = float(others.mean()) if others.size else float("nan")
    return {
        "own": float(harm[own]),
        "other": other,
        "ratio": _ratio(float(harm[own]), other),
        "superadditivity": _ratio(float(harm[own]), float(parts)),
    }


def _ratio(above: float, below: float) -> float:
    return above / below if above > 0.0 and below > 0.0 else float("nan")


def _sentences(
    trainer: Trainer, rows: list[dict[str, Any]], rmse: float, score: float, runs: int
) -> list[str]:
    unit = trainer.metric
    errors = np.abs([row["own_error"] for row in rows])
    known = errors[~np.isnan(errors)]
    said = []
    said.append(
        f"Fitted to {runs} random and mixed strikes of {len(trainer.creators)} creators in "
        f"{len(rows)} communities; cross-validated score {score:.3f}."
    )
    said.append(
        f"Whole communities leaving, which it was never shown, it foretells within {rmse:.3g} "
        f"{unit} (root mean square over communities and domains)."
    )
    if known.size:
        worst = rows[int(np.nanargmax(errors))]["community"]
        said.append(
            f"Harm to the leaving community's own domain is off by {np.median(known):.0%} in the "
            f"middle and {known.max():.0%} at worst ({worst})."
        )
    unharmed = [row["community"] for row in rows if row["own"] <= 0.0]
    if unharmed:
        said.append(f"Leaving did not harm the own domain of {', '.join(unharmed)} in training.")
    said += _spread(rows, "ratio", "A community's leaving harms its own domain", "as the others")
    said += _spread(
        rows, "superadditivity", "A community leaving as one does", "the harm of its parts"
    )
    return said


def _spread(rows: list[dict[str, Any]], key: str, what: str, than: str) -> list[str]:
    real = np.array([row[key] for row in rows])
    foretold = np.array([row[f"{key}_predicted"] for row in rows])
    both = ~np.isnan(real) & ~np.isnan(foretold)
    if not both.any():
        return []
    trained, guessed = _range(real[both]), _range(foretold[both])
    return [f"{what} {trained} times as much {than} in training, {guessed} by the surrogate."]


def _range(values: Floats) -> str:
    return f"{values.min():.1f} to {values.max():.1f}"
