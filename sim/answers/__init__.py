"""The answer of a comparison: a group of size X did Z to model Y, in numbers and in words."""

from __future__ import annotations

from sim.answers.findings import Answer, answer
from sim.answers.sentences import NOTICEABLE, sentences

__all__ = ["NOTICEABLE", "Answer", "answer", "sentences"]
