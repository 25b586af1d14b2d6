"""How a study was made, and how to make it again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.page.parts import Html, element, folded, section, table, together
from sim.loading.files import to_toml

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONGEST = 300_000
"""Letters of a scenario that a page can hold."""


def made(scenario: Scenario, facts: dict[str, str], commands: list[str], runs: str = "") -> Html:
    """Return the scenario, the receipt (with more of its runs) and the commands that repeat it."""
    text = to_toml(scenario)
    told = (
        element("pre", text)
        if len(text) <= LONGEST
        else element("p", "It is too long to be shown; the folder holds it.")
    )
    same = "The same version gives the same numbers to the last bit on the same kind of machine."
    return together(
        (
            section("Scenario", folded("The scenario as a file (TOML)", told)),
            section("Receipt", table(("what", "value"), list(facts.items())), runs),
            section(
                "How to reproduce",
                element("pre", "\n".join(commands)),
                element("p", same, class_="quiet"),
            ),
        )
    )


def facts_of(receipt: dict[str, Any]) -> dict[str, str]:
    """Return what a receipt says of seeds, digests and the program."""
    seeds, versions = receipt["seeds"], dict(receipt["versions"])
    own = versions.pop("datastrike", "unknown")
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    inputs = {f"input {name}": f"SHA-256 {digest}" for name, digest in receipt["inputs"].items()}
    return {
        "made": str(receipt["created"]),
        "datastrike": f"version {own}, commit {receipt['commit'] or 'unknown'}",
        "with": libraries,
        "on": str(receipt["platform"]),
        "scenario digest": str(receipt["scenario_digest"]),
        "seeds": seeds_of(seeds),
        **inputs,
    }


def digests(receipt: dict[str, Any]) -> Html:
    """Return the digest of every run."""
    rows = [(run["arm"], str(run["seed"]), run["state_digest"]) for run in receipt["runs"]]
    return folded(f"Digests of {len(rows)} runs", table(("arm", "seed", "digest"), rows))


def repeat(command: str, folder: Path, receipt: dict[str, Any]) -> list[str]:
    """Return the commands that play what a folder holds again, from its receipt."""
    again = [f"datastrike {command} {shlex.quote(str(folder / 'receipt.json'))}"]
    commit = str(receipt["commit"] or "").rstrip("+")
    changed = ["# some files differed from that commit"] * str(receipt["commit"]).endswith("+")
    return [f"git checkout {commit}", *changed, *again] if commit else again


def seeds_of(seeds: list[int]) -> str:
    """Return seeds in words."""
    one = len(seeds) == 1
    return f"seed {seeds[0]}" if one else f"seeds {seeds[0]} to {seeds[-1]} ({len(seeds)})"
