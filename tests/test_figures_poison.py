"""The figure of poison: what is drawn is what got past each lab."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.campaign import campaign
from analysis.poison import aimed
from sim.tactics import Effect
from tests.institution_worlds import idle


def poisoning(poisoned: float = 1.0) -> sim.Comparison:
    crowd = [c.replace(repertoire="poison", output=2.0) for c in idle().communities]
    labs = [
        sim.Lab(name, preset="image-text", every=4, detection=found)
        for name, found in (("Naive", 0.0), ("Watchful", 0.9))
    ]
    strike = sim.Seeds(count=20, community="artists", committed=True)
    tactics = {"poison": Effect(poisoned=poisoned)}
    scenario = idle(communities=crowd, labs=labs, seeds=strike, tactics=tactics)
    return sim.compare(scenario, replications=2)


def test_points_are_the_success_in_each_model() -> None:
    pair = poisoning()
    assert aimed(pair) == [("Naive", "artists"), ("Watchful", "artists")]
    axes = campaign(pair).axes[-1]
    for (lab, community), drawn in zip(aimed(pair), axes.containers, strict=True):
        success, _ = pair.measured(lab, f"targeted.{community}")
        middle = np.quantile(100.0 * success, 0.5, axis=0)
        assert drawn.lines[0].get_ydata() == pytest.approx(middle)
        assert drawn.get_label() == f"artists, {lab}'s model"
    assert len(campaign(pair).axes) == 4


def test_there_is_no_panel_without_poison() -> None:
    clean = poisoning(poisoned=0.0)
    assert aimed(clean) == []
    assert len(campaign(clean).axes) == 3


def test_many_panels_have_short_labels() -> None:
    labels = [axes.get_xlabel() for axes in campaign(poisoning()).axes]
    assert labels == ["date", *2 * ["data freeze; share lost"], "data freeze"]
