"""Byte n-grams of held-out text: which occur in it, how often others use them, what they predict.

Only n-grams of the held-out text can matter to its loss, so they are numbered once, as the
vertices of a trie (0 is the empty one).  Counting a creator's text then gives a vector over
those numbers, and vectors of counts add up over creators exactly.

The model is a chain of Dirichlet priors (MacKay & Peto 1995, doi:10.1017/S1351324900000218):
``p_k(b) = (count(context_k b) + prior_k p_{k-1}(b)) / (count(context_k) + prior_k)``, where
``context_k`` is the last *k* bytes and ``p_{-1} = 1 / 257``: 256 bytes and the end of a work.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled, inlined

EMPTY = -1
SYMBOLS = 257
NO_NGRAM = -1


@inlined
def _slot(keys, key):
    """Return where ``key`` is in the table, or the free slot where it belongs."""
    mask = keys.size - 1
    mixed = (key >> 8) * 0x9E3779B1 + (key & 255) * 0x85EBCA6B
    slot = (mixed ^ (mixed >> 23)) & mask
    while keys[slot] != EMPTY and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@compiled
def number_ngrams(text, ends, ngrams, keys, children):
    """Give each n-gram of the held-out works a number; return how many there are.

    Parameters
    ----------
    text : uint8 (bytes,)
        Works one after another.
    ends : int64 (works,)
        Where each work ends in ``text``.
    ngrams : int32 (bytes, order + 1), written
        Column *k* of row *t*: number of the n-gram made of byte *t* and the *k* bytes before
        it; ``NO_NGRAM`` where the work is too short.
    keys, children : int64 (slots,), int32 (slots,), written
        Hash table from 256 x number + next byte to the longer n-gram's number; slots are a
        power of two above bytes x (order + 1), keys are ``EMPTY`` at first.
    """
    longest = ngrams.shape[1]
    known = 1
    begin = 0
    for end in ends:
        for start in range(begin, end):
            number = 0
            for length in range(min(longest, end - start)):
                key = np.int64(number) * 256 + np.int64(text[start + length])
                slot = _slot(keys, key)
                if keys[slot] == EMPTY:
                    keys[slot] = key
                    children[slot] = known
                    known += 1
                number = children[slot]
                ngrams[start + length, length] = number
        begin = end
    return known


@compiled
def count_ngrams(text, ends, longest, keys, children, counts):
    """Add to ``counts`` (int32, by number) how often each known n-gram occurs in the works.

    The empty n-gram (number 0) counts every byte and every end of a work.
    """
    begin = 0
    for end in ends:
        counts[0] += end - begin + 1
        for start in range(begin, end):
            number = 0
            for length in range(min(longest, end - start)):
                slot = _slot(keys, np.int64(number) * 256 + np.int64(text[start + length]))
                if keys[slot] == EMPTY:
                    break
                number = children[slot]
                counts[number] += 1
        begin = end


@compiled
def add_counts(total, numbers, counts, sign):
    """Add (``sign`` 1) or take away (-1) a sparse vector of counts (integers: exact)."""
    for i in range(numbers.size):
        total[numbers[i]] += sign * counts[i]


@inlined
def _predict(t, ngrams, total, priors, chain):
    """Write the chain of probabilities of byte ``t`` and return the number of its links."""
    probability = 1.0 / SYMBOLS
    links = 0
    for k in range(priors.size):
        if ngrams[t, k] == NO_NGRAM:
            break
        seen = total[ngrams[t - 1, k - 1]] if k > 0 else total[0]
        if seen == 0:
            break
        weight = 1.0 / (seen + priors[k])
        probability = (total[ngrams[t, k]] + priors[k] * probability) * weight
        chain[k] = probability
        links = k + 1
    return links


@compiled
def bits(ngrams, total, priors, community, chain, out, scored):
    """Add to ``out`` the bits and to ``scored`` the bytes of each community's held-out text.

    Parameters
    ----------
    ngrams : int32 (bytes, order + 1)
        As written by `number_ngrams`.
    total : int32 (n-grams,)
        Counts in the training text.
    priors : float64 (order + 1,)
        Strength of the prior of each order, above 0.
    community : int64 (bytes,)
        Community of each byte; negative bytes are not scored.
    chain : float64 (order + 1,), overwritten
    out, scored : float64 (communities,), int64 (communities,), written
    """
    for t in range(community.size):
        if community[t] >= 0:
            links = _predict(t, ngrams, total, priors, chain)
            probability = chain[links - 1] if links > 0 else 1.0 / SYMBOLS
            out[community[t]] -= math.log2(probability)
            scored[community[t]] += 1


@compiled
def tuning_loss(ngrams, total, priors, tuning, chain, slope):
    """Return the mean loss (nats) of the ``tuning`` bytes; write its slope in log priors.

    ``tuning`` (int64) numbers bytes; ``slope`` is float64 (order + 1,).
    """
    loss = 0.0
    slope[:] = 0.0
    for t in tuning:
        links = _predict(t, ngrams, total, priors, chain)
        probability = chain[links - 1] if links > 0 else 1.0 / SYMBOLS
        loss -= math.log(probability)
        passed_on = 1.0 / (probability * tuning.size)
        for k in range(links - 1, -1, -1):
            shorter = chain[k - 1] if k > 0 else 1.0 / SYMBOLS
            seen = total[ngrams[t - 1, k - 1]] if k > 0 else total[0]
            share = priors[k] / (seen + priors[k])
            slope[k] -= passed_on * (shorter - chain[k]) * share
            passed_on *= share
    return loss / tuning.size
