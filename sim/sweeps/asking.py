"""What was asked for, as a design whose every point has been checked against the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.sweeps.axes import Axis, check_levers, read_axes
from sim.sweeps.columns import Design
from sim.sweeps.designs import Drawn, draw, listed, read_points
from sim.sweeps.plan import ARMS
from sim.sweeps.points import resolve

if TYPE_CHECKING:
    from sim.scenario import Scenario

    Varied = Mapping[str, Any] | None
    Stated = str | Path | Iterable[Mapping[str, Any]] | None

SEEDS = 2**32


def ask(
    scenario: Scenario,
    vary: Varied,
    uncertain: Varied,
    design: Stated,
    samples: int | None,
    seed: int,
    replications: int,
    counterfactual: bool = False,
    independent_seeds: bool = False,
) -> Design:
    """Return the design of a sweep; see `sim.sweep`.

    Raises
    ------
    InputError
        If the design does not fit what is varied, or a point is no scenario.
    """
    if replications < 1:
        raise InputError(f"replications: must be at least 1, got {replications}")
    if design is None and samples is None:
        check_levers(vary or {})
    axes = read_axes(vary or {}, scenario, "lever")
    axes += read_axes(uncertain or {}, scenario, "uncertainty")
    both = sorted(set(vary or {}) & set(uncertain or {}))
    if both:
        raise InputError(f"{both[0]}: is either a lever or an uncertainty, not both")
    drawn = _drawn(axes, design, samples, seed)
    seeds = replications * (len(drawn.points) if independent_seeds else 1)
    if not 0 <= seed <= SEEDS - seeds:
        raise InputError(f"seed: must be from 0 to {SEEDS - seeds} with {seeds} seeds, got {seed}")
    about = {
        "kind": drawn.kind,
        "axes": [axis.as_data() for axis in axes],
        "sampled": list(drawn.sampled),
        "samples": drawn.samples,
        "first_seed": seed,
        "replications": replications,
        "arms": list(ARMS if counterfactual else ARMS[:1]),
        "one_network": scenario.network_seed is not None,
        "independent": independent_seeds,
    }
    return Design(resolve(scenario, drawn.points), about, drawn.shares)


def _drawn(axes: list[Axis], design: Stated, samples: int | None, seed: int) -> Drawn:
    if design is None:
        design = "lhs" if any(axis.spread is not None for axis in axes) else "grid"
    if isinstance(design, str) and Path(design).suffix != ".csv":
        return draw(axes, design, samples, seed)
    if axes:
        raise InputError("design: states its points, so nothing else can be varied")
    return read_points(design) if isinstance(design, (str, Path)) else listed(design)
