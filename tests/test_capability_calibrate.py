"""A table of runs becomes a preset: which columns, which names, which ranges, what is said."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.capability import calibrate as calibrating
from sim.capability.calibrate import calibrate
from sim.capability.fit_result import Fit
from sim.errors import InputError
from tests.told_fits import posed, told

DATA = np.random.default_rng(6).uniform(0.2, 1.0, (12, 2))
LOSSES = 1.0 + (DATA**0.8 + 0.3 * DATA[:, ::-1] ** 0.8) ** -0.5


@pytest.fixture
def table(tmp_path):
    """Runs of two communities, named like most tables."""
    return written(tmp_path / "My 2nd runs.csv")


def written(path, columns=("D_a", "D_b", "loss_a", "loss_b"), losses=LOSSES):
    pd.DataFrame(np.hstack([DATA, losses]), columns=list(columns)).to_csv(path, index=False)
    return path


@pytest.fixture
def quick(monkeypatch):
    """Fits whose constants nobody searches for, and refits that scale them; notes what is asked."""
    asked = {}

    class Scaled(Fit):
        def resampled(self, draws, seed=0):
            asked.update(draws=draws, resampling=seed)
            return [refit(self, factor) for factor in np.linspace(0.8, 1.6, draws)]

    def fit(data, losses, own, names, mode, higher_is_better, *, seed, **options):
        asked.update(own=own, names=names, mode=mode, better=higher_is_better, seed=seed, **options)
        asked.update(data=data, losses=losses)
        problem = posed(
            data, losses, own=own, names=names, mode=mode, higher_is_better=higher_is_better
        )
        plain = told(asked.get("form", "flat"), problem)
        one = plain.solution.own[: len(problem.own)]
        solution = type(plain.solution)(plain.form, plain.solution.shared, one, np.ones(len(one)))
        return Scaled(problem, solution, plain.held_out, plain.split)

    monkeypatch.setattr(calibrating, "fit", fit)
    return asked


def refit(found, factor):
    """Return the fit with every d0 and flat transfer times a factor."""
    shared = found.solution.shared
    moved = replace(shared, start=shared.start + np.log(factor))
    if found.form == "flat":
        moved = replace(moved, transfer=shared.transfer + np.log(factor))
    return Fit(found.problem, replace(found.solution, shared=moved), found.held_out, found.split)


def test_columns_are_found_by_their_names(table, quick):
    found = calibrate(table)
    assert (quick["names"], quick["own"]) == (["a", "b"], [0, 1])
    assert quick["data"] == pytest.approx(DATA)
    assert quick["losses"] == pytest.approx(LOSSES)
    assert (quick["mode"], quick["better"]) == ("shared", False)
    assert (quick["seed"], quick["resampling"], quick["draws"]) == (0, 0, 50)
    assert found.preset.name == "my_2nd_runs"
    assert found.preset.surrogate.unit == "of the runs"
    assert found.preset.surrogate.floor is None
    assert found.path is None


def test_columns_may_be_named_otherwise(tmp_path, quick):
    path = written(tmp_path / "x.csv", ("Ab C", "b", "of_b", "of_ab_c"))
    found = calibrate(
        path, tmp_path / "p.toml", data=["Ab C", "b"], losses=["of_b", "of_ab_c"], name="mine",
        unit="nats", draws=3, seed=8, folds=7,
    )  # fmt: skip
    assert (quick["names"], quick["own"]) == (["ab_c", "b"], [1, 0])
    assert (quick["seed"], quick["resampling"], quick["draws"], quick["folds"]) == (8, 8, 3, 7)
    assert (found.preset.name, found.preset.surrogate.unit) == ("mine", "nats")
    assert found.path == tmp_path / "p.toml"
    assert found.path.is_file()


@pytest.mark.parametrize(
    ("stem", "name"),
    [("Runs", "runs"), ("2nd-try", "runs_2nd_try"), ("a.b", "a_b"), ("__x__", "x"), ("é", "runs")],
)
def test_the_file_names_the_preset(tmp_path, quick, stem, name):
    assert calibrate(written(tmp_path / f"{stem}.csv"), draws=2).preset.name == name


def test_one_measure_of_one_community_is_its_own(tmp_path, quick):
    path = tmp_path / "one.csv"
    pd.DataFrame({"D_a": DATA[:, 0], "error": LOSSES[:, 0]}).to_csv(path, index=False)
    found = calibrate(path, losses=["error"], draws=2)
    assert quick["own"] == [0]
    assert found.preset.surrogate.communities == ("a",)


def test_a_measure_of_nobody_belongs_to_nobody(table, quick):
    with pytest.raises(InputError, match="a community of its own"):
        calibrate(written(table, ("D_a", "D_b", "loss_a", "other")), losses=["loss_a", "other"])
    assert quick["own"] == [0, None]


def test_the_floor_is_what_was_measured_of_a_model_that_learnt_nothing(table, quick):
    floor = calibrate(table, null=9.0, draws=2).preset.surrogate.floor
    assert (floor.loss, floor.what, floor.source) == (9.0, "stated with the runs", table.name)
    scores = written(table, losses=1.0 / LOSSES)  # between 0 and 1: the best there could be is 1
    found = calibrate(scores, null=-4.0, higher_is_better=True, draws=2)
    assert found.preset.surrogate.floor.loss == 5.0
    assert quick["better"]


def test_a_recommender_says_what_the_unserved_lose(table, quick):
    found = calibrate(table, mode="recommender", draws=2)
    surrogate = found.preset.surrogate
    assert surrogate.mode == quick["mode"] == "recommender"
    assert surrogate.unserved_loss == 2.5  # the mean of 2 and 3


def test_ranges_hold_95_of_100_refits_and_the_value(table, quick):
    """Refits have .8 to 1.6 times the transfer, evenly: .82 to 1.58 of it."""
    constants = calibrate(table, draws=41).preset.constants
    tau = constants["transfer.tau"]
    assert (tau.low, tau.high) == pytest.approx((0.2 * 0.82, 0.2 * 1.58))
    assert (tau.evidence, tau.shape) == ("measured", "log")
    assert tau.source == "refits to 41 resamples of the runs"
    assert (constants["rho"].low, constants["rho"].high) == pytest.approx((0.65, 0.65))
    assert set(constants) >= {"rho", "beta", "d0", "phi", "transfer.tau", "kappa", "detection"}
    assert not {"transfer.rows", "transfer.receptivity", "transfer.generality"} & set(constants)
    assert constants["detection"].evidence == "assumed"


def test_ranges_of_values_by_community_are_factors_and_of_shares_factors_of_odds(table, quick):
    found = calibrate(table, draws=41)
    surrogate, constants = found.preset.surrogate, found.preset.constants
    refits = [refit(found.fit, factor).surrogate() for factor in np.linspace(0.8, 1.6, 41)]

    def factors(values, value):
        low, high = np.quantile(np.array(values) / np.array(value), [0.025, 0.975])
        return pytest.approx((min(low, 1.0), max(high, 1.0)))

    starts = factors([one.d0 for one in refits], surrogate.d0)
    assert (constants["d0"].low, constants["d0"].high) == starts

    def odds(shares):
        return [share / (1.0 - share) for share in shares]

    phi = factors([odds(one.phi) for one in refits], odds(surrogate.phi))
    assert (constants["phi"].low, constants["phi"].high) == phi
    assert constants["phi"].low < 1.0 < constants["phi"].high
    assert constants["phi"].shape == "logit"


def test_a_dense_transfer_has_a_range_of_its_rows(table, quick):
    quick["form"] = "dense"
    constants = calibrate(table, draws=5).preset.constants
    assert "transfer.rows" in constants
    assert (constants["transfer.rows"].low, constants["transfer.rows"].high) == (1.0, 1.0)


def test_the_source_says_which_runs_and_how_well_they_are_held(table, quick):
    found = calibrate(table, draws=2)
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert found.preset.source == (
        f"12 runs of My 2nd runs.csv (sha256 {digest[:16]}), form flat, held-out R2 "
        f"{found.fit.cv_score:.3f}"
    )
    totals = DATA.sum(axis=1)
    assert found.preset.limits == (
        f"Fitted to {100 * totals.min() / totals.max():.0f} to 100 % of the largest corpus; "
        "beyond, the form is extrapolated"
    )


MEASURES = " of columns PREFIX_NAME with a measure for each of a, b: name the columns with `losses`"


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        (None, {}, "table {path} cannot be read: No such file or directory"),
        ("a,b\n1,2\n", {"data": ["a", "c"]}, "table {path} has no column 'c'; it has: a, b"),
        (
            "a,b\n1,2\n", {},
            "table {path} has no columns D_NAME with each community's data: name them with `data`",
        ),
        (
            "D_a,D_b,x_a\n1,2,3\n", {},
            "table {path} has no set" + MEASURES,
        ),
        (
            "D_a,D_b,y_a,y_b,x_a,x_b,z_a\n1,2,3,4,5,6,7\n", {},
            "table {path} has more than one (x, y) set" + MEASURES,
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said(tmp_path, text, asked, said):
    path = tmp_path / "runs.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError) as refusal:
        calibrate(path, **asked)
    assert str(refusal.value) == said.format(path=path)


@pytest.mark.parametrize("content", [b"", b'a,b\n"1,2\n3', b"\xff\xfe\xfa,b\n1,2\n"])
def test_what_is_no_table_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a CSV table: "):
        calibrate(path)
