"""What a lab can do about lost data before it trains: one response in each file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator

from sim.spec import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.capability.supply import Supply
    from sim.capability.surrogate import Surrogate

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Situation:
    """What a lab sees when it answers: usable data, what it would have had, its surrogate."""

    data: Floats
    """Effective data by community after poison, (cases, communities)."""
    supply: Supply
    full: Supply
    """What there would be at this round with everybody taking part: the lab's budget."""
    reference: Supply
    """What losses are relative to."""
    surrogate: Surrogate

    def repeated(self, times: Floats) -> Floats:
        """Return the data seen ``times`` as often as they would be (cases, communities).

        Repeats make up for no more than what is missing: a lab that has everything could as
        well repeat the same works in the place of the others.
        """
        import numpy as np

        from sim.capability.repetition import worth

        once, limit = self.surrogate.epochs, self.surrogate.repetition
        grown = self.data * (worth(once * times, limit) / worth(once, limit))
        most = np.maximum(self.data.sum(axis=-1), self.full.total.sum())
        amount = grown.sum(axis=-1)
        kept: Floats = np.divide(most, amount, out=np.ones_like(amount), where=amount > most)
        return grown * kept[:, None]

    def overall(self, data: Floats) -> Floats:
        """Return the overall loss (cases,) of a model trained on ``data``."""
        return self.surrogate.evaluator(data.shape[1]).overall(data, self.reference)


class Response(Part):
    """What a lab does about lost data."""

    package: ClassVar[str] = "sim.capability.responses"
    noun: ClassVar[str] = "response"

    def apply(self, situation: Situation) -> Floats:
        """Return the effective data that the lab trains on, (cases, communities)."""
        raise NotImplementedError

    def cost(self, situation: Situation) -> Floats:
        """Return what the response costs the lab, (cases,), in units of the price it states."""
        import numpy as np

        return np.zeros(situation.data.shape[0])


def from_text(value: Any) -> Any:
    """Return the data of a response from its plain name, anything else unchanged."""
    return {"kind": value.replace("-", "_")} if isinstance(value, str) else value


AnyResponse = Annotated[Response, BeforeValidator(from_text)]
"""A field that takes a response, its data, or just its name."""
