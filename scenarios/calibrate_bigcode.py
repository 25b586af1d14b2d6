"""BigCode 2024 again: which conformity and which grievance agree with the requests until 20 March.

The scenario of `bigcode_opt_out` without its lab, until the middle of April 2024, and a prior for
the two parameters that its series has most to say about.  `python -m analysis.calibration
calibrate_bigcode --out DIR` plays the prior, compares it with the counts up to 20 March, and
predicts those that came after; 400 runs take some ten minutes on two processors.  With
`--samples 100 --method smc`, pyABC plays more runs where they come close.
"""

from __future__ import annotations

import sim
from scenarios.bigcode_opt_out import SCENARIO as CAMPAIGN
from sim.loading.overrides import override

SCENARIO = override(
    CAMPAIGN,
    {
        "name": "calibrate_bigcode",
        "labs": (),
        "steps": 345,
        "about.title": "What the opt-outs from The Stack tell of conformity and grievance",
        "about.question": "Which conformity and which grievance agree with the requests until "
        "20 March 2024, and what do they predict for the days after?",
        "about.finding": "The series fixes a ridge, not a point: more conformity with more "
        "grievance fits as well (correlation .99). Held-out counts lie within the predictive "
        "intervals, medians some ten per cent off, but the intervals span a factor of 30.",
        "about.evidence": (),
    },
)

SWEEP = {
    "uncertain": {
        "rule.conformity": sim.Uniform(3.0, 7.0),
        "communities.*.grievance.mean": sim.Uniform(4.2, 4.8),
    },
    "design": "lhs",
    "samples": 400,
    "independent_seeds": True,
    "outcomes": ["adopters.series"],
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
