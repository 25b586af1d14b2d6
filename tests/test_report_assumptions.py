"""Marks beside values: whose they are, and that changed ones are no longer said to be published."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from analysis.page.assumptions import behind, stated
from sim.cli import DONE, main
from sim.cli.evidence import Behind
from sim.loading.files import save_scenario
from sim.loading.overrides import override
from tests.test_report import Page


class TestAssumptions:
    def test_what_the_user_changed_is_not_said_to_be_published(self, tmp_path: Path) -> None:
        """The library says where its own values come from, not those put in their place."""
        library = sim.load_scenario("watts_2002")
        stands = behind(Behind(library, stated), "communities.creators.size", "10000")
        assert stands[0] == "published"
        changed = override(library, {"communities.creators.size": 50, "seeds.count": 3})
        sim.run(changed).save(tmp_path / "run")
        assert main(["report", str(tmp_path / "run")]) == DONE
        page = Page((tmp_path / "run" / "report.html").read_text("utf-8"))
        rows = {row[0]: row for row in page.rows if row}
        assert rows["communities.creators.size"][1:] == ["50", "set by you", ""]
        assert rows["seeds.count"][1:] == ["3", "set by you", ""]
        assert rows["communities.creators.threshold"][2] == "published"

    def test_show_says_it_as_well(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        changed = override(sim.load_scenario("watts_2002"), {"communities.creators.size": 50})
        saved = save_scenario(changed, tmp_path / "mine.toml")
        assert main(["show", str(saved)]) == DONE
        (line,) = (each for each in capsys.readouterr().out.splitlines() if ".size " in each)
        assert line.split(maxsplit=2)[1:] == ["50", "set by you"]

    def test_what_a_sweep_varies_is_said_to_be_varied(self, tmp_path: Path) -> None:
        small = override(sim.load_scenario("watts_2002"), {"communities.creators.size": 50})
        sim.sweep(small, vary={"communities.creators.threshold": [0.1, 0.2]}, workers=1,
                  out=tmp_path / "s", outcomes=["adoption.final"])  # fmt: skip
        assert main(["report", str(tmp_path / "s")]) == DONE
        page = Page((tmp_path / "s" / "report.html").read_text("utf-8"))
        rows = {row[0]: row for row in page.rows if row}
        assert rows["communities.creators.threshold"][2:] == ["varied", ""]
        assert rows["communities.creators.size"][2] == "set by you"
        assert "datastrike sensitivity" not in page.text
