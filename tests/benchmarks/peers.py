"""The same work in other tools, each used as its documentation shows.

A peer is a function of a `World` that prepares what does not depend on the run (its own graph,
its own agents) and returns a function that plays one run and returns who acts at the end; only
the latter is timed.  `None` stands for work that the tool cannot do.  Thresholds, initiators and
the network are the world's own.  Tools that are not installed are left out; to have them all:
``pip install ndlib six pynetim starsim cynetdiff``, and graph-tool, which no package index has,
for some other Python of the machine (``apt-get install python3-graph-tool``), named by
``GRAPH_TOOL_PYTHON`` unless it is /usr/bin/python3.
"""

from __future__ import annotations

import array
import atexit
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np
import scipy.sparse

from sim.decisions import Contagion, Threshold
from sim.world import World

Play = Callable[[], np.ndarray]
BETA, GAMMA, STOP = 0.02, 0.05, 0.05
STAY = float(np.log((1.0 - STOP) / STOP))


def thresholds(world: World) -> np.ndarray:
    """Return everybody's threshold (n,)."""
    return np.broadcast_to(world.column("threshold"), (world.size,))


def scipy_products(world: World) -> Play:
    """Play by one sparse product for each step, and numpy."""
    network = world.network
    ones = np.ones(network.indices.size, dtype=np.int32)
    shape = (world.size, world.size)
    links = scipy.sparse.csr_matrix((ones, network.indices, network.indptr), shape=shape)
    degree, limits = np.maximum(np.diff(network.indptr), 1), thresholds(world)
    rule = world.scenario.rule

    def play() -> np.ndarray:
        draws = np.random.default_rng(1)
        acting = np.zeros(world.size, dtype=bool)
        acting[world.initiators()] = True
        ever = acting.copy()
        for _ in range(world.scenario.steps):
            seen = links @ acting.astype(np.int32)
            if isinstance(rule, Threshold):
                after = acting | (seen / degree >= limits)
                if (after == acting).all():
                    break
            elif isinstance(rule, Contagion):
                chance = np.where(acting, 1.0 - GAMMA, np.where(ever, 0.0, 1 - (1 - BETA) ** seen))
                after = draws.random(world.size) < chance
            else:
                odds = np.where(acting, STAY, rule.slope * (seen / degree - limits))
                after = draws.random(world.size) < 1.0 / (1.0 + np.exp(-odds))
            acting = after
            ever |= acting
        return acting

    return play


class Follower(mesa.Agent):
    """A creator as a Mesa agent with a list of neighbours."""

    def __init__(self, model: mesa.Model, threshold: float) -> None:
        super().__init__(model)
        self.threshold, self.acts, self.ever, self.then = threshold, False, False, False
        self.neighbours: list[Follower] = []

    def decide(self) -> None:
        """Work out what to do next."""
        rule = self.model.rule
        seen = sum(other.acts for other in self.neighbours)
        share = seen / len(self.neighbours) if self.neighbours else 0.0
        if isinstance(rule, Threshold):
            self.then = self.acts or share >= self.threshold
        elif isinstance(rule, Contagion):
            idle = 0.0 if self.ever else 1.0 - (1.0 - BETA) ** seen
            self.then = self.random.random() < (1.0 - GAMMA if self.acts else idle)
        else:
            odds = STAY if self.acts else rule.slope * (share - self.threshold)
            self.then = self.random.random() < 1.0 / (1.0 + np.exp(-odds))

    def apply(self) -> None:
        """Do it."""
        self.acts = self.then
        self.ever |= self.acts


def mesa_agents(world: World) -> Play:
    """Play with one Mesa agent for each creator."""
    model = mesa.Model()
    model.rule = world.scenario.rule
    crowd = [Follower(model, float(threshold)) for threshold in thresholds(world)]
    for i, follower in enumerate(crowd):
        follower.neighbours = [crowd[j] for j in world.network.neighbours(i)]
    initiators = set(world.initiators().tolist())

    def play() -> np.ndarray:
        for i, follower in enumerate(crowd):
            follower.acts = follower.ever = i in initiators
        for _ in range(world.scenario.steps):
            before = [follower.acts for follower in crowd]
            model.agents.do("decide")
            model.agents.do("apply")
            if isinstance(model.rule, Threshold) and before == [f.acts for f in crowd]:
                break
        return np.array([follower.acts for follower in crowd])

    return play


def ndlib(world: World) -> Play | None:
    """Play with NDlib's threshold model, or its SIR."""
    from ndlib.models import ModelConfig, epidemics

    rule = world.scenario.rule
    kinds = {Threshold: epidemics.ThresholdModel, Contagion: epidemics.SIRModel}
    if type(rule) not in kinds:
        return None
    graph = world.network.to_networkx()

    def play() -> np.ndarray:
        model = kinds[type(rule)](graph)
        config = ModelConfig.Configuration()
        config.add_model_initial_configuration("Infected", world.initiators().tolist())
        if isinstance(rule, Threshold):
            for i, threshold in enumerate(thresholds(world).tolist()):
                config.add_node_configuration("threshold", i, threshold)
        else:
            config.add_model_parameter("beta", BETA)
            config.add_model_parameter("gamma", GAMMA)
        model.set_initial_status(config)
        before = -1
        for _ in range(world.scenario.steps):
            acting = model.iteration(node_status=False)["node_count"][1]
            if isinstance(rule, Threshold) and acting == before:
                break
            before = acting
        return np.array([model.status[i] == 1 for i in range(world.size)])

    return play


def pynetim(world: World) -> Play | None:
    """Play with PyNetIM's linear threshold model, which takes one threshold for all."""
    import pynetim as tool

    rule, limits = world.scenario.rule, thresholds(world)
    if not isinstance(rule, Threshold) or limits.min() != limits.max():
        return None
    network = world.network
    degree = np.diff(network.indptr)
    source = np.repeat(np.arange(world.size), degree)
    links = list(zip(source.tolist(), network.indices.tolist(), strict=True))
    weights = (1.0 / degree[network.indices]).tolist()
    graph = tool.IMGraph(links, weights, directed=True, renumber=False)
    initiators, limit = set(world.initiators().tolist()), float(limits[0])

    def play() -> np.ndarray:
        model = tool.LinearThresholdModel(graph, initiators, limit, limit, record_activated=True)
        model.run_single_simulation(1)
        acting = np.zeros(world.size, dtype=bool)
        acting[list(model.get_activated_nodes())] = True
        return acting

    return play


def starsim(world: World) -> Play | None:
    """Play with Starsim's SIR on a network of fixed links."""
    import starsim as tool

    if not isinstance(world.scenario.rule, Contagion):
        return None
    network = world.network
    source = np.repeat(np.arange(world.size), np.diff(network.indptr))
    once = source < network.indices
    ends = {"p1": source[once], "p2": network.indices[once].astype(int)}
    initiators = world.initiators()
    fixed = type("Fixed", (tool.Network,), {"step": lambda self: None})

    def play() -> np.ndarray:
        links = fixed(**ends, beta=np.ones(ends["p1"].size), name="links")
        disease = tool.SIR(
            beta={"links": [tool.probperday(BETA), tool.probperday(BETA)]},
            init_prev=0.0,
            dur_inf=tool.expon(scale=tool.days(1.0 / GAMMA)),
            p_death=0.0,
        )
        trial = tool.Sim(
            n_agents=world.size, networks=links, diseases=disease, dt=tool.days(1),
            start=0, dur=world.scenario.steps, rand_seed=1, verbose=0,
        )  # fmt: skip
        trial.init()
        trial.diseases[0].set_prognoses(tool.uids(initiators))
        trial.run()
        return np.asarray(trial.diseases[0].infected.values)

    return play


def cynetdiff(world: World) -> Play | None:
    """Play with CyNetDiff's linear threshold model; its thresholds are single floats.

    They are placed half a neighbour below the number of neighbours needed, so that no rounding
    of its sums matters.
    """
    from cynetdiff.models import LinearThresholdModel

    if not isinstance(world.scenario.rule, Threshold):
        return None
    network = world.network
    degree = np.diff(network.indptr)
    shares = (1.0 / degree[network.indices]).astype(np.float32)
    each = zip(degree, thresholds(world), strict=True)
    needed = [world.scenario.rule.quota(links, limit, False) for links, limit in each]
    limits = array.array("f", ((np.array(needed) - 0.5) / degree).astype(np.float32))
    model = LinearThresholdModel(
        array.array("I", network.indptr[:-1].astype(np.uint32)),
        array.array("I", network.indices.astype(np.uint32)),
        influence=array.array("f", shares),
    )
    initiators = set(world.initiators().tolist())

    def play() -> np.ndarray:
        model.set_seeds(initiators)
        model._assign_thresholds(limits)
        model.advance_until_completion()
        acting = np.zeros(world.size, dtype=bool)
        acting[list(model.get_activated_nodes())] = True
        return acting

    return play


class GraphTool:
    """SIR in graph-tool, played by a Python that has it; see graph_tool_sir.py."""

    def __init__(self, world: World, python: str) -> None:
        network = world.network
        self.folder = Path(tempfile.mkdtemp(prefix="graph-tool-"))
        source = np.repeat(np.arange(world.size), np.diff(network.indptr))
        once = source < network.indices
        np.save(self.folder / "links.npy", np.stack((source[once], network.indices[once]), axis=1))
        np.save(self.folder / "initiators.npy", world.initiators())
        script = Path(__file__).with_name("graph_tool_sir.py")
        numbers = (str(number) for number in (BETA, GAMMA, world.scenario.steps))
        self.player = subprocess.Popen(
            [python, str(script), str(self.folder), *numbers],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        atexit.register(self.player.kill)
        self.seconds = 0.0
        if self._answer() != "ready":
            raise ModuleNotFoundError(python)

    def _answer(self) -> str:
        assert self.player.stdout is not None
        return self.player.stdout.readline().strip()

    def clock(self) -> float:
        """Return the CPU seconds that all runs so far took."""
        return self.seconds

    def __call__(self) -> np.ndarray:
        assert self.player.stdin is not None
        self.player.stdin.write("play\n")
        self.player.stdin.flush()
        self.seconds += float(self._answer())
        return np.load(self.folder / "acting.npy")


def graph_tool(world: World) -> Play | None:
    """Play with graph-tool's SIR, where some Python of the machine has it."""
    if not isinstance(world.scenario.rule, Contagion):
        return None
    python = os.environ.get("GRAPH_TOOL_PYTHON", "/usr/bin/python3")
    asked = [python, "-c", "import graph_tool"]
    if (
        not Path(python).exists()
        or subprocess.run(asked, check=False, capture_output=True).returncode
    ):
        raise ModuleNotFoundError("graph_tool")
    return GraphTool(world, python)


EVERYWHERE: dict[str, Callable[[World], Play | None]] = {
    "scipy products": scipy_products,
    "PyNetIM": pynetim,
    "CyNetDiff": cynetdiff,
    "graph-tool": graph_tool,
    "Starsim": starsim,
}
"""Peers that play crowds of every size in reasonable time."""
SMALL: dict[str, Callable[[World], Play | None]] = {"Mesa agents": mesa_agents, "NDlib": ndlib}
"""Peers with one object for each creator."""
