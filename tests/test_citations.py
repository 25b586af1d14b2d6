"""Every source that a part names can be cited, and a scenario cites what it uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.capability import presets
from sim.capability.preset import Preset
from sim.cli import BAD_INPUT, DONE, main
from sim.cli.citations import bibliography, cited, identifiers
from sim.decisions import Threshold
from sim.loading.files import save_scenario
from sim.networks import WattsStrogatz

ROOT = Path(__file__).parents[1]
PARTS = ("sim", "scenarios")
FILES = [path for part in PARTS for path in sorted((ROOT / part).rglob("*.py"))]
SCENARIO = sim.Scenario(
    communities=[sim.Community("a", 20)],
    network=WattsStrogatz(4, 0.1),
    rule=Threshold(),
    labs=[sim.Lab("Lab", preset="image-text")],
    about=sim.About(sources=("A leaflet & its 2 % figure, 2020", "doi:10.9999/unknown.")),
)


def keys(entries: list[str]) -> list[str]:
    return [re.match(r"@\w+\{(\w+),", entry).group(1) for entry in entries]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_source_named_has_an_entry(path: Path) -> None:
    named = identifiers(path.read_text("utf-8"))
    assert [one for one in named if one not in bibliography()] == []


def test_entries_are_whole_and_keys_differ() -> None:
    text = (ROOT / "sim/references.bib").read_text("utf-8")
    entries = list(dict.fromkeys(bibliography().values()))
    assert len(set(keys(entries))) == len(entries)
    assert text.count("\n@") + 1 == len(entries) + text.count("  url = ")
    for entry in entries:
        assert entry.count("{") == entry.count("}")
        for field in ("author", "title", "year"):
            assert f"  {field} = {{" in entry


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(Holland 1983, doi:10.1016/0378-8733(83)90021-7).", ["10.1016/0378-8733(83)90021-7"]),
        ("see 10.1023/A:1004957109535.", ["10.1023/a:1004957109535"]),
        ("Shan et al., arXiv\n2310.13828; arXiv:cs/0310049", ["2310.13828", "cs/0310049"]),
        ("10.2 of 100", []),
    ],
)
def test_identifiers_are_found(text: str, found: list[str]) -> None:
    assert identifiers(text) == found


def test_a_scenario_cites_its_rule_network_preset_and_sources() -> None:
    entries = cited(SCENARIO)
    found = keys(entries)
    assert found[0] == "datastrike"
    assert {"Granovetter1978", "Watts1998", "Cherti2022", "Hoffmann2022"} <= set(found)
    assert "Holme2002" not in found
    assert "Siegel2009" not in found
    assert "A leaflet \\& its 2 \\% figure, 2020" in entries[-1]
    assert any("doi = {10.9999/unknown}" in entry for entry in entries)


@pytest.mark.parametrize("preset", presets.known().values(), ids=lambda preset: preset.name)
def test_a_scenario_cites_what_its_preset_rests_on(preset: Preset) -> None:
    names = preset.surrogate.communities or ("a",)
    scenario = SCENARIO.replace(
        communities=[sim.Community(name, 20) for name in names],
        labs=[sim.Lab("Lab", preset=preset.name)],
    )
    entries = cited(scenario)
    rested = identifiers(str(preset.to_data()))
    assert [one for one in rested if bibliography()[one] not in entries] == []


def test_the_command_prints_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save_scenario(SCENARIO, Path("a.toml"))
    assert main(["cite", "a.toml"]) == DONE
    assert capsys.readouterr().out.count("\n@") + 1 == len(cited(SCENARIO))
    assert main(["cite", "b.toml"]) == BAD_INPUT
