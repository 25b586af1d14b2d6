"""What a series of requests says about its causes up to a date, and what it predicts after it.

``python -m analysis.identification bigcode_opt_out --out FILE.json`` plays the scenario from
its release on for many values of how readily creators act alone, of conformity and of how fast
interest fades, and scores each against the counts up to the last fitted date.  News without
peers is the same with conformity 0; beside it stand a pulse and a Bass curve fitted to the same
counts.  Later counts are predicted, never fitted.  It takes about ten minutes on two processors.
What it found for the scenarios of the library is kept in ``analysis/identified/``, where
figures look for it.

A replication's likelihood is that of `analysis.series.Counts.score`; a candidate's is the mean
over replications, and predictions are weighted by it (all candidates alike beforehand).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import click
import numpy as np

import sim
from analysis.candidates import Candidate, Question
from analysis.series import Simulated, weighted_quantiles
from sim.folders import check_new_file, write_text
from sim.theory.bass import PulseCurve
from sim.theory.curve_fit import CurveFit, fit_bass, fit_pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LASTING = 1e-3
"""Chance of losing interest in a day where it hardly ever fades."""
FADINGS = (LASTING, 1 / 14, 1 / 7, 2 / 7)
"""Interest that lasts, and that fades within about two weeks, one week and half a week."""
ALONE = tuple(np.arange(-7.75, -5.45, 0.25).tolist())
CONFORMITY = (0.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0)
BAND = (0.05, 0.5, 0.95)
MECHANISM = ("communities", "network", "rule", "awareness", "revision", "seen_for", "calendar")
"""What has to be as it was played, for what was found to hold."""


def grid() -> Iterator[Candidate]:
    """Yield all candidates; those with peers only where interest fades."""
    for fading, conformity, alone in itertools.product(FADINGS, CONFORMITY, ALONE):
        if conformity == 0.0 or fading > LASTING:
            yield Candidate(alone, conformity, fading)


def play(question: Question, candidates: tuple[Candidate, ...], seed: int) -> Floats:
    """Return requests at the end of each day since the release (candidates, days + 1)."""
    scenarios = (question.from_release(values) for values in candidates)
    return np.array([sim.run(scenario, seed).adopters for scenario in scenarios])


@dataclass(frozen=True, eq=False)
class Played:
    """Candidates with their requests (candidates, replications, days + 1)."""

    question: Question
    candidates: tuple[Candidate, ...]
    requests: Floats

    @classmethod
    def of(cls, question: Question, replications: int, workers: int) -> Played:
        """Play all candidates with the same seeds."""
        candidates = tuple(grid())
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            many = ([each] * replications for each in (question, candidates))
            requests = np.array(list(pool.map(play, *many, range(replications))))
        return cls(question, candidates, requests.swapaxes(0, 1))

    def scores(self, rows: list[int]) -> Floats:
        """Return the log-likelihoods (rows, replications) of some candidates."""
        wave, begin = self.question.wave, self.question.day(self.question.release)
        paths = (Simulated(begin, path) for path in self.requests[rows].reshape(-1, self.length))
        return np.array([wave.score(path) for path in paths]).reshape(len(rows), -1)

    def noons(self, rows: list[int]) -> Floats:
        """Return requests by noon of each day after the release (samples, days).

        They are counted from the first count after the release, which all have in common.
        """
        question = self.question
        begin, first = question.day(question.release), question.wave
        days = begin + 1.0 + np.arange(question.days)
        paths = [Simulated(begin, path) for path in self.requests[rows].reshape(-1, self.length)]
        begun = np.array([path.cumulative(first.days[:1]) for path in paths])
        noons = np.array([path.cumulative(days) for path in paths])
        return np.asarray(noons - begun + first.middle[0])

    def rows(self, fading: float, peers: bool) -> list[int]:
        """Return the candidates of one fading: of any conformity, or without any."""
        return [
            row
            for row, each in enumerate(self.candidates)
            if each.fading == fading and (peers or each.conformity == 0.0)
        ]

    @property
    def length(self) -> int:
        """Days of a path, with the one before the first."""
        return int(self.requests.shape[2])


def cause(played: Played, fading: float, peers: bool) -> dict[str, Any]:
    """Return what one kind of cause gives: how well it fits, and what it predicts."""
    question, rows = played.question, played.rows(fading, peers)
    scores = played.scores(rows)
    likelihoods = np.logaddexp.reduce(scores, axis=1) - np.log(scores.shape[1])
    weights = np.exp(scores - scores.max()).ravel()
    band = weighted_quantiles(played.noons(rows), weights, BAND)
    held_out = question.held_out
    at = (held_out.days - question.day(question.release)).astype(int) - 1
    profile: dict[str, float] = {}
    for row, likelihood in zip(rows, likelihoods.tolist(), strict=True):
        name = f"{played.candidates[row].conformity:g}"
        profile[name] = max(likelihood, profile.get(name, -np.inf))
    return {
        "fading": fading,
        "peers": peers,
        "best": asdict(played.candidates[rows[int(likelihoods.argmax())]]),
        "log_likelihood": float(likelihoods.max()),
        "by_conformity": profile,
        "predicted": band[:, at],
        "missed": held_out.missed(band[1, at]),
        "band": band,
    }


def curve(fit: CurveFit, question: Question) -> dict[str, Any]:
    """Return how well a curve fits, and what it predicts."""
    expected = fit.predict(question.held_out.days)
    begin = question.day(question.release)
    return {
        "kind": "pulse" if isinstance(fit.curve, PulseCurve) else "Bass",
        "values": asdict(fit.curve),
        "at_bound": fit.at_bound,
        "log_likelihood": question.wave.score(fit.curve),
        "predicted": expected,
        "missed": question.held_out.missed(expected),
        "expected": fit.predict(begin + 1.0 + np.arange(question.days)),
    }


def identify(question: Question, replications: int, workers: int) -> dict[str, Any]:
    """Return how well each cause fits and predicts the series of a scenario."""
    played = Played.of(question, replications, workers)
    fitted, held_out = question.fitted, question.held_out
    kinds = [(fading, peers) for fading in FADINGS for peers in (False, True)]
    curves = [fit(fitted.days, fitted.low, fitted.high) for fit in (fit_bass, fit_pulse)]
    begin, data = question.day(question.release), question.scenario.to_data()
    return {
        "scenario": question.scenario.name,
        "played": {name: data[name] for name in MECHANISM},
        "fitted_until": question.until,
        "replications": replications,
        "dates": [question.date(begin + 1.0 + day) for day in range(question.days)],
        "held_out": {"low": held_out.low, "high": held_out.high},
        "causes": [cause(played, *kind) for kind in kinds if kind != (LASTING, True)],
        "curves": [curve(fit, question) for fit in curves],
    }


def summary(found: dict[str, Any]) -> list[str]:
    """Return the causes in a line each: fit, and how far the prediction is off."""
    named = [
        (f"news {'and' if c['peers'] else 'without'} peers, {1.0 / c['fading']:,.1f} days", c)
        for c in found["causes"]
    ]
    named += [(f"{c['kind']} curve", c) for c in found["curves"]]
    head = f"log-likelihood until {found['fitted_until']}, and median factor missed by after it"
    rows = (f"{name:35}{c['log_likelihood']:9.1f}{c['missed']:7.2f}" for name, c in named)
    return [head, *rows]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.round(value, 2).tolist()
    assert isinstance(value, date)
    return value.isoformat()


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("scenario")
@click.option("--replications", type=click.IntRange(1), default=24, show_default=True)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
@click.option("--out", required=True, metavar="FILE.json", help="A new file.")
def main(scenario: str, replications: int, workers: int, out: str) -> None:
    """Identify, write what was found, and print it in short."""
    target = check_new_file(out)
    found = identify(Question(sim.load_scenario(scenario)), replications, workers)
    write_text(target, json.dumps(found, default=_plain, indent=1) + "\n")
    for line in summary(found):
        click.echo(line)


if __name__ == "__main__":
    main()
