"""Files that tests write line by line, and the sentences with which input is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines))
    return path


def sentence(ask: Callable[..., object], *arguments: object, **named: object) -> str:
    with pytest.raises(InputError) as caught:
        ask(*arguments, **named)
    return str(caught.value)
