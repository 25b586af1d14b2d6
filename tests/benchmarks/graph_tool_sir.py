"""Play SIR in graph-tool, which comes with a Python of its own: one run for each line read.

    python3 graph_tool_sir.py FOLDER BETA GAMMA STEPS

``FOLDER`` has links.npy (int (links, 2)) and initiators.npy; each run writes acting.npy there
and prints the CPU seconds that it took.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from graph_tool import Graph, openmp_set_num_threads
from graph_tool.dynamics import SIRState

FOLDER, BETA, GAMMA, STEPS = sys.argv[1:]
openmp_set_num_threads(1)
graph = Graph(directed=False)
graph.add_edge_list(np.load(Path(FOLDER) / "links.npy"))
initiators = np.load(Path(FOLDER) / "initiators.npy")
print("ready", flush=True)
for _ in sys.stdin:
    begin = time.process_time()
    infected = graph.new_vertex_property("int32_t", val=0)
    infected.a[initiators] = 1
    state = SIRState(graph, beta=float(BETA), gamma=float(GAMMA), s=infected)
    state.iterate_sync(niter=int(STEPS))
    acting = state.get_state().a == 1
    seconds = time.process_time() - begin
    np.save(Path(FOLDER) / "acting.npy", acting)
    print(seconds, flush=True)
