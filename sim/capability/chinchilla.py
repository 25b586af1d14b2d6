"""The scaling law of language models: loss by parameters and tokens.

L(N, D) = E + A / N^alpha + B / D^beta (Hoffmann et al. 2022, arXiv 2203.15556), with the
constants of the replication by Besiroglu et al. 2024 (arXiv 2404.10102).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.spec import Positive, Spec

if TYPE_CHECKING:
    from sim.capability.surrogate import Surrogate


class ScalingLaw(Spec):
    """L(N, D) = E + A / N^alpha + B / D^beta, in nats per token."""

    E: Positive = 1.8172
    A: Positive = 482.01
    B: Positive = 2085.43
    alpha: Positive = 0.3478
    beta: Positive = 0.3658

    def loss(self, parameters: float, tokens: float) -> float:
        """Return the loss of a model of ``parameters`` trained on ``tokens``, each once."""
        return self.E + self.model_term(parameters) + self.data_term(tokens)

    def model_term(self, parameters: float) -> float:
        """Return A / N^alpha."""
        return self.A / math.pow(parameters, self.alpha)

    def data_term(self, tokens: float) -> float:
        """Return B / D^beta."""
        return self.B / math.pow(tokens, self.beta)


def loss(parameters: float, tokens: float) -> float:
    """Return the loss in nats per token by the replicated law; 1.974 for 70e9 and 1.4e12."""
    return ScalingLaw().loss(parameters, tokens)


def from_chinchilla(
    parameters: float, tokens: float, law: ScalingLaw | None = None, **constants: Any
) -> Surrogate:
    """Return the surrogate of a language model of ``parameters`` trained on ``tokens``.

    1 - phi is the data term's share of the loss, the frontier its share of the reducible
    loss.  ``constants`` replace other constants of the surrogate.
    """
    from sim.capability.surrogate import Frontier, Surrogate

    law = law or ScalingLaw()
    data, model = law.data_term(tokens), law.model_term(parameters)
    full = law.loss(parameters, tokens)
    fields: dict[str, Any] = {
        "beta": law.beta,
        "phi": 1.0 - data / full,
        "full_loss": full,
        "unit": "nats per token",
        "frontier": Frontier(alpha=law.alpha, data_share=data / (data + model)),
    }
    return Surrogate(**{**fields, **constants})
