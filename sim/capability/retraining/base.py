"""What every kind of real retraining shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.spec import Part

if TYPE_CHECKING:
    from sim.capability.retraining.trainers.trainer import Trainer


class Retraining(Part):
    """A model that is really trained, again and again, on what creators leave to it."""

    package: ClassVar[str] = "sim.capability.retraining"
    noun: ClassVar[str] = "retraining"

    def load(self, seed: int = 0) -> Trainer:
        """Read the creators' works and return what trains on them.

        Parameters
        ----------
        seed : int
            Decides by keyed draws what is held out and in which order a creator's works
            are withdrawn; the same seed and works give the same losses.

        Raises
        ------
        InputError
            The works cannot be read or do not suffice.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how to load its works")
