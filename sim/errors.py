"""What is said when input cannot be used."""

from __future__ import annotations


class InputError(ValueError):
    """Input cannot be used; the message is one sentence that says what, where and what to do."""
