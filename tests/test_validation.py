"""Every row of the table of published results, reduced here and in full where time allows."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest

from sim.cli import BAD_INPUT, DONE, SOME_FAILED, main
from sim.cli.validation import estimate, number
from sim.validation import table
from sim.validation.check import Check, but
from sim.validation.estimates import Estimate, mean_of, share_of
from sim.validation.expected import Above, Below, Between, Exactly, Near, OfFew, Simulated

CHECKS = [(name, check) for name in table.names() for check in table.checks(name)]
every_check = pytest.mark.parametrize(
    "check", [check for _, check in CHECKS], ids=[f"{name}: {check.what}" for name, check in CHECKS]
)


def judge(check: Check, fast: bool) -> None:
    row = check.play(fast)
    assert row.agrees, f"{estimate(row.found)} instead of {check.expected}"
    assert row.theory_agrees, f"theory: {row.theory} instead of {check.expected}"
    assert row.control_fails, f"control: {estimate(row.control)} agrees with {check.expected}"


@every_check
def test_reduced(check: Check) -> None:
    judge(check, fast=True)


@pytest.mark.slow
@every_check
def test_in_full(check: Check) -> None:
    judge(check, fast=False)


class TestTable:
    def test_names_differ_and_sources_are_given(self) -> None:
        for name in table.names():
            rows = [check.what for check in table.checks(name)]
            assert len(set(rows)) == len(rows)
        assert all(re.search(r"doi:10\.\d+/|https://", check.source) for _, check in CHECKS)

    def test_only_the_table_knows_what_should_come_out(self) -> None:
        """No other module holds a published number of three digits or more."""
        from pathlib import Path

        import sim

        folder = Path(sim.__path__[0])
        digits = {str(check.expected).lstrip("-0.") for _, check in CHECKS}
        telling = [value for value in digits if value.isdigit() and len(value.rstrip("0")) > 2]
        assert len(telling) > 20
        found = [
            (path.name, value)
            for path in [*(folder / "validation").glob("*.py"), *(folder / "theory").glob("*.py")]
            for value in telling
            if re.search(rf"(?<!\d)0?\.{value}(?!\d)", path.read_text("utf-8"))
        ]
        assert found == []


SHARE, CHANCE = Estimate(0.5), Estimate(0.5, 0.01)


class TestExpected:
    @pytest.mark.parametrize(
        ("expected", "allowed", "refused"),
        [
            (Exactly(3), Estimate(3.0), Estimate(3.0001)),
            (Near(0.5, 2), Estimate(0.5049), Estimate(0.5051)),
            (Near(0.5, 2), Estimate(0.544, 0.01), Estimate(0.546, 0.01)),
            (Near(0.5, 2, 0.01, "reason"), Estimate(0.514), Estimate(0.516)),
            (Simulated(0.5, 2), Estimate(0.561, 0.01), Estimate(0.562, 0.01)),
            (OfFew(0.5, 2), Estimate(0.624, 0.0, 0.03), Estimate(0.626, 0.0, 0.03)),
            (Between(1.0, 2.0), Estimate(2.039, 0.01), Estimate(2.041, 0.01)),
            (Above(1.0), Estimate(1.041, 0.01), Estimate(1.039, 0.01)),
            (Below(1.0), Estimate(0.959, 0.01), Estimate(0.961, 0.01)),
        ],
    )
    def test_how_far_off_is_the_same(
        self, expected: Near, allowed: Estimate, refused: Estimate
    ) -> None:
        assert expected.allows(allowed)
        assert not expected.allows(refused)

    @pytest.mark.parametrize(
        "expected", [Exactly(3), Near(0.5, 2), OfFew(0.5, 2), Between(1, 2), Above(1.0), Below(1.0)]
    )
    def test_what_never_comes_is_refused(self, expected: Near) -> None:
        assert not expected.allows(Estimate(math.nan, math.nan))
        assert not expected.allows(Estimate(1.0, math.inf))
        assert isinstance(expected.tolerance(Estimate(0.5, 0.1))[1], str)

    def test_shares_are_never_certain(self) -> None:
        assert share_of([True] * 98).error == pytest.approx(math.sqrt(0.99 * 0.01 / 98))
        assert share_of([True, False]).value == 0.5

    def test_means(self) -> None:
        assert mean_of([1.0, 3.0]) == Estimate(2.0, 1.0, math.sqrt(2.0))
        assert math.isnan(mean_of([]).value)
        assert mean_of([1.0]).error == math.inf


def a_check(expected: float = 4.0, theory: float | None = 4.0, control: float = 3.0) -> Check:
    return Check(
        "twice two", Exactly(expected), lambda by: 2.0 * by, {"by": 2.0},
        but("another factor", by=control / 2.0), "Someone 1900, doi:10.1/x",
        theory=None if theory is None else lambda: theory,
    )  # fmt: skip


class TestRow:
    def test_passes(self) -> None:
        assert a_check().play().passes
        assert a_check(theory=None).play().passes

    @pytest.mark.parametrize(
        "wrong", [a_check(expected=5.0), a_check(theory=5.0), a_check(control=4.0)]
    )
    def test_fails(self, wrong: Check) -> None:
        assert not wrong.play().passes


class TestCommand:
    def test_prints_the_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["validate", "oliver_marwell_1985", "--fast"]) == DONE
        said = capsys.readouterr().out
        assert "passes the same, v = 2: initiators after whom all pay" in said
        assert "control, all decide at once: 100, fails, as it must" in said
        assert "5 of 5 results pass; 5 of 5 controls fail, as they must" in said

    def test_values_put_in_are_no_results(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(
            table, "checks", lambda name: (a_check(), replace(a_check(), marks="P"))
        )
        assert main(["validate", "siegel_2009"]) == DONE
        said = capsys.readouterr().out
        assert "1 of 1 results pass; 1 of 1 values put in or calibrated come out as put" in said
        assert "as put twice two" in said

    def test_campaigns_tell_what_was_put_in(self) -> None:
        for check in table.checks("campaigns"):
            told = "put in)" in check.what or "(calibrated)" in check.what
            assert ("P" in check.marks) == told

    def test_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["validate", "conditional_pledge", "--json", "--fast"]) == DONE
        data = json.loads(capsys.readouterr().out)
        assert data["passes"]
        assert {row["model"] for row in data["rows"]} == {"conditional_pledge"}
        assert data["rows"][0]["value"] == 100.0

    @pytest.mark.parametrize("form", [[], ["--json"]])
    def test_failure_is_told(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: list[str]
    ) -> None:
        monkeypatch.setattr(table, "checks", lambda name: (a_check(), a_check(expected=5.0)))
        assert main(["validate", "siegel_2009", *form]) == SOME_FAILED
        said = capsys.readouterr().out
        assert ('"passes": false' if form else "FAILS  twice two") in said

    def test_an_unknown_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["validate", "watt_2002"]) == BAD_INPUT
        assert "did you mean 'watts_2002'?" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.0402, "0.0402"), (100.0, "100"), (1 / 3, "0.33333"), (math.inf, "never"),
         (math.nan, "none"), (-0.95750402, "-0.9575"), (1e-15, "0"), (123456.7, "123457")],
    )  # fmt: skip
    def test_numbers(self, value: float, text: str) -> None:
        assert number(value) == text
