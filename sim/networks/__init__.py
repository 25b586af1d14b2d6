"""Who hears of whom: network specs, one family in each module, and the network itself.

``from sim.networks import BarabasiAlbert`` finds the class in ``barabasi_albert``: the module
is the name of the class in small letters, so a new kind of network needs no list.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.networks.barabasi_albert import BarabasiAlbert as BarabasiAlbert
    from sim.networks.base import NetworkSpec as NetworkSpec
    from sim.networks.complete import Complete as Complete
    from sim.networks.configuration import Configuration as Configuration
    from sim.networks.edge_list import EdgeList as EdgeList
    from sim.networks.empty import Empty as Empty
    from sim.networks.erdos_renyi import ErdosRenyi as ErdosRenyi
    from sim.networks.holme_kim import HolmeKim as HolmeKim
    from sim.networks.layers import Layers as Layers
    from sim.networks.lfr import LFR as LFR
    from sim.networks.network import Network as Network
    from sim.networks.random_regular import RandomRegular as RandomRegular
    from sim.networks.stochastic_block import StochasticBlock as StochasticBlock
    from sim.networks.watts_strogatz import WattsStrogatz as WattsStrogatz


def __getattr__(name: str) -> Any:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    module = "base" if name == "NetworkSpec" else snake
    if not name[:1].isupper() or module not in _modules():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    from sim.networks.base import NetworkSpec

    kinds = (kind.__name__ for kind in NetworkSpec.kinds().values())
    return sorted(["Network", "NetworkSpec", *kinds])


def _modules() -> set[str]:
    return {module.name for module in pkgutil.iter_modules(__path__)}
