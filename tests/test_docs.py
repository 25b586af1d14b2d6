"""What is written by hand agrees with what follows from the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field
from pydantic.fields import FieldInfo

import sim
from docs import parameters
from sim.spec import NonNegative, Part, Probability, Spec
from tests.modules import modules

ROOT = Path(__file__).parents[1]
MODEL = (ROOT / "MODEL.md").read_text("utf-8")


def specifications(base: type[Spec] = Spec) -> Iterator[type[Spec]]:
    for found in base.__subclasses__():
        yield found
        yield from specifications(found)


class TestParameters:
    def test_tables_follow_from_the_code(self) -> None:
        assert parameters.with_tables(MODEL) == MODEL, "run python3 do.py docs"

    def test_every_specification_has_a_table_or_a_reason(self) -> None:
        assert list(modules())  # so that all specifications are known
        told = {line[5:] for line in MODEL.splitlines() if line.startswith("#### ")}
        missing = []
        for spec in specifications():
            ours = spec.__module__.startswith("sim.") and not spec.__name__.startswith("_")
            family = Part in spec.__bases__ or spec is Part
            untold = any(owner.__name__ in parameters.UNTOLD for owner in spec.__mro__)
            if ours and not family and not untold and spec.__name__ not in told:
                missing.append(f"{spec.__module__}.{spec.__name__}")
        assert missing == []

    def test_a_number_needs_a_unit_and_a_default_needs_evidence(self) -> None:
        said = parameters.Said({"Own": {"b": ["works"], "c": ["works", "assumed", "a guess"]}})

        class Own(Spec):
            a: NonNegative
            b: NonNegative = 2.0
            c: NonNegative = 2.0
            d: NonNegative = 0.0
            e: Probability = 0.0

        def of(name: str, meaning: str = "") -> tuple[str, str]:
            return said.of(Own, name, Own.model_fields[name], meaning)

        with pytest.raises(parameters.IncompleteError, match=r"\[Own\] a: needs a unit"):
            of("a")
        with pytest.raises(parameters.IncompleteError, match=r"\[Own\] b: needs evidence"):
            of("b")
        assert of("c") == ("works", "assumed: a guess")
        assert of("d", "What it takes (utility).") == ("utility", "input")
        assert of("e") == ("share", "input")

    def test_entries_of_no_field_are_refused(self) -> None:
        with pytest.raises(parameters.IncompleteError, match=r"\[Gone\] x"):
            parameters.Said({"Gone": {"x": ["works"]}}).finish()

    @pytest.mark.parametrize(
        ("annotation", "field", "shown"),
        [
            (float, Field(gt=0.0, le=4.0), "> 0, ≤ 4"),
            (NonNegative | None, Field(default=None), "≥ 0"),
            (int, Field(ge=1), "whole, ≥ 1"),
            (bool, Field(), "yes, no"),
            (sim.Seeds, Field(), "Seeds"),
        ],
    )
    def test_ranges(self, annotation: object, field: FieldInfo, shown: str) -> None:
        info = FieldInfo.from_annotated_attribute(annotation, field)
        assert parameters.range_of(info) == shown
