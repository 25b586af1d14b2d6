"""Vincent & Hecht 2021: a fifth of the people give their data to a rival, or withdraw them."""

from __future__ import annotations

from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Near

SOURCE = "Vincent & Hecht 2021, doi:10.1145/3449177"
WHY = "3 % of the range"
HELD_OUT = "4.5 %: one point of a curve that is right within 3 % root mean square"


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
        (0.045, HELD_OUT),
        preset="movielens",
        unserved=0.8,
    ),
)
