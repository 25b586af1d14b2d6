"""What every network spec has."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.errors import InputError
from sim.spec import Part

if TYPE_CHECKING:
    from sim.networks.network import Network

MOST_ENDS = 2**32 - 1
POINTER, END = 8, 4


class NetworkSpec(Part):
    """How creators are linked."""

    package: ClassVar[str] = "sim.networks"
    noun: ClassVar[str] = "network"

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        """Return the network of communities with ``sizes`` creators.

        Parameters
        ----------
        sizes : tuple of int
            Creators in each community; creators are numbered community by community.
        seed : int
            0 <= seed < 2**32; the same seed gives the same network on any machine.
        names : tuple of str, optional
            The communities' names.

        Raises
        ------
        InputError
            When so many creators cannot be linked as described.
        """
        raise NotImplementedError

    def version(self) -> object:
        """Return what changes when a file that the network is read from has changed."""
        return None

    def memory(self, creators: int) -> int:
        """Return the bytes that `build` needs at its peak, about, for so many creators."""
        raise NotImplementedError


def named(sizes: tuple[int, ...], names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the given names, or numbered ones."""
    return names if names is not None else tuple(f"community_{c}" for c in range(len(sizes)))


def check_ends(creators: int, ends: float) -> None:
    """Refuse more creators or link ends than their numbers have room for."""
    if creators >= 2**31:
        raise InputError(f"network: at most {2**31 - 1:,} creators are possible, got {creators:,}")
    if ends > MOST_ENDS:
        raise InputError(
            f"network: at most {MOST_ENDS:,} link ends are possible, got about {ends:,.0f}; "
            "use fewer creators or a lower mean degree"
        )
