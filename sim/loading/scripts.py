"""Scenarios in Python: scripts that define ``SCENARIO``, and those found by name."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from types import ModuleType

    from sim.scenario import Scenario

LIBRARY = "scenarios"
"""The package whose scripts are found by name; nothing here imports it by itself."""


def library() -> dict[str, str]:
    """Return the scenarios by name, each with the first line of what it says of itself."""
    import ast

    found = {}
    for path in _scripts():
        tree = ast.parse(path.read_text("utf-8"))
        names = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
        names += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
        if any(isinstance(name, ast.Name) and name.id == "SCENARIO" for name in names):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def in_library(name: str) -> bool:
    """Return whether there is a script of this name."""
    return any(path.stem == name for path in _scripts())


def from_library(name: str) -> Scenario:
    """Return a scenario of the library by its name; raise a sentence with the nearest one."""
    name = name.replace("-", "_")
    if not in_library(name):
        from sim.words.messages import nearest

        known = library()
        hint = nearest(name, known) if known else "none is installed; give a file"
        raise InputError(f"unknown scenario {name!r}; {hint}")
    with _blamed(name):
        module = importlib.import_module(f"{LIBRARY}.{name}")
    return _defined(module, name)


def from_script(path: Path) -> Scenario:
    """Execute a script, which may also define decision rules, and return its scenario."""
    return _defined(executed(path), str(path))


def executed(path: Path) -> ModuleType:
    """Execute a script; decision rules that it defines are then known by their kind."""
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else "_script"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.absolute().parent))
    with _blamed(str(path)):
        spec.loader.exec_module(module)
    return module


def _scripts() -> Iterator[Path]:
    package = importlib.util.find_spec(LIBRARY)
    for folder in (package.submodule_search_locations or ()) if package else ():
        yield from sorted(Path(folder).glob("[a-z]*.py"))


def _defined(module: ModuleType, where: str) -> Scenario:
    from sim.scenario import Scenario

    scenario = getattr(module, "SCENARIO", None)
    if not isinstance(scenario, Scenario):
        raise InputError(f"{where}: must define SCENARIO, a sim.Scenario")
    return scenario


@contextmanager
def _blamed(where: str) -> Iterator[None]:
    """Say in one line for each mistake what went wrong in a script, and where."""
    from pydantic import ValidationError

    from sim.words.messages import explain

    try:
        yield
    except ValidationError as error:
        place = f"{where}{_line(error, where)}: {error.title}"
        raise InputError("\n".join(explain(error, place))) from None
    except InputError as error:
        place = f"{where}{_line(error, where)}"
        raise InputError(
            "\n".join(f"{place}: {said}" for said in str(error).splitlines())
        ) from None
    except Exception as error:  # noqa: BLE001 (whatever a script may raise)
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        text = f"{where}{_line(error, where)}: {type(error).__name__}: {said}"
        raise InputError(" ".join(text.split())) from None


def _line(error: Exception, where: str) -> str:
    """Return the last line of a script that an error passed through, as ``:12``."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}"
    lines = []
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).stem == Path(where).stem:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return f":{lines[-1]}" if lines else ""
