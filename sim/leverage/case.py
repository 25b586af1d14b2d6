"""What a model loses when a group acts, beside nobody's acting at the same round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.outcome import Outcome
    from sim.capability.preset import Preset
    from sim.capability.supply import Supply
    from sim.capability.surrogate import Surrogate

    Floats = NDArray[np.float64]

MEASURES = ("loss", "rollback", "compute_equivalent", "leverage_power")
FALLING = {"rollback", "compute_equivalent"}
"""Measures that fall from 1 as a group grows; a target is by how much they fall."""


def check_measure(measure: str, preset: Preset) -> None:
    """Raise `InputError` unless a preset has a measure."""
    if measure not in MEASURES:
        raise InputError(f"measure: expected one of {', '.join(MEASURES)}, got {measure!r}")
    if measure == "leverage_power" and preset.surrogate.floor is None:
        raise InputError(
            f"measure: {measure!r} needs a floor, which preset {preset.name} does not state; "
            "use loss or rollback"
        )


ROUNDING = 1e-12
"""Share of a sum below which what is left of it is rounding error."""


def remaining(kept: Floats, full: Floats, total: Floats, crawls: bool) -> Floats:
    """Return what a lab has left of the ``total`` of everybody's (cases, communities).

    Parameters
    ----------
    kept, full : float64 (cases + 1, communities)
        What it has of those who begin to act in each case, or never, when they act and when
        they contribute.
    total : float64 (communities,)
        What it has when everybody contributes.
    crawls : bool
        Whether it takes what is public; else it has what those who act give.
    """
    if not crawls:
        given: Floats = kept[:-1].cumsum(axis=0)
        return given
    found = total + (kept - full)[:-1].cumsum(axis=0)
    return np.where(found > ROUNDING * total, found, 0.0)


@dataclass(frozen=True, eq=False)
class Case:
    """What a lab has when a group acts, beside what it would have."""

    supply: Supply
    unserved: Floats
    """Share of each community that uses the model no more (cases, communities)."""
    full: Supply
    """Everybody's works at the start."""
    available: Supply
    """Everybody's works at the round."""

    def measured(
        self, surrogate: Surrogate, response: str = "none", only: str | None = None
    ) -> dict[str, Floats]:
        """Return by measure what acting does to a model, beside nobody's acting at its round.

        Change of the loss, as a share of the full loss at the start; rollback and
        compute-equivalent as shares of those without action; leverage power where there is a
        floor (cases,).  No response makes a model better than nobody's acting, since with
        everything the lab could do the same with the same works; gifts may.  With ``only``, that
        measure alone.
        """
        outcome = surrogate.evaluate(
            self.supply, self.full, response, unserved=self.unserved, available=self.available
        )
        before = surrogate.evaluate(self.available, self.full, response, available=self.available)
        known = (name for name in MEASURES if name != "leverage_power" or surrogate.floor)
        wanted = known if only is None else (only,)
        found = {name: _beside(outcome, before, name) for name in wanted}
        if response == "none" or self.supply.donated.any():
            return found
        return {
            name: np.minimum(values, 1.0) if name in FALLING else np.maximum(values, 0.0)
            for name, values in found.items()
        }


def _beside(outcome: Outcome, before: Outcome, measure: str) -> Floats:
    if measure == "loss":
        return np.asarray(outcome.overall_loss - before.overall_loss)
    if measure == "rollback":
        return outcome.overall_rollback / before.overall_rollback
    if measure == "compute_equivalent":
        return outcome.compute_equivalent / before.compute_equivalent
    return np.asarray(1.0 - outcome.overall_capability / before.overall_capability)
