"""How large a share must act for a wanted loss: the surrogate read backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.capability.responses.base import Response
    from sim.capability.supply import Supply
    from sim.capability.surrogate import Surrogate

    Floats = NDArray[np.float64]


def random_strike_for(target: float, phi: float, beta: float) -> float:
    """Return the share of data that must go for a loss change, taken at random.

    s = 1 - (1 + Z / (1 - phi))^(-1 / beta), for one community or a flat strike, no response
    and d0 = 0; ``target`` Z as a share of the full loss.
    """
    return float(1.0 - (1.0 + target / (1.0 - phi)) ** (-1.0 / beta))


def group_size_for(
    surrogate: Surrogate,
    full: Supply,
    target: float,
    *,
    within: Floats | None = None,
    own: int | None = None,
    response: Response | str = "none",
) -> float | None:
    """Return the share of the group's data that must go for an overall loss change.

    Parameters
    ----------
    surrogate, full
        The model, and what there would be with everybody taking part.
    target
        Loss change wanted, as a share of the full loss: .01 is 1 % worse.
    within
        How much of each community's data the group holds, (communities,) of 0 to 1; all of
        everybody's unless stated.
    own
        Number of the community whose own domain counts, instead of the overall loss.
    response
        What the lab does about it.

    Returns
    -------
    float or None
        Share of the group's data between 0 and 1, found by bisection to the last bit; None if
        not even the whole group reaches the target.

    Raises
    ------
    InputError
        If the target is not positive.
    """
    import numpy as np

    if not target > 0.0:
        raise InputError(
            f"the wanted loss change is {target}: give a number above 0, for example .01 for 1 %"
        )
    held = np.ones_like(full.live) if within is None else np.asarray(within, dtype=np.float64)

    def change(share: float) -> float:
        outcome = surrogate.evaluate(_without(full, share * held), full, response)
        return float((outcome.overall_loss if own is None else outcome.loss[own]) - 1.0)

    if not change(1.0) >= target:
        return None
    low, high = 0.0, 1.0
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if change(middle) < target else (low, middle)
    return high


def _without(full: Supply, gone: Floats) -> Supply:
    import numpy as np

    from sim.capability.supply import Supply

    kept = 1.0 - gone
    total = full.total
    part = np.divide(full.live, total, out=np.zeros_like(total), where=total > 0.0)
    return Supply(
        live=full.live * kept,
        raw=full.raw * (1.0 - gone * part),
        poison=full.poison,
        donated=full.donated,
        legacy=full.legacy,
    )
