"""What is varied: a path of the scenario with the values, or the distribution, that it takes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from sim.creators.distributions import Distribution, Uniform
from sim.errors import InputError
from sim.loading.overrides import fitting, parse_value, values
from sim.spec import Spec
from sim.words.messages import explain, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Floats = NDArray[np.float64]

Role = Literal["lever", "uncertainty"]
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
RANGE = re.compile(rf"^\s*({NUMBER})\s*:\s*({NUMBER})\s*(?::\s*(\d+))?\s*$")
MOST_LEVELS = 10**6


@dataclass(frozen=True)
class Axis:
    """One path that a sweep varies.

    Parameters
    ----------
    path : str
        Dotted path of the scenario; with ``*`` for any name, all that fit vary together.
    levels : tuple
        The values it takes; empty where it is drawn.
    spread : Distribution, optional
        What it is drawn from.
    role : str
        ``lever`` (what actors choose) or ``uncertainty`` (what nobody knows).
    present : value
        What the scenario has there.  Where that is a whole number, drawn ones are rounded.
    """

    path: str
    levels: tuple[Any, ...] = ()
    spread: Distribution | None = None
    role: Role = "lever"
    present: Any = None

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return isinstance(self.present, int) and not isinstance(self.present, bool)

    @property
    def middle(self) -> Any:
        """What the scenario has there, or else the value in the middle."""
        import numpy as np

        return self.at(np.array([0.5]))[0] if self.present is None else self.present

    def at(self, shares: Floats) -> list[Any]:
        """Return the values at shares in [0, 1): quantiles, or levels that are equally likely."""
        import numpy as np

        if self.spread is None:
            places = np.minimum((shares * len(self.levels)).astype(int), len(self.levels) - 1)
            return [self.levels[place] for place in places]
        if not self.whole:
            return [float(value) for value in self.spread.quantile(shares)]
        if isinstance(self.spread, Uniform):
            low, high = math.ceil(self.spread.low), math.floor(self.spread.high)
            return [int(low + math.floor(share * (high - low + 1))) for share in shares]
        return [round(float(value)) for value in self.spread.quantile(shares)]

    def as_data(self) -> dict[str, Any]:
        """Return the axis as plain data."""
        taken = [cell(level) for level in self.levels]
        spread = self.spread.to_data() if self.spread is not None else None
        return {"path": self.path, "role": self.role, "levels": taken, "spread": spread}


def read_axes(varied: Mapping[str, Any], scenario: Scenario, role: Role) -> list[Axis]:
    """Return an axis for each varied path.

    Parameters
    ----------
    varied : dict of str to values
        A list of values, a distribution, or text: ``a,b,c``, ``low:high:number``,
        ``low:high`` (evenly spread), or a distribution as TOML writes it.
    scenario : Scenario
        What is varied.
    role : str
        ``lever`` or ``uncertainty``.

    Raises
    ------
    InputError
        If values cannot be read.
    """
    known = values(scenario)
    return [
        _axis(path, given, known.get(fitting(path, scenario)[0]), role)
        for path, given in varied.items()
    ]


def check_levers(varied: Mapping[str, Any]) -> None:
    """Refuse ranges of levers that do not say how many values they take.

    Raises
    ------
    InputError
        If there is one.
    """
    for path, given in varied.items():
        found = RANGE.match(given) if isinstance(given, str) else None
        if found and found[3] is None:
            few = f"{given.strip()}:5"
            raise InputError(
                f"{path}: {given.strip()} does not say how many values; write {few}, or give it "
                "as uncertain (--uncertain), or draw from it with a design such as lhs"
            )


def parse_axis(setting: str) -> tuple[str, str]:
    """Read ``path=values`` of the command line.

    Raises
    ------
    InputError
        If there is no path, no equals sign or no values.
    """
    path, _, text = setting.partition("=")
    if not path.strip() or not text.strip():
        raise InputError(
            f"{setting}: must be path=values, as in network.mean_degree=2,4,6 or "
            "communities.artists.threshold=0.1:0.3:5"
        )
    return path.strip(), text.strip()


def cell(value: Any) -> Any:
    """Return a value as plain data: a number, truth value, text, list, table or None."""
    if isinstance(value, Spec):
        return cell(value.to_data())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): cell(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [cell(part) for part in value]
    return value.item() if hasattr(value, "item") else value


def _axis(path: str, given: Any, present: Any, role: Role) -> Axis:
    taken = _read_text(path, given) if isinstance(given, str) else given
    _check_kind(path, taken, present)
    if isinstance(taken, Distribution):
        return Axis(path, (), taken, role, present)
    if isinstance(taken, (str, Spec, Mapping)) or not isinstance(taken, Iterable):
        taken = [taken]
    levels = tuple(level.item() if hasattr(level, "item") else level for level in taken)
    if not levels:
        raise InputError(f"{path}: needs at least one value")
    return Axis(path, levels, None, role, present)


def _check_kind(path: str, taken: Any, present: Any) -> None:
    """Refuse a table of an unknown kind where a number stands."""
    table = taken[0] if isinstance(taken, list) and len(taken) == 1 else taken
    if isinstance(table, Mapping) and isinstance(present, (int, float)):
        kind, known = table.get("kind"), Distribution.kinds()
        if kind not in known:
            raise InputError(f"{path}: no distribution {kind!r}; {nearest(str(kind), known)}")


def _read_text(path: str, text: str) -> Any:
    """Return the list of values or the distribution that a text describes."""
    found = RANGE.match(text)
    if found:
        return _range(path, found)
    if "{" not in text and "[" not in text:
        return [parse_value(part) for part in text.split(",")]
    read = parse_value(text) if text[0] == "[" else parse_value(f"[{text}]")
    if not isinstance(read, list):
        raise InputError(f"{path}: cannot read {text!r}; separate values by commas")
    kind = read[0].get("kind") if len(read) == 1 and isinstance(read[0], dict) else None
    if kind not in Distribution.kinds():
        return read
    try:
        return Distribution.model_validate(read[0])
    except ValidationError as error:
        raise InputError("\n".join(explain(error, path))) from None


def _range(path: str, found: re.Match[str]) -> Any:
    import numpy as np

    low, high = float(found[1]), float(found[2])
    if not low <= high:
        raise InputError(f"{path}: {found[0]} must go from low to high")
    if found[3] is None:
        return Uniform(low, high)
    number = int(found[3])
    if not 1 <= number <= MOST_LEVELS:
        raise InputError(f"{path}: {found[0]} must have 1 to {MOST_LEVELS:,} values")
    return [float(f"{level:.12g}") for level in np.linspace(low, high, number)]
