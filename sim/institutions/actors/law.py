"""The law in force: how consent is given, what is enforced, what creators are told."""

from __future__ import annotations

import zlib
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.mandate import Mandate, Regime
from sim.kernels.listed import fill_listed
from sim.purposes import INSTITUTION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.actors.cast import Cast
    from sim.institutions.calendar import Ruling

    Mask = NDArray[np.bool_]

VOTES = 900
"""Attempt under which votes are drawn."""


class Law:
    """What rulings have made of the law.

    Parameters
    ----------
    cast : Cast
        All institutions of the run.

    Attributes
    ----------
    terms : Mandate
        How consent is given, as the scenario says.
    regime : str
        In force: opt_out, opt_in or referendum.
    share_asked : float
        Share of creators who are asked for their consent.
    transparency : float
        Probability that a creator hears in a step that its works are used.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.terms = cast.scenario.mandate or Mandate()
        self.regime: Regime = self.terms.regime
        self.share_asked = self.terms.asked
        self.transparency = 0.0

    @property
    def asks(self) -> bool:
        """Whether anybody's consent is asked for."""
        return self.share_asked > 0.0 or self.regime == "opt_in"

    @property
    def asked(self) -> Mask:
        """Who is asked for consent (n,); more if more are asked, nobody less."""
        return self._order_of_asking < self.share_asked

    @cached_property
    def _order_of_asking(self) -> NDArray[np.float64]:
        return self._drawn("asked")

    @cached_property
    def agrees(self) -> Mask:
        """Who says yes when asked (n,)."""
        world = self.cast.engine.world
        shares = [community.consents for community in world.communities]
        return self._drawn("consents") < np.repeat(shares, world.network.sizes)

    @property
    def said_yes(self) -> Mask:
        """Who was asked and agreed (n,)."""
        return self.asked & self.agrees

    def bars(self) -> Mask:
        """Return whose works the law keeps out (n,)."""
        if self.regime == "opt_in":
            return ~self.said_yes
        return self.asked & ~self.agrees

    def rule(self, ruling: Ruling) -> None:
        """Put a ruling in force that goes the creators' way."""
        if ruling.asked is not None:
            self.share_asked = ruling.asked
        if ruling.regime is not None:
            self.regime = ruling.regime
        if ruling.regime is not None or ruling.asked is not None:
            self.cast.withholding.refresh()
        for lab in self.cast.labs:
            if ruling.enforcement is not None and (not ruling.labs or lab.name in ruling.labs):
                lab.comply(ruling.enforcement)
        self.transparency = max(self.transparency, ruling.transparency)

    def vote(self, step: int, number: int) -> NDArray[np.int8]:
        """Return how creators vote on a release: 1 yes, -1 no, 0 not at all (n,)."""
        world = self.cast.engine.world
        ids = np.arange(world.size, dtype=np.int32)
        drawn = np.empty(world.size)
        fill_listed(drawn, ids, world.seed, INSTITUTION, step, VOTES + number)
        electors = self.cast.addressed(self.terms.electorate)
        votes = (drawn < self.terms.turnout) & np.repeat(electors, world.network.sizes)
        return np.where(votes, np.where(self.agrees, 1, -1), 0).astype(np.int8)

    def _drawn(self, what: str) -> NDArray[np.float64]:
        return self.cast.engine.world.uniform(zlib.crc32(what.encode()))
