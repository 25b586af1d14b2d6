"""Vincent & Hecht 2021: a fifth of the people give their data to a rival, or withdraw them."""

from __future__ import annotations

from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Below, Near

SOURCE = "Vincent & Hecht 2021, doi:10.1145/3449177"
WHY = "3 % of the range"
HELD_OUT = {
    0.05: 0.9531, 0.2: 0.9270, 0.4: 0.8927, 0.6: 0.8567, 0.8: 0.8172, 0.95: 0.7869,
}  # fmt: skip
"""Rating error (RMSE) on the fixed hold-out by the share of the users who are left; the preset
knows 10, 30, 50, 70 and 90 %."""


def _rows(
    what: str, expected: tuple[float, float], slack: tuple[float, str], **given: object
) -> tuple[Check, ...]:
    alone, striking = expected
    return (
        Check(
            f"{what}: a fifth given",
            Near(alone, 3, *slack),
            model.contribution_power,
            {"given": 0.2, **given},
            but("a tenth", given=0.1),
            SOURCE,
            "F",
        ),
        Check(
            f"{what}: a fifth given and withheld",
            Near(striking, 3, *slack),
            model.contribution_power,
            {"given": 0.2, "withheld": 0.2, **given},
            but("a tenth given", given=0.1),
            SOURCE,
            "F",
        ),
    )


CHECKS = (
    *_rows("images, fixed hold-out", (0.881, 0.897), (0.03, WHY)),
    *_rows("films, company's own users", (0.809, 0.823), (0.03, WHY), preset="movielens"),
    *_rows(
        "films, fixed hold-out",
        (0.292, 0.365),
        (0.03, WHY),
        preset="movielens",
        unserved=0.8,
    ),
    Check(
        "films, fixed hold-out: shares not fitted, rms error of the range",
        Below(0.03),
        model.left_error,
        {"published": tuple(HELD_OUT.items()), "width": 0.9891 - 0.7785},
        but("who left is served all the same", served=True),
        SOURCE,
        "F",
    ),
)
