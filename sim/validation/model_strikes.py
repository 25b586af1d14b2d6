"""What missing data, gifts and planted signals do to models, by presets and by real training."""

from __future__ import annotations

from sim.validation.estimates import Estimate


def strike_loss(share: float, response: str = "none", preset: str = "llm") -> float:
    """Return the change of a model's loss in percent when a share of its data leaves at random.

    Parameters
    ----------
    share : float
        Of all data.
    response : str
        What the lab does about it.
    preset : str
        Surrogate.
    """
    from sim.capability import Supply, presets

    surrogate = presets.load(preset).surrogate
    outcome = surrogate.evaluate(Supply.of([1.0 - share]), Supply.of([1.0]), response)
    return 100.0 * float(outcome.loss_change)


def error_left(kept: float, response: str = "repeat_uniform", preset: str = "image_text") -> float:
    """Return a model's loss, in the preset's unit, when a share of the data is left."""
    from sim.capability import Supply, presets

    surrogate = presets.load(preset).surrogate
    outcome = surrogate.evaluate(Supply.of([kept]), Supply.of([1.0]), response)
    return float(outcome.loss_in_units[0])


def language_model_loss(parameters: float, tokens: float) -> float:
    """Return the loss of a language model in nats per token."""
    from sim.capability.chinchilla import loss

    return loss(parameters, tokens)


def repeated_worth(epochs: float, repetition: float = 15.39) -> float:
    """Return what text is worth that is seen so often, in fresh text of the same amount."""
    from sim.capability.repetition import worth

    return float(worth(epochs, repetition))


def contribution_power(
    given: float, withheld: float = 0.0, unserved: float = 0.0, preset: str = "cifar10"
) -> float:
    """Return how far a rival that is given a share of the data comes, of the way to the best.

    Parameters
    ----------
    given : float
        Share of all data that the rival has; it has nothing else.
    withheld : float
        Share that its competitor has lost: the rival is then measured by what is left to that.
    unserved : float
        Share of the people whom a recommender that is trained on ``given`` does not serve.
    preset : str
        Surrogate, whose floor is the worst model.
    """
    from sim.capability import Supply, presets

    surrogate = presets.load(preset).surrogate
    kept = [[given], [1.0 - withheld]]
    gone = [[unserved], [withheld if unserved else 0.0]]
    outcome = surrogate.evaluate(Supply.of(kept), Supply.of([1.0]), unserved=gone)
    small, large = outcome.capability[:, 0]
    return float(small / large)


def left_error(
    published: tuple[tuple[float, float], ...],
    width: float,
    served: bool = False,
    preset: str = "movielens",
) -> float:
    """Return by how much a recommender's published losses are missed, as a share of their range.

    Root mean square over strikes at random.

    Parameters
    ----------
    published : tuple of (float, float)
        Share of the users who are left, and the loss in the preset's unit.
    width : float
        Range of the published losses.
    served : bool
        Whether those who left are recommended to all the same.
    preset : str
        Surrogate.
    """
    import numpy as np

    from sim.capability import Supply, presets

    surrogate = presets.load(preset).surrogate
    kept, losses = np.array(published).T
    gone = 0.0 if served else 1.0 - kept[:, None]
    outcome = surrogate.evaluate(Supply.of(kept[:, None]), Supply.of([1.0]), unserved=gone)
    errors = outcome.loss_in_units[:, 0] - losses
    return float(np.sqrt((errors**2).mean()) / width)


def planting_margin(share: float, planted: float | None = None, runs: int = 5) -> Estimate:
    """Return by how much a group that plants a signal in digits does better than it must.

    Parameters
    ----------
    share : float
        The group's share of the training data, for which the bound is.
    planted : float, optional
        Share that really plants, if another.
    runs : int
        Splits into group, others and strangers.
    """
    from sim.capability.collective_action import planting_bound
    from sim.capability.retraining import planting_check

    found = planting_check([share if planted is None else planted], replications=runs)
    (row,) = found.rows
    bound = planting_bound(share, 1.0, found.uniqueness)
    return Estimate(row["success"] - bound, row["error"])


def boycott_score(share: float, served: bool = False, preset: str = "movielens_ndcg") -> float:
    """Return 1 - loss of a recommender when a share of its users at random withdraw their data.

    Parameters
    ----------
    share : float
        Of the users.
    served : bool
        Whether those who withdraw are recommended to all the same.
    preset : str
        Surrogate of a score from 0 to 1.
    """
    from sim.capability import Supply, presets

    surrogate = presets.load(preset).surrogate
    gone = 0.0 if served else share
    outcome = surrogate.evaluate(Supply.of([1.0 - share]), Supply.of([1.0]), unserved=gone)
    return 1.0 - float(outcome.loss_in_units[0])
