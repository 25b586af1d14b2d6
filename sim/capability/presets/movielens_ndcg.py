"""A film recommender judged by how it ranks films (MovieLens-1M), strikers included."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.presets.movielens import GROUPS
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

CURVE = (
    "strikes of 0, 10, 30, 50, 70 and 90 % of the users, singular value decomposition, Vincent, "
    "Hecht and Sen 2019, doi:10.1145/3308558.3313742"
)

PRESET = Preset(
    name="movielens_ndcg",
    question="What does a boycott of users do to how well a recommender ranks?",
    surrogate=Surrogate(
        beta=0.926,
        phi=0.9416,
        rho=0.642,
        transfer=Flat(0.8),
        d0=0.00454,
        kappa=0.1,
        full_loss=0.2067,
        unit="1 - NDCG@10",
        floor=Floor(
            loss=0.2271,
            what="films ranked by their mean rating: NDCG@10 of .7729",
            source="Vincent, Hecht and Sen 2019, doi:10.1145/3308558.3313742",
        ),
        mode="recommender",
        thinning="pairs",
    ),
    constants={
        **UNMEASURED,
        "beta": Constant(0.2, 1.11, CURVE, "measured"),
        "phi": Constant(0.58, 0.97, f"{CURVE}; traded for beta", "measured", "logit"),
        "rho": Constant(0.55, 0.9, "as for other recommenders and text", "assumed"),
        "transfer.tau": Constant(
            0.6, 1.0, f"{GROUPS}: 3.3 times the harm of a random strike", "measured"
        ),
        "d0": Constant(0.004, 0.005, CURVE, "measured"),
        "kappa": Constant(
            0.02, 0.5, "MovieLens-100K: the lightest half holds 17.5 % and costs 11 %", "assumed"
        ),
    },
    source=CURVE,
    limits="A tenth of the ratings was held out, and the whole gain of personalisation is .02: "
    "beyond 90 % the study's model ranks worse than film means, which the surrogate does not show",
)
