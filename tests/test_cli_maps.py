"""`datastrike map` and `discover`: what the sweeps of a command line hold, from a command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli import main
from tests.sweep_cases import THRESHOLD, VARY, compared, swept, threshold_of

DEGREE = "network.mean_degree"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A sweep whose outcome is the threshold itself."""
    out = tmp_path_factory.mktemp("swept") / "sweep"
    swept(out, outcomes=[threshold_of, "adoption.final"], replications=2)
    return str(out)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


class TestMap:
    def test_has_a_row_for_each_value(self, folder: str, capsys) -> None:
        asked = ["map", folder, THRESHOLD, DEGREE, "--outcome", "threshold_of", "--json"]
        told = json.loads(said(capsys, *asked))
        assert told["outcome"] == "threshold_of"
        rows = {(row[THRESHOLD], row[DEGREE]): row for row in told["points"]}
        assert set(rows) == {(t, d) for t in VARY[THRESHOLD] for d in VARY[DEGREE]}
        assert all((row["mean"], row["runs"]) == (place[0], 2) for place, row in rows.items())
        assert "crossings" not in told

    def test_means_are_those_of_the_table(self, folder: str, capsys) -> None:
        asked = ["map", folder, DEGREE, "--where", f"{THRESHOLD}=0.1", "--json"]
        told = json.loads(said(capsys, *asked, "--outcome", "adoption.final"))
        table = compared(sim.load(folder))
        means = table[table[THRESHOLD] == 0.1].groupby(DEGREE)["adoption.final"].mean()
        assert {row[DEGREE]: row["mean"] for row in told["points"]} == pytest.approx(dict(means))

    def test_says_where_a_level_is_crossed(self, folder: str, capsys) -> None:
        """Halfway between thresholds of 0.1 and 0.3 their line is at 0.2."""
        asked = ["map", folder, DEGREE, THRESHOLD, "--outcome", "threshold_of", "--level", "0.2"]
        crossings = json.loads(said(capsys, *asked, "--json"))["crossings"]
        assert [row["at"] for row in crossings] == pytest.approx([0.2] * 3)
        assert f"The mean crosses 0.2 along {THRESHOLD}:" in said(capsys, *asked)
        nowhere = [*asked[:-1], "0.9"]
        assert f"The mean crosses 0.9 nowhere along {THRESHOLD}." in said(capsys, *nowhere)

    @pytest.mark.parametrize("ending", ["svg", "pdf"])
    @pytest.mark.parametrize(
        "paths", [[DEGREE, "--where", f"{THRESHOLD}=0.3"], [DEGREE, THRESHOLD]]
    )
    def test_draws(
        self, folder: str, tmp_path: Path, capsys, paths: list[str], ending: str
    ) -> None:
        file = tmp_path / f"drawn.{ending}"
        said(capsys, "map", folder, *paths, "--figure", str(file))
        starts = {"svg": b"<?xml", "pdf": b"%PDF"}
        assert file.read_bytes().startswith(starts[ending])
        assert main(["map", folder, *paths, "--figure", str(file)]) == 2
        assert "exists already" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ([DEGREE[:-1]], f"{DEGREE[:-1]}: was not varied; did you mean '{DEGREE}'?"),
            ([DEGREE], f"{THRESHOLD}: varies as well; fix it with where, or look at it, too"),
            ([DEGREE, "steps", "seed"], f"PATH: expected one or two, got {DEGREE}, steps, seed"),
            ([DEGREE, "--where", "steps=3"], "steps: was not varied; "),
            ([DEGREE, THRESHOLD, "--outcome", "adoptn"], "outcome: no outcome 'adoptn'; "),
            ([DEGREE, "--figure", "a.jpg"], "a.jpg: the name must end in one of .pdf, .png, .svg"),
            ([DEGREE, "--where", f"{THRESHOLD}=7"], "has no such runs"),
        ],
        ids=lambda value: value[-1] if isinstance(value, list) else "",
    )  # fmt: skip
    def test_mistakes(self, folder: str, capsys, asked: list[str], told: str) -> None:
        assert main(["map", folder, *asked]) == 2
        error = capsys.readouterr().err
        assert told in error
        assert error.count("\n") == 1


class TestDiscover:
    @pytest.fixture(autouse=True)
    def _needs_scikit_learn(self) -> None:
        pytest.importorskip("sklearn")

    @pytest.fixture(scope="class")
    @classmethod
    def many(cls, tmp_path_factory: pytest.TempPathFactory) -> str:
        out = tmp_path_factory.mktemp("many") / "sweep"
        vary = {THRESHOLD: [k / 20 for k in range(20)], DEGREE: [2.0, 4.0]}
        swept(out, vary=vary, outcomes=[threshold_of], replications=1)
        return str(out)

    @pytest.mark.parametrize(("sign", "cases"), [("<", 10), ("<=", 11), (">", 9), (">=", 10)])
    def test_finds_the_condition(self, many: str, capsys, sign: str, cases: int) -> None:
        case = f"threshold_of {sign} 0.5"
        rules = json.loads(said(capsys, "discover", many, case, "--json", "--depth", "1"))["rules"]
        first = rules[0]
        assert (first["density"], first["coverage"]) == (1.0, 1.0)
        (condition,) = first["conditions"]
        path, turn, value = condition.split()
        assert (path, turn) == (THRESHOLD, "<=" if "<" in sign else ">")
        assert float(value) == pytest.approx({10: 0.475, 11: 0.525, 9: 0.525}[cases])
        assert f"100% of {first['runs']} runs, 100% covered: {condition}" in said(
            capsys, "discover", many, case
        )

    @pytest.mark.parametrize(
        ("case", "told"),
        [
            ("threshold_of", "CASE: expected an outcome, a sign (<, <=, >, >=) and a number"),
            ("threshold_of = 1", "got 'threshold_of = 1'"),
            ("threshold_of < much", "got 'threshold_of < much'"),
            ("threshold_of < nan", "got 'threshold_of < nan'"),
            ("thrshold_of < 1", "outcome: no outcome 'thrshold_of'; did you mean 'threshold_of'?"),
            ("threshold_of < 9", "threshold_of: every run is of interest"),
            ("threshold_of > 9", "threshold_of: no run is of interest"),
        ],
    )
    def test_mistakes(self, many: str, capsys, case: str, told: str) -> None:
        assert main(["discover", many, case]) == 2
        error = capsys.readouterr().err
        assert told in error
        assert error.count("\n") == 1
