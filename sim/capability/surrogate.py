"""The capability surrogate: what a model loses when data are missing, without training it.

The data of community j that a lab can use, D_j, reach the domain of community i as
z_i = sum_j T_ij D_j^rho; relative to everybody's taking part this equals the loss of a share
1 - x_i of all data, x_i = ((z_i / z_i^full + d0) / (1 + d0))^(1/rho), and the loss is
L_i / L_i^full = phi + (1 - phi) x_i^-beta.  With d0 as a share of the full reach, a random
strike costs the same however finely communities are told apart.

The form is a power law with a floor (Hestness et al. 2017, arXiv 1712.00409; Hoffmann et al.
2022, arXiv 2203.15556) over a concave mix of communities: the elasticity rho < 1 is what
transfer between corpora shows (Hernandez et al. 2021, arXiv 2102.01293).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.capability.responses.base import AnyResponse, Response
from sim.capability.style import Style
from sim.capability.targeted import Hill
from sim.capability.transfer import Flat, Transfer
from sim.errors import InputError
from sim.spec import Finite, Name, NonNegative, Positive, Probability, Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.capability.evaluation import Evaluator
    from sim.capability.outcome import Outcome
    from sim.capability.supply import Supply

Share = Annotated[float, Field(lt=1.0, allow_inf_nan=False)]


class Floor(Spec):
    """The loss of a model that learnt nothing from the creators: where leverage is 1."""

    loss: Finite
    """In the units of the surrogate's ``full_loss``."""
    what: str
    """Which model that is: chance, unigram, unpersonalised, legacy only."""
    source: str


class Frontier(Spec):
    """How compute buys loss, for the compute-equivalent of lost data."""

    alpha: Positive
    """Exponent of model size in L = E + A / N^alpha + B / D^beta."""
    data_share: Probability
    """B / D^beta as a share of the reducible loss A / N^alpha + B / D^beta."""


class Surrogate(Spec):
    """Constants of the capability surrogate of one model."""

    beta: Positive | tuple[Positive, ...]
    """Exponent of data in the loss, one for all communities or one each."""
    phi: Share | tuple[Share, ...]
    """Share of the full loss that no data remove."""
    rho: Annotated[float, Field(gt=0.0, le=1.0)] = 0.65
    """Elasticity of a community's contribution in its amount of data."""
    transfer: Transfer = Flat()
    """What communities' data are worth to one another."""
    d0: NonNegative | tuple[NonNegative, ...] = 0.0
    """Reach that every model has without any of the data, as a share of the full reach."""
    kappa: Probability = 0.7
    """Elasticity of a creator's contribution in its number of works."""
    poison_harm: NonNegative = 0.2
    """lambda: D becomes D / (1 + lambda P / D) beside undetected diffuse poison P."""
    detection: Probability = 0.5
    """Share of poisoned works that the lab finds and drops."""
    repetition: Positive = 15.39
    """R*: how many repetitions it takes until repeating is worth little."""
    epochs: Annotated[float, Field(ge=1.0)] = 1.0
    """How often the works are seen in training when everybody takes part."""
    quality: NonNegative = 0.4
    """gamma: data of quality q count as q^(gamma / beta) of their amount."""
    weights: tuple[NonNegative, ...] | None = None
    """omega: usage of each community's domain; by its share of the full data unless stated."""
    full_loss: Positive | tuple[Positive, ...] = 1.0
    """Loss with everybody taking part, in ``unit``."""
    unit: str = "of the full loss"
    floor: Floor | None = None
    """Where data-leverage power is 1; without it, that measure is refused."""
    frontier: Frontier | None = None
    """For the compute-equivalent; not a number without it."""
    mode: Literal["loss", "recommender"] = "loss"
    """``recommender``: who stops being served falls back to ``unserved_loss``."""
    unserved_loss: Positive | None = None
    """Recommender mode: loss of who is not served, in ``unit``; the floor unless stated."""
    targeted: Hill | None = None
    """How many coordinated works poison one concept or trigger."""
    style: Style | Hill | None = None
    """How well the model imitates one creator."""
    thinning: Literal["portfolio", "pairs"] = "portfolio"
    """What a creator who keeps a share q of its works still contributes: q^kappa of a portfolio.
    ``pairs``: q^2, because a recommender learns from pairs of works of one user; in
    MovieLens-100K everybody's withdrawing a share s of the ratings acts roughly like a share
    1 - (1 - s)^2 of the users leaving, the opposite of a portfolio's concavity."""
    communities: tuple[Name, ...] = ()
    """Names in the order of the arrays, where overrides use names."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        sizes = {
            len(value)
            for value in (self.beta, self.phi, self.d0, self.weights, self.full_loss)
            if isinstance(value, tuple)
        }
        if self.communities:
            sizes.add(len(self.communities))
        if len(sizes) > 1:
            raise ValueError("values by community must all have the same number of communities")
        if self.weights is not None and not sum(self.weights) > 0.0:
            raise ValueError("weights must not all be 0")
        if self.mode == "recommender" and self.floor is None and self.unserved_loss is None:
            raise ValueError(
                "a recommender needs a floor or unserved_loss: the loss of the unserved"
            )
        return self

    def evaluate(
        self,
        supply: Supply,
        full: Supply,
        response: Response | str | None = None,
        *,
        unserved: object = 0.0,
        available: Supply | None = None,
    ) -> Outcome:
        """Return what a model trained on ``supply`` loses against one trained on ``full``.

        Parameters
        ----------
        supply
            Usable data by community, for one case or many.
        full
            What there would be with everybody taking part, (communities,).
        response
            What the lab does about it: a response or its name; nothing unless stated.
        unserved
            In recommender mode, share of each community that no longer uses the model, scalar,
            (communities,) or (cases, communities).
        available
            What there would be at this training round with everybody taking part, where that is
            another than ``full``: what the lab can spend and what counts as missing.

        Raises
        ------
        InputError
            If the arrays do not have one value for each community.
        """
        if supply.live.shape[-1:] != full.live.shape:
            raise InputError(
                f"supply has {supply.live.shape} values and the full supply {full.live.shape}: "
                "give one value for each community in both"
            )
        chosen = _response(response)
        return self.evaluator(full.live.shape[0]).evaluate(
            supply, full, chosen, unserved, available
        )

    def for_communities(self, names: Sequence[str]) -> Self:
        """Return the surrogate for communities by name, in their order.

        Raises
        ------
        InputError
            If this surrogate is for named communities and one of these is not among them.
        """
        known = self.communities
        if not known or tuple(names) == known:
            return self.replace(communities=tuple(names))
        strange = [name for name in names if name not in known]
        if strange:
            raise InputError(
                f"this capability surrogate knows no community {strange[0]!r}, only "
                f"{', '.join(known)}: rename the community or choose another preset"
            )
        order = [known.index(name) for name in names]
        picked = {
            field: tuple(value[i] for i in order)
            for field in ("beta", "phi", "d0", "weights", "full_loss")
            if isinstance(value := getattr(self, field), tuple)
        }
        transfer = self.transfer.pick(order)
        return self.replace(communities=tuple(names), transfer=transfer, **picked)

    def best_response(self, supply: Supply, full: Supply) -> Outcome:
        """Return the outcome of the answer that loses least and costs the lab no money."""
        return self.evaluate(supply, full, "reweight")

    def contribution(self, kept: float) -> float:
        """Return what a creator still contributes that keeps a share of its works, of 1."""
        if kept <= 0.0:
            return 0.0
        return float(kept**2 if self.thinning == "pairs" else kept**self.kappa)

    def evaluator(self, communities: int) -> Evaluator:
        """Return the surrogate as arrays for a number of communities."""
        from sim.capability.evaluation import Evaluator

        known = self._evaluators.get(communities)
        if known is None or known.surrogate is not self:  # a copy brings its original's along
            known = self._evaluators[communities] = Evaluator.of(self, communities)
        return known

    @cached_property
    def _evaluators(self) -> dict[int, Evaluator]:
        return {}


class _Chosen(Spec):
    response: AnyResponse


def _response(value: Response | str | None) -> Response:
    if isinstance(value, Response):
        return value
    return _Chosen(response="none" if value is None else value).response  # type: ignore[arg-type]
