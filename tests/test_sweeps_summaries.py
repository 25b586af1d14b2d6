"""Outcomes summed up over replications: numbers by hand, and what cannot be summed up."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.sweeps.saved import Sweep
from sim.sweeps.stopping import imprecise
from sim.sweeps.summaries import Summary, replications, summary, values_of
from tests.sweep_cases import THRESHOLD, raising, seed_and_size, swept, threshold_of

TIMES_SEED = "times_seed"


def times_seed(result: sim.Result) -> float:
    """Spread by seed at the higher threshold only."""
    return threshold_of(result) + (result.seed if threshold_of(result) > 0.25 else 0)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return swept(
        tmp_path_factory.mktemp("sweep") / "s",
        vary={THRESHOLD: [0.1, 0.3]},
        counterfactual=True,
        outcomes=["adoption.final", seed_and_size, times_seed],
    )


class TestSummary:
    def test_of_numbers(self) -> None:
        found = Summary(np.array([[1.0, 2.0, 6.0], [4.0, 4.0, 4.0]]), shares=False)
        assert found.mean.tolist() == [3.0, 4.0]
        assert found.variance.tolist() == [7.0, 0.0]  # (4 + 1 + 9) / 2
        assert found.standard_error == pytest.approx([math.sqrt(7.0 / 3.0), 0.0])
        assert found.part(slice(1, 2)).values.tolist() == [[4.0, 4.0, 4.0]]

    def test_shares_of_nought_and_one_are_not_exact(self) -> None:
        """Agresti and Coull's: two successes and two failures more."""
        found = Summary(np.array([[0.0] * 6, [1.0] * 6, [1.0, 0.0] * 3]), shares=True)
        of_none = math.sqrt(0.2 * 0.8 / 10.0)
        assert found.standard_error == pytest.approx([of_none, of_none, math.sqrt(0.025)])

    def test_one_replication_has_no_spread(self) -> None:
        found = Summary(np.array([[1.5], [2.5]]), shares=False)
        assert np.isnan(found.variance).all()
        assert math.isnan(found.noise)

    def test_noise_is_what_seeds_explain(self) -> None:
        nothing = Summary(np.array([[1.0, 1.0], [2.0, 2.0]]), shares=False)
        assert nothing.noise == 0.0
        all_of_it = Summary(np.array([[1.0, 2.0], [1.0, 2.0]]), shares=False)
        assert all_of_it.noise == 1.0
        # points differ by 2 (variance 2), seeds by 1 (variance 1/2), nothing is left over
        both = Summary(np.array([[1.0, 2.0], [3.0, 4.0]]), shares=False)
        assert both.noise == pytest.approx(0.5 / 2.5)


class TestOfSweeps:
    def test_effects_are_differences_of_pairs(self, sweep: Sweep) -> None:
        found = summary(sweep, "effect.adoption.final")
        table = sweep.table()
        for point, threshold in enumerate((0.1, 0.3)):
            rows = table[table[THRESHOLD] == threshold].sort_values("seed")
            acted, without = (
                rows[rows["arm"] == arm]["adoption.final"].to_numpy()
                for arm in ("action", "counterfactual")
            )
            assert found.values[point].tolist() == (acted - without).tolist()
        assert not found.shares
        assert (found.mean > 0.0).all()

    def test_effects_of_runs_one_by_one(self, sweep: Sweep) -> None:
        table = values_of(sweep, "effect.adoption.final")
        assert list(table.columns) == [THRESHOLD, "seed", "value"]
        wanted = replications(sweep, "effect.adoption.final", sweep.designs[-1])
        for point, threshold in enumerate((0.1, 0.3)):
            rows = table[table[THRESHOLD] == threshold].sort_values("seed")
            assert rows["value"].tolist() == wanted[point].tolist()

    def test_runs_are_those_with_the_action(self, sweep: Sweep) -> None:
        found = values_of(sweep, "seed_and_size", {THRESHOLD: 0.3})
        assert sorted(found["value"]) == [60.0, 61.0, 62.0]

    def test_nothing_chosen_is_said(self, sweep: Sweep) -> None:
        with pytest.raises(sim.InputError, match=r"has no such runs$"):
            values_of(sweep, "seed_and_size", {THRESHOLD: 0.7})

    def test_unknown_outcomes_are_said(self, sweep: Sweep) -> None:
        for ask in (values_of, summary):
            with pytest.raises(sim.InputError, match=r"no outcome 'adoption\.finale'; .*final"):
                ask(sweep, "adoption.finale")

    def test_imprecise_where_an_error_is_too_large(self, tmp_path: Path) -> None:
        few = swept(tmp_path / "few", vary={THRESHOLD: [0.1, 0.3]}, outcomes=[times_seed])
        assert imprecise(few, few.designs[-1], {TIMES_SEED: 99.0}).all(), "three are not believed"
        more = swept(
            tmp_path / "more", vary={THRESHOLD: [0.1, 0.3]}, outcomes=[times_seed], replications=5
        )
        error = math.sqrt(2.5 / 5)  # seeds 0 to 4
        for asked, lacking in ((0.99 * error, [False, True]), (1.01 * error, [False, False])):
            assert imprecise(more, more.designs[-1], {TIMES_SEED: asked}).tolist() == lacking


def test_without_both_arms_there_are_no_effects(tmp_path: Path) -> None:
    one_arm = swept(tmp_path / "s", vary={THRESHOLD: [0.1]})
    for ask in (values_of, summary):
        with pytest.raises(sim.InputError, match=r"^effect\.cascade: needs both arms; sweep with"):
            ask(one_arm, "effect.cascade")


def test_runs_that_failed_are_named(tmp_path: Path) -> None:
    broken = swept(tmp_path / "s", outcomes=[raising], replications=4)
    with pytest.raises(sim.InputError, match=r"in 6 of 24 runs: .*seed=1.*; and 1 more; run the"):
        values_of(broken, "raising")
    with pytest.raises(sim.InputError, match=r"in 6 of 24 runs: .*seed=1: failed or missing; "):
        summary(broken, "raising")


def test_errors_to_be_reached_are_positive(tmp_path: Path) -> None:
    for asked in (0.0, -1.0, math.nan):
        with pytest.raises(sim.InputError, match=r"^precision: spread must be above 0, got "):
            swept(tmp_path / f"s{asked}", precision={"spread": asked})
