"""The page of a saved study: its numbers, its escaping, and that it loads nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from analysis.page import live
from sim.cli import BAD_INPUT, DONE, main
from sim.networks import Complete
from sim.runs.comparison import Comparison
from sim.words.numbers import signed

TITLE = 'A <script>alert("strike")</script> & more'
SCENARIO = sim.Scenario(
    name="small",
    communities=[
        sim.Community("coders", 60, threshold=sim.Uniform(0, 0.8), repertoire="opt_out"),
        sim.Community("artists", 20, threshold=0.3, represents=5.0),
    ],
    network=Complete(),
    seeds=sim.Seeds(count=6),
    labs=[sim.Lab("Stability", every=4, compliance=0.5)],
    steps=8,
    about=sim.About(
        title=TITLE,
        question="Who <joins>?",
        sources=("Nobody 2020",),
        evidence=(sim.Evidence("communities.coders.threshold", "assumed", "a <guess>"),),
    ),
)
ROOT = Path(__file__).parents[1]
REPERTOIRE = "communities.artists.repertoire"
LOADING = {"src", "srcset", "action", "data", "poster", "background"}


class Page(HTMLParser):
    """Cells of tables, exact numbers, text by tag, and what could be loaded."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.numbers: list[float] = []
        self.texts: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        for name, value in attrs:
            if tag == "data" and name == "value":
                self.numbers.append(float(value or "nan"))
            if name == "id":
                self.ids.append(value or "")
            local = name.endswith("href") and (value or "").startswith("#")
            if name in LOADING or (name.endswith("href") and not local):
                self.loaded.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return sim.compare(SCENARIO, replications=3, seed=5)


@pytest.fixture(scope="module")
def text(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report") / "study"
    comparison.save(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "MODULES", ("no_such_module",))
        assert main(["report", str(folder)]) == DONE
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


class TestComparison:
    def test_numbers_are_those_of_the_comparison(self, page: Page, comparison: Comparison) -> None:
        for measure in ("loss", "compute_equivalent", "loss_if.none"):
            effect = comparison.effect("Stability", measure)
            assert effect.mean in page.numbers
            assert effect.standard_error in page.numbers

    def test_rollback_changes_by_the_share_that_the_answer_says_is_missing(
        self, page: Page, comparison: Comparison
    ) -> None:
        (row,) = (row for row in page.rows if row[2:3] == ["rollback"])
        acted, left = (arm[:, -1].mean() for arm in comparison.measured("Stability", "rollback"))
        assert row[3:5] == [f"{acted:.6g}", f"{left:.6g}"]
        assert row[5] == signed(-comparison.missing("Stability").mean)

    def test_few_replications_are_told_from_lowest_to_highest(self, page: Page) -> None:
        heads = [row for row in page.rows if row[:1] in (["lab"], ["community"])]
        assert [row[-1 if row[0] == "lab" else 3] for row in heads] == [
            "lowest to highest of 3"
        ] * 2
        assert "90 %" not in page.text

    def test_dates_are_not_broken(self, page: Page, text: str) -> None:
        assert "time" in page.tags
        assert re.search(r"time \{[^}]*white-space: nowrap", text)

    def test_what_is_not_known_has_no_row(self, tmp_path: Path) -> None:
        """Losses of ratings cannot be told as compute."""
        ratings = SCENARIO.replace(labs=[sim.Lab("Films", preset="recommender", every=4)])
        sim.compare(ratings, replications=1).save(tmp_path / "one")
        assert main(["report", str(tmp_path / "one")]) == DONE
        rows = Page((tmp_path / "one" / "report.html").read_text("utf-8")).rows
        told = {row[2]: row for row in rows if row[:1] == ["Films"]}
        assert {"loss", "loss_if.none"} <= set(told)
        assert not any("nan" in row for row in told.values())

    def test_tells_the_answer_in_the_same_sentences(
        self, page: Page, comparison: Comparison
    ) -> None:
        from sim.answers import sentences

        assert set(sentences(comparison)) <= set(page.texts)

    def test_every_community_has_its_row(self, page: Page, comparison: Comparison) -> None:
        names = [row[0] for row in page.rows if row]
        assert {"coders", "artists"} <= set(names)
        ever = [run.counts[-1, 1, 0] / 60 for run in comparison.action]
        assert sum(ever) / 3 == pytest.approx(
            min(page.numbers, key=lambda n: abs(n - sum(ever) / 3))
        )

    def test_marks_what_stands_behind_values(self, page: Page) -> None:
        rows = {row[0]: row for row in page.rows if row}
        assert rows["communities.coders.threshold.high"][1:] == ["0.8", "assumed", "a <guess>"]
        assert rows["communities.artists.represents"][2] == "not marked"

    def test_text_is_escaped(self, page: Page, text: str) -> None:
        assert "script" not in page.tags
        assert TITLE in page.texts
        assert "<joins>" not in text

    def test_loads_nothing(self, page: Page, text: str) -> None:
        assert page.loaded == []
        assert not {"link", "iframe", "img", "object", "embed", "script"} & set(page.tags)
        assert "@import" not in text
        assert set(re.findall(r"url\((.)", text)) <= {"#"}
        assert "default-src 'none'" in text

    def test_names_in_figures_are_unique_and_known(self, page: Page, text: str) -> None:
        figures = {"campaign", "communities", "tactics", "order", "participants", "capability"}
        assert figures <= set(page.ids)
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(page.ids)
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))

    def test_says_how_to_repeat_it(self, page: Page) -> None:
        assert re.search(r"datastrike run \S+receipt\.json", page.text)
        assert SCENARIO.digest in page.text
        assert "seeds 5 to 7 (3)" in page.text


class TestLookCloser:
    """Charts that answer to the pointer, where the extra ``report`` is installed."""

    @pytest.fixture
    def pointed(self, comparison: Comparison, tmp_path: Path) -> str:
        for module in live.MODULES:
            pytest.importorskip(module)
        comparison.save(tmp_path / "study")
        assert main(["report", str(tmp_path / "study")]) == DONE
        return (tmp_path / "study" / "report.html").read_text("utf-8")

    def test_without_the_extra_one_line_says_how_to_get_them(self, page: Page) -> None:
        assert page.texts.count(live.HINT) == 1
        assert "script" not in page.tags

    def test_only_the_scripts_that_the_policy_names_can_run(self, pointed: str) -> None:
        page = Page(pointed)
        assert live.HINT not in page.texts
        scripts = re.findall(r"<script>(.*?)</script>", pointed, re.S)
        digests = [b64encode(sha256(each.encode()).digest()).decode() for each in scripts]
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', pointed)
        allowed = policy.partition("script-src ")[2].split()
        assert allowed == [f"'sha256-{digest}'" for digest in digests]
        assert len(scripts) == 2
        assert page.loaded == []
        assert TITLE in page.texts

    def test_scripts_are_no_larger_than_the_pages_say(self, pointed: str) -> None:
        scripts = re.findall(r"<script>(.*?)</script>", pointed, re.S)
        assert sum(map(len, scripts)) < 1_000_000
        assert "about 0.9 MB" in (ROOT / "docs" / "how_to.md").read_text("utf-8")

    def test_rows_are_the_numbers_of_the_comparison(
        self, pointed: str, comparison: Comparison
    ) -> None:
        specs = re.findall(r'<script type="application/json">(.*?)</script>', pointed, re.S)
        who, lost = (json.loads(each) for each in specs)
        rows = _rows(who)
        last = max(row["date"] for row in rows)
        (shown,) = (
            row for row in rows
            if (row.get("what"), row["community"], row["date"]) == ("ever acted", "artists", last)
            and "middle" in row
        )  # fmt: skip
        shares = [100.0 * run.adoption[-1, 1] for run in comparison.action]
        assert shown["middle"] == pytest.approx(np.median(shares), rel=1e-5)
        assert shown["high"] == pytest.approx(max(shares), rel=1e-5)
        each = sorted(
            row["share"] for row in rows
            if "seed" in row and row["what"] == "ever acted"
            and (row["community"], row["date"]) == ("artists", last)
        )  # fmt: skip
        assert each == pytest.approx(sorted(shares), rel=1e-5)
        losses = _rows(lost)
        (newest,) = (
            row["loss"] for row in losses
            if (row["domain"], row["world"]) == ("overall", "with action")
            and row["date"] == max(each["date"] for each in losses)
        )  # fmt: skip
        expected = 100.0 * (np.median(comparison.measured("Stability")[0][:, -1]) - 1.0)
        assert newest == pytest.approx(expected, rel=1e-5)


def _rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a chart and of all its layers."""
    own = spec.get("data", {}).get("values", [])
    return [*own, *(row for layer in spec.get("layer", ()) for row in _rows(layer))]


class TestKinds:
    def test_a_run_says_what_it_cannot_tell(self, tmp_path: Path) -> None:
        sim.run(SCENARIO, seed=1).save(tmp_path / "run")
        assert main(["report", str(tmp_path / "run")]) == DONE
        page = Page((tmp_path / "run" / "report.html").read_text("utf-8"))
        assert "nothing is said of what the action did" in page.text

    def test_a_study_of_leverage(self, tmp_path: Path) -> None:
        from sim.leverage.saving import save_curve

        curve = sim.leverage_curve(SCENARIO, replications=2)
        save_curve(curve, tmp_path / "study")
        assert main(["report", str(tmp_path / "study")]) == DONE
        page = Page((tmp_path / "study" / "report.html").read_text("utf-8"))
        assert {float(v) for v in curve.none["loss"]} <= set(page.numbers)

    def test_a_sweep(self, tmp_path: Path) -> None:
        vary = {"communities.artists.threshold": [0.1, 0.9]}
        sweep = sim.sweep(
            SCENARIO, vary=vary, out=tmp_path / "s", outcomes=["adoption.final"], workers=1
        )
        assert main(["report", str(tmp_path / "s")]) == DONE
        page = Page((tmp_path / "s" / "report.html").read_text("utf-8"))
        means = sweep.table(["adoption.final"])["adoption.final"]
        assert [float(mean) for mean in means] == page.numbers
        assert "map-1" in page.ids
        assert page.loaded == []

    @pytest.mark.parametrize(
        ("vary", "design"),
        [
            ({"seeds.count": [1, 9], "communities.artists.threshold": [0.1, 0.9]}, None),
            ({"seeds.count": [1, 9], "seeds.who": ["random", "hubs"]}, None),
            ({"seeds.count": [1, 9], REPERTOIRE: [{"withhold": 1.0}, {"poison": 1.0}]}, None),
            ({}, "sobol"),
        ],
    )
    def test_a_sweep_is_drawn_as_it_was_designed(
        self, tmp_path: Path, vary: dict[str, list[object]], design: str | None
    ) -> None:
        uncertain = {"communities.coders.threshold.high": (0.5, 1.0), "labs.Stability.lag": (1, 3)}
        more = {"uncertain": uncertain, "design": design, "samples": 4} if design else {}
        sim.sweep(SCENARIO, vary=vary, out=tmp_path / "s", workers=1,
                  outcomes=["adoption.final"], **more)  # fmt: skip
        assert main(["report", str(tmp_path / "s")]) == DONE
        page = Page((tmp_path / "s" / "report.html").read_text("utf-8"))
        assert "map-1" in page.ids
        assert page.loaded == []


class TestRefusals:
    def test_keeps_a_file_that_exists(
        self, comparison: Comparison, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        comparison.save(tmp_path / "study")
        (tmp_path / "mine.html").write_text("mine")
        assert main(["report", str(tmp_path / "study"), "--out", str(tmp_path / "mine.html")]) == (
            BAD_INPUT
        )
        assert "exists already" in capsys.readouterr().err
        assert (tmp_path / "mine.html").read_text() == "mine"

    def test_a_folder_without_a_study(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", str(tmp_path)]) == BAD_INPUT
        assert capsys.readouterr().err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []


class TestAtAGlance:
    def test_a_comparison_shows_its_newest_effects(self, comparison: Comparison) -> None:
        effect = comparison.effect("Stability")
        for shown in (repr(comparison), Page(comparison._repr_html_()).text):
            assert f"{effect.mean:.4g}" in shown
            assert "3 replications from seed 5" in shown
        assert len(repr(comparison)) < 1000

    def test_a_run_shows_who_acted(self, comparison: Comparison) -> None:
        run = comparison.action[0]
        share = round(float(run.adoption[-1, 0]), 4)
        for shown in (str(run), Page(run._repr_html_()).text):
            assert str(share) in shown
            assert "artists" in shown
        assert len(repr(run)) < 1000

    def test_notebooks_show_a_figure_as_well(self, comparison: Comparison, tmp_path: Path) -> None:
        curve = sim.leverage_curve(SCENARIO, replications=1)
        sweep = sim.sweep(
            SCENARIO, vary={"seeds.count": [3, 9]}, out=tmp_path / "s", workers=1,
            outcomes=["adoption.final"],
        )  # fmt: skip
        pages = [
            Page(study._repr_html_()) for study in (comparison, comparison.action[0], curve, sweep)
        ]
        assert all(page.tags.count("svg") == 1 and "table" in page.tags for page in pages)
        assert all("script" not in page.tags for page in pages)
        ids = [name for page in pages for name in page.ids]
        assert len(ids) == len(set(ids))
        assert f"{curve.none['loss'][-1]:.4g}" in repr(curve)
        assert len(repr(curve)) < 1500

    def test_numbers_are_shown_where_nothing_can_be_drawn(
        self, comparison: Comparison, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sim.words.glance.MODULE", "no.such.module")
        assert "3 replications from seed 5" in comparison._repr_html_()

    def test_nothing_to_show_is_no_error(self) -> None:
        plain = SCENARIO.replace(labs=())
        assert "small: seed 0" in repr(sim.compare(plain, replications=1))


@pytest.mark.browser
def test_a_browser_shows_the_figures_and_runs_nothing(text: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium here")
    (tmp_path / "page.html").write_text(text, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    shown = subprocess.run(
        [chromium, *options, "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    page = Page(shown)
    assert page.tags.count("svg") == 6
    assert "script" not in page.tags
    assert page.numbers == Page(text).numbers
