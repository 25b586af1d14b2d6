"""Networks with a given distribution of degrees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network

DEGREES = 4


class Configuration(NetworkSpec):
    """Random links with given degrees, or with degrees that fall off as a power law.

    The configuration model (Molloy & Reed 1995, doi:10.1002/rsa.3240060204): P(k) is
    proportional to k**-exponent from ``min_degree`` to ``max_degree``.  Unless stated,
    ``max_degree`` is the square root of the number of creators, up to which degrees of
    neighbours are uncorrelated (Catanzaro, Boguna & Pastor-Satorras 2005,
    doi:10.1103/PhysRevE.71.027103).  Loops and repeated links are switched away, which keeps
    all degrees; one creator gets one more link when the degrees add up to an odd number.
    """

    exponent: Annotated[float, Field(gt=1.0, le=20.0)] = 2.5
    """How fast degrees fall off."""

    min_degree: Annotated[int, Field(ge=0)] = 2
    """The lowest degree; 1 or more unless the degrees are given."""

    max_degree: Annotated[int, Field(ge=1)] | None = None
    """The highest degree."""

    degrees: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """The degree of each creator, in place of a power law."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.degrees is None and self.min_degree < 1:
            raise ValueError("min_degree must be at least 1")
        if self.max_degree is not None and self.max_degree < self.min_degree:
            raise ValueError("max_degree must not be below min_degree")
        return self

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.network import Network
        from sim.networks.pairing import paired

        degrees = self._degrees(sum(sizes), seed)
        check_ends(degrees.size, float(degrees.sum()))
        return Network(*paired(degrees, seed), sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return int(creators * (4 * POINTER + 2 * END * self._mean(creators)))

    def _degrees(self, creators: int, seed: int) -> NDArray[np.int64]:
        import numpy as np

        from sim.networks.degrees import drawn, power_law

        if self.degrees is not None:
            if len(self.degrees) != creators:
                raise InputError(
                    f"network: degrees must have a number for each of the {creators:,} "
                    f"creators, got {len(self.degrees):,}"
                )
            return np.array(self.degrees, dtype=np.int64)
        most = self._most(creators)
        if most >= creators > 0:
            raise InputError(
                f"network: degrees must be below the number of creators, "
                f"got {most:,} with {creators:,} creators"
            )
        table = power_law(self.exponent, self.min_degree, most)
        degrees = drawn(table, self.min_degree, creators, DEGREES, seed)
        if degrees.sum() % 2:
            degrees[np.flatnonzero(degrees < creators - 1)[0]] += 1
        return degrees

    def _most(self, creators: int) -> int:
        return self.max_degree or max(self.min_degree, math.isqrt(creators))

    def _mean(self, creators: int) -> float:
        from sim.networks.degrees import mean_of, power_law

        if self.degrees is not None:
            return sum(self.degrees) / max(len(self.degrees), 1)
        table = power_law(self.exponent, self.min_degree, self._most(creators))
        return mean_of(table, self.min_degree)
