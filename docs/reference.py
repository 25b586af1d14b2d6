"""The reference: what every public module says of itself."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import sim

PARTS = {
    "sim": "Everything by its short name",
    "sim.creators": "Creators",
    "sim.decisions": "Decision rules",
    "sim.networks": "Networks",
    "sim.institutions": "Institutions",
    "sim.capability": "Capability",
    "sim.runs": "Runs",
    "sim.answers": "Answers",
    "sim.leverage": "Leverage",
    "sim.sweeps": "Sweeps",
    "sim.loading": "Scenarios as users bring them",
    "sim.theory": "Theory",
    "sim.validation": "Published results",
    "sim.kernels": "Kernels",
    "analysis": "Analysis of saved results",
}


def write(folder: Path) -> Path:
    """Write a page for each part and one that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, title in PARTS.items():
        page = folder / f"{stem(package)}.md"
        page.write_text(f"# {title}\n\n{body(package)}", "utf-8")
    names = "\n".join(stem(package) for package in PARTS)
    head = "# Reference\n\nWhat the code says of itself."
    text = f"{head}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"
    page = folder / "reference.md"
    page.write_text(text, "utf-8")
    return page


def stem(package: str) -> str:
    """Return the name of a package's page."""
    return f"reference_{package.replace('.', '_')}"


def body(package: str) -> str:
    """Return the directives for the modules of a package, without those of other pages."""
    sections = "\n".join(
        f"## {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n```\n"
        for module in modules(package)
    )
    return f"{short_names()}\n{sections}" if package == "sim" else sections


def short_names() -> str:
    """Return what `import sim` offers, each with what it says of itself."""
    names = (name for name in sim.__all__ if name[0] != "_")
    return "".join(f"- `sim.{name}`: {summary(name)}\n" for name in names)


def summary(name: str) -> str:
    """Return the first line that something says of itself."""
    said = getattr(sim, name).__doc__ or ""
    return said.strip().partition("\n")[0]


def modules(package: str) -> list[str]:
    """Return the public modules directly in a package."""
    path = importlib.import_module(package).__path__
    names = [m.name for m in pkgutil.iter_modules(path) if not m.ispkg and m.name[0] != "_"]
    return [f"{package}.{name}" for name in names]
