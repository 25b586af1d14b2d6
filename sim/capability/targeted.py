"""Poison against one concept or trigger, and imitation of one creator: counts, not shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.spec import Positive, Probability, Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class Hill(Spec):
    """Success n^h / (n^h + n50^h) of n works, whatever the size of the corpus."""

    n50: Positive
    """Works at which one half succeeds."""
    steepness: Positive = 2.0
    """h: how suddenly."""

    def success(
        self, works: ArrayLike, noise: Probability = 0.0, detected: Probability = 0.0
    ) -> NDArray[np.float64]:
        """Return the success of a number of works.

        ``noise`` is the share that misses the agreed target (coordination noise; Karan et al.
        2025, arXiv 2510.18933), ``detected`` the share that the lab drops.
        """
        import numpy as np

        count = np.asarray(works, dtype=np.float64) * (1.0 - noise) * (1.0 - detected)
        with np.errstate(divide="ignore", over="ignore"):
            return 1.0 / (1.0 + (count / self.n50) ** -self.steepness)

    def works_for(
        self, success: float, noise: Probability = 0.0, detected: Probability = 0.0
    ) -> float:
        """Return how many works reach a success between 0 and 1, both excluded."""
        odds = success / (1.0 - success)
        reaching = (1.0 - noise) * (1.0 - detected)
        return float(self.n50 * odds ** (1.0 / self.steepness) / reaching)


IMAGE_CONCEPT = Hill(75.0, 2.0)
"""Fewer than 100 samples corrupt one concept of a text-to-image model (Shan et al. 2023, arXiv
2310.13828); the steepness is an assumption."""

TRIGGER = Hill(158.0, 6.4)
"""About 250 documents make a language model react to a trigger at any size from 600M to 13B
parameters (Souly et al. 2025); so that 100 documents give .05 and 250 give .95, an assumption."""

IMAGE_STYLE = Hill(400.0, 2.0)
"""200 to 700 images until a text-to-image model imitates a style or face (Verma et al. 2024,
arXiv 2410.15002); the steepness is an assumption."""


def domain_capability(capability: ArrayLike, success: ArrayLike) -> NDArray[np.float64]:
    """Return a domain's capability when a share of its concepts is poisoned.

    ``success`` is the successful share of the domain's concepts; other domains keep theirs.
    """
    import numpy as np

    return np.asarray(capability, dtype=np.float64) * (1.0 - np.asarray(success))


def mimicry(
    works: ArrayLike, hill: Hill = IMAGE_STYLE, leak: Probability = 0.0
) -> NDArray[np.float64]:
    """Return how well an image model imitates a creator of whom it has seen ``works`` works.

    ``leak`` is what outsiders reach by fine-tuning on public copies, which no opt-out stops.
    """
    import numpy as np

    return np.maximum(hill.success(works), leak)
