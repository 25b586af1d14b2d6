"""Algorithmic collective action: what a group achieves by changing its data.

Bounds of Hardt et al. 2023 (arXiv 2302.04262).  A share alpha of the data belongs to the
group, the rest follows the base distribution, and the firm's classifier is optimal up to
``suboptimality`` epsilon in total variation.  Success is the share of cases in which the
classifier does what the group wants; the functions give lower bounds on it (which may be
negative: then they say nothing), and the smallest share for which the bound reaches a wanted
success.
"""

from __future__ import annotations

import math

from sim.errors import InputError


def planting_bound(
    share: float, gap: float, uniqueness: float, suboptimality: float = 0.0
) -> float:
    """Return the success of planting a signal in features and labels, at least.

    S >= 1 - (1 - alpha) / alpha * Delta * xi - epsilon / (1 - epsilon).

    Parameters
    ----------
    share
        alpha: the group's share of the data, above 0.
    gap
        Delta: by how much the wanted label is less likely than the likeliest one where the
        signal is, at most.
    uniqueness
        xi: share of the base data that carry the signal anyway.
    suboptimality
        epsilon: how far the firm's classifier is from the optimal one.
    """
    _check(share=share, gap=gap, uniqueness=uniqueness, suboptimality=suboptimality)
    return _bound(share, gap * uniqueness, suboptimality)


def planting_critical_mass(
    success: float, gap: float, uniqueness: float, suboptimality: float = 0.0
) -> float:
    """Return the share from which the planting bound reaches ``success``; 1 if never below.

    alpha* = Delta xi / (1 - S* - epsilon / (1 - epsilon) + Delta xi).
    """
    _check(success=success, gap=gap, uniqueness=uniqueness, suboptimality=suboptimality)
    return _critical(success, gap * uniqueness, suboptimality)


def feature_planting_bound(
    share: float, label_share: float, uniqueness: float, suboptimality: float = 0.0
) -> float:
    """Return the success of planting a signal in features only, at least.

    S >= 1 - (1 - p) / (p alpha) * xi - epsilon / (1 - epsilon); only members who have the
    wanted label anyway plant the signal, and ``label_share`` p is the least probability of
    that label for any features.
    """
    _check(share=share, label_share=label_share, uniqueness=uniqueness)
    _check(suboptimality=suboptimality)
    lost = (1.0 - label_share) / label_share * uniqueness if label_share > 0.0 else math.inf
    return 1.0 - _ratio(lost, share) - _slack(suboptimality)


def feature_planting_critical_mass(
    success: float, label_share: float, uniqueness: float, suboptimality: float = 0.0
) -> float:
    """Return the share from which the features-only bound reaches ``success``; at most 1."""
    _check(success=success, label_share=label_share, uniqueness=uniqueness)
    _check(suboptimality=suboptimality)
    lost = (1.0 - label_share) / label_share * uniqueness if label_share > 0.0 else math.inf
    room = 1.0 - success - _slack(suboptimality)
    return min(1.0, lost / room) if room > 0.0 else 1.0


def erasing_bound(share: float, sensitivity: float, suboptimality: float = 0.0) -> float:
    """Return the success of erasing a signal, so that it changes no decision, at least.

    S >= 1 - 2 (1 - alpha) / alpha * tau - epsilon / (1 - epsilon); ``sensitivity`` tau is the
    mean over the base data of the largest change of a label's probability when the signal is
    taken out.
    """
    _check(share=share, sensitivity=sensitivity, suboptimality=suboptimality)
    return _bound(share, 2.0 * sensitivity, suboptimality)


def erasing_critical_mass(success: float, sensitivity: float, suboptimality: float = 0.0) -> float:
    """Return the share from which the erasing bound reaches ``success``; 1 if never below."""
    _check(success=success, sensitivity=sensitivity, suboptimality=suboptimality)
    return _critical(success, 2.0 * sensitivity, suboptimality)


def _bound(share: float, hardness: float, suboptimality: float) -> float:
    return 1.0 - _ratio((1.0 - share) * hardness, share) - _slack(suboptimality)


def _critical(success: float, hardness: float, suboptimality: float) -> float:
    room = 1.0 - success - _slack(suboptimality)
    return hardness / (room + hardness) if room > 0.0 else 1.0


def _ratio(lost: float, share: float) -> float:
    if share > 0.0:
        return lost / share
    return math.inf if lost > 0.0 else 0.0


def _slack(suboptimality: float) -> float:
    return suboptimality / (1.0 - suboptimality) if suboptimality < 1.0 else math.inf


def _check(**shares: float) -> None:
    for name, value in shares.items():
        if not 0.0 <= value <= 1.0:
            raise InputError(f"{name} is {value}: give a share between 0 and 1")
