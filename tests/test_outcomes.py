"""What institutions did is told as it was recorded."""

from __future__ import annotations

from datetime import date

import sim
from scenarios import public_mandate
from sim.answers import sentences
from sim.institutions.calendar import Ruling
from tests.institution_worlds import idle
from tests.test_campaigns_platforms import smaller

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
    assert text.endswith(
        " each week (a strike by everybody costs 8 million each week in work left undone)."
    )


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


def test_a_model_that_is_voted_down_is_not_the_answer() -> None:
    """Opt-in between an opt-out before and a referendum after, which refuses the third model."""
    x, y, _, mandate = sentences(sim.compare(smaller(public_mandate.SCENARIO, 50), replications=2))
    assert " acted unasked by " in x
    assert "from Lab's newest model in use." in x
    assert y.startswith("Y: Lab's newest model in use, its 2nd, was trained on 2025-06-02 ")
    assert y.endswith("; what it trained since was voted down.")
    assert "its loss is 2.9 % higher than that of the model before; behind Lab's 3rd" in mandate
    assert " had refused and were heard, and nobody had refused in vain; behind" in mandate
    assert " would have been overridden; its loss" in mandate


def test_each_model_was_voted_down() -> None:
    never = idle(mandate=sim.Mandate("referendum", electorate=["artists"]))
    _, y, _, mandate = sentences(sim.compare(never, replications=2))
    assert y.startswith("Y: Atelier's newest model, its 3rd, ")
    assert y.endswith("; the model was voted down and is not in use.")
    assert mandate.count("; it was voted down") == 3


def test_nothing_is_told_without_institutions() -> None:
    assert told().startswith("Z: ")


def test_a_settlement_where_a_market_sets_the_price() -> None:
    talks = sim.Bargaining("Atelier", starts=0.2)
    market = sim.Market(users=1e5, sensitivity=5.0)
    labs = [sim.Lab("Atelier", every=4, preset="code")]
    found = sentences(
        sim.compare(
            idle(seeds=ACTING, bargaining=[talks], market=market, labs=labs), replications=2
        )
    )
    (text,) = (each for each in found if each.startswith("Settlement: "))
    assert "settled in 2 of 2 replications" in text
    assert text.endswith(" each week in the scenario's unit of money.")


def test_a_default_that_stays() -> None:
    hub = sim.Platform("Hub", reversed_at=1.0)
    assert told(platforms=[hub]) == "Default: Hub kept its default in all of 3 replications."
