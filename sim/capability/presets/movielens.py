"""A film recommender whose users are the creators of its data (MovieLens)."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

CURVE = (
    "learning curve of the company's own users, MovieLens-10M, Vincent and Hecht 2021, "
    "doi:10.1145/3449177"
)
GROUPS = "strikes of 20 groups of users in MovieLens-100K, EASE recommender"

PRESET = Preset(
    name="movielens",
    aliases=("movie_lens", "recommender"),
    question="What does a strike or boycott of users do to a recommender?",
    surrogate=Surrogate(
        beta=1.33,
        phi=0.9857,
        rho=0.917,
        transfer=Flat(0.4),
        d0=0.176,
        kappa=0.1,
        full_loss=0.7749,
        unit="root mean squared error of ratings",
        floor=Floor(
            loss=0.99,
            what="worst model of the study",
            source="Vincent and Hecht 2021, doi:10.1145/3449177",
        ),
        mode="recommender",
        unserved_loss=0.9574,
        thinning="pairs",
    ),
    constants={
        **UNMEASURED,
        "beta": Constant(0.86, 1.46, CURVE, "measured"),
        "phi": Constant(0.976, 0.988, CURVE, "measured", "logit"),
        "rho": Constant(0.75, 0.98, CURVE, "measured"),
        "transfer.tau": Constant(
            0.2,
            0.7,
            f"{GROUPS}: 3.3 times the harm of a random strike to the group's own",
            "measured",
        ),
        "d0": Constant(0.014, 0.21, CURVE, "measured"),
        "kappa": Constant(
            0.02, 0.5, "MovieLens-100K: the lightest half holds 17.5 % and costs 11 %", "measured"
        ),
        "unserved_loss": Constant(
            0.944,
            0.99,
            "users of whom 10, 30, 50, 70 and 90 % are left, fixed hold-out; range up to the worst "
            "model",
            "measured",
            "uniform",
        ),
    },
    source=f"{CURVE}; {GROUPS}",
    limits="Ratings from 1 to 5: the whole range from no data to all is .19; with less than a "
    "twentieth of the users, those who are not served fare worse than here",
)
