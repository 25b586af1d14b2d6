"""How kernels are compiled: once per machine, never from a stale source.

Numba decides by the file of a function alone whether its stored machine code is still
good, so a change in a function that it calls goes unnoticed.  Here the store is named by
everything that goes into the code (all kernel sources, versions, processor), so nothing
stale can be found in it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import llvmlite
import numba
import numpy as np
import platformdirs

UNUSED = 30 * 86_400.0
"""Seconds."""

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a loop over arrays; plain Python when ``NUMBA_DISABLE_JIT`` is set."""
    return _compile(function, forceinline=False)


def inlined(function: Function) -> Function:
    """Compile a small helper into each of its callers, so that loops around it vectorise."""
    return _compile(function, forceinline=True)


def _compile(function: Function, forceinline: bool) -> Function:
    if numba.config.DISABLE_JIT:
        return function
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(kernel_store())
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=forceinline)(
            function
        )
    finally:
        numba.config.CACHE_DIR = previous


@functools.cache
def kernel_store() -> Path:
    """Return the folder of compiled kernels, named by all that determines them."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    what = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    versions = (sys.version, numba.__version__, llvmlite.__version__, np.__version__)
    for part in (*versions, platform.machine(), numba.config.CPU_NAME or _cpu()):
        what.update(str(part).encode())
    folder = cache_home() / f"kernels-{what.hexdigest()[:16]}"
    if not folder.exists():
        throw_away_unused(cache_home())
    return _writable(folder)


def throw_away_unused(home: Path) -> None:
    """Remove what was compiled for other versions and not used for a month."""
    for old in (*home.glob("kernels-*"), *home.glob("rules/rule_*")):
        with contextlib.suppress(OSError):  # somebody else was faster
            if time.time() - old.stat().st_mtime > UNUSED:
                shutil.rmtree(old) if old.is_dir() else old.unlink()


def cache_home() -> Path:
    """Return where the project keeps what it can make again (``DATASTRIKE_CACHE`` moves it)."""
    stated = os.environ.get("DATASTRIKE_CACHE")
    return Path(stated) if stated else Path(platformdirs.user_cache_dir("datastrike"))


def _cpu() -> str:
    from llvmlite import binding

    return f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)  # in use
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="datastrike-kernels-"))
