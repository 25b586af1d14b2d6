"""What institutions ask of creators in a step; carried out when tactics change, seen the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels import crowd as kernels
from sim.purposes import VISIBLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine

    Ids = NDArray[np.int32]

NOBODY = np.empty(0, dtype=np.int32)
UNSEEN = np.empty(0, dtype=np.int8)


class Orders:
    """Collects what is to happen to creators, and carries it out.

    Parameters
    ----------
    engine : Engine
        Whose creators.

    Attributes
    ----------
    informed : int32 (k,)
        Who came to know, or is free to act again, since creators last decided.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.informed = NOBODY
        self._asked: dict[str, list[Ids]] = {}

    def inform(self, ids: Ids) -> None:
        """Let creators know of the campaign."""
        if self.engine.reviser.shape.unaware:
            self._ask("inform", ids)

    def start(self, ids: Ids, committed: bool = False) -> None:
        """Let creators act who are not bound; with ``committed``, for good."""
        self.inform(ids)
        self._ask("start", ids)
        if committed:
            self._ask("commit", ids)

    def stop(self, ids: Ids) -> None:
        """Let creators go back to contributing."""
        self._ask("stop", ids)

    def bind(self, ids: Ids, licensed: bool = False) -> None:
        """Keep creators who contribute from acting; ``licensed`` if they agreed to a price."""
        self._ask("licence" if licensed else "bind", ids)

    def free(self, ids: Ids) -> None:
        """Let creators act again if they want to."""
        self._ask("free", ids)

    def withhold(self, ids: Ids) -> None:
        """Take works out through a default or the law."""
        self._ask("withhold", ids)

    def restore(self, ids: Ids) -> None:
        """Take back that works are out through a default or the law."""
        self._ask("restore", ids)

    def carry_out(self) -> tuple[Ids, NDArray[np.int8]]:
        """Do what was asked; return who changed and what their audiences see of it."""
        if not self._asked:
            self.informed = NOBODY
            return NOBODY, UNSEEN
        asked = {what: np.unique(np.concatenate(ids)) for what, ids in self._asked.items()}
        self._asked = {}
        get = asked.get
        self._withhold(get("withhold", NOBODY), get("restore", NOBODY))
        self._mark(kernels.AWARE, get("inform", NOBODY))
        changed = [self._turn(get("stop", NOBODY), acting=True)]
        self._mark(kernels.BOUND, get("bind", NOBODY), get("free", NOBODY))
        self._mark(kernels.BOUND | kernels.LICENSED, get("licence", NOBODY))
        changed.append(self._turn(get("start", NOBODY), acting=False))
        self._mark(kernels.COMMITTED, get("commit", NOBODY))
        self.informed = np.union1d(get("inform", NOBODY), get("free", NOBODY))
        ids, deltas = (np.concatenate(parts) for parts in zip(*changed, strict=True))
        return ids, deltas

    def _ask(self, what: str, ids: Ids) -> None:
        if ids.size:
            self._asked.setdefault(what, []).append(ids.astype(np.int32))

    def _mark(self, bits: np.uint8, on: Ids, off: Ids = NOBODY) -> None:
        self.engine.flags[on] |= bits
        self.engine.flags[off] &= ~bits

    def _turn(self, ids: Ids, acting: bool) -> tuple[Ids, NDArray[np.int8]]:
        engine = self.engine
        able = (engine.tactic[ids] != 0) == acting
        if not acting:
            able &= engine.flags[ids] & kernels.BOUND == 0
        turned = ids[able]
        delta = np.zeros(turned.size, dtype=np.int8)
        if turned.size:
            kernels.change(
                turned, delta, engine.step_number, engine.seed, VISIBLE, engine.crowd,
                engine.world.repertoire, engine.world.visibility, engine.counts,
            )  # fmt: skip
        if acting:
            engine.flags[turned] &= ~kernels.COMMITTED
        return turned, delta

    def _withhold(self, out: Ids, back: Ids) -> None:
        engine = self.engine
        out = out[engine.flags[out] & kernels.WITHHELD == 0]
        back = back[engine.flags[back] & kernels.WITHHELD != 0]
        self._mark(kernels.WITHHELD, out, back)
        for ids, sign in ((out, 1), (back, -1)):
            if ids.size:
                engine.withheld_since[ids] = engine.step_number
                engine.withheld += sign * np.histogram(ids, engine.world.bounds)[0]
