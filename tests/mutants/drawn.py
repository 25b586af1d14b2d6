"""Which small mistakes can be put into a package, and a random sample of them."""

from __future__ import annotations

import ast
import difflib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

SWAPS = {
    "Binary": "Add_Sub Sub_Add Mul_Div Div_Mul Pow_Mul FloorDiv_Mul Mod_Mul BitOr_BitAnd "
    "BitAnd_BitOr LShift_RShift RShift_LShift",
    "Comparison": "Eq_NotEq NotEq_Eq Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt "
    "Is_IsNot IsNot_Is",
    "Unary": "USub_UAdd Delete_USub Delete_Not Delete_Invert",
}
"""One or two likely slips for each sign: the others mostly raise, and are noticed by anything."""
OTHERS = (
    "AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd "
    "ReplaceBreakWithContinue ReplaceContinueWithBreak ExceptionReplacer NumberReplacer "
    "RemoveDecorator ZeroIterationForLoop"
)
OPERATORS = [
    *(f"core/Replace{kind}Operator_{swap}" for kind in SWAPS for swap in SWAPS[kind].split()),
    *(f"core/{name}" for name in OTHERS.split()),
]
TEMPLATE = re.compile(r"'''(.*?)'''", re.S)
"""Source within the source: the loops that are written around rules."""


@dataclass(frozen=True)
class Mutant:
    """One mistake in one file."""

    path: Path
    line: int
    operator: str
    occurrence: int
    start: int
    """Where the piece of the file begins that the mistake is counted in."""
    end: int
    on_import: bool = False
    """Whether the line runs once, when its module is imported."""

    def mutated(self, source: str) -> str | None:
        """Return the file's text with the mistake in it, or None if that is no Python."""
        made = mutate_code(source[self.start : self.end], _operator(self.operator), self.occurrence)
        if made is None:
            return None
        whole = source[: self.start] + made + source[self.end :]
        return whole if _means(whole) not in (None, _means(source)) else None

    def diff(self, root: Path) -> str:
        source = (root / self.path).read_text("utf-8")
        lines = (source.splitlines(), (self.mutated(source) or "").splitlines())
        told = difflib.unified_diff(*lines, str(self.path), self.operator, lineterm="", n=2)
        return "\n".join(told)


def mutants(root: Path, package: str) -> list[Mutant]:
    """Return every mistake that the operators make in a package of `sim`."""
    paths = sorted((root / "sim" / package).rglob("*.py"))
    return [mutant for path in paths for mutant in _in_file(root, path.relative_to(root))]


def sample(root: Path, package: str, size: int, seed: int) -> list[Mutant]:
    """Draw mistakes at random, without those that change only what nothing reads."""
    found = mutants(root, package)
    random.Random(f"{seed} {package}").shuffle(found)
    telling = (
        mutant for mutant in found if mutant.mutated((root / mutant.path).read_text("utf-8"))
    )
    return [mutant for mutant, _ in zip(telling, range(size), strict=False)]


def _in_file(root: Path, path: Path) -> Iterator[Mutant]:
    source = (root / path).read_text("utf-8")
    called = _called(source)
    for start, end in [(0, len(source)), *(m.span(1) for m in TEMPLATE.finditer(source))]:
        nodes = list(ast_nodes(get_ast(source[start:end])))
        above = source.count("\n", 0, start)
        for name in OPERATORS:
            operator = _operator(name)
            places = [place for node in nodes for place in operator.mutation_positions(node)]
            for occurrence, ((row, _), _) in enumerate(places):
                line = above + row
                yield Mutant(path, line, name, occurrence, start, end, line not in called)


def _called(source: str) -> set[int]:
    """Return the lines within functions."""
    functions = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef))
    return {line for f in functions for line in range(f.body[0].lineno, f.body[-1].end_lineno + 1)}


def _operator(name: str) -> Operator:
    made: Operator = plugins.get_operator(name)()
    return made


class _Meaning(ast.NodeTransformer):
    """Takes away what is never evaluated: annotations in functions, imports for types."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        for inner in ast.walk(node):
            if isinstance(inner, ast.AnnAssign):
                inner.annotation = ast.Constant(0)
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Only what pydantic looks at: to a dataclass an annotation is text."""
        if any("dataclass" in ast.unparse(each) for each in node.decorator_list):
            for field in node.body:
                if isinstance(field, ast.AnnAssign):
                    field.annotation = ast.Constant(0)
        self.generic_visit(node)
        return node

    def visit_If(self, node: ast.If) -> ast.If | None:
        self.generic_visit(node)
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else node


def _means(source: str) -> str | None:
    try:
        return ast.dump(_Meaning().visit(ast.parse(source)))
    except SyntaxError:
        return None
