"""What institutions did is told as it was recorded."""

from __future__ import annotations

from datetime import date

import sim
from sim.answers import sentences
from sim.institutions.calendar import Ruling
from tests.institution_worlds import idle

ACTING = sim.Seeds(share=0.5, committed=True)


def told(**changes: object) -> str:
    """Return the last sentence about a small world in which half act."""
    return sentences(sim.compare(idle(seeds=ACTING, **changes), replications=3))[-1]


def bargaining(power: float, disruption: float) -> str:
    talks = sim.Bargaining(
        "Atelier", starts=0.2, power=power, disruption=disruption, asking=0.5, learning=0.5
    )
    return told(bargaining=[talks], steps=40)


def test_a_settlement() -> None:
    text = bargaining(0.5, 8e6)
    assert text.startswith("Settlement: Atelier settled in 3 of 3 replications, after ")
    assert "days of bargaining, for a payment of 2." in text
    assert text.endswith(" each week.")


def test_no_settlement() -> None:
    talks = sim.Bargaining("Atelier", starts=0.9, disruption=1.0)
    assert told(bargaining=[talks]) == (
        "Settlement: Atelier did not settle in any of 3 replications."
    )


def test_a_concession() -> None:
    easy, hard = (
        [sim.Lab("Atelier", every=4, concession=sim.Concession(reputation=1.0, price=price))]
        for price in (0.01, 5.0)
    )
    assert told(labs=easy).startswith("Concession: Atelier gave in in 3 of 3 replications, about ")
    assert "did not give in in any of 3" in told(labs=hard)


def test_rulings_either_way() -> None:
    day = date(2023, 1, 15)
    for favours, number in ((1.0, 3), (0.0, 0)):
        court = sim.Regulator("Court", ruling=Ruling(day, favours=favours))
        assert told(regulators=[court]) == (
            f"Ruling: Court ruled in 3 of 3 replications (100 %), in {number} of them for the "
            "creators."
        )
    never = sim.Regulator("Court", ruling=Ruling(date(2030, 1, 1)))
    assert told(regulators=[never]) == "Ruling: Court ruled in none of 3 replications."


def test_who_has_the_users() -> None:
    labs = [
        sim.Lab("Atelier", every=4, preset="code"),
        sim.Lab("Deaf", every=4, preset="code", snapshots="from_start", delay=2),
    ]
    text = told(labs=labs, market=sim.Market(sensitivity=10.0))
    assert text.startswith("Users: of those who use a model, Atelier has ")
    # both are alike until the first release, in step 4, and the first is named; then it loses
    assert text.endswith("; Deaf overtook in 3 of 3 replications, about 2023-01-29.")
    assert "overtook" not in told(labs=labs, market=sim.Market(sensitivity=0.0))


def test_nothing_is_told_without_institutions() -> None:
    assert told().startswith("Z: ")
