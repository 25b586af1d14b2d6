"""Files and folders: written complete or not at all, unpacked within measure."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from sim.errors import InputError

GZIP = b"\x1f\x8b"
GROWTH, ALWAYS = 100, 10**8
"""How many times its size, and how many bytes at least, a packed file may hold: text that somebody
wrote grows about fourfold, and a file made to fill the memory a thousandfold."""
PIECE = 2**24


def check_new_folder(folder: str | Path, size: float = 0.0) -> Path:
    """Return the path of a folder that can be made, leaving nothing behind.

    Parameters
    ----------
    folder : str or Path
        What is to be made.
    size : float
        Bytes that it will hold, about.

    Raises
    ------
    InputError
        If it exists, or nothing, or not so much, can be written there.
    """
    path = Path(folder)
    if path.exists() or path.is_symlink():
        raise InputError(f"{folder}: exists already; give the name of a new folder")
    above = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        Path(tempfile.mkdtemp(prefix=".", dir=above)).rmdir()
    except OSError as error:
        raise _unwritable(folder, error) from None
    there = shutil.disk_usage(above).free
    if size > there:
        raise InputError(
            f"{folder}: needs about {size / 1e6:,.0f} MB, and {there / 1e6:,.0f} MB are free "
            "there; give another place or play fewer creators, steps or replications"
        )
    return path


@contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """Give a hidden folder to fill, which takes its name once it is filled without an error.

    Raises
    ------
    InputError
        If the folder exists already or cannot be written.
    """
    path = check_new_folder(folder).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        try:
            yield draft
            for file in draft.iterdir():
                _sync(file)
            draft.chmod(0o777 & ~_umask())
            _sync(draft)
            check_new_folder(folder)
            draft.rename(path)
            _sync(path.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_text(path: str | Path, text: str) -> Path:
    """Write a new text file; see `new_folder`."""
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write a new file; see `new_folder`."""
    target = check_new_file(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.absolute().parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o666 & ~_umask())
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None
    return target


def check_new_file(path: str | Path) -> Path:
    """Return the path of a file that does not exist yet."""
    if Path(path).exists():
        raise InputError(f"{path}: exists already; give the name of a new file")
    return Path(path)


def unpacked(data: bytes) -> bytes:
    """Return the content of a file, unpacked where it is gzip.

    Raises
    ------
    ValueError
        If it is cut off or damaged, or holds far more than text could.
    """
    if not data.startswith(GZIP):
        return data
    pieces, left = [], max(ALWAYS, GROWTH * len(data))
    try:
        with gzip.open(BytesIO(data)) as file:
            while piece := file.read(PIECE):
                pieces.append(piece)
                left -= len(piece)
                if left < 0:
                    raise ValueError(f"holds more than {GROWTH} times its size, so no table")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ValueError("is not a complete gzip file") from None
    return b"".join(pieces)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: str | Path, error: OSError) -> InputError:
    return InputError(f"{path}: cannot be written ({error.strerror})")
