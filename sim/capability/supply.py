"""What a model can be trained on, community by community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Supply:
    """Training data by community, in units of the full-participation corpus.

    Every array is float64 (communities,) or, for many cases at once, (cases, communities).
    The effective data ``live + donated + legacy`` of everybody taking part at the reference
    date sum to 1, and so do ``raw``.
    """

    live: Floats
    """Effective data, sum of q n^kappa over the creators' usable crawled works."""
    raw: Floats
    """Usable works before weighting, donated and legacy included: what epochs are counted in."""
    poison: Floats
    """Diffuse poison that the lab did not detect, in effective units."""
    donated: Floats
    """Effective data given to this lab on top of what it crawls."""
    legacy: Floats
    """Effective data that cannot be withdrawn: released sets, public domain."""

    @property
    def total(self) -> Floats:
        """Return the effective data, float64 like the parts."""
        return self.live + self.donated + self.legacy

    @classmethod
    def of(cls, live: object, **parts: object) -> Supply:
        """Return a supply of ``live`` data.

        ``raw`` is the same, and the other parts are none, unless they are given.
        """
        import numpy as np

        first = np.asarray(live, dtype=np.float64)
        none = np.zeros_like(first)
        given = {name: np.asarray(part, dtype=np.float64) for name, part in parts.items()}
        return cls(
            **{
                "live": first,
                "raw": first,
                "poison": none,
                "donated": none,
                "legacy": none,
                **given,
            }
        )
