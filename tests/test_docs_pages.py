"""Pages lead nowhere that is not there, and every block of code on them does what it says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import sim
from docs import gallery, reference
from sim.loading.scripts import library
from tests import pages

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SITE = sorted(DOCS.rglob("*.md"))
SITE = [page for page in SITE if not {"generated", "_build"} & set(page.relative_to(DOCS).parts)]
PAPERS = [ROOT / name for name in ("README.md", "MODEL.md", "CONTRIBUTING.md", "CHANGELOG.md")]
FOLLOWED = [page for page in (*SITE, ROOT / "README.md") if page.parent.name != "add"]
GENERATED = {"gallery.md", "reference.md"}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LISTED = re.compile(r"^```\{toctree\}\n(.*?)^```", re.M | re.S)


def of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def listed(page: Path) -> list[str]:
    """Return the pages that the tables of contents of a page list."""
    tables = LISTED.findall(page.read_text("utf-8"))
    lines = [line.strip() for table in tables for line in table.splitlines()]
    return [line for line in lines if line and not line.startswith(":")]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    plain = [re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads]
    return set(plain)


def leads_nowhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if path.parent == DOCS / "generated":
        return path.name not in GENERATED
    if not path.exists():
        return True
    return bool(anchor) and path.suffix == ".md" and anchor not in anchors(path)


@pytest.mark.parametrize("page", [*SITE, *PAPERS], ids=of)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    inside = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in inside if leads_nowhere(page, link)] == []
    wanted = [page.parent / f"{name}.md" for name in listed(page)]
    assert [
        of(path) for path in wanted if leads_nowhere(page, os.path.relpath(path, page.parent))
    ] == []


def test_every_page_is_in_a_table_of_contents() -> None:
    found = {(page.parent / f"{name}.md").resolve() for page in SITE for name in listed(page)}
    assert [of(page) for page in SITE if page not in found and page.name != "index.md"] == []


def test_a_dead_link_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A head, and more\n")
    assert leads_nowhere(page, "gone.md")
    assert leads_nowhere(page, "#gone")
    assert not leads_nowhere(page, "#a-head-and-more")


@pytest.mark.parametrize("page", FOLLOWED, ids=of)
def test_blocks_do_what_they_say(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    pages.follow(page, tmp_path)


def test_blocks_that_fail_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = {
        "```python\n1 / 0\n```": ZeroDivisionError,
        "```python\nimport sim\n```\n\n```python\nprint(sim)\n```": NameError,
        "```sh\ndatastrike run nowhere\n```": AssertionError,
        "```python\nprint(1)\n```\n\n```text\n2\n```": AssertionError,
        "```python\nprint(1, 2, sep='\\n')\n```\n\n```text\n2\n```": AssertionError,
        "```cobol\nSTOP RUN\n```": AssertionError,
    }
    for text, error in wrong.items():
        (tmp_path / "page.md").write_text(text)
        with pytest.raises(error):
            pages.follow(tmp_path / "page.md", tmp_path)


ADDING = [page for page in SITE if page.parent.name == "add" and page.name != "index.md"]
COPIED = ("sim", "scenarios", "analysis", "docs", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "generated", "_build")


def checkout(folder: Path) -> dict[str, str]:
    """Copy what pages change into a folder; return an environment in which it is imported."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    for path in (*ROOT.glob("*.*"), ROOT / "LICENSE"):
        if path.is_file():
            shutil.copy(path, folder)
    return {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "Agg"}


def test_adding_a_part_takes_what_its_page_says(tmp_path: Path) -> None:
    """All pages, one after another, in one copy of the packages."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.pages", *map(str, ADDING)], cwd=tmp_path,
        env=checkout(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("page", ADDING, ids=of)
def test_what_was_added_passes_the_tests_that_its_page_names(page: Path, tmp_path: Path) -> None:
    environment = checkout(tmp_path)
    pages.prepare(page, tmp_path)
    programs = {"python3 do.py docs": "-m docs.parameters", ".venv/bin/pytest": "-m pytest -q"}
    lines = [
        line
        for block in pages.blocks(page.read_text("utf-8"))
        for line in block.text.splitlines()
        if block.kind == "console"
    ]
    assert lines
    for line in lines:
        (program,) = (known for known in programs if line.startswith(known))
        options = shlex.split(line.replace(program, programs[program], 1))
        finished = subprocess.run(
            [sys.executable, *options], cwd=tmp_path, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert finished.returncode == 0, f"{line}\n{finished.stdout[-2000:]}{finished.stderr}"


class TestGenerated:
    def test_gallery_says_what_the_scenario_says(self, tmp_path: Path) -> None:
        told = gallery.entry("oliver_marwell_1985", tmp_path)
        about = sim.load_scenario("oliver_marwell_1985").about
        assert about.title in told
        assert about.question in told
        assert about.finding in told
        (figure,) = tmp_path.iterdir()
        assert figure.name in told
        assert ElementTree.parse(figure).getroot().tag.endswith("svg")

    def test_gallery_has_every_scenario(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gallery, "draw", lambda scenario, name, folder: f"{name}.svg")
        page = gallery.write(tmp_path).read_text("utf-8")
        assert [name for name in library() if f"datastrike run {name}\n" not in page] == []

    def test_reference_has_every_public_module(self, tmp_path: Path) -> None:
        reference.write(tmp_path)
        text = (tmp_path / "reference_sim_decisions.md").read_text("utf-8")
        assert "automodule:: sim.decisions.threshold" in text
        assert "_" not in {
            line.rpartition(".")[2][:1] for line in text.splitlines() if "::" in line
        }


@pytest.mark.slow
def test_site_can_be_built(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    finished = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(DOCS), str(tmp_path)],
        env={**os.environ, "MPLBACKEND": "Agg"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    warned = [line for line in finished.stderr.splitlines() if "WARNING" in line]
    assert warned == []
    for page in ("index", "tutorial/first_run", "generated/gallery", "add/rule", "model"):
        assert (tmp_path / f"{page}.html").exists()
