"""Presets of classifiers beside what many learning curves say of random strikes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.validation.tables import read_runs


def share_between_deciles(table: Path, preset: str, most: float = 0.9, times: float = 1.0) -> float:
    """Return at which share of the strikes a preset's rise of error lies between two deciles.

    Parameters
    ----------
    table : Path
        CSV with ``strike`` (share of the data gone) and ``rel_q10``, ``rel_q90`` of the rise of
        error, relative to the error with all data.
    preset : str
        Surrogate of a classifier.
    most : float
        Largest strike that counts.
    times : float
        By which the rise is multiplied.
    """
    from sim.capability import Supply, presets

    strikes = read_runs(table, ("strike", "rel_q10", "rel_q90"))
    strikes = strikes[strikes["strike"] <= most + 1e-9]
    kept = 1.0 - strikes["strike"].to_numpy()
    surrogate = presets.load(preset).surrogate
    outcome = surrogate.evaluate(Supply.of(kept[:, None]), Supply.of([1.0]))
    rise = times * outcome.loss_change
    inside = (rise >= strikes["rel_q10"].to_numpy()) & (rise <= strikes["rel_q90"].to_numpy())
    return float(np.mean(inside))
