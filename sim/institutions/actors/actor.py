"""What every institution at play shares: its description, its record, its random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from sim.kernels.listed import fill_listed
from sim.purposes import INSTITUTION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine
    from sim.institutions.actors.cast import Cast
    from sim.scenario import Scenario

    Floats = NDArray[np.float64]
    Ids = NDArray[np.int32]
    Mask = NDArray[np.bool_]


class Actor(mesa.Agent):  # type: ignore[misc]
    """An institution as a Mesa agent.

    Parameters
    ----------
    cast : Cast
        All institutions of the run.
    spec : Spec
        What a user declared about this one.
    number : int
        Its place among those of its kind; addresses its random numbers.

    Attributes
    ----------
    rows : dict of str to list of float
        What it was like after each step: ``step`` and the attributes in ``series``.
    """

    kind: ClassVar[str] = ""
    """What its tables in the result begin with."""
    series: ClassVar[tuple[str, ...]] = ()
    """Attributes that are recorded."""

    def __init__(self, cast: Cast, spec: Any, number: int = 0) -> None:
        super().__init__(cast.model)
        self.cast, self.spec, self.number = cast, spec, number
        self.name = getattr(spec, "name", self.kind)
        self.rows: dict[str, list[float]] = {name: [] for name in ("step", *self.series)}

    @property
    def engine(self) -> Engine:
        """The crowd."""
        return self.cast.engine

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return self.cast.scenario

    @property
    def step_number(self) -> int:
        """The step being played."""
        return self.engine.step_number

    @property
    def table(self) -> str:
        """Name of its table in the result."""
        return self.kind if self.name == self.kind else f"{self.kind}.{self.name}"

    def act(self) -> None:
        """Do what it does in phase 2 of a step."""

    def record(self) -> None:
        """Keep what it is like after a step."""
        self.rows["step"].append(float(self.step_number))
        for name in self.series:
            self.rows[name].append(float(getattr(self, name)))

    def draws(self, ids: Ids, step: int | None = None) -> Floats:
        """Return this institution's random number for each of some creators (k,)."""
        out = np.empty(ids.size)
        at = self.step_number if step is None else step
        fill_listed(out, ids, self.engine.seed, INSTITUTION, at, self._address)
        return out

    @property
    def _address(self) -> int:
        """Attempt under which it draws; every institution has its own."""
        return self.number + 1000 * KINDS.index(self.kind)


KINDS = ("", "organiser", "platform", "lab", "regulator", "press", "market", "bargaining")
