"""A platform at play: sets its default, offers a tool, bans."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.actors.actor import Actor
from sim.kernels.crowd import SEEN

if TYPE_CHECKING:
    from sim.institutions.actors.actor import Floats, Ids
    from sim.institutions.actors.cast import Cast
    from sim.institutions.platform import Platform


class PlatformActor(Actor):
    """Plays a `Platform`.

    Attributes
    ----------
    members : int32 (k,)
        Creators whose works are here.
    out : bool
        Whether the default keeps members' works out.
    listed : bool
        Whether the platform has opted all members out.
    choice : bool
        Whether members can take their works out by a setting.
    tool : bool
        Whether members can opt out with one click.
    refused : bool
        Whether the platform has refused what members ask, and not given in since.
    banned : int
        Members banned so far.
    """

    kind = "platform"
    series = ("out", "listed", "choice", "tool", "refused", "banned", "acting")

    def __init__(self, cast: Cast, spec: Platform, number: int) -> None:
        super().__init__(cast, spec, number)
        world = cast.engine.world
        self.members = np.flatnonzero(world.platform == number + 1).astype(np.int32)
        self._sticking = self.members[self.draws(self.members, step=0) < spec.sticks]
        self.out = spec.default == "out"
        self.listed = self.choice = self.tool = self.refused = False
        self.banned = 0
        self.acting = 0.0
        self._banning = False
        at = (spec.reversed_at, spec.choice_at, spec.tool_at, spec.bans_at)
        self._watches = any(share is not None for share in at)
        self._real = self._counted(self.members)
        self._reversal = None if spec.reversed_on is None else cast.step_of(spec.reversed_on)
        self._begin()

    @property
    def kept_out(self) -> Ids:
        """Members whose works the platform keeps out (int32)."""
        if self.listed:
            return self.members
        if self.out:
            return self._sticking
        return np.setdiff1d(self.members, self._sticking) if self.choice else self.members[:0]

    def act(self) -> None:
        """Do what is due, and answer members who are seen acting."""
        spec, step = self.spec, self.step_number
        self.acting = self._share_acting() if self._watches else 0.0
        if self._due(spec.refused_on, exactly=True):
            self._refuse(True)
        if self._reversal == step or (not self.out and self._reached(spec.reversed_at)):
            self.out = not self.out
            self._reversal = None
            self._change()
        if not self.listed and self._due(spec.bulk_opt_out) and self.scenario.action:
            self.listed = True
            self._change()
        if not self.choice and (self._due(spec.choice_on) or self._reached(spec.choice_at)):
            self.choice = True
            self._change()
        if not self.tool and (self._due(spec.tool_on) or self._reached(spec.tool_at)):
            self._offer_tool()
            self._change()
        self._banning |= self._reached(spec.bans_at)
        if self._banning:
            self._ban()

    def _begin(self) -> None:
        """Put in force what was there before the start."""
        spec = self.spec
        if spec.reversed_on is not None and spec.reversed_on <= self.scenario.start:
            self.out, self._reversal = not self.out, None
        self.choice = spec.choice_on is not None and spec.choice_on <= self.scenario.start
        if spec.tool_on is not None and spec.tool_on <= self.scenario.start:
            self._offer_tool()

    def _offer_tool(self) -> None:
        self.tool = True
        self.cast.spare(self.name, self._groups(self.spec.tool))

    def _refuse(self, refused: bool) -> None:
        """Refuse what members ask, or take that back; members' communities hear of it."""
        self.refused = refused
        self.cast.push(f"{self.name} refusal", self._groups(self.spec.outrage * refused))
        self.cast.tell(self.spec.notice * self.cast.communities_of(self.members))

    def _change(self) -> None:
        """Tell members' communities of a new default, list, choice or tool."""
        here = self.cast.communities_of(self.members)
        self.cast.withholding.refresh()
        if self.refused:
            self._refuse(False)
        else:
            self.cast.tell(self.spec.notice * here)
        self.cast.concede(here > 0.0, self.spec.concession)

    def _ban(self) -> None:
        seen = self.members[self.engine.flags[self.members] & SEEN != 0]
        hit = seen[self.draws(seen) < self.spec.bans]
        self.engine.orders.stop(hit)
        self.engine.orders.bind(hit)
        self.banned += hit.size
        self.cast.push(self.name, self._groups(-self.spec.deterrence))

    def _groups(self, value: float) -> Floats:
        """Return a value for the groups of members, 0 for all others (groups,)."""
        world = self.engine.world
        out = np.zeros((world.groups // len(world.communities), len(world.communities)))
        out[self.number + 1] = value
        return out.ravel()

    def _share_acting(self) -> float:
        if not self.members.size:
            return 0.0
        return self._counted(self.members[self.engine.flags[self.members] & SEEN != 0]) / self._real

    def _counted(self, members: Ids) -> float:
        """Return how many real creators some members stand for."""
        found = np.histogram(members, self.engine.world.bounds)[0]
        return float(found @ self.cast.represents)

    def _reached(self, share: float | None) -> bool:
        return share is not None and self.acting >= share and self.acting > 0.0

    def _due(self, day: date | None, exactly: bool = False) -> bool:
        """Return whether a day has come, or is this step's."""
        if day is None:
            return False
        due = self.cast.step_of(day)
        return self.step_number == due if exactly else self.step_number >= due
