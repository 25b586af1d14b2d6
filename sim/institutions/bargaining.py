"""Bargaining between creators who act and a lab, over what their data are worth to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.institutions.names import InstitutionName, Steps
from sim.spec import Name, NonNegative, Positive, Probability, Spec


class Bargaining(Spec):
    """Creators and a lab bargain until they settle, or the creators give up.

    Without a deal the lab earns pi0 a step, trained on what it has, and each creator who acts
    has its other income and the pay of a strike fund, less what acting costs it.  With a deal
    the lab earns pi1, trained on everything, and pays y a step.  There is a deal to be made iff
    S = pi1 - pi0 - d > 0, where d is what the creators have without one; the Nash bargain is
    y* = d + alpha S.  The creators do not know pi1: they ask for
    y(t) = y* + (y0 - y*) exp(-eta t), and the lab accepts when that is worth more to it, at
    present value over the term of a deal, than waiting any longer.  With y0 = y* it accepts at
    once; never, where the strike is to end by itself before that is worth it.

    References
    ----------
    Nash 1950, doi:10.2307/1907266; Ashenfelter & Johnson 1969 (concession curve),
    https://www.jstor.org/stable/1811091; Kennan & Wilson 1989, Journal of Applied Econometrics
    4(S1), S87-S130 (strikes as bargaining under private information).
    """

    lab: InstitutionName
    organiser: InstitutionName | None = None
    """Whose strike fund pays those who act."""
    communities: tuple[Name, ...] = ()
    """Whose creators bargain; all unless stated."""
    starts: Probability = 0.05
    """Share of these creators seen acting from which the lab bargains; below it, it leaves."""
    power: Probability = 0.5
    """alpha: share of the surplus that the creators get."""
    income: NonNegative = 0.0
    """Money that a creator who acts makes elsewhere in a step."""
    sacrifice: NonNegative = 0.0
    """Money that a creator who acts loses in a step."""
    disruption: NonNegative = 0.0
    """Money that a strike of everybody costs the lab in a step beside what its model earns less:
    work left undone, traffic, reputation."""
    attrition: NonNegative = 0.0
    """Rate, by step, at which the lab expects those who act to give up; what they do is their
    own affair (wars of attrition: Kennan & Wilson 1989)."""
    asking: NonNegative = 0.0
    """How far the first demand y0 lies above y*, as a share of the surplus: what the creators
    do not know; 0: full information."""
    learning: Positive = 0.1
    """eta: share by which what is asked too much shrinks in a step."""
    discount: Positive = 0.1
    """The lab's yearly rate of discount."""
    patience: Annotated[int, Field(ge=1)] = 520
    """Steps that the lab looks ahead."""
    term: Steps = 52
    """Steps for which a deal holds; those who settled do not act meanwhile.  The lab weighs what
    it would pay and lose over as many steps from now; what comes after is open either way."""
