"""Whatever is put in, it works or is refused in words, and nothing is left half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzzing.surfaces import surfaces
from tests.fuzzing.worlds import play, worlds

EFFORTS = {"quick": 30, "long": 1_000}

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def cases() -> list[object]:
    """Return each surface at each effort, as far as it is tried so."""
    return [
        pytest.param(name, most, id=f"{name}-{effort}", marks=[pytest.mark.slow] * (most > 30))
        for name in surfaces()
        for effort, most in EFFORTS.items()
    ]


def test_worlds_can_be_played() -> None:
    """Else everything would be refused, and nothing found."""
    assert len(worlds()) > 10
    play(worlds()["crowded"])


@pytest.mark.parametrize(("name", "most"), cases())
def test_surfaces(name: str, most: int, tmp_path: Path) -> None:
    prepare = surfaces()[name]
    if name in ("ratings", "works"):
        pytest.importorskip("sklearn")
    surface = prepare(tmp_path)
    if most < surface.costs:
        pytest.skip("is tried only at length")

    @settings(suppress_health_check=list(HealthCheck), max_examples=most // surface.costs)
    @given(surface.inputs)
    def tried(given_: object) -> None:
        surface.tried(given_)

    tried()
