"""Scenario discovery: under which circumstances does something happen, in a few plain conditions.

A small decision tree (CART: Breiman et al. 1984) over all runs, read as in scenario discovery
(Bryant & Lempert 2010, doi:10.1016/j.techfore.2009.08.002): *coverage* is the share of all
cases of interest that a rule catches, *density* the share of cases of interest among those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.sweeps.summaries import values_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.sweeps.saved import Sweep

DEPTH = 3
LEAST = 0.05
"""Share of all runs that a rule must speak of, so that none rests on a few."""


@dataclass(frozen=True)
class Rule:
    """Conditions under which cases of interest gather.

    Parameters
    ----------
    conditions : tuple of str
        All of them hold.
    coverage, density : float
        See the top of this module; density is from runs the tree has not seen.
    runs : int
        That meet the conditions.
    """

    conditions: tuple[str, ...]
    coverage: float
    density: float
    runs: int


def discover(
    sweep: Sweep,
    outcome: str,
    interest: Callable[[float], bool],
    depth: int = DEPTH,
    where: Mapping[str, Any] | None = None,
) -> list[Rule]:
    """Return rules that tell when an outcome is of interest, the densest first.

    Half of the points grow the tree; what is said of its rules comes from the other half.

    Parameters
    ----------
    sweep : Sweep
        What was played.
    outcome : str
        Name of an outcome, or ``effect.NAME``.
    interest : function
        Takes a value and says whether it is of interest, for example a strike that fails.
    depth : int
        Conditions in a rule at the most.
    where : dict, optional
        Which runs, as for `Sweep.table`.

    Raises
    ------
    InputError
        If scikit-learn is not installed, runs failed, or all runs are alike.
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise InputError("scikit-learn is not installed: pip install scikit-learn") from None
    runs = values_of(sweep, outcome, where)
    cases = np.array([bool(interest(value)) for value in runs["value"]])
    if cases.all() or not cases.any():
        raise InputError(f"{outcome}: {'every' if cases.all() else 'no'} run is of interest")
    columns = _columns(runs[list(sweep.parameters)])
    point = runs.groupby(list(sweep.parameters), dropna=False, sort=False).ngroup().to_numpy()
    grown = point % 2 == 0
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=LEAST, random_state=0)
    tree.fit(columns[grown], cases[grown])
    leaf, tested = tree.apply(columns), ~grown
    rules = []
    for number, conditions in _paths(tree.tree_, list(columns.columns)):
        here = (leaf == number) & tested
        if here.any():
            caught = int(cases[here].sum())
            coverage = caught / max(1, int(cases[tested].sum()))
            rules.append(Rule(conditions, coverage, caught / int(here.sum()), int(here.sum())))
    return sorted(rules, key=lambda rule: (-rule.density, -rule.coverage))


def _columns(parameters: pd.DataFrame) -> pd.DataFrame:
    """Return numbers: truth values as 0 and 1, one column for each text that occurs."""
    import pandas as pd

    texts = [n for n in parameters if not pd.api.types.is_numeric_dtype(parameters[n])]
    numbers = pd.get_dummies(parameters, columns=texts, prefix_sep="=").astype(float)
    return numbers.loc[:, numbers.nunique() > 1]


def _paths(
    tree: Any, names: list[str], node: int = 0, conditions: tuple[str, ...] = ()
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each leaf with the conditions that lead to it, none of them implied by another."""
    below, above = int(tree.children_left[node]), int(tree.children_right[node])
    if below == above:
        yield node, conditions
        return
    name, value = names[tree.feature[node]], float(tree.threshold[node])
    for child, sign in ((below, "<="), (above, ">")):
        kept = (said for said in conditions if not said.startswith(f"{name} {sign} "))
        yield from _paths(tree, names, child, (*kept, _condition(name, sign, value)))


def _condition(name: str, sign: str, value: float) -> str:
    path, equals, text = name.partition("=")
    if equals:
        return f"{path} is {text}" if sign == ">" else f"{path} is not {text}"
    return f"{name} {sign} {value:.4g}"
