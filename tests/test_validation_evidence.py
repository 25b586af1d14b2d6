"""Rows about tables of training runs: found by their columns, passed, and failed when wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.capability import Supply
from sim.capability.surrogate import Surrogate
from sim.capability.transfer import Dense
from sim.cli import BAD_INPUT, DONE, SOME_FAILED, main
from sim.validation import code_strikes, evidence, mixtures
from sim.validation.code_strikes import Strikes
from sim.validation.evidence.mixtures import pairs
from tests.shared_data import shared

NAMES = ("red", "green", "blue")
LAW = Surrogate(
    0.4, 0.5, 0.7, Dense([[1.0, 0.4, 0.05], [0.1, 1.0, 0.3], [0.2, 0.05, 1.0]]), d0=0.02
)
FULL = np.array([3.0, 5.0, 2.0])
KINDS = ["code_strikes", "error_quantiles", "learning_curves", "mixtures", "user_strikes"]


def losses(data: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """Return losses after the law; noise as a share of the loss."""
    exact = LAW.evaluate(Supply.of(data / FULL.sum()), Supply.of(FULL / FULL.sum())).loss
    return exact * np.exp(noise * np.random.default_rng(0).standard_normal(exact.shape))


def shares(runs: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(3), size=runs).round(3)


def write_mixtures(folder: Path, role: str, size: str, runs: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data = shares(runs, seed)
    index = pd.Index(np.arange(1, runs + 1), name="index")
    mix = pd.DataFrame(data, index, [f"train_the_pile_{name}" for name in NAMES])
    loss = pd.DataFrame(losses(data), index, [f"metric/the_pile_{n}_val_loss" for n in NAMES])
    mix.to_csv(folder / f"{role}_mixture_{size}.csv.gz")
    loss.to_csv(folder / f"{role}_pile_loss_{size}.csv.gz")


def write_strikes(path: Path, data: np.ndarray, measured: np.ndarray, design: object) -> Path:
    columns = [f"D_{name}" for name in NAMES] + [f"nats_{name}" for name in NAMES]
    table = pd.DataFrame(np.hstack([data, measured]), columns=columns)
    table.insert(0, "design", design)
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def strikes(tmp_path_factory: pytest.TempPathFactory) -> Strikes:
    """Random strikes in one table, whole communities leaving in another."""
    folder = tmp_path_factory.mktemp("strikes")
    kept = np.random.default_rng(3).uniform(0.05, 1.0, (40, 3))
    data = np.vstack([FULL, FULL * kept])
    gone = FULL * (1.0 - np.eye(3))
    one = write_strikes(folder / "a.csv", data, losses(data, 1e-4), ["full", *["mixed"] * 40])
    other = write_strikes(folder / "b.csv", gone, losses(gone), "community")
    return Strikes((one, other), NAMES, "nats")


def command(*arguments: object) -> int:
    return main(["validate", *map(str, arguments)])


@pytest.mark.parametrize("kind", KINDS)
def test_the_surrogate_holds_and_every_control_fails(kind: str) -> None:
    folder = shared("mixtures").parent
    rows = [check.play(fast=True) for check in evidence.checks(kind, folder)]
    assert len(rows) >= 2
    for row in rows:
        assert row.agrees, f"{row.check.what}: {row.found.value} instead of {row.check.expected}"
        assert row.control_fails, f"{row.check.what}: control gives {row.control.value}"


def test_kinds_are_found_by_looking() -> None:
    assert evidence.names() == KINDS


class TestMixtures:
    def test_pairs_are_called_alike_or_hold_the_same_runs(self, tmp_path: Path) -> None:
        write_mixtures(tmp_path / "deep/er", "train", "1m", 40, 1)
        write_mixtures(tmp_path / "deep/er", "test", "60m", 20, 2)
        write_mixtures(tmp_path / "deep/er", "test", "1B", 10, 3)
        folder = tmp_path / "deep/er"
        (folder / "test_mixture_1B.csv.gz").rename(folder / "test_mixture_7.csv.gz")
        found = {pair.loss.name: pair.mixture.name for pair in pairs(tmp_path)}
        assert found == {
            "train_pile_loss_1m.csv.gz": "train_mixture_1m.csv.gz",
            "test_pile_loss_60m.csv.gz": "test_mixture_60m.csv.gz",
            "test_pile_loss_1B.csv.gz": "test_mixture_7.csv.gz",
        }

    def test_test_tables_are_foretold_or_ranked(self, tmp_path: Path) -> None:
        write_mixtures(tmp_path, "train", "1m", 60, 1)
        write_mixtures(tmp_path, "test", "1m", 20, 2)
        write_mixtures(tmp_path, "test", "60m", 20, 3)
        rows = {check.what: check for check in evidence.checks("mixtures", tmp_path)}
        assert len(rows) == 4
        alone = "from train_pile_loss_1m.csv.gz alone"
        r2 = rows[f"test_pile_loss_1m.csv.gz: R2 {alone}"].play(fast=True)
        ranks = rows[f"test_pile_loss_60m.csv.gz: ranks, {alone}"].play(fast=True)
        assert r2.agrees
        assert ranks.agrees
        assert ranks.control_fails

    def test_runs_are_matched_by_index_and_domains_by_name(self, tmp_path: Path) -> None:
        write_mixtures(tmp_path, "train", "1m", 30, 1)
        (found,) = pairs(tmp_path)
        table = pd.read_csv(found.loss, index_col="index")
        table.iloc[::-1, ::-1].to_csv(found.loss)
        data, measured, own = mixtures.read_mixtures(found)
        assert own == [*NAMES[::-1]]
        np.testing.assert_allclose(measured.to_numpy()[:, ::-1], losses(data.to_numpy()))


class TestCodeStrikes:
    def test_whole_communities_are_read_and_never_fitted(
        self, strikes: Strikes, tmp_path: Path
    ) -> None:
        gone = losses(FULL * (1.0 - np.eye(3))) - 1.0
        measured = code_strikes.measured_effects(strikes)
        assert measured.own == pytest.approx(np.diag(gone), abs=1e-3)
        before = code_strikes.foretold_effects(strikes)
        # Emptied communities lie outside the fitted runs, so noise of 1e-4 grows to a few percent.
        assert before.own == pytest.approx(measured.own, rel=0.1)
        table = pd.read_csv(strikes.tables[1])
        table[[f"nats_{name}" for name in NAMES]] += 5.0
        table["design"] = "mixed"
        changed = tmp_path / "c.csv"
        table.to_csv(changed, index=False)
        other = strikes._replace(tables=(strikes.tables[0], changed))
        assert code_strikes.foretold_effects(other) == before
        assert code_strikes.worst_own_error(other) > 0.5

    def test_tables_with_the_same_columns_count_as_one(self, strikes: Strikes) -> None:
        rows = evidence.checks("code_strikes", strikes.tables[0].parent)
        harm = next(row for row in rows if "harm to a community" in row.what)
        assert harm.given["strikes"] == strikes
        assert harm.given["measured"] is None
        assert harm.play().passes


def test_the_better_mode_is_chosen_by_points_left_out(tmp_path: Path) -> None:
    kept = np.linspace(0.02, 1.0, 12)
    loss = 0.5 + 0.5 * kept**-0.4
    for name, score in (("served", loss), ("unserved", kept * loss + (1.0 - kept) * 3.0)):
        pd.DataFrame({"frac": kept, "small": score}).to_csv(tmp_path / f"{name}.csv", index=False)
    rows = evidence.checks("learning_curves", tmp_path)
    assert [row.given["mode"] for row in rows] == ["shared", "recommender"]
    assert all(row.play().passes for row in rows)


class TestCommand:
    def test_what_is_absent_is_skipped_with_a_reason(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        kept = np.linspace(0.02, 1.0, 12)
        curve = pd.DataFrame({"frac": kept, "small": 0.5 + 0.5 * kept**-0.4})
        curve.to_csv(tmp_path / "a.csv", index=False)
        assert command("--data", tmp_path, *KINDS, "--json") == DONE
        told = json.loads(capsys.readouterr().out)
        assert [row["model"] for row in told["rows"]] == ["learning_curves"]
        assert [*told["skipped"]] == ["code_strikes", "error_quantiles", "mixtures", "user_strikes"]
        assert "no table with columns D_NAME" in told["skipped"]["code_strikes"]
        assert command("--data", tmp_path, "user_strikes") == DONE
        assert "skipped: " in capsys.readouterr().out
        curve["small"] = curve["small"].sample(frac=1.0, random_state=1).to_numpy()
        curve.to_csv(tmp_path / "shuffled.csv", index=False)
        assert command("--data", tmp_path, "learning_curves", "--json") == SOME_FAILED
        told = json.loads(capsys.readouterr().out)
        assert [row["agrees"] for row in told["rows"]] == [True, False]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["mixtures"], "give --data DIR"),
            (["mixtures", "--data", "nowhere"], "nowhere is not a folder"),
            (["mixture", "--data", "."], "unknown reproduction 'mixture'"),
        ],
    )
    def test_refuses_in_one_sentence(
        self, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert command(*arguments) == BAD_INPUT
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert said in err
