"""What a result was made with: versions, commit, machine, time."""

from __future__ import annotations

import functools
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

DISTRIBUTION = "datastrike"
LIBRARIES = (
    "numpy",
    "numba",
    "llvmlite",
    "mesa",
    "scipy",
    "networkx",
    "pandas",
    "pyarrow",
    "pydantic",
)
UNKNOWN = "unknown"


def provenance() -> dict[str, Any]:
    """Return what anybody needs to know to make the same numbers again."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "python": platform.python_version(),
            DISTRIBUTION: own_version(),
            **{name: _version(name) for name in LIBRARIES},
        },
        "commit": commit(),
        "platform": f"{sys.platform} {platform.machine()}",
    }


def own_version() -> str:
    """Return the version of this program, or ``unknown`` where it is not installed."""
    return _version(DISTRIBUTION)


@functools.cache
def commit() -> str | None:
    """Return the commit of the checkout that runs, with ``+`` if files of it were changed."""
    root = Path(__file__).parents[1]
    if not (root / ".git").exists():
        return None
    head = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", "*.py")
    return f"{head}+" if head and changed else head or None


def _git(root: Path, *command: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *command],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return UNKNOWN
