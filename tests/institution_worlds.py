"""Small worlds around which institutions are tried."""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Threshold
from sim.networks import Empty, ErdosRenyi

START = date(2023, 1, 1)


def world(**changes):
    """Artists and coders, a few of whom act, and a lab that trains every fourth week."""
    scenario = sim.Scenario(
        communities=[
            sim.Community("artists", 400, threshold=sim.Normal(0.35, 0.2),
                          stock=sim.Pareto(1.0, 1.5), repertoire="opt_out", consents=0.3),
            sim.Community("coders", 200, threshold=sim.Normal(0.4, 0.2), stock=2.0,
                          represents=3.0, consents=0.7),
        ],
        network=ErdosRenyi(6.0),
        rule=Threshold(reversible=True),
        seeds=sim.Seeds(share=0.02),
        steps=12,
        start=START,
        labs=[sim.Lab("Atelier", every=4)],
    )  # fmt: skip
    return scenario.replace(**changes)


def idle(**changes):
    """The same creators without links, all of whom hesitate: nobody acts unless told to."""
    calm = [community.replace(threshold=0.5) for community in world().communities]
    stated = {"communities": calm, "rule": Threshold(), "seeds": sim.Seeds(count=0), **changes}
    return world(network=Empty(), **stated)


def of_lab(result, column="loss", lab="Atelier"):
    """A column of a lab's record."""
    return result.labs[lab].columns[column]
