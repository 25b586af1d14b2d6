"""A decision rule of one's own, in ten lines: join when acting looks popular and lasting.

The parameters of `probability` name what the rule reads: the state of the creator, its columns
and the rule's own numbers; `sim.decisions.base` lists them.  The function is compiled on first
use.  A receipt of a run records a digest of its source; to play it again, give this file:
``datastrike run DIR/receipt.json --rule bandwagon_rule.py``.
"""

from __future__ import annotations

import sim
from sim.decisions import Rule
from sim.networks import WattsStrogatz


class Bandwagon(Rule):
    """Join with a chance that grows with the square of what others do; tire after a while."""

    appeal: float = 0.8
    patience: int = 8

    @staticmethod
    def probability(
        mobilised: bool, exposure: float, duration: int, boldness: float,
        appeal: float, patience: int,
    ) -> float:  # fmt: skip
        """Return the chance of acting in the next step."""
        if mobilised:
            return 1.0 if duration < patience else 0.5
        return min(1.0, boldness + appeal * exposure * exposure)


SCENARIO = sim.Scenario(
    name="bandwagon_rule",
    communities=(
        sim.Community(
            "musicians",
            2_000,
            traits={"boldness": sim.Truncated(sim.Normal(0.0, 0.01), low=0.0)},
            stock=sim.LogNormal(3.0, 1.0),
        ),
    ),
    network=WattsStrogatz(degree=10, rewiring=0.05),
    rule=Bandwagon(),
    seeds=sim.Seeds(share=0.01),
    steps=100,
    about=sim.About(
        title="A bandwagon, as a rule of one's own",
        question="What does a crowd do whose members join the more readily the more others act, "
        "and tire after eight weeks?",
        finding="The wave grows for a year; then some four in five act at any time, since those "
        "around them win back the tired at once.",
        evidence=(
            sim.Evidence("rule", "assumed", "an example of how to write a rule"),
            sim.Evidence("communities.musicians", "assumed"),
        ),
    ),
)

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
