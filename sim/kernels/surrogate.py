"""Loops of the capability surrogate: reach of the data, loss and rollback by community.

Data, reach, loss and rollback are float64 arrays (cases, communities): a case is one state of
the corpus, and many can be evaluated in one call.  Sums run over communities in their order.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled, inlined

LARGEST = 709.0
"""Above this exponent exp leaves the range of float64."""


@inlined
def _powers(power, data, rho):
    for j in range(data.size):
        power[j] = math.pow(data[j], rho) if data[j] > 0.0 else 0.0


@inlined
def _combine(row, power, by_source):
    """Write sum_j by_source[j] power[j], added in the order of j, four at a time."""
    row[:] = 0.0
    whole = power.size - power.size % 4
    for j in range(0, whole, 4):
        p0, p1, p2, p3 = power[j], power[j + 1], power[j + 2], power[j + 3]
        for i in range(row.size):
            sum1 = row[i] + by_source[j, i] * p0 + by_source[j + 1, i] * p1
            row[i] = sum1 + by_source[j + 2, i] * p2 + by_source[j + 3, i] * p3
    for j in range(whole, power.size):
        for i in range(row.size):
            row[i] += by_source[j, i] * power[j]


@compiled
def reach_dense(reach, power, data, rho, by_source) -> None:
    """Write z_i = sum_j T_ij D_j^rho; ``by_source[j, i]`` = T_ij, what j's data give to i.

    ``reach`` (cases, communities, written), ``power`` (communities, scratch), ``data``
    (cases, communities), ``by_source`` (communities, communities).
    """
    for case in range(data.shape[0]):
        _powers(power, data[case], rho)
        _combine(reach[case], power, by_source)


@compiled
def reach_rank_one(reach, power, data, rho, receptivity, generality) -> None:
    """Write z_i = (1 - g_i h_i) D_i^rho + g_i sum_j h_j D_j^rho, so that T_ii = 1.

    ``receptivity`` g and ``generality`` h (communities); the rest as in `reach_dense`.
    """
    for case in range(data.shape[0]):
        _powers(power, data[case], rho)
        shared = 0.0
        for j in range(power.size):
            shared += generality[j] * power[j]
        for i in range(power.size):
            own = 1.0 - receptivity[i] * generality[i]
            reach[case, i] = own * power[i] + receptivity[i] * shared


@compiled
def add_overrides(reach, data, rho, target, source, extra) -> None:
    """Add ``extra[k]`` D^rho of community ``source[k]`` to the reach of ``target[k]``."""
    for case in range(data.shape[0]):
        for k in range(target.size):
            amount = data[case, source[k]]
            if amount > 0.0:
                reach[case, target[k]] += extra[k] * math.pow(amount, rho)


@compiled
def losses(loss, rollback, reach, full_reach, gain, beta, start, rho) -> None:
    """Write L_i / L_i^full = 1 + gain_i (x_i^-beta_i - 1) and the rollback x_i.

    x_i = ((z_i / z_i^full + d0_i) / (1 + d0_i))^(1/rho), ``start`` = d0; ``gain`` = 1 - phi > 0.
    A community that no data reach even at full participation has nothing to lose: loss 1,
    rollback 1.
    """
    for case in range(reach.shape[0]):
        for i in range(reach.shape[1]):
            if full_reach[i] > 0.0:
                left = (reach[case, i] / full_reach[i] + start[i]) / (1.0 + start[i])
                size = math.log(left) / rho if left > 0.0 else -np.inf
                loss[case, i] = 1.0 + gain[i] * (power_of_e(-beta[i] * size) - 1.0)
                rollback[case, i] = power_of_e(size)
            else:
                loss[case, i] = 1.0
                rollback[case, i] = 1.0


@inlined
def power_of_e(exponent):
    """Return exp(exponent), infinite where float64 ends."""
    return math.exp(exponent) if exponent < LARGEST else np.inf


@compiled
def mean_excess(excess, loss, weights) -> None:
    """Write the weighted mean of loss - 1 of each case into ``excess`` (cases, written)."""
    total = 0.0
    for i in range(weights.size):
        total += weights[i]
    for case in range(loss.shape[0]):
        above = 0.0
        for i in range(weights.size):
            if weights[i] > 0.0:
                above += weights[i] * (loss[case, i] - 1.0)
        excess[case] = above / total


@compiled
def common_rollback(rollback, excess, gain, beta, weights) -> None:
    """Write the one x at which every community would give the weighted mean excess loss.

    ``rollback`` and ``excess`` (cases), the others (communities).  Bisection of log x to the
    last bit; closed form where all ``beta`` are equal.
    """
    total, share, lowest, highest = 0.0, 0.0, beta[0], beta[0]
    for i in range(beta.size):
        total += weights[i]
        share += weights[i] * gain[i]
        lowest, highest = min(lowest, beta[i]), max(highest, beta[i])
    for case in range(excess.size):
        if not excess[case] < np.inf:
            rollback[case] = 0.0
        elif lowest == highest:
            size = math.log1p(max(excess[case] * total / share, -1.0 + 1e-16))
            rollback[case] = power_of_e(-size / lowest)
        else:
            rollback[case] = _bisect(excess[case] * total, gain, beta, weights)


@inlined
def _bisect(excess, gain, beta, weights):
    low, high = -LARGEST, LARGEST
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        value = 0.0
        for i in range(beta.size):
            value += weights[i] * gain[i] * (power_of_e(-beta[i] * middle) - 1.0)
        if value > excess:
            low = middle
        else:
            high = middle
    return math.exp(high)
