"""What the surrogate has to get right of runs that somebody else trained, where they are at hand.

One kind of table in each module, which defines ``checks(folder)``; found by looking here.  Tables
are known by their columns, whatever they are called and wherever in the folder they lie, plain or
gzipped.  Published numbers stand here and in `sim.validation.table` alone.

================== ==============================================================================
kind               columns
================== ==============================================================================
mixtures           two tables with ``index``: shares of domains in ``train_..._DOMAIN`` and losses
                   in ``metric/..._DOMAIN_val_loss``; named ``..mixture..`` and ``..loss..``, a pair
                   alike but for that (github.com/sail-sg/regmix, ``data``); ``test`` tables are
                   foretold from ``train`` ones of the same size of model, and ranked otherwise
error_quantiles    ``strike``, ``rel_q10``, ``rel_q90``: share of the data gone, deciles of the
                   relative rise of error over many learning curves
learning_curves    ``frac``, ``small``: share of the data, score of a model trained on it
                   (github.com/nickmvincent/cdc, ``reports``)
code_strikes       ``D_NAME`` for each community's data, one measure ``MEASURE_NAME`` for each
                   community's loss, and optionally ``design``: runs called full, random and mixed
                   are fitted, never those in which one whole community is gone; and ``poison``
user_strikes       ``design`` (full, random, matched, other words for strikes of groups), ``s``
                   (share that strikes), ``group``, ``side`` (in, out), ``pos_left``,
                   ``pos_struck``, scores, and ``base_`` scores of nobody's striking
================== ==============================================================================
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from sim.errors import InputError
from sim.validation.check import Check
from sim.validation.evidence.files import NoTableError
from sim.words.messages import nearest

__all__ = ["NoTableError", "checks", "names"]


def names() -> list[str]:
    """Return the kinds of tables that there are checks of."""
    return [module.name for module in pkgutil.iter_modules(__path__) if module.name != "files"]


def checks(name: str, folder: str | Path) -> tuple[Check, ...]:
    """Return the checks of one kind of tables for those in a folder.

    Raises
    ------
    NoTableError
        If there are none in the folder.
    InputError
        If there is no such kind or no such folder.
    """
    known = names()
    if name not in known:
        raise InputError(f"unknown kind of tables {name!r}; {nearest(name, known)}")
    module = importlib.import_module(f"{__name__}.{name}")
    found: tuple[Check, ...] = module.checks(Path(folder))
    return found
