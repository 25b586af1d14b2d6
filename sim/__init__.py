"""Simulate collective action around AI training data: who strikes, and what a model loses."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.creators.columns import Creators as Creators
    from sim.creators.community import Community as Community
    from sim.creators.distributions import Beta as Beta
    from sim.creators.distributions import Constant as Constant
    from sim.creators.distributions import Empirical as Empirical
    from sim.creators.distributions import LogNormal as LogNormal
    from sim.creators.distributions import Normal as Normal
    from sim.creators.distributions import Pareto as Pareto
    from sim.creators.distributions import Truncated as Truncated
    from sim.creators.distributions import Uniform as Uniform
    from sim.creators.distributions import Values as Values
    from sim.creators.seeds import Seeds as Seeds
    from sim.decisions.base import Rule as Rule
    from sim.errors import InputError as InputError
    from sim.feedback import Feedback as Feedback
    from sim.institutions.answers import Concession as Concession
    from sim.institutions.answers import Licensing as Licensing
    from sim.institutions.answers import Retaliation as Retaliation
    from sim.institutions.bargaining import Bargaining as Bargaining
    from sim.institutions.calendar import Broadcast as Broadcast
    from sim.institutions.calendar import Deadline as Deadline
    from sim.institutions.calendar import Release as Release
    from sim.institutions.calendar import Ruling as Ruling
    from sim.institutions.calendar import TrainingDate as TrainingDate
    from sim.institutions.lab import Lab as Lab
    from sim.institutions.lab import Sharing as Sharing
    from sim.institutions.mandate import Mandate as Mandate
    from sim.institutions.market import Market as Market
    from sim.institutions.organiser import Demand as Demand
    from sim.institutions.organiser import Fund as Fund
    from sim.institutions.organiser import Organiser as Organiser
    from sim.institutions.platform import Platform as Platform
    from sim.institutions.press import Press as Press
    from sim.institutions.regulator import Regulator as Regulator
    from sim.leverage.collective import collective_value as collective_value
    from sim.leverage.curve import leverage_curve as leverage_curve
    from sim.leverage.induced import critical_mass as critical_mass
    from sim.leverage.induced import induced_leverage as induced_leverage
    from sim.leverage.size import smallest_group as smallest_group
    from sim.model import DataStrikeModel as DataStrikeModel
    from sim.result import Result as Result
    from sim.runs.batch import run_many as run_many
    from sim.runs.comparison import compare as compare
    from sim.runs.runner import run as run
    from sim.scenario import About as About
    from sim.scenario import Awareness as Awareness
    from sim.scenario import Evidence as Evidence
    from sim.scenario import Observed as Observed
    from sim.scenario import Revision as Revision
    from sim.scenario import Scenario as Scenario
    from sim.storage import load as load
    from sim.sweeps.saved import Sweep as Sweep
    from sim.sweeps.sweep import sweep as sweep
    from sim.tactics import Effect as Effect
    from sim.tactics import Tactic as Tactic

_PLACES = {
    "creators.columns": "Creators",
    "creators.community": "Community",
    "creators.distributions": "Beta Constant Empirical LogNormal Normal Pareto "
    "Truncated Uniform Values",
    "creators.seeds": "Seeds",
    "decisions.base": "Rule",
    "errors": "InputError",
    "feedback": "Feedback",
    "institutions.answers": "Concession Licensing Retaliation",
    "institutions.bargaining": "Bargaining",
    "institutions.calendar": "Broadcast Deadline Release Ruling TrainingDate",
    "institutions.lab": "Lab Sharing",
    "institutions.mandate": "Mandate",
    "institutions.market": "Market",
    "institutions.organiser": "Demand Fund Organiser",
    "institutions.platform": "Platform",
    "institutions.press": "Press",
    "institutions.regulator": "Regulator",
    "leverage.collective": "collective_value",
    "leverage.curve": "leverage_curve",
    "leverage.induced": "critical_mass induced_leverage",
    "leverage.size": "smallest_group",
    "loading.files": "load_scenario",
    "model": "DataStrikeModel",
    "result": "Result",
    "runs.batch": "run_many",
    "runs.comparison": "Comparison compare",
    "runs.runner": "run",
    "scenario": "About Awareness Evidence Observed Revision Scenario",
    "storage": "load",
    "sweeps.saved": "Sweep",
    "sweeps.sweep": "sweep",
    "tactics": "Effect Tactic",
}
_MODULE = {name: module for module, names in _PLACES.items() for name in names.split()}

__all__ = [*sorted(_MODULE), "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("datastrike")
    if name in _MODULE:
        return getattr(importlib.import_module(f"sim.{_MODULE[name]}"), name)
    if name in ("capability", "networks", "decisions", "institutions", "leverage", "theory"):
        return importlib.import_module(f"sim.{name}")
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
