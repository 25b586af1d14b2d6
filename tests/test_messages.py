"""What is wrong with a scenario is said in plain words, each mistake under its path."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import sim
from sim.words.messages import explain, nearest, shown

NAMED = "must be made of small letters, digits and _, and begin with a letter"


def told(data: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        sim.Scenario.from_data(data)
    return explain(caught.value)


def coders(**fields: Any) -> dict[str, Any]:
    return {"communities": [{"name": "coders", "size": 5, **fields}]}


class TestSentences:
    @pytest.mark.parametrize(
        ("fields", "line"),
        [
            ({"size": -5}, "size: must be at least 1, got -5"),
            ({"size": "many"}, "size: must be a whole number, got 'many'"),
            ({"size": 1.5}, "size: must be a whole number, got 1.5"),
            ({"aware": 1.5}, "aware: must be at most 1, got 1.5"),
            ({"represents": 0}, "represents: must be above 0, got 0"),
            ({"represents": float("inf")}, "represents: must be at most 1000000000000, got inf"),
            (
                {"stock": {"kind": "normal", "mean": 1, "sd": float("inf")}},
                "stock.sd: must be a finite number, got inf",
            ),
            ({"treshold": 0.3}, "treshold: unknown key; did you mean 'threshold'?"),
            ({"repertoire": {}}, "repertoire: needs at least 1 entries, got 0"),
            ({"repertoire": {"opt_out": 0.5}}, "repertoire shares must add up to 1, got 0.5"),
            (
                {"stock": {"kind": "normal", "mean": "x", "sd": -1}},
                "stock.mean: must be a number, got 'x'",
            ),
            ({"stock": {"kind": "normal", "mean": 1}}, "stock.sd: must be given"),
            (
                {"stock": {"kind": "parreto"}},
                "stock: unknown distribution 'parreto'; did you mean 'pareto'?",
            ),
            ({"traits": {"Own": 1}}, f"traits.Own: {NAMED}, got 'Own'"),
        ],
    )
    def test_of_a_community(self, fields: dict[str, Any], line: str) -> None:
        separator = ": " if line.startswith("repertoire shares") else "."
        assert told(coders(**fields))[0] == f"communities.coders{separator}{line}"

    @pytest.mark.parametrize(
        ("fields", "line"),
        [
            ({"rule": {"kind": "threshold", "of": "cuont"}}, "did you mean 'count'?"),
            ({"rule": {"of": "count"}}, "rule: must be a rule with a kind"),
            ({"network": {"kind": "watts_strogatz", "degree": 3, "rewiring": 0}}, "multiple of 2"),
            ({"start": "soon"}, "start: must be a date such as 2023-01-31, got 'soon'"),
            ({"action": "maybe"}, "action: must be true or false, got 'maybe'"),
            ({"name": 3}, "name: must be text, got 3"),
            ({"labs": 3}, "labs: must be a list, got 3"),
            ({"tactics": []}, "tactics: must be a table of named values, got a list"),
            ({"labs": [{"name": "Own", "lag": -1}]}, "labs.Own.lag: must be at least 0, got -1"),
            ({"calendar": [{"kind": "broadcast"}]}, "calendar.0.on: must be given"),
            ({"seeds": {"community": "writers"}}, "seeds.community: no community 'writers'"),
            ({"seeds": {"count": 1, "share": 0.1}}, "seeds: give one of count, share and ids"),
        ],
    )
    def test_of_a_scenario(self, fields: dict[str, Any], line: str) -> None:
        (said,) = told({**coders(), **fields})
        assert line in said

    def test_all_mistakes_at_once(self) -> None:
        lines = told(
            {
                "communities": [{"name": "a", "size": 0, "x": 1}, {"name": "b", "aware": 2}],
                "steps": -1,
                "nope": 1,
            }
        )
        paths = [line.partition(":")[0] for line in lines]
        assert sorted(paths) == [
            "communities.a.size",
            "communities.a.x",
            "communities.b.aware",
            "communities.b.size",
            "nope",
            "steps",
        ]

    def test_lead_by_the_file(self) -> None:
        with pytest.raises(ValidationError) as caught:
            sim.Scenario.from_data(coders(size=0))
        assert explain(caught.value, "own.toml") == [
            "own.toml: communities.coders.size: must be at least 1, got 0"
        ]

    def test_no_table_at_all(self) -> None:
        assert told([1, 2]) == ["must be a table of named values, got a list"]

    def test_no_community(self) -> None:
        assert told({"communities": []}) == ["communities: needs at least 1 entries, got 0"]

    def test_what_pydantic_alone_knows_is_still_a_sentence(self) -> None:
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(complex).validate_python("x")
        (line,) = explain(caught.value)
        assert line.startswith("must ")
        assert line.endswith("got 'x'")


class TestInPython:
    def test_the_error_is_that_of_pydantic_in_our_words(self) -> None:
        with pytest.raises(ValidationError) as caught:
            sim.Community("coders", size=-5, treshold=1)
        assert [(e["type"], e["loc"], e["msg"]) for e in caught.value.errors()] == [
            ("greater_than_equal", ("size",), "must be at least 1, got -5"),
            ("extra_forbidden", ("treshold",), "unknown key; did you mean 'threshold'?"),
        ]
        assert "1 validation error" not in str(caught.value)
        assert "must be at least 1, got -5" in str(caught.value)

    def test_parts_are_named_in_the_error_itself(self) -> None:
        with pytest.raises(ValidationError) as caught:
            sim.Scenario(communities=[{"name": "coders", "size": 0}])  # type: ignore[list-item]
        assert caught.value.errors()[0]["loc"] == ("communities", "coders", "size")

    def test_frozen(self) -> None:
        community = sim.Community("coders", 5)
        with pytest.raises(ValidationError) as caught:
            community.size = 6  # type: ignore[misc]
        assert explain(caught.value) == [
            "size: cannot be changed; make a changed copy with replace()"
        ]


class TestWords:
    def test_nearest(self) -> None:
        assert nearest("treshold", ["size", "threshold"]) == "did you mean 'threshold'?"
        assert nearest("zzz", ["size", "threshold"]) == "expected one of size, threshold"
        assert nearest("zzz", []) == "nothing is expected here"

    @pytest.mark.parametrize(
        ("value", "text"),
        [(True, "true"), ({}, "a table"), ((1,), "a list"), ("a", "'a'"), (0.5, "0.5")],
    )
    def test_shown(self, value: object, text: str) -> None:
        assert shown(value) == text

    def test_shown_is_short(self) -> None:
        assert len(shown("x" * 1000)) < 70
