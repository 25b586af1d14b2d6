"""The capability surrogate written as its equations, in plain Python: slow and obvious."""

from __future__ import annotations

from math import exp, inf, log


def reach(data, matrix, rho):
    """z_i = sum_j T_ij D_j^rho."""
    powers = [amount**rho if amount > 0.0 else 0.0 for amount in data]
    return [sum_in_order(t * p for t, p in zip(row, powers, strict=True)) for row in matrix]


def reach_rank_one(data, receptivity, generality, rho):
    """z_i = (1 - g_i h_i) D_i^rho + g_i sum_j h_j D_j^rho."""
    powers = [amount**rho if amount > 0.0 else 0.0 for amount in data]
    shared = sum_in_order(h * p for h, p in zip(generality, powers, strict=True))
    return [
        (1.0 - g * h) * p + g * shared
        for g, h, p in zip(receptivity, generality, powers, strict=True)
    ]


def losses(reached, reached_full, gain, beta, start, rho):
    """L_i / L_i^full = 1 + (1 - phi_i)(x_i^-beta_i - 1), and x_i."""
    loss, rollback = [], []
    for z, z_full, share, slope, d0 in zip(reached, reached_full, gain, beta, start, strict=True):
        if z_full <= 0.0:
            loss.append(1.0)
            rollback.append(1.0)
        elif z <= 0.0 and d0 <= 0.0:
            loss.append(inf)
            rollback.append(0.0)
        else:
            size = log((z / z_full + d0) / (1.0 + d0)) / rho
            loss.append(1.0 + share * (exp(-slope * size) - 1.0))
            rollback.append(exp(size))
    return loss, rollback


def mean_excess(loss, weights):
    above = sum_in_order(w * (one - 1.0) for w, one in zip(weights, loss, strict=True))
    return above / sum_in_order(weights)


def common_rollback(excess, gain, beta, weights):
    """The x with sum w_i (1 - phi_i)(x^-beta_i - 1) / sum w_i = excess, halving an interval."""

    def left(size):
        terms = zip(weights, gain, beta, strict=True)
        total = sum_in_order(w * g * (exp(-b * size) - 1.0) for w, g, b in terms)
        return total / sum_in_order(weights)

    low, high = -50.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if left(middle) > excess else (low, middle)
    return exp(high)


def sum_in_order(values):
    total = 0.0
    for value in values:
        total += value
    return total
