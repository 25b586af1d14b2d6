"""Whether a world fits into memory, asked before anything is built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

STATE = 24
"""Bytes of state for each creator: tactic, flags, counters, lists of who changes."""
COLUMN = 8
HISTORY = 48
"""Bytes for each step and community: who acts, acted and is withheld, twice."""
SPARE = 0.9
"""Share of the free memory that a run may take."""


def needed(scenario: Scenario) -> int:
    """Return the bytes that building and playing a scenario takes at its peak, about."""
    creators = scenario.creators
    drawn = sum(
        any(_differs(community, name) for community in scenario.communities)
        for name in ("stock", "output", *scenario.rule.columns(), *scenario.rule.memories)
    )
    dated = 4 if scenario.labs or scenario.seen_for else 0
    kept = sum(COLUMN for lab in scenario.labs if lab.snapshots != "fresh")
    grouped = (4 if scenario.withholds else 0) + (3 if scenario.platforms else 0)
    each = STATE + dated + kept + grouped + COLUMN * drawn
    return scenario.network.memory(creators) + creators * each + history(scenario)


def history(scenario: Scenario) -> int:
    """Return the bytes that the numbers of each step take, about, with copies for tables."""
    return HISTORY * (scenario.steps + 1) * len(scenario.communities)


def free() -> int | None:
    """Return the bytes of memory that a process can still get, where the system tells."""
    limits = [Path("/sys/fs/cgroup/memory.max"), Path("/proc/meminfo")]
    found = []
    for place in limits:
        try:
            text = place.read_text(encoding="ascii")
        except OSError:
            continue
        if place.name == "meminfo":
            lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            found.append(int(lines["MemAvailable"].split()[0]) * 1024)
        elif text.strip().isdigit():
            found.append(int(text))
    if not found and hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=None)


def check(scenario: Scenario) -> None:
    """Refuse a scenario that cannot fit.

    Raises
    ------
    InputError
        With what it needs, what there is, and what to change.
    """
    need, there = needed(scenario), free()
    if there is None or need <= SPARE * there:
        return
    if history(scenario) > need / 2:
        raise InputError(
            f"steps: {scenario.steps:,} steps of {len(scenario.communities):,} communities leave "
            f"a history of about {_said(need)}, and {_said(there)} of memory are free; use fewer "
            "steps or communities"
        )
    raise InputError(
        f"communities: {scenario.creators:,} creators on this network need about "
        f"{_said(need)} of memory, and {_said(there)} are free; use fewer creators (each "
        "can represent more real ones) or fewer links"
    )


def _differs(community: object, name: str) -> bool:
    traits = getattr(community, "traits", {})
    quantity = traits.get(name, getattr(community, name, None))
    return quantity is not None and quantity.constant is None


def _said(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"
