"""The source of a rule's function, complete with the constants and helpers that it uses."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.decisions.base import Rule

DECLARED = ("when", "order", "traits", "memories", "weighs", "scales_pull")
"""What a rule's class says of how it is played."""


def function_source(function: Callable[..., Any], name: str) -> str:
    """Return source that defines a function, to be inlined, after what it refers to.

    Numbers from the function's module are written as literals; plain functions are written
    out before it; ``math`` is available.  Each gets a name of its own, so that nothing in the
    loops around the rule can be hidden by it.

    Raises
    ------
    InputError
        If the source cannot be had, or the function refers to anything else.
    """
    parts: list[str] = []
    _collect(function, name, parts, [])
    return "\n\n".join(parts)


def rule_source(kind: type[Rule]) -> str:
    """Return all the source that decides how a rule plays, without comments and docstrings.

    Raises
    ------
    InputError
        See `function_source`.
    """
    stated = kind.function()
    parts = [f"{name} = {getattr(kind, name)!r}" for name in DECLARED]
    parts += [kind.form(), function_source(stated, "rule")]
    for owner in kind.__mro__:
        if not owner.__module__.startswith(("sim.", "pydantic.", "builtins")):
            for name, member in sorted(vars(owner).items()):
                function = _written(member)
                if function is not None and function is not stated:
                    parts.append(f"{name}: {ast.unparse(_definition(function))}")
    return "\n\n".join(parts)


def _written(member: Any) -> FunctionType | None:
    """Return the function that a class's author wrote for one of its members, if any."""
    inner = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    if isinstance(inner, FunctionType) and not inner.__module__.startswith("pydantic"):
        return inner
    return None


def _collect(
    function: Callable[..., Any], name: str, parts: list[str], done: list[tuple[str, Any]]
) -> None:
    tree = _definition(function)
    own = {}
    for wanted in _free_names(tree):
        value = _resolve(function, wanted)
        known = [called for called, other in done if other is value]
        own[wanted] = known[0] if known else f"its_{wanted}_{len(done)}"
        if not known:
            done.append((own[wanted], value))
            _write(function, wanted, value, own[wanted], parts, done)
    tree.name = name
    parts.append(f"@inlined\n{ast.unparse(_Renamed(own).visit(tree))}")


def _write(
    function: Callable[..., Any],
    wanted: str,
    value: Any,
    name: str,
    parts: list[str],
    done: list[tuple[str, Any]],
) -> None:
    if isinstance(value, (bool, int, float)):
        parts.append(f"{name} = {_literal(value)}")
    elif isinstance(value, FunctionType):
        _collect(value, name, parts, done)
    elif value is math:
        parts.append(f"{name} = math")
    else:
        raise InputError(
            f"rule function {function.__qualname__}: uses {wanted!r}, which is neither a "
            "number, a plain function, nor math; pass it as a field of the rule"
        )


class _Renamed(ast.NodeTransformer):
    """Gives the names that a function finds around itself those that they have in the loops."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    try:
        source = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise InputError(
            f"rule function {function.__qualname__}: its source cannot be read ({error}); "
            "define it in a file"
        ) from None
    if not isinstance(tree, ast.FunctionDef):
        raise InputError(f"rule function {function.__qualname__}: must be written with def")
    tree.decorator_list = []
    tree.returns = None
    for argument in (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    if isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant):
        tree.body = tree.body[1:] or [ast.Pass()]
    return tree


def _free_names(tree: ast.FunctionDef) -> list[str]:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    bound |= {a.arg for a in (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs)}
    loads = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return sorted(name for name in loads - bound if not hasattr(builtins, name))


def _resolve(function: Callable[..., Any], name: str) -> Any:
    scope = inspect.getclosurevars(function)
    for place in (scope.nonlocals, scope.globals, getattr(function, "__globals__", {})):
        if name in place:
            return place[name]
    raise InputError(f"rule function {function.__qualname__}: unknown name {name!r}")


def _literal(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return (
            f"float({str(value)!r})" if math.isnan(value) else f"{'-' if value < 0 else ''}math.inf"
        )
    return repr(value)
