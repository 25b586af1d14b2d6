"""The project's own papers and habits: versions, locks, reasons, sizes, light start-up."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.modules import modules

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-browser.lock")
HEAVY = {"matplotlib", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy"}
SOURCES = sorted(
    path for folder in ("sim", "scenarios", "analysis") for path in (ROOT / folder).rglob("*.py")
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def distribution(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-")


def run_python(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def do() -> ModuleType:
    specification = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class TestCitation:
    def test_holds_what_the_format_requires(self) -> None:
        citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
        assert {"cff-version", "message", "title", "authors", "type", "license"} <= set(citation)
        assert re.fullmatch(r"1\.2\.\d", citation["cff-version"])
        assert citation["type"] in {"software", "dataset"}
        assert all({"name"} == set(author) for author in citation["authors"])
        assert citation["license"] == PROJECT["license"]

    def test_versions_agree(self) -> None:
        citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
        changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
        newest = re.search(r"^## \[(.+?)\]", changes, re.MULTILINE)
        assert newest is not None
        assert PROJECT["version"] == str(citation["version"]) == newest.group(1)


def reasons() -> str:
    """Return what CONTRIBUTING.md says of dependencies."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return text.partition("\n## Dependencies")[2].partition("\n## ")[0]


class TestDependencies:
    @pytest.mark.parametrize("name", LOCKS)
    def test_locks_hold_hashes_and_no_addresses(self, name: str) -> None:
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        pinned = re.findall(r"^[a-z0-9].*", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:", text, re.M))

    @pytest.mark.parametrize("name", LOCKS)
    def test_locks_hold_what_the_project_needs(self, name: str) -> None:
        pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        assert {distribution(needed) for needed in PROJECT["dependencies"]} <= set(pinned)

    def test_each_has_its_reason(self) -> None:
        rows = re.findall(r"^\| `([a-z-]+)` \| \S[^|]+ \|$", reasons(), re.M)
        assert sorted(rows) == sorted(distribution(needed) for needed in PROJECT["dependencies"])

    def test_each_extra_has_its_reason(self) -> None:
        told = set(re.findall(r"`([a-z-]+)`", reasons()))
        extras = PROJECT["optional-dependencies"]
        assert set(extras) - {"all"} <= told
        brought = {distribution(needed) for each in extras.values() for needed in each}
        family = {name for name in brought if name.startswith(("solara-", "datastrike"))}
        assert brought - family <= told


class TestSources:
    def test_no_path_of_a_machine(self) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if listed.returncode:
            pytest.skip("not a git checkout")
        machine = re.compile(r"(?<![\w.~*])/(root|home|work|Users|mnt)/\w")
        found = []
        for name in filter(None, listed.stdout.split("\0")):
            path = ROOT / name
            if path.is_file() and b"\0" not in (content := path.read_bytes()):
                found += [f"{name}: {hit.group()}" for hit in machine.finditer(content.decode())]
        assert found == []

    def test_files_are_short(self) -> None:
        lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
        assert {name: lines for name, lines in lengths.items() if lines > 400} == {}

    def test_functions_are_short(self) -> None:
        long = {}
        for path in SOURCES:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    body = node.body[1:] if ast.get_docstring(node) else node.body
                    lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                    if lines > 40:
                        long[f"{named(path)}: {node.name}"] = lines
        assert long == {}


def public_members() -> Iterator[tuple[str, object]]:
    for module in modules():
        for owner in vars(module).values():
            if not inspect.isclass(owner) or owner.__module__ != module.__name__:
                continue
            if not owner.__name__.startswith("_"):
                for name, member in vars(owner).items():
                    described = inspect.isroutine(member) or isinstance(member, property)
                    if described and not name.startswith("_"):
                        yield f"{module.__name__}.{owner.__name__}.{name}", getattr(owner, name)


def test_public_methods_say_what_they_do() -> None:
    assert [name for name, member in public_members() if not inspect.getdoc(member)] == []


class TestStart:
    @pytest.mark.parametrize("module", ["sim", "sim.scenario", "sim.cli"])
    def test_imports_nothing_heavy(self, module: str) -> None:
        loaded = run_python(
            f"import {module}, sys; print(*{{m.split('.')[0] for m in sys.modules}})"
        )
        assert HEAVY & set(loaded.split()) == set()

    def test_heavy_modules_would_be_seen(self) -> None:
        loaded = run_python("import numba, sys; print(*{m.split('.')[0] for m in sys.modules})")
        assert {"numba", "numpy"} <= set(loaded.split())


class TestDistribution:
    def test_wheel_holds_the_three_packages(self, tmp_path: Path) -> None:
        wheel = pytest.importorskip("hatchling.builders.wheel")
        built = next(iter(wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path))))
        names = zipfile.ZipFile(built).namelist()
        assert {name.split("/")[0] for name in names} == {
            "sim",
            "scenarios",
            "analysis",
            f"datastrike-{PROJECT['version']}.dist-info",
        }
        assert "sim/py.typed" in names

    def test_source_archive_holds_what_the_quick_start_needs(self, tmp_path: Path) -> None:
        sdist = pytest.importorskip("hatchling.builders.sdist")
        built = next(iter(sdist.SdistBuilder(str(ROOT)).build(directory=str(tmp_path))))
        with tarfile.open(built) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        assert {"do.py", "pyproject.toml", "README.md", "LICENSE", *LOCKS} <= names
        assert "tests/test_project.py" in names


class TestDo:
    def test_is_readable_for_an_old_python(self) -> None:
        ast.parse((ROOT / "do.py").read_text("utf-8"), feature_version=(3, 6))

    def test_imports_only_the_standard_library(self) -> None:
        tree = ast.parse((ROOT / "do.py").read_text("utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
        origins = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {alias.name.split(".")[0] for node in imports for alias in node.names}
        names |= {(node.module or "").split(".")[0] for node in origins}
        assert names <= sys.stdlib_module_names

    @pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["dance"], 2)])
    def test_says_how_it_is_used(
        self, do: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
    ) -> None:
        assert do.main(arguments) == code
        assert "python3 do.py demo" in capsys.readouterr().out

    def test_touches_no_environment_of_another_maker(self, do: ModuleType, tmp_path: Path) -> None:
        (tmp_path / "pyvenv.cfg").write_text("mine")
        with pytest.raises(do.SetUpError, match="was not made by"):
            do.Environment(tmp_path).install("requirements.lock")
        assert (tmp_path / "pyvenv.cfg").read_text() == "mine"

    def test_names_a_fresh_folder(self, do: ModuleType, tmp_path: Path) -> None:
        assert do.fresh(tmp_path / "a").name == "a"
        (tmp_path / "a").mkdir()
        (tmp_path / "a-2").mkdir()
        assert do.fresh(tmp_path / "a").name == "a-3"

    @pytest.mark.parametrize("options", [["--out", "x"], ["--seed", "1", "--out=x"]])
    def test_finds_where_the_results_go(self, do: ModuleType, options: list[str]) -> None:
        assert do.says_where(options)
        assert not do.says_where(["--seed", "1"])
