"""The n-gram model: exact against plain Python, additive, honest about what it held out."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.capability.retraining.base import Retraining
from sim.capability.retraining.ngram import NGram
from sim.capability.retraining.trainers import text
from sim.errors import InputError
from sim.kernels import ngram as kernel
from tests.twins import ngrams as twin

ORDER = 3
SMALL = {"order": ORDER, "suffix": ".txt", "held_out_share": 0.3}
works = st.lists(st.binary(max_size=12).map(lambda b: bytes(x % 3 for x in b)), max_size=4)


def write(folder, community, creator, count, words, random):
    place = folder / community / creator
    place.mkdir(parents=True)
    for i in range(count):
        lines = [" ".join(random.choice(words, 6)) for _ in range(8)]
        (place / f"work_{i}.txt").write_text("\n".join(lines))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two communities of four creators with four works each; vocabularies overlap by half."""
    random = np.random.default_rng(7)
    place = tmp_path_factory.mktemp("works")
    vocabulary = ["".join(random.choice(list("abcdefgh"), 5)) for _ in range(60)]
    for community, words in {"red": vocabulary[:40], "blue": vocabulary[20:]}.items():
        for creator in range(4):
            write(place, community, f"{community}_{creator}", 4, words, random)
    return place


@pytest.fixture(scope="module")
def trainer(folder):
    return NGram(folder, **SMALL).load(seed=3)


def counted(texts, held_out, order):
    """Return kernel counts of the texts over the n-grams of the held-out works, by n-gram."""
    joined, ends = text._joined(held_out)
    slots = 1 << (joined.size * (order + 1)).bit_length()
    keys, children = np.full(slots, kernel.EMPTY, np.int64), np.empty(slots, np.int32)
    numbers = np.full((joined.size, order + 1), kernel.NO_NGRAM, np.int32)
    known = kernel.number_ngrams(joined, ends, numbers, keys, children)
    total = np.zeros(known, np.int32)
    kernel.count_ngrams(*text._joined(texts), order + 1, keys, children, total)
    return numbers, total


@given(
    works, works.filter(any), st.lists(st.floats(0.01, 100), min_size=ORDER + 1, max_size=ORDER + 1)
)
def test_equals_the_plain_model(learnt, held_out, priors):
    numbers, total = counted(learnt, held_out, ORDER)
    size = numbers.shape[0]
    each, scored = np.zeros(size), np.zeros(size, np.int64)
    kernel.bits(
        numbers, total, np.array(priors), np.arange(size), np.empty(ORDER + 1), each, scored
    )
    found = twin.counts(learnt, ORDER)
    plain = [b for work in held_out for b in twin.bits(found, work, priors)]
    # Same operations in nearly the same order: a few units in the last place of the chance.
    np.testing.assert_allclose(each, plain, rtol=1e-12, atol=1e-12)
    assert (scored == 1).all()


@settings(max_examples=10)  # 257 chances each
@given(works, st.binary(max_size=4).map(lambda b: bytes(x % 3 for x in b)))
def test_chances_add_up_to_one(learnt, context):
    found = twin.counts(learnt, ORDER)
    chances = [twin.probability(found, tuple(context), b, [1.0, 2.0, 0.5, 3.0]) for b in range(257)]
    assert sum(chances) == pytest.approx(1.0, abs=1e-12)


@given(works.filter(any), works.filter(any))
def test_slope_of_the_tuning_loss(learnt, held_out):
    numbers, total = counted(learnt, held_out, ORDER)
    tuning, chain, slope = np.arange(numbers.shape[0]), np.empty(ORDER + 1), np.empty(ORDER + 1)
    priors, step = np.array([0.5, 2.0, 1.0, 4.0]), 1e-5

    def loss(at):
        return kernel.tuning_loss(numbers, total, at, tuning, chain, slope)

    for k in range(ORDER + 1):
        bump = np.exp(step * (np.arange(ORDER + 1) == k))
        rise = (loss(priors * bump) - loss(priors / bump)) / (2 * step)
        loss(priors)
        # Central differences: error of order step**2 and 1e-16 / step.
        assert slope[k] == pytest.approx(rise, abs=1e-8)


def test_update_equals_counting_from_scratch(trainer, folder):
    creators, random = len(trainer.creators), np.random.default_rng(0)
    parts, held_out = read_again(folder, seed=3)
    for _ in range(6):
        kept = random.choice([0.0, 0.25, 0.5, 1.0], creators)
        left = [
            work
            for creator, share in zip(parts, kept, strict=True)
            for work in creator.works[: round(share * len(creator.works))]
        ]
        _, total = counted(left, [w for c in held_out for w in c.works], ORDER)
        np.testing.assert_array_equal(trainer._totals(kept), total)


def read_again(folder, seed):
    spec = NGram(folder, **SMALL)
    return text._split(text.read_creators(spec, seed), spec, seed)


def test_held_out_creators_are_never_trained_on(trainer, folder):
    kept, held_out = read_again(folder, seed=3)
    assert {c.name for c in kept}.isdisjoint(c.name for c in held_out)
    assert trainer.creators == tuple(c.name for c in kept)
    assert {c.community for c in held_out} == {"red", "blue"}


def test_held_out_works_leave_every_creator_some(folder):
    spec = NGram(folder, held_out="works", **SMALL)
    kept, held_out = text._split(text.read_creators(spec, 3), spec, 3)
    learnt = {work for creator in kept for work in creator.works}
    assert learnt.isdisjoint(work for creator in held_out for work in creator.works)
    assert all(creator.works for creator in kept)
    assert len(spec.load(3).creators) == 8


def test_same_seed_same_losses(trainer, folder):
    again = NGram(folder, **SMALL).load(seed=3)
    kept = np.linspace(0.0, 1.0, len(trainer.creators))
    trainer.train(np.zeros(len(trainer.creators)))  # what was trained before leaves no trace
    np.testing.assert_array_equal(trainer.train(kept), again.train(kept))
    assert NGram(folder, **SMALL).load(seed=4).full().tolist() != again.full().tolist()


def test_without_works_every_symbol_is_as_likely(trainer):
    nothing = trainer.train(np.zeros(len(trainer.creators)))
    np.testing.assert_allclose(nothing, np.log2(257), rtol=1e-12)


def test_less_is_not_better(trainer):
    keep = np.random.default_rng(2).permutation(len(trainer.creators))
    losses = [trainer.train(keep < n).mean() for n in range(len(keep) + 1)]
    # Priors are tuned on other text than is scored, which may cost a few hundredths of a bit.
    assert all(more <= less + 0.05 for less, more in pairwise(losses))
    assert losses[-1] < losses[0] - 3.0


def test_a_community_harms_its_own_domain_most(trainer):
    for i in range(2):
        harm = trainer.train(trainer.community != i) - trainer.full()
        assert harm[i] > 2.0 * max(harm[1 - i], 0.0)


def test_data_is_concave_in_works_and_whole_when_full(trainer):
    everything = np.ones(len(trainer.creators))
    assert trainer.data(everything).sum() == pytest.approx(1.0)
    half = trainer.shares(0.5 * everything)
    assert ((half > 0.2) & (half < 0.8)).all()
    assert trainer.data(0.5 * everything).sum() > half @ trainer.amounts / trainer.amounts.sum()


def test_declared_communities(folder):
    members = {"left": ("red_0", "red_1"), "right": ("red_2", "red_3")}
    trainer = NGram(folder / "red", communities=members, **SMALL).load()
    assert trainer.communities == ("left", "right")
    assert len(trainer.creators) == 2


def test_copies_count_once(folder, tmp_path):
    for creator in ("first", "second", "third"):
        place = tmp_path / "all" / creator
        place.mkdir(parents=True)
        source = folder / "red" / ("red_0" if creator != "third" else "red_1")
        for work in source.iterdir():
            (place / work.name).write_bytes(work.read_bytes())
    creators = text.read_creators(NGram(tmp_path, **SMALL), 0)
    assert [creator.name for creator in creators] == ["first", "third"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"folder": "nowhere"}, "does not exist"),
        ({"suffix": ".rs"}, "no community in"),
        ({"communities": {"left": ("reed",)}}, "did you mean 'red'"),
    ],
)
def test_bad_input_is_one_sentence(folder, change, said):
    spec = NGram(**{"folder": folder, **SMALL, **change})
    with pytest.raises(InputError, match=said) as caught:
        spec.load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kept", [[1.0], [2.0] * 6, [np.nan] * 6])
def test_bad_shares_are_one_sentence(trainer, kept):
    with pytest.raises(InputError, match="share from 0 to 1"):
        trainer.train(kept)


def test_kinds_are_found_without_heavy_imports():
    heavy = "{'numpy', 'numba', 'scipy', 'pandas', 'sklearn'} & set(sys.modules)"
    code = f"import sys, {Retraining.__module__} as m; m.Retraining.kinds(); assert not {heavy}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_kind_is_kept_in_files(folder):
    spec = NGram(folder, communities={"left": ("red",)}, order=4)
    assert Retraining.model_validate(spec.to_data()) == spec
    assert set(Retraining.kinds()) == {"ngram", "recommender", "estimator"}


@pytest.mark.slow
def test_the_environment_is_always_a_corpus():
    trainer = NGram(creators=12, creator_bytes=60_000, held_out_bytes=30_000).load()
    assert len(trainer.communities) >= 4
    harm = trainer.train(np.zeros(len(trainer.creators))) - trainer.full()
    assert (harm > 4.0).all()
