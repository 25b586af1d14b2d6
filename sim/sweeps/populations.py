"""pyABC's sequential Monte Carlo, playing a whole batch of proposals at once, reproducibly.

pyABC proposes from numpy's global generator.  Each proposal is drawn after seeding it with a
number of its own, by its address (seed, purpose, population, place), so proposals depend on no
order and on no size of batch.  A batch is proposed, played together, and then judged.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyabc
from sqlalchemy.exc import SQLAlchemyError  # type: ignore[import-not-found, unused-ignore]

from sim.errors import InputError
from sim.kernels.philox import uniform
from sim.purposes import CALIBRATION
from sim.sweeps.posterior import Kept, Population
from sim.sweeps.sequential import LEAST_ACCEPTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.sequential import Trials
    from sim.sweeps.targets import Yardstick

    Floats = NDArray[np.float64]

EXPECTED = 0.5
"""Share of the first batch that is expected to be accepted."""
SEED = "seed"
SUFFIXES = ("", "-journal", "-wal", "-shm")


def populations(
    trials: Trials,
    yardstick: Yardstick,
    start: float,
    size: int,
    generations: int,
    seed: int,
    record: Path,
) -> tuple[Kept, tuple[Population, ...]]:
    """Return the runs of the last population, and how each population was met.

    Parameters
    ----------
    trials : Trials
        Plays what is proposed.
    yardstick : Yardstick
        How far runs are from what was observed.
    start : float
        Distance up to which the first population accepts.
    size, generations : int
        Runs that each population accepts, and populations at the most.
    seed : int
        Of the proposals.
    record : Path
        File that pyABC's record takes once it is complete.

    Raises
    ------
    InputError
        If not even the first population is complete, or the record cannot be written.
    """
    model, names = _Model(), [f"share {place}" for place in range(len(trials.axes))]
    abc = pyabc.ABCSMC(
        models=model,
        parameter_priors=pyabc.Distribution(**{n: pyabc.RV("uniform", 0.0, 1.0) for n in names}),
        distance_function=_distance(yardstick),
        population_size=size,
        eps=pyabc.QuantileEpsilon(initial_epsilon=start, alpha=0.5),
        sampler=_Batches(model, trials, names, seed),
    )
    with _drafted(record) as draft, _global_generator(), _quiet():
        history = abc.new(f"sqlite:///{draft}", _named(np.zeros(len(trials.targets))))
        history = abc.run(max_nr_populations=generations, min_acceptance_rate=LEAST_ACCEPTED)
        if history.max_t < 0:
            raise InputError(
                f"calibration: fewer than {LEAST_ACCEPTED:.0%} of runs came as near as half of "
                "the prior's; sweep the prior with more samples"
            )
        return _kept(history.get_population().particles, names), _met(history)


class _Proposed(Exception):  # noqa: N818 (says what is to be played, no error)
    """Carries what a proposal is to be played with."""


class _Model(pyabc.Model):  # type: ignore[misc, unused-ignore]
    """Answers with what was played; until then it says what is to be played."""

    def __init__(self) -> None:
        super().__init__("datastrike")
        self.answer: dict[str, float] | None = None

    def sample(self, pars: Any) -> dict[str, float]:
        if self.answer is None:
            raise _Proposed(pars)
        return self.answer


class _Batches(pyabc.sampler.Sampler):  # type: ignore[misc, unused-ignore]
    """Plays proposals in batches, and accepts them in the order in which they were drawn."""

    def __init__(self, model: _Model, trials: Trials, names: list[str], seed: int) -> None:
        super().__init__()
        self.model, self.trials, self.names, self.seed = model, trials, names, seed

    def sample_until_n_accepted(
        self, n: int, simulate_one: Any, t: int, *, max_eval: float = np.inf, **_: Any
    ) -> Any:
        """Return a population of n; one that is not complete where that takes too many runs."""
        sample, tried = self._create_empty_sample(), 0
        while sample.n_accepted < n and tried < max_eval:
            rate = sample.n_accepted / tried if sample.n_accepted else EXPECTED
            size = int(min(np.ceil((n - sample.n_accepted) / rate), 2 * n, max_eval - tried))
            for particle in self._batch(simulate_one, t, tried, max(1, size)):
                tried += 1
                sample.append(particle)
                if sample.n_accepted == n:
                    break
        self.nr_evaluations_ = tried
        sample.ok = sample.n_accepted == n
        return sample

    def _batch(self, simulate_one: Any, t: int, first: int, size: int) -> Iterator[Any]:
        words = [self._word(t, first + place) for place in range(size)]
        wanted = [self._proposal(simulate_one, word) for word in words]
        shares = np.array([[pars[name] for name in self.names] for pars in wanted])
        simulated, seeds = self.trials.play(shares)
        for word, values, seed in zip(words, simulated, seeds, strict=True):
            self.model.answer = {**_named(values), SEED: float(seed)}
            np.random.seed(word)  # noqa: NPY002
            yield simulate_one()

    def _word(self, t: int, place: int) -> int:
        return int(uniform(self.seed, CALIBRATION, t, place, 0) * 2**32)

    def _proposal(self, simulate_one: Any, word: int) -> Any:
        self.model.answer = None
        np.random.seed(word)  # noqa: NPY002
        try:
            simulate_one()
        except _Proposed as proposed:
            return proposed.args[0]
        raise AssertionError("pyABC judged a proposal without playing it")


def _distance(yardstick: Yardstick) -> Any:
    def distance(found: dict[str, float], _: Any) -> float:
        return float(yardstick.distances(_values(found)[None, :])[0])

    return pyabc.FunctionDistance(distance)


def _named(values: Floats) -> dict[str, float]:
    return {f"target {place}": float(value) for place, value in enumerate(values)}


def _values(found: dict[str, Any]) -> Floats:
    targets = len(found) - (SEED in found)
    return np.array([float(found[f"target {place}"]) for place in range(targets)])


def _kept(particles: list[Any], names: list[str]) -> Kept:
    return Kept(
        shares=np.array([[particle.parameter[name] for name in names] for particle in particles]),
        importance=np.array([particle.weight for particle in particles]),
        simulated=np.array([_values(particle.sum_stat) for particle in particles]),
        seeds=np.array([int(particle.sum_stat[SEED]) for particle in particles]),
    )


def _met(history: Any) -> tuple[Population, ...]:
    told = history.get_all_populations()
    rows = told[told["t"] >= 0].sort_values("t")
    counts = history.get_nr_particles_per_population()
    return tuple(
        Population(float(row.epsilon), int(counts[row.t]), int(row.samples))
        for row in rows.itertuples()
    )


@contextmanager
def _global_generator() -> Iterator[None]:
    """Put numpy's global generator back as it was."""
    state = np.random.get_state()  # noqa: NPY002 (pyABC draws from it)
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


@contextmanager
def _quiet() -> Iterator[None]:
    """Let pyABC say only what is wrong."""
    talker = logging.getLogger("ABC")
    level = talker.level
    talker.setLevel(logging.WARNING)
    try:
        yield
    finally:
        talker.setLevel(level)


@contextmanager
def _drafted(record: Path) -> Iterator[Path]:
    """Give a file a name of its own until it is complete."""
    draft = record.with_name(f".{record.name}-{uuid.uuid4().hex[:8]}")
    try:
        yield draft
        draft.replace(record)
    except SQLAlchemyError as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"{record}: cannot be written ({said}); the runs are kept, and the same command goes "
            "on from them"
        ) from None
    finally:
        for suffix in SUFFIXES:
            draft.with_name(draft.name + suffix).unlink(missing_ok=True)
