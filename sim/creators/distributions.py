"""How a quantity differs between creators: a number, or a distribution to draw it from.

Draws are made by quantile: creator *i* of seed *s* has one uniform number for each column,
so changing a distribution's parameters moves everybody smoothly instead of redrawing them.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from sim.errors import InputError
from sim.spec import Finite, Part, Positive

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


LEAST_MASS = 1e-12
"""Least share of the population that a truncated distribution keeps: with less, double
precision has too few steps to draw from."""
LAST_SHARE = 1.0 - 2.0**-53


class Distribution(Part):
    """A distribution of a creator's quantity."""

    package: ClassVar[str] = ""
    noun: ClassVar[str] = "distribution"
    plain: ClassVar[str] = "a number, or "

    def quantile(self, uniform: Array) -> Array:
        """Return the values (any shape) at shares of the population in [0, 1)."""
        raise NotImplementedError

    def cdf(self, x: Array) -> Array:
        """Return the share of the population at or below each value of ``x``."""
        raise NotImplementedError

    def below(self, x: Array) -> Array:
        """Return the share of the population below each value of ``x``."""
        return self.cdf(x)

    @property
    def constant(self) -> float | None:
        """The one value that everybody has, or None."""
        return None


class Constant(Distribution):
    """Everybody has the same value; written as a plain number in files."""

    value: float

    @model_validator(mode="after")
    def _is_a_number(self) -> Self:
        if math.isnan(self.value):
            raise ValueError("must be a number, got nan")
        return self

    @model_serializer(mode="plain")
    def _as_number(self) -> float | dict[str, Any]:
        if math.isfinite(self.value):
            return self.value
        return {"kind": "constant", "value": str(self.value)}

    def quantile(self, uniform: Array) -> Array:
        import numpy as np

        return np.full_like(uniform, self.value)

    def cdf(self, x: Array) -> Array:
        import numpy as np

        return (np.asarray(x) >= self.value).astype(float)

    def below(self, x: Array) -> Array:
        import numpy as np

        return (np.asarray(x) > self.value).astype(float)

    @property
    def constant(self) -> float | None:
        return self.value


class Uniform(Distribution):
    """Evenly spread between two values."""

    low: Finite = 0.0
    high: Finite = 1.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low must not be above high, got {self.low} and {self.high}")
        return self

    def quantile(self, uniform: Array) -> Array:
        return self.low + (self.high - self.low) * uniform

    def cdf(self, x: Array) -> Array:
        import numpy as np

        if self.low == self.high:
            return (np.asarray(x) >= self.low).astype(float)
        return np.clip((np.asarray(x, dtype=float) - self.low) / (self.high - self.low), 0.0, 1.0)


class Normal(Distribution):
    """The bell curve; neither clipped nor truncated (see `Truncated`)."""

    mean: Finite
    sd: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]

    def quantile(self, uniform: Array) -> Array:
        return self.mean + self.sd * _standard_normal(uniform)

    def cdf(self, x: Array) -> Array:
        import numpy as np
        from scipy.special import ndtr

        if self.sd == 0.0:
            return (np.asarray(x) >= self.mean).astype(float)
        below: Array = ndtr((np.asarray(x, dtype=float) - self.mean) / self.sd)
        return below


class LogNormal(Distribution):
    """Positive and heavy-tailed: its logarithm is normal with this mean and sd."""

    mean_log: Finite
    sd_log: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]

    def quantile(self, uniform: Array) -> Array:
        from sim.kernels.columns import exponentials

        out = self.mean_log + self.sd_log * _standard_normal(uniform)
        exponentials(out)
        return out

    def cdf(self, x: Array) -> Array:
        import numpy as np

        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore"):
            return Normal(self.mean_log, self.sd_log).cdf(np.log(np.maximum(x, 0.0)))


class Pareto(Distribution):
    """Power-law tail: the share above x is (minimum / x) ** exponent (Pareto 1896)."""

    minimum: Positive
    exponent: Positive

    def quantile(self, uniform: Array) -> Array:
        from sim.kernels.columns import powers

        out = 1.0 - uniform
        powers(out, -1.0 / self.exponent)
        out *= self.minimum
        return out

    def cdf(self, x: Array) -> Array:
        import numpy as np

        x = np.maximum(np.asarray(x, dtype=float), self.minimum)
        return 1.0 - (self.minimum / x) ** self.exponent


class Beta(Distribution):
    """Shares between 0 and 1 with shape ``a`` and ``b``."""

    a: Positive
    b: Positive

    def quantile(self, uniform: Array) -> Array:
        from scipy.special import betaincinv

        values: Array = betaincinv(self.a, self.b, uniform)
        return values

    def cdf(self, x: Array) -> Array:
        import numpy as np
        from scipy.special import betainc

        below: Array = betainc(self.a, self.b, np.clip(np.asarray(x, dtype=float), 0.0, 1.0))
        return below


class Truncated(Distribution):
    """Another distribution, given that the value lies between two bounds."""

    distribution: Annotated[Distribution, BeforeValidator(lambda value: as_distribution(value))]
    low: Finite | None = None
    high: Finite | None = None

    @model_validator(mode="after")
    def _has_mass(self) -> Self:
        low, high = self._interval()
        if not low < high:
            raise ValueError(f"low must be below high, got {low} and {high}")
        if isinstance(self.distribution, Values):
            raise ValueError("stated values cannot be truncated; state others")
        return self

    def _interval(self) -> tuple[float, float]:
        low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high

    def _shares(self) -> tuple[float, float]:
        """Return the shares of the whole distribution below and up to the bounds."""
        import numpy as np

        low, high = self._interval()
        (below,) = self.distribution.below(np.array([low]))
        (upto,) = self.distribution.cdf(np.array([high]))
        if not upto - below > LEAST_MASS:
            raise InputError(f"truncated distribution: nothing lies between {low} and {high}")
        return float(below), float(upto)

    def quantile(self, uniform: Array) -> Array:
        import numpy as np

        below, upto = self._shares()
        shares = np.minimum(below + (upto - below) * uniform, LAST_SHARE)
        return np.clip(self.distribution.quantile(shares), *self._interval())

    def cdf(self, x: Array) -> Array:
        import numpy as np

        below, upto = self._shares()
        inside = np.clip(self.distribution.cdf(x), below, upto)
        return (inside - below) / (upto - below)


class Values(Distribution):
    """One stated value for each creator of the community, in order."""

    values: Annotated[tuple[float, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _are_numbers(self) -> Self:
        if any(math.isnan(value) for value in self.values):
            raise ValueError("must be numbers, got nan")
        return self

    def quantile(self, uniform: Array) -> Array:
        import numpy as np

        if uniform.size != len(self.values):
            raise InputError(
                f"values: expected one for each of the {uniform.size} creators, "
                f"got {len(self.values)}"
            )
        return np.array(self.values, dtype=float)

    def cdf(self, x: Array) -> Array:
        import numpy as np

        return _share_at_or_below(np.array(self.values, dtype=float), x)


class Empirical(Distribution):
    """Drawn with replacement from the numbers in a file, one a line."""

    path: Annotated[str, Field(min_length=1)]

    def _observed(self) -> Array:
        from io import BytesIO

        import numpy as np

        from sim.folders import unpacked

        try:
            content = BytesIO(unpacked(Path(self.path).read_bytes()))
            observed = np.loadtxt(content, dtype=float, ndmin=1, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise InputError(
                f"empirical distribution: cannot read numbers, one a line, from {self.path} "
                f"({error})"
            ) from None
        if observed.ndim != 1 or observed.size == 0 or not np.isfinite(observed).all():
            raise InputError(
                f"empirical distribution: {self.path} must hold one finite number a line"
            )
        ordered: Array = np.sort(observed)
        return ordered

    def quantile(self, uniform: Array) -> Array:
        observed = self._observed()
        values: Array = observed[(uniform * observed.size).astype("int64")]
        return values

    def cdf(self, x: Array) -> Array:
        return _share_at_or_below(self._observed(), x)

    def below(self, x: Array) -> Array:
        import numpy as np

        observed = self._observed()
        return np.searchsorted(observed, np.asarray(x), side="left") / observed.size


def as_distribution(value: Any) -> Any:
    """Read a plain number as the distribution in which everybody has it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return Constant(float(value))


Quantity = Annotated[Distribution, BeforeValidator(as_distribution)]
"""A number or a distribution."""


def _standard_normal(uniform: Array) -> Array:
    from scipy.special import ndtri

    smallest = 2.0**-54
    values: Array = ndtri(uniform.clip(min=smallest))
    return values


def _share_at_or_below(observed: Array, x: Array) -> Array:
    import numpy as np

    below: Array = np.searchsorted(np.sort(observed), np.asarray(x), side="right") / observed.size
    return below
