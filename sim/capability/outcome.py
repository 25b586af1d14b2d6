"""What lost data do to a model, in units that people read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from sim.capability.surrogate import Surrogate

    Floats = NDArray[np.float64]


COMPUTE_GROWTH = 4.5
"""Of training compute a year: 4 to 5 times (Sevilla and Roldan 2024, Epoch AI)."""

DATA_GROWTH = 3.0
"""Of language training data a year: 3 to 3.7 times (Rahman and Owen 2024, Epoch AI)."""


def months_of_data(rollback: ArrayLike, growth: float = DATA_GROWTH) -> Floats:
    """Return the months in which data that grow by a factor a year make up for a rollback."""
    import numpy as np

    with np.errstate(divide="ignore"):
        return np.asarray(-12.0 * np.log(rollback) / math.log(growth))


class Delay(NamedTuple):
    """Months in which growth makes up for lost data."""

    compute: Floats
    data: Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """A model trained on some supply beside the one trained on everybody's data.

    Arrays are float64: by community (communities,) and overall (), or with a leading axis of
    cases.
    """

    surrogate: Surrogate
    response: str
    """Kind of the lab's response."""
    loss: Floats
    """L_i / L_i^full by community; 1 with everybody taking part."""
    rollback: Floats
    """x_i: the share of all data with which a lab would do as well in this domain."""
    overall_loss: Floats
    """Loss relative to full, over communities by usage."""
    overall_rollback: Floats
    """x: the share of all data with which a lab would do as well overall."""
    cost: Floats
    """What the response costs the lab."""
    weights: Floats
    """Weight of each community in the overall loss, (communities,)."""

    @property
    def loss_change(self) -> Floats:
        """Return the overall change of loss as a share: .011 is 1.1 % worse."""
        return self.overall_loss - 1.0

    @property
    def compute_equivalent(self) -> Floats:
        """Return C'/C: the share of the compute that would do as well on the frontier.

        [1 + w (x^-beta - 1)]^(-(alpha + beta) / (alpha beta)), w the data's share of the
        reducible loss; not a number where the surrogate states no frontier.
        """
        import numpy as np

        frontier, beta = self.surrogate.frontier, self.surrogate.beta
        if frontier is None or isinstance(beta, tuple):
            return np.full_like(self.overall_rollback, math.nan)
        with np.errstate(divide="ignore"):
            excess = np.expm1(-beta * np.log(self.overall_rollback))
        power = -(frontier.alpha + beta) / (frontier.alpha * beta)
        return np.asarray((1.0 + frontier.data_share * excess) ** power)

    def months_of_delay(
        self, compute_growth: float = COMPUTE_GROWTH, data_growth: float = DATA_GROWTH
    ) -> Delay:
        """Return how many months of growth the lost data undo.

        Parameters
        ----------
        compute_growth, data_growth
            By which factor the compute and the data of a training run grow in a year, above 1.

        Returns
        -------
        Delay
            Months until more compute makes up for it (not a number without a frontier), and
            months until more data do.
        """
        import numpy as np

        if not (compute_growth > 1.0 and data_growth > 1.0):
            raise InputError(
                f"yearly growth factors are {compute_growth} of compute and {data_growth} of "
                "data: give factors above 1, for example 4.5 and 3"
            )
        with np.errstate(divide="ignore"):
            compute = -12.0 * np.log(self.compute_equivalent) / math.log(compute_growth)
        return Delay(compute, months_of_data(self.overall_rollback, data_growth))

    @property
    def capability(self) -> Floats:
        """Return capability retained by community, (L_null - L) / (L_null - L_full).

        1 with everybody taking part, 0 at the floor; not a number without a floor.
        """
        import numpy as np

        floor = self.surrogate.floor
        if floor is None:
            return np.full_like(self.loss, math.nan)
        null = floor.loss / np.asarray(self.surrogate.full_loss)
        return np.asarray(1.0 - (self.loss - 1.0) / (null - 1.0))

    @property
    def overall_capability(self) -> Floats:
        """Return capability retained overall; not a number without a floor."""
        import numpy as np

        if self.surrogate.floor is None:
            return np.full_like(self.overall_loss, math.nan)
        return np.asarray(1.0 - self.loss_change / (self._null - 1.0))

    @property
    def leverage_power(self) -> Floats:
        """Return data-leverage power 1 - (with - floor) / (full - floor) overall.

        Not clipped: a strike that leaves a model worse than its floor exceeds 1 (Vincent and
        Hecht 2021, doi:10.1145/3449177).

        Raises
        ------
        InputError
            If the surrogate has no floor, which makes the power of every strike 0.
        """
        if self.surrogate.floor is None:
            raise InputError(
                "data-leverage power needs the loss of a model that learnt nothing and this "
                "surrogate states no floor, so it would be 0 for every strike: give `floor`, or "
                "read the loss change or the rollback"
            )
        return 1.0 - self.overall_capability

    @property
    def loss_in_units(self) -> Floats:
        """Return the loss by community in the surrogate's unit."""
        import numpy as np

        return np.asarray(self.loss * np.asarray(self.surrogate.full_loss))

    @property
    def _null(self) -> float:
        import numpy as np

        assert self.surrogate.floor is not None
        full = np.broadcast_to(np.asarray(self.surrogate.full_loss), self.weights.shape)
        usage = self.weights / full
        return float(self.surrogate.floor.loss * usage.sum() / (usage * full).sum())
