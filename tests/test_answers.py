"""The three sentences say what the numbers say, and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from analysis.effects import rounds
from sim.answers import NOTICEABLE, answer, sentences
from sim.answers.sentences import RESPONSES
from sim.capability.responses import FREE
from sim.leverage.portfolio import appraise
from sim.result import LabRecord, Result
from sim.runs.comparison import Comparison

DEFAULTS = {
    "loss": 1.0,
    "rollback": 1.0,
    "data": 1.0,
    "withdrawn": 0.0,
    "works": 1000.0,
    "donated": 0.0,
    "poisoned.coders": 0.0,
}


def a_run(
    seed: int, ever: int, acting: int, response: str, action: bool, out: int = 0,
    crawls: bool = True, **columns: float,
) -> Result:  # fmt: skip
    """Return a run of 100 creators, each of whom stands for a million."""
    scenario = sim.Scenario(
        communities=[sim.Community("coders", 100, represents=1e6)],
        labs=[sim.Lab("Stability", crawls=crawls)],
        steps=2,
        action=action,
    )
    values = {**DEFAULTS, **columns}
    values.update({f"loss_if.{n}": values.get(n, 1.0) for n in ("none", "best")})
    dates = {"step": [1, 2], "date": [scenario.date_of(1), scenario.date_of(2)], "released": [1, 2]}
    record = {**dates, **{name: [0.5, value] for name, value in values.items()}}
    record["best_response"] = [FREE.index("none"), FREE.index("repeat_uniform")]
    return Result(
        scenario=scenario,
        seed=seed,
        communities=("coders",),
        sizes=np.array([100]),
        represents=np.array([1e6]),
        counts=np.array([[[0], [0]], [[acting], [ever]], [[acting], [ever]]]),
        withheld_counts=np.full((3, 1), out),
        labs={"Stability": LabRecord("Stability", "llm", response, record)},
    )


def told(
    losses: list[float], ever: int = 5, acting: int = 5, response: str = "none", **columns: float
) -> list[str]:
    """Return the sentences for losses over replications, beside a loss of 1 without action."""
    return sentences(
        Comparison(
            tuple(
                a_run(n, ever + n, acting + n, response, True, loss=loss, **columns)
                for n, loss in enumerate(losses)
            ),
            tuple(a_run(n, 0, 0, response, False) for n, _ in enumerate(losses)),
        )
    )


class TestGroup:
    def test_counts_real_creators_and_works(self) -> None:
        x, _, _ = told([1.01, 1.02], withdrawn=30.0, data=0.98)
        assert x == (
            "X: 5.5 million of 100 million creators (5.5 %) acted by 2023-01-15 (from 5 "
            "million to 6 million in 2 replications), and kept 30 of 1,000 works (2 % of the "
            "effective data) from Stability's newest model."
        )

    def test_those_who_stopped(self) -> None:
        assert ", 3 million of them to the end" in told([1.0], acting=3)[0]
        assert ", none of them to the end" in told([1.0], acting=0)[0]

    def test_nobody(self) -> None:
        x = told([1.0], ever=0, acting=0)[0]
        assert x == "X: none of the 100 million creators acted by 2023-01-15."

    @pytest.mark.parametrize(
        ("kept", "words"),
        [
            (0.0, "poisoned 5 of 1,000 works (2 % of the effective data) of"),
            (
                0.2,
                "kept less than one and poisoned 5 of 1,000 works (2 % of the effective data) from",
            ),
            (30.0, "kept 30 and poisoned 5 of 1,000 works (2 % of the effective data) from"),
        ],
    )
    def test_poison_keeps_nothing(self, kept: float, words: str) -> None:
        x = told([1.01, 1.02], data=0.98, withdrawn=kept, **{"poisoned.coders": 5.0})[0]
        assert x.endswith(f", and {words} Stability's newest model.")

    def test_donations_add_data(self) -> None:
        assert "(5 % more effective data)" in told([0.99], data=1.05)[0]


class TestWithheld:
    """Works out through a platform or the law are told apart from those of who acted."""

    @staticmethod
    def told(ever: int, out: int, anyway: int) -> str:
        acted = a_run(0, ever, ever, "none", True, out, withdrawn=30.0, data=0.5)
        left = a_run(0, 0, 0, "none", False, anyway, withdrawn=10.0)
        return sentences(Comparison((acted,), (left,)))[0]

    def test_beside_those_who_act(self) -> None:
        assert self.told(5, 40, 0) == (
            "X: 5 million of 100 million creators (5 %) chose to act by 2023-01-15; the works of "
            "40 million were out through a platform or the law; together this kept 20 of 1,000 "
            "works (50 % of the effective data) from Stability's newest model."
        )

    def test_when_nobody_acts(self) -> None:
        assert self.told(0, 40, 0).startswith(
            "X: none of the 100 million creators chose to act by 2023-01-15; the works of 40"
        )

    def test_without_the_action_too(self) -> None:
        assert "the law (as many without the action);" in self.told(5, 40, 40)
        assert "the law (10 million without the action);" in self.told(5, 40, 10)

    def test_nothing_withheld(self) -> None:
        assert "the law" not in self.told(5, 0, 0)
        assert "chose" not in self.told(5, 0, 0)


class TestRival:
    """A lab that has nothing but what it is given."""

    @staticmethod
    def told(given: float, losses: tuple[float, float]) -> list[str]:
        got = {"crawls": False, "data": given, "donated": given, "withdrawn": 1000.0}
        acted = a_run(0, 5, 5, "none", True, loss=losses[0], rollback=given, **got)  # type: ignore[arg-type]
        none = {**got, "data": 0.0, "donated": 0.0}
        left = a_run(0, 0, 0, "none", False, loss=losses[1], rollback=0.0, **none)  # type: ignore[arg-type]
        return sentences(Comparison((acted,), (left,)))

    def test_starts_from_a_bad_model(self) -> None:
        x, _, z = self.told(0.2, (2.66, 24.5))
        assert x.endswith("acted by 2023-01-15, and gave 20 % of all effective data to Stability's "
                          "newest model.")  # fmt: skip
        assert z.startswith(
            "Z: its loss is 2.7 times that of a model trained on everything, and 24 times without "
            "the action, which would be noticed"
        )

    def test_starts_without_any_model(self) -> None:
        assert self.told(0.2, (1.3, math.inf))[2] == (
            "Z: its loss is 1.3 times that of a model trained on everything; without the action "
            "there would be nothing to train it on; at its best without paying for data, by "
            "repeating what is left, the change would be 0 %."
        )

    def test_is_given_nothing(self) -> None:
        x, _, z = self.told(0.0, (math.inf, math.inf))
        assert x.endswith("and gave nothing to Stability's newest model.")
        assert "nothing was left to train it on, nor without the action, so its loss has" in z

    def test_gets_donations_beside_what_it_crawls(self) -> None:
        x = told([0.99], data=1.05, donated=0.05)[0]
        assert x.endswith("and gave 5 % of all effective data to Stability's newest model.")
        x = told([0.99], withdrawn=30.0, data=0.95, donated=0.05)[0]
        assert "and kept 30 of 1,000 works (5 % of the effective data) from Stability's" in x
        assert x.endswith("newest model, but gave 5 % of all effective data to it.")


class TestSeveralLabs:
    """Also without labs, and with labs that never or seldom train."""

    def test_of_all_kinds(self) -> None:
        scenario = sim.Scenario(
            communities=[sim.Community("coders", 50, repertoire="donate_and_withhold")],
            seeds=sim.Seeds(share=0.2),
            steps=4,
            labs=[
                sim.Lab("Incumbent", every=2),
                sim.Lab("Rival", every=2, crawls=False, receives="everybody"),
                sim.Lab("Idle", every=9),
            ],
        )
        told = sentences(sim.compare(scenario, replications=2))
        assert len(told) == 6
        assert " kept " in told[0]
        assert ", and gave " in told[0]
        assert told[-1] == "Y: Idle trained no model within this time."

    def test_none(self) -> None:
        scenario = sim.Scenario(communities=[sim.Community("coders", 20)], steps=1)
        told = sentences(sim.compare(scenario, replications=2))
        assert told[1:] == [
            "Y: no lab is part of this scenario, so nothing is said of a model."
        ]  # fmt: skip

    def test_is_voted_down_where_others_trained_once(self) -> None:
        """The second model of one replication is refused; the other has a single one, in use."""
        runs = [a_run(n, 5, 5, "none", action) for action in (True, False) for n in (0, 1)]
        for run, passed in zip(runs, ([1.0, 0.0], [1.0]) * 2, strict=True):
            columns = run.labs["Stability"].columns
            for name, values in columns.items():
                columns[name] = values[: len(passed)]
            columns["passed"] = list(passed)
        pair = Comparison(tuple(runs[:2]), tuple(runs[2:]))
        assert pair.newest("Stability") == -1
        for run in runs:
            run.labs["Stability"].columns["passed"][:] = [0.0] * len(
                run.labs["Stability"].columns["step"]
            )
        assert pair.newest("Stability") == -1
        assert "was voted down and is not in use" in sentences(pair)[1]

    def test_that_train_at_random(self) -> None:
        once = sim.TrainingDate(
            sim.Scenario(communities=[sim.Community("a", 1)]).start, "Lab", rate=9
        )
        scenario = sim.Scenario(
            communities=[sim.Community("coders", 20)], steps=9, calendar=[once],
            labs=[sim.Lab("Lab", every=99)],
        )  # fmt: skip
        pair = sim.compare(scenario, replications=20)
        trained = [len(run.labs["Lab"].columns["step"]) for run in pair.action]
        assert 0 < sum(trained) < 20
        assert answer(pair).models[0].lab == "Lab"


class TestModel:
    def test_names_what_is_assumed(self) -> None:
        assert told([1.0])[1] == (
            "Y: Stability's newest model, its 2nd, was trained on 2023-01-15 and is described by "
            "the preset llm; the lab is assumed to answer lost data by doing nothing."
        )
        assert "by repeating what is left." in told([1.0], response="repeat_uniform")[1]
        assert "by weighting communities anew." in told([1.0], response="reweight")[1]


class TestEffect:
    def test_of_several_replications(self) -> None:
        z = told([1.011, 1.013], rollback=0.75, none=1.012, best=1.0002)[2]
        assert z == (
            "Z: its loss is 1.2 % higher than without the action (from +1.1 % to +1.3 % in 2 "
            "replications), as if 25 % of all data were missing, which would be "
            "noticed (trainings that differ only in chance differ by 1 %); at its best without "
            "paying for data, by repeating what is left, the change would be +0.02 %. Spread here "
            "is chance between replications only; `datastrike leverage` draws the surrogate's "
            "constants too."
        )

    def test_of_many_replications(self) -> None:
        x, _, z = told([1.011, 1.012] * 5)
        assert "(90 % of replications: 5.45 million to 13.5 million)" in x
        assert "(standard error 0.017 %; 90 % of replications: +1.1 % to +1.2 %)" in z

    def test_of_replications_that_hardly_differ(self) -> None:
        z = told([1.011, 1.0110001])[2]
        assert "higher than without the action (the same in each replication), as if" in z
        z = told([1.011] * 20 + [1.02])[2]
        assert "(standard error 0.043 %; from +1.1 % to +2 % in 21 replications)" in z

    def test_the_other_response_is_always_beside(self) -> None:
        z = told([1.011, 1.013], response="repeat_uniform", none=1.5)[2]
        assert "had it done nothing, the change would be +50 %; no response that" in z
        z = told([1.011, 1.013], response="license", none=1.5, best=1.1)[2]
        assert "had it done nothing, the change would be +50 %; at its best" in z
        assert "by repeating what is left, the change would be +10 %." in z

    def test_the_best_response_is_the_one_that_leverage_finds(self) -> None:
        """Communities that lose unevenly: another mix does better than repeating all alike."""
        world = sim.Scenario(
            communities=[
                sim.Community("artists", 300, stock=20.0, threshold=math.inf),
                sim.Community("coders", 300, stock=5.0, threshold=math.inf),
            ],
            labs=[sim.Lab("Big", preset="llm", every=4, response="repeat_uniform")],
            seeds=sim.Seeds(ids=tuple(range(270))),
            steps=8,
        )
        played = sim.compare(world, replications=2)
        (model,) = answer(played).models
        group = np.arange(270)
        portfolio = appraise(world, None, "withhold", 8, 0)
        case = portfolio.case(group, np.array([270]))
        losses = {name: case.measured(portfolio.surrogate, name)["loss"][0] for name in FREE}
        assert model.best == min(losses, key=lambda name: losses[name])
        assert model.loss_if["best"].mean == pytest.approx(min(losses.values()), rel=1e-9)
        assert model.loss_if["none"].mean == pytest.approx(losses["none"], rel=1e-9)
        assert losses["none"] > 2.0 * losses["repeat_uniform"] > 0.0
        assert RESPONSES[model.best] in sentences(played)[2]

    def test_of_one_replication(self) -> None:
        assert "(one replication: its spread is not known)" in told([1.011])[2]

    def test_smaller_than_its_standard_error(self) -> None:
        z = told([0.9, 1.11])[2]
        assert "no effect on its loss can be told from chance: +0.5 % beside" in z
        assert "notice" not in z

    def test_none_at_all(self) -> None:
        assert told([1.0, 1.0])[2].startswith("Z: its loss is the same as without the action;")

    def test_a_boost(self) -> None:
        z = told([0.9, 0.9], rollback=1.25)[2]
        assert "its loss is 10 % lower than without the action," in z
        assert "as if there were 25 % more data" in z

    @pytest.mark.parametrize(
        ("own", "words"),
        [
            (1.045, "; in coders' own domain the loss is 4.5 % higher, which would be noticed;"),
            (1.005, "; in coders' own domain the loss is 0.5 % higher;"),
            (1.003, ""),
            (1.0, ""),
        ],
    )
    def test_the_domain_of_who_is_hurt_most(self, own: float, words: str) -> None:
        left = (a_run(0, 0, 0, "none", False, **{"loss.coders": 1.0, "loss.others": 1.0}),)
        there = {"loss.coders": own, "loss.others": 1.001}
        acted = (a_run(0, 5, 5, "none", True, loss=1.003, **there),)
        z = sentences(Comparison(acted, left))[2]
        assert "nobody would notice" in z
        assert words in z
        assert ("own domain" in z) == bool(words)

    @pytest.mark.parametrize(
        ("acted", "words", "tick"),
        [(0.65, "as if 50 % of all data were missing", "50 %"),
         (1.95, "as if there were 50 % more data", "+50 %"),
         (3.9, "as if there were 3.0 times as much data", "+200 %")],
    )  # fmt: skip
    def test_data_are_missing_from_what_there_is_at_the_round(
        self, acted: float, words: str, tick: str
    ) -> None:
        action = a_run(0, 5, 5, "none", True, loss=1.02, rollback=acted)
        pair = Comparison((action,), (a_run(0, 0, 0, "none", False, rollback=1.3),))
        assert words in sentences(pair)[2]
        assert pair.missing("Stability").mean == pytest.approx(1.0 - acted / 1.3)
        assert rounds(pair, "Stability")[-1].splitlines()[-1] == tick

    @pytest.mark.parametrize(
        ("change", "words"), [(0.5, "nobody would notice"), (1.5, "which would be noticed")]
    )
    def test_whether_it_is_noticed(self, change: float, words: str) -> None:
        assert words in told([1.0 + change * NOTICEABLE] * 2)[2]

    def test_nothing_left(self) -> None:
        assert "so its loss has no bound" in told([math.inf, math.inf])[2]

    def test_beside_another_scenario(self) -> None:
        runs = [a_run(0, 5, 5, "none", True, loss=loss) for loss in (1.2, 1.0)]
        z = sentences(Comparison((runs[0],), (runs[1],)))[2]
        assert "higher than in the scenario it is compared with" in z


class TestNumbers:
    def test_are_plain_data(self) -> None:
        pair = Comparison(
            (a_run(0, 5, 5, "none", True, loss=math.inf),), (a_run(0, 0, 0, "none", False),)
        )
        data = answer(pair).as_data()
        (model,) = data["models"]
        assert model["loss"]["mean"] is None
        assert model["loss"]["standard_error"] is None
        assert model["trained"] == "2023-01-15"
        assert data["group"]["ever"]["mean"] == 5e6
