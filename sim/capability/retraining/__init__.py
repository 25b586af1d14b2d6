"""Real training behind one interface: a strike against an actual model, one kind per file."""

from __future__ import annotations

from sim.capability.retraining.check import RetrainCheck, retrain_check
from sim.capability.retraining.estimator import Estimator
from sim.capability.retraining.ngram import NGram
from sim.capability.retraining.planting import PlantingCheck, planting_check
from sim.capability.retraining.recommender import Recommender

__all__ = [
    "Estimator",
    "NGram",
    "PlantingCheck",
    "Recommender",
    "RetrainCheck",
    "planting_check",
    "retrain_check",
]
