"""What stands behind a scenario's values, unless they were changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.loading.scripts import from_library, in_library

if TYPE_CHECKING:
    from sim.scenario import Evidence, Scenario

    Stated = Callable[[Scenario], Iterable[tuple[str, str]]]

UNTOLD = ("about", "name")
"""Parts of a scenario that are no assumptions."""
OWN = "set by you"
"""Mark of a value that is not the one that the library's evidence is of."""


@dataclass(frozen=True)
class Behind:
    """Evidence of a scenario's values.

    Parameters
    ----------
    scenario : Scenario
        Maybe one of the library, with some values changed.
    stated : function
        Yields path and value of all that a scenario states, as they are told.
    """

    scenario: Scenario
    stated: Stated

    @cached_property
    def _library(self) -> Scenario | None:
        """The library's scenario of that name."""
        name = self.scenario.name
        return from_library(name) if in_library(name) else None

    @cached_property
    def _there(self) -> dict[str, str]:
        return dict(self.stated(self._library)) if self._library else {}

    def changed(self, path: str, value: str) -> bool:
        """Return whether a value is not the one that the library's scenario states."""
        return self._library is not None and self._there.get(path) != value

    def of(self, path: str, value: str) -> list[Evidence]:
        """Return what stands behind a value and its parts, the closest that is around it first.

        What the library says of another value is left out.
        """
        evidence = self.scenario.about.evidence
        if self._library is not None and self.changed(path, value):
            evidence = tuple(each for each in evidence if each not in self._library.about.evidence)
        around = [each for each in evidence if f"{path}.".startswith(f"{each.path}.")]
        closest = max(around, key=lambda each: len(each.path), default=None)
        within = [each for each in evidence if each.path.startswith(f"{path}.")]
        return [closest, *within] if closest else within
