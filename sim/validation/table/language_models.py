"""Losses of language models by their data, and what repeated data are worth."""

from __future__ import annotations

from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Near

LAW = "Besiroglu et al. 2024, https://arxiv.org/abs/2404.10102"
REPEATED = "Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264"

CHECKS = (
    Check(
        "loss of 70 billion parameters on 1.4 trillion tokens",
        Near(1.974, 3, 5e-4, "constants are published with four digits"),
        model.language_model_loss,
        {"parameters": 70e9, "tokens": 1.4e12},
        but("half the tokens", tokens=0.7e12),
        LAW,
    ),
    *(
        Check(
            f"that model, {share:.0%} of the data gone at random: loss in %",
            Near(change, 2),
            model.strike_loss,
            {"share": share},
            but("the lab repeats the rest", response="repeat_uniform"),
            LAW,
        )
        for share, change in ((0.1, 0.15), (0.5, 1.10), (0.9, 5.03))
    ),
    *(
        Check(
            f"{epochs} passes over a text are worth, in fresh texts",
            Near(value, 2),
            model.repeated_worth,
            {"epochs": epochs},
            but("R* of image-text models", repetition=21.5),
            REPEATED,
        )
        for epochs, value in ((4, 3.73), (16, 10.58))
    ),
    *(
        Check(
            f"{share:.0%} gone, the rest repeated: loss in %",
            Near(change, 2),
            model.strike_loss,
            {"share": share, "response": "repeat_uniform"},
            but("the lab does nothing", response="none"),
            REPEATED,
        )
        for share, change in ((0.5, 0.02), (0.9, 0.36), (0.99, 3.58))
    ),
)
