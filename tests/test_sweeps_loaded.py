"""A sweep's folder opens like every other saved study."""

from __future__ import annotations

import sim
from sim.networks import ErdosRenyi


def test_load_opens_a_sweep(tmp_path):
    scenario = sim.Scenario([sim.Community("artists", 50)], ErdosRenyi(4.0), steps=3)
    played = sim.sweep(
        scenario,
        vary={"communities.artists.threshold": [0.1, 0.4]},
        replications=2,
        out=tmp_path / "sweep",
        workers=1,
    )
    opened = sim.load(tmp_path / "sweep")
    assert opened.status() == played.status()
    assert opened.table().equals(played.table())
    assert len(opened.table()) == 4
