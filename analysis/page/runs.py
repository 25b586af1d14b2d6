"""What a page says of a run, and of a run beside the same world without action."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from analysis import spread
from analysis.campaign import campaign
from analysis.capability import capability, trained
from analysis.communities import communities
from analysis.order import order
from analysis.page import charts, live
from analysis.page.assumptions import assumptions
from analysis.page.drawing import drawn
from analysis.page.parts import Html, element, exact, items, paragraphs, section, table
from analysis.page.receipts import digests, facts_of, made, repeat
from analysis.participants import participants
from analysis.replay import MOST_WORK, replay
from analysis.tactics import tactics
from sim.answers import sentences
from sim.errors import InputError
from sim.result import Result
from sim.runs.comparison import Comparison, Effect, share_missing
from sim.words.numbers import count, percent, signed

ROLLBACK = "rollback"
MEASURES = ("loss", ROLLBACK, "compute_equivalent")
IF = "loss_if."
LOSSES = (
    "Loss of each lab's models at its training rounds, overall and in each community's own domain, "
    "with the action and without it."
)
WHO = "Share of those who ever acted that is found among those with most works (a) or links (b)."
ONE = "Of the first run."


def comparison_page(
    comparison: Comparison, folder: Path, receipt: dict[str, Any]
) -> Iterator[Html]:
    """Yield what there is to say of a comparison."""
    yield section("Answer", paragraphs(sentences(comparison), class_="lead"))
    caption = (
        "The campaign: creators who had acted by each date, beside what was observed where there "
        "is anything, and what each lab's model lost at each training round. "
        f"{spread.drawn(len(comparison.action))}"
    )
    yield drawn(campaign(comparison), "campaign", caption)
    yield live.charts(chain(charts.participation(comparison.action), charts.losses(comparison)))
    yield from _who(comparison.action)
    yield from _seen_again(comparison.action[0])
    if trained(comparison):
        yield drawn(capability(comparison), "capability", LOSSES)
    yield _effects(comparison)
    runs = (*comparison.action, *comparison.counterfactual)
    yield from _ending(comparison.action[0], runs, folder, receipt)


def run_page(result: Result, folder: Path, receipt: dict[str, Any]) -> Iterator[Html]:
    """Yield what there is to say of a single run."""
    yield section("Answer", paragraphs(_told(result), class_="lead"))
    yield live.charts(charts.participation([result]))
    yield from _who([result])
    yield from _seen_again(result)
    yield from _ending(result, (result,), folder, receipt)


def _told(result: Result) -> list[str]:
    creators = float(result.sizes @ result.represents)
    ever, ends = float(result.adopters[-1]), result.scenario.date_of(result.scenario.steps)
    share = percent(ever / creators)
    return [
        (
            f"{count(ever)} of {count(creators)} creators ({share}) acted by {ends}, in a single "
            "run with one random seed: its spread is not known."
        ),
        (
            "This run stands alone, so nothing is said of what the action did to a model; the "
            "command below plays it beside the same world without action."
        ),
    ]


def _who(results: Sequence[Result]) -> Iterator[Html]:
    caption = "Share of each community that had acted by each date (a), and that acts then (b)."
    yield drawn(communities(results), "communities", f"{caption} {spread.drawn(len(results))}")
    first = results[0]
    rows = []
    for column, name in enumerate(first.communities):
        creators = float(first.sizes[column] * first.represents[column])
        ever, now = (
            Effect.of(np.array([run.counts[-1, row, column] for run in results]) / max(1, size))
            for row, size in ((1, first.sizes[column]), (0, first.sizes[column]))
        )
        shares = (_share(ever), _between(ever, len(results), percent), _share(now))
        rows.append((name, exact(creators, count(creators)), *shares))
    heads = ("community", "creators", "ever acted", spread.told(len(results)), "act at the end")
    yield section("Who acted", table(heads, rows, "Shares of real creators; means."))


def _seen_again(result: Result) -> Iterator[Html]:
    """Yield what a result does not keep: its first run is played once more for it."""
    creators, steps = int(result.sizes.sum()), result.scenario.steps
    if creators * steps > MOST_WORK:
        yield element("p", "Too large to be played once more, so tactics are not drawn.")
        return
    if not result.counts[:, 1].any():
        return
    try:
        seen = replay(result)
    except InputError as error:
        yield element("p", f"Tactics are not drawn: {error}.")
        return
    yield drawn(tactics(seen), "tactics", f"Share of each community by tactic. {ONE}")
    yield drawn(order(seen), "order", f"Order of adoption in a sample of the network. {ONE}")
    yield drawn(participants(seen), "participants", f"{WHO} {ONE}")


def _share(effect: Effect) -> Html:
    return exact(effect.mean, percent(effect.mean))


def _between(effect: Effect, replications: int, told: Callable[[float], str]) -> str:
    """Return between what replications lie, or nothing where they do not differ."""
    low, high = map(told, spread.ends(effect, replications))
    return f"{low} to {high}" if low != high else "" if replications == 1 else "the same in all"


def _effects(comparison: Comparison) -> Html:
    """Return the paired effects at each lab's newest training round."""
    rows = [row for lab in trained(comparison) for row in _effects_on(comparison, lab)]
    heads = ("lab", "trained", "measure", "with action", "without", "difference",
             "standard error", spread.told(len(comparison.action)))  # fmt: skip
    if not rows:
        return Html()
    return section(
        "What models lost",
        table(
            heads,
            rows,
            "At each lab's newest training round. loss: relative to full participation at the "
            "start; rollback: share of all data that would do as well, and the share by which "
            "the action changes it (the answer's data missing in effect); loss_if: the loss under "
            "that response of the lab. Differences are paired by random seed.",
        ),
    )


def _effects_on(comparison: Comparison, lab: str) -> Iterator[list[str]]:
    """Yield a row for each measure of a lab's newest model that is known."""
    at, number = comparison.newest(lab), len(comparison.action)
    columns = comparison.action[0].labs[lab].columns
    shown = [name for name in columns if name in MEASURES or name.startswith(IF)]
    for measure in shown:
        acted, left = (arm[:, at] for arm in comparison.measured(lab, measure))
        if np.isnan((acted, left)).all():
            continue
        with np.errstate(invalid="ignore"):  # without any data a loss has no bound
            effect = Effect.of(-share_missing(acted, left) if measure == ROLLBACK else acted - left)
        yield [
            lab,
            element("time", str(comparison.scenario.date_of(int(comparison.rounds(lab)[at])))),
            measure,
            *(_level(arm.mean()) for arm in (acted, left)),
            exact(effect.mean, signed(effect.mean)),
            exact(effect.standard_error, percent(effect.standard_error)),
            _between(effect, number, signed),
        ]


def _level(value: float) -> Html:
    return exact(value, f"{value:.6g}" if math.isfinite(value) else "no bound")


def _ending(
    first: Result, runs: Sequence[Result], folder: Path, receipt: dict[str, Any]
) -> Iterator[Html]:
    yield assumptions(first.scenario)
    yield section("Notes", items(list(dict.fromkeys(note for run in runs for note in run.notes))))
    commands = repeat("run", folder, receipt)
    yield made(first.scenario, facts_of(receipt), commands, digests(receipt))
