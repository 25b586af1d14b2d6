"""Small scenarios for hypothesis: any rule, network and setting that the package has.

`scenarios` draws whole scenarios; the others draw their parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

import sim
from sim.decisions import Rule
from sim.decisions.base import COLUMNS
from sim.networks import (
    BarabasiAlbert,
    Complete,
    Empty,
    ErdosRenyi,
    Network,
    NetworkSpec,
    RandomRegular,
    StochasticBlock,
    WattsStrogatz,
)
from sim.tactics import Tactic

START = date(2023, 1, 1)
TACTICS = [tactic.name.lower() for tactic in Tactic if tactic != Tactic.CONTRIBUTE]
KINDS = {
    kind: rule
    for kind, rule in Rule.kinds().items()
    if rule.__module__.startswith("sim.decisions.")
}
"""Every decision rule of the package, by kind."""


@dataclass(frozen=True)
class Setting:
    """What a compiled loop is specialised to; fixing it saves compiling one for each example."""

    constant: bool = False
    """Whether all creators are alike in the columns that the rule reads."""
    unaware: bool = False
    """Whether some creators may not know of the campaign."""
    committed: bool = False
    sees: Literal["links", "others", "everyone"] = "links"
    moved: bool = False
    """Whether what others do, and how long one has been acting, moves the cost of acting."""
    divided: bool = False
    """Whether some communities are against what others do."""


SETTINGS = st.builds(
    Setting,
    constant=st.booleans(),
    unaware=st.booleans(),
    committed=st.booleans(),
    sees=st.sampled_from(("links", "links", "others", "everyone")),
    moved=st.booleans(),
    divided=st.booleans(),
)
probabilities = st.sampled_from((0.0, 0.05, 0.25, 0.5, 0.9, 1.0))
amounts = st.integers(-8, 8).map(lambda eighths: eighths / 4)
"""Numbers that often tie."""


def scenarios(
    kinds: st.SearchStrategy[type[Rule]] | None = None,
    settings: st.SearchStrategy[Setting] = SETTINGS,
    most_creators: int = 40,
    most_steps: int = 12,
    labs: bool = False,
) -> st.SearchStrategy[sim.Scenario]:
    """Whole scenarios of one to three communities.

    Parameters
    ----------
    kinds : strategy of rule classes, optional
        Any rule of the package unless given.
    settings : strategy of Setting
        What is held fixed about them.
    most_creators, most_steps : int
        Upper bounds.
    labs : bool
        Whether there are labs, and works for them to take.
    """
    chosen = kinds if kinds is not None else st.sampled_from(list(KINDS.values()))
    return st.tuples(chosen, settings).flatmap(
        lambda pair: _scenario(pair[0], pair[1], most_creators, most_steps, labs)
    )


@st.composite
def _scenario(
    draw: st.DrawFn,
    kind: type[Rule],
    setting: Setting,
    most_creators: int,
    most_steps: int,
    labs: bool,
) -> sim.Scenario:
    rule = draw(rules(kind))
    if "scope" in kind.model_fields:
        rule = rule.replace(scope="everyone" if setting.sees == "everyone" else "neighbours")
    sizes = draw(st.lists(st.integers(1, most_creators // 3), min_size=1, max_size=3))
    crowd_wide = setting.sees == "others" or rule.weighs is not None
    network = Complete() if crowd_wide else draw(networks(sum(sizes), len(sizes)))
    names = [f"community_{c}" for c in range(len(sizes))]
    crowd = draw(communities(rule, setting, names, sizes, labs))
    divided = setting.divided and not (crowd_wide or rule.everyone)
    if divided and len(crowd) > 1:
        crowd[-1] = crowd[-1].replace(opposes=names[:1])
    return sim.Scenario(
        communities=crowd,
        network=network,
        rule=rule,
        seeds=draw(initiators(sum(sizes), setting.committed)),
        steps=draw(st.integers(1, most_steps)),
        start=START,
        labs=draw(st.lists(lab_specs(), min_size=1, max_size=2, unique_by=lambda lab: lab.name))
        if labs
        else [],
        calendar=draw(st.lists(broadcasts(names), max_size=2)) if setting.unaware else [],
        awareness=draw(awareness(setting.unaware)),
        feedback=draw(feedback(setting.moved)),
        revision=draw(revisions),
        tactics={t: draw(effects) for t in draw(st.lists(st.sampled_from(TACTICS), max_size=2))},
        seen_for=draw(st.none() | st.integers(1, 4)),
        feed=draw(st.sampled_from((0.0, 0.0, 0.25, 1.0)))
        if rule.sees_shares() and not divided
        else 0.0,
    )


def rules(kind: type[Rule]) -> st.SearchStrategy[Rule]:
    """Rules of one kind with any values of its fields."""
    fields = {name: values(field) for name, field in kind.model_fields.items()}

    def build(given: dict[str, Any]) -> Rule | None:
        try:
            return kind(**given)
        except ValidationError:
            return None

    return st.fixed_dictionaries(fields).map(build).filter(lambda rule: rule is not None)


def values(field: Any) -> st.SearchStrategy[Any]:
    """Values that a spec's field may take, by its type and bounds."""
    known = _of_type(field.annotation, field.metadata)
    given = () if field.default is PydanticUndefined else (field.default,)
    if known is None:
        return st.sampled_from(given)
    return known | st.sampled_from(given) if given else known


def _of_type(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any] | None:
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if bool in kinds:
        return st.booleans()
    if not {int, float} & set(kinds):
        return None
    bounds = {name: value for each in metadata for name, value in vars_of(each).items()}
    low = bounds.get("ge", bounds.get("gt", -2.0))
    high = bounds.get("le", bounds.get("lt", low + 4.0))
    grid = [low + (high - low) * k / 8 for k in range(9)]
    inside = grid["gt" in bounds : len(grid) - ("lt" in bounds)]
    numbers = sorted({round(x) for x in inside}) if int in kinds and float not in kinds else inside
    known = st.sampled_from(numbers)
    return known | st.none() if NoneType in kinds else known


def vars_of(bound: Any) -> dict[str, Any]:
    """The bounds that one piece of a field's metadata states."""
    names = ("ge", "gt", "le", "lt")
    return {n: getattr(bound, n) for n in names if getattr(bound, n, None) is not None}


def networks(creators: int, groups: int) -> st.SearchStrategy[NetworkSpec]:
    """Networks that so many creators can have."""
    degrees = st.integers(0, min(6, creators - 1))
    even = degrees.map(lambda degree: degree // 2 * 2)
    found = [
        st.just(Empty()),
        st.builds(ErdosRenyi, mean_degree=st.floats(0.0, min(6.0, creators - 1.0))),
        st.builds(WattsStrogatz, degree=even, rewiring=probabilities),
        st.builds(RandomRegular, degree=degrees.filter(lambda degree: degree * creators % 2 == 0)),
    ]
    if creators > 3:
        found.append(st.builds(BarabasiAlbert, links=st.integers(1, 3)))
    if groups > 1:
        found.append(st.builds(StochasticBlock, mean_degree=st.just(0.5), homophily=probabilities))
    return st.one_of(found)


class _Stated(NetworkSpec):
    """Links stated one by one: who is seen, by whom, and what the link counts for.

    The leading underscore keeps it out of the kinds that other tests find.
    """

    links: tuple[tuple[int, int, float], ...]
    directed: bool
    weighted: bool

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        rows: list[dict[int, float]] = [{} for _ in range(sum(sizes))]
        for seen, by, weight in self.links:
            rows[seen][by] = weight
            if not self.directed:
                rows[by][seen] = weight
        ends = [sorted(row.items()) for row in rows]
        units = [round(weight * 2**16) for row in ends for _, weight in row]
        return Network(
            indptr=np.cumsum([0, *map(len, ends)], dtype=np.int64),
            indices=np.array([by for row in ends for by, _ in row], dtype=np.int32),
            sizes=sizes,
            names=names or tuple(f"community_{c}" for c in range(len(sizes))),
            weights=np.array(units, dtype=np.int32) if self.weighted else None,
            directed=self.directed,
        )


Stated = _Stated


def stated(creators: int) -> st.SearchStrategy[NetworkSpec]:
    """Any links between two creators or more, weighted or not, directed or not."""
    weights = st.sampled_from((0.25, 1.0, 1.0, 1.5, 1 / 3, 7.0))
    ids = st.integers(0, creators - 1)
    link = st.tuples(ids, ids, weights).filter(lambda link: link[0] != link[1])
    return st.builds(
        Stated,
        links=st.lists(link, max_size=3 * creators, unique_by=lambda link: frozenset(link[:2])),
        directed=st.booleans(),
        weighted=st.booleans(),
    )


@st.composite
def communities(
    draw: st.DrawFn,
    rule: Rule,
    setting: Setting,
    names: list[str],
    sizes: list[int],
    works: bool,
) -> list[sim.Community]:
    """Communities in which the creators have what the rule reads."""
    columns = sorted({*rule.columns(), *rule.memories, *filter(None, [rule.weighs])})
    unsigned = {rule.weighs, "propensity"}
    alike = {name: draw(numbers(name in unsigned)) for name in columns}
    made = []
    for name, size in zip(names, sizes, strict=True):
        own = {
            c: alike[c] if setting.constant else draw(quantities(size, c in unsigned))
            for c in columns
        }
        stated = {c: own.pop(c) for c in COLUMNS if c in own}
        if setting.moved:
            stated.setdefault("cost", draw(quantities(size, False)))
        if works:
            stated |= {c: draw(quantities(size, True)) for c in ("stock", "output")}
        community = sim.Community(
            name,
            size,
            **stated,
            traits=own,
            repertoire=draw(mixes),
            represents=draw(st.sampled_from((1.0, 2.5, 100.0))),
            aware=draw(probabilities) if setting.unaware else 1.0,
            attention=draw(probabilities),
        )
        made.append(community)
    return made


def numbers(unsigned: bool) -> st.SearchStrategy[float]:
    """One number that all creators share."""
    return amounts.map(abs) if unsigned else amounts | st.sampled_from((0.1, 0.3, 1 / 3))


def quantities(size: int, unsigned: bool) -> st.SearchStrategy[Any]:
    """Numbers or distributions for so many creators."""
    each = st.lists(numbers(unsigned), min_size=size, max_size=size)
    found = [numbers(unsigned), st.just(sim.Uniform(0.0, 1.0)), st.builds(sim.Values, values=each)]
    if unsigned:
        found.append(st.just(sim.Pareto(1.0, 1.2)))
    else:
        found.append(st.builds(sim.Normal, mean=amounts, sd=st.sampled_from((0.0, 0.5, 2.0))))
    return st.one_of(found)


def initiators(creators: int, committed: bool) -> st.SearchStrategy[sim.Seeds]:
    """Who starts, in every way of saying it."""
    who = st.sampled_from(("random", "hubs", "largest"))
    ids = st.lists(st.integers(0, creators - 1), unique=True).map(tuple)
    fixed = st.just(committed)
    return st.one_of(
        st.builds(sim.Seeds, count=st.integers(0, creators), who=who, committed=fixed),
        st.builds(sim.Seeds, share=probabilities, who=who, committed=fixed),
        st.builds(sim.Seeds, ids=ids, committed=fixed),
        st.builds(
            sim.Seeds, share=probabilities, community=st.just("community_0"), committed=fixed
        ),
    )


def awareness(unaware: bool) -> st.SearchStrategy[sim.Awareness | None]:
    """How creators come to know, if some do not."""
    built = st.builds(
        sim.Awareness, peer=probabilities, background=probabilities, fading=probabilities
    )
    return st.none() | built if unaware else st.none()


def feedback(moved: bool) -> st.SearchStrategy[sim.Feedback | None]:
    """Channels that need no release."""
    built = st.builds(
        sim.Feedback,
        safety=st.sampled_from((0.25, 1 / 3, 1.0)),
        fatigue=st.sampled_from((0.0, 0.1, 0.5)),
        weight=st.sampled_from((0.0, 0.3, 1.0)),
    )
    return built if moved else st.none()


def broadcasts(names: list[str]) -> st.SearchStrategy[sim.Broadcast]:
    """News in the first three months."""
    return st.builds(
        sim.Broadcast,
        on=st.integers(0, 90).map(lambda days: START + timedelta(days)),
        reach=probabilities,
        half_life=st.sampled_from((0.0, 3.0, 14.0)),
        communities=st.lists(st.sampled_from(names), unique=True).map(tuple),
    )


def lab_specs() -> st.SearchStrategy[sim.Lab]:
    """Labs that train at least once in a few steps."""
    return st.builds(
        sim.Lab,
        name=st.sampled_from(("Alpha", "Beta", "Gamma")),
        every=st.integers(1, 4),
        compliance=probabilities,
        first=st.none() | st.integers(0, 4),
        lag=st.integers(0, 3),
        delay=st.integers(0, 3),
        reach=probabilities,
        legacy=st.sampled_from((0.0, 0.5)),
        open_weights=st.booleans(),
        crawls=st.sampled_from((True, True, False)),
        receives=st.sampled_from(("nobody", "everybody", ("community_0",))),
        curation=st.sampled_from((1.0, 1.5)),
        snapshots=st.sampled_from(("fresh", "kept", "from_start")),
        detection=st.sampled_from((None, 0.0, 0.7)),
    )


revisions = st.one_of(
    st.just(sim.Revision()),
    st.builds(
        sim.Revision,
        order=st.sampled_from((None, "simultaneous", "one_by_one")),
        share=probabilities,
    ),
)
mixes = st.lists(st.sampled_from(TACTICS), min_size=1, max_size=4, unique=True).map(
    lambda names: {name: 1.0 / len(names) for name in names}
)
effects = st.builds(
    sim.Effect,
    past_kept=probabilities,
    new_kept=probabilities,
    past_given=probabilities,
    new_given=probabilities,
    poisoned=probabilities,
    visibility=probabilities,
    needs_compliance=st.booleans(),
)
