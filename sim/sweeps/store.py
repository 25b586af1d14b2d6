"""The folder of a sweep: files that appear complete and stay as they are.

======================= ===================================================================
file                    holds
======================= ===================================================================
``sweep.json``          the base scenario, what is kept of each run, versions, identity
``scenario.toml``       the base scenario, to read and to change
``designs/*.parquet``   what was asked for: points, seeds and arms, one file for each call
``runs/*.parquet``      what was played: one row for each run, some runs in each file
``versions/*.json``     what the runs were made with
======================= ===================================================================

A file takes its name once it is complete and on disk, so whoever is killed leaves complete
files behind.  A run is told by the digest of its scenario, its seed and its arm; whatever is
found twice counts once, and a run that succeeded counts before one that failed.  Only
``sweep.json`` is ever replaced: when more outcomes are asked for than it names.  Runs that lack
them are played again, which gives the same numbers and the new ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.loading.files import SWEEP, scenario_from, to_toml, writable
from sim.provenance import DISTRIBUTION, UNKNOWN, provenance
from sim.run_folder import SCENARIO, inputs_of
from sim.sweeps.plan import ARMS, KEY, OK, keys
from sim.sweeps.points import DIGEST_BYTES

if TYPE_CHECKING:
    import pyarrow
    from numpy.typing import NDArray

    from sim.scenario import Scenario
    from sim.sweeps.outcomes import Outcome
    from sim.sweeps.plan import Keys

MANIFEST = SWEEP
FORMAT = 1
TOLD = (DISTRIBUTION, "python", "numpy")
DESIGNS, RUNS, VERSIONS = "designs", "runs", "versions"
FIELDS = {"scenario", "scenario_digest", "outcomes", "inputs"}
NAME = 20
"""Letters of the hash of its content that name a file."""
LONG_AGO = 86_400.0
"""Seconds after which nobody can still be writing a file."""
IDENTIFYING = ("digest", "seed", "arm", "status")
COMPLETE, PARTIAL, FAILED = range(3)
"""Of a run found twice, the first of these counts; a partial one lacks outcomes asked for later."""


class UnwritableError(InputError):
    """The folder takes no more, for example because the disk is full."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Which runs the folder holds.

    Parameters
    ----------
    done, failed : (runs,)
        Sorted keys of runs that succeeded with all outcomes, and of those that only failed.
    superseded : dict of str to int64 (rows,)
        By file, rows that do not count, since another file has the same run.
    versions : tuple of str
        Under which versions the runs were played.
    """

    done: Keys
    failed: Keys
    superseded: dict[str, NDArray[np.int64]]
    versions: tuple[str, ...]

    @property
    def known(self) -> Keys:
        """Sorted keys of all runs, whether they succeeded or failed."""
        return np.sort(np.concatenate((self.done, self.failed)))


class Store:
    """A folder that holds a sweep; see the top of this module."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @classmethod
    def create(cls, folder: str | Path, scenario: Scenario, kept: Sequence[Outcome]) -> Store:
        """Return the store of a sweep, new or to be continued.

        Raises
        ------
        InputError
            If the folder is another's, or cannot be written.
        """
        store = cls(folder)
        if store.folder.exists() and not store.folder.is_dir():
            raise InputError(f"{folder}: is a file; give the name of a folder")
        if not cls.holds_sweep(folder):
            if store.folder.exists() and any(store.folder.glob("[!.]*")):
                raise InputError(f"{folder}: holds other files; give the name of a new folder")
            store._begin(scenario, kept)
        store._check(scenario)
        store._extend(kept)
        store._clear()
        return store

    @staticmethod
    def holds_sweep(folder: str | Path) -> bool:
        """Return whether a sweep was begun in a folder."""
        return (Path(folder) / MANIFEST).exists()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the folder says of itself."""
        path = self.folder / MANIFEST
        try:
            manifest = json.loads(path.read_text("utf-8"))
            complete = manifest.keys() >= FIELDS and isinstance(manifest["outcomes"], list)
        except FileNotFoundError:
            raise InputError(f"{self.folder}: is not the folder of a sweep") from None
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            raise InputError(f"{path}: is damaged ({' '.join(str(error).split())[:80]})") from None
        if manifest.get("format") != FORMAT:
            raise InputError(
                f"{path}: is of format {manifest.get('format')}, this version reads {FORMAT}; "
                "read it with the version that wrote it"
            )
        if not complete:
            raise InputError(f"{path}: is damaged ({', '.join(sorted(FIELDS))} belong in it)")
        return dict(manifest)

    @cached_property
    def scenario(self) -> Scenario:
        """The base scenario."""
        return scenario_from(self.manifest["scenario"], str(self.folder / MANIFEST))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of what is kept of each run."""
        return tuple(self.manifest["outcomes"])

    def add_versions(self) -> str:
        """Record what this program is made of; return the name of the record."""
        made = {name: value for name, value in provenance().items() if name != "created"}
        text = json.dumps(made, sort_keys=True, indent=1)
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        if not (self.folder / VERSIONS / f"{name}.json").exists():
            self.put(f"{VERSIONS}/{name}.json", f"{text}\n".encode())
        return name

    def told(self, name: str) -> str:
        """Return a record of versions in words."""
        try:
            made = json.loads((self.folder / VERSIONS / f"{name}.json").read_text("utf-8"))
            numbers = ", ".join(f"{of} {made['versions'][of]}" for of in TOLD)
            return f"{numbers}, commit {(made['commit'] or UNKNOWN)[:12]}"
        except (OSError, ValueError, KeyError, TypeError):
            return f"versions {name}"

    def add_runs(self, table: pyarrow.Table) -> None:
        """Write runs into a new file."""
        content, name = _packed(table)
        self.put(f"{RUNS}/{name}.parquet", content)

    def add_design(self, table: pyarrow.Table) -> None:
        """Write a design, after those that are there; once, if it is the same."""
        content, name = _packed(table)
        there = self.files(DESIGNS)
        if not any(path.stem.endswith(name) for path in there):
            self.put(f"{DESIGNS}/{len(there):04d}-{name}.parquet", content)

    def files(self, part: str) -> list[Path]:
        """Return the complete files in a part of the folder, by name."""
        return sorted((self.folder / part).glob("[!.]*.parquet"))

    def put(self, name: str, content: Any) -> None:
        """Write a file so that it is there complete or not at all.

        Raises
        ------
        UnwritableError
            If it cannot be written; what was there stays.
        """
        target = self.folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(draft).chmod(0o644)
                Path(draft).replace(target)
                _sync(target.parent)
            finally:
                Path(draft).unlink(missing_ok=True)
        except OSError as error:
            raise UnwritableError(
                f"{self.folder}: cannot be written ({error.strerror}); what is there is complete, "
                "and the same command goes on from it"
            ) from None

    def ledger(self) -> Ledger:
        """Return which runs the folder holds, reading no more than what tells them apart."""
        files = self.files(RUNS)
        read = [_identified(path, self.outcomes) for path in files]
        if not read:
            nothing = np.empty(0, KEY)
            return Ledger(nothing, nothing, {}, ())
        found = np.concatenate([part[0] for part in read])
        ranks = np.concatenate([part[1] for part in read])
        order = np.lexsort((ranks, found))
        ordered = found[order]
        first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
        superseded = _by_file(np.sort(order[~first]), files, [part[0].size for part in read])
        counts, rank = ordered[first], ranks[order][first]
        versions = sorted({name for part in read for name in part[2]})
        done, failed = counts[rank == COMPLETE], counts[rank == FAILED]
        return Ledger(done, failed, superseded, tuple(versions))

    def _begin(self, scenario: Scenario, kept: Sequence[Outcome]) -> None:
        manifest = {
            "format": FORMAT,
            **provenance(),
            "scenario_digest": scenario.digest,
            "outcomes": [outcome.name for outcome in kept],
            "inputs": inputs_of(scenario),
            "scenario": scenario.to_data(),
        }
        self._state(manifest)
        self.put(SCENARIO, to_toml(scenario).encode())

    def _state(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(writable(manifest), indent=1, ensure_ascii=False, allow_nan=False)
        self.put(MANIFEST, f"{text}\n".encode())

    def _extend(self, kept: Sequence[Outcome]) -> None:
        """Keep more outcomes from now on; runs that lack them are then to be played again."""
        names = list(dict.fromkeys([*self.outcomes, *(outcome.name for outcome in kept)]))
        if len(names) > len(self.outcomes):
            self._state({**self.manifest, "outcomes": names})
            del self.manifest

    def _clear(self) -> None:
        """Remove unfinished files of those who were killed long ago."""
        for part in (DESIGNS, RUNS, VERSIONS):
            for draft in (self.folder / part).glob(".*"):
                with contextlib.suppress(OSError):
                    if time.time() - draft.stat().st_mtime > LONG_AGO:
                        draft.unlink()

    def _check(self, scenario: Scenario) -> None:
        theirs, ours = self.manifest["scenario_digest"], scenario.digest
        if theirs != ours:
            raise InputError(
                f"{self.folder}: holds a sweep of another scenario ({theirs[:12]}, this is "
                f"{ours[:12]}); give the name of a new folder"
            )
        now = inputs_of(scenario)
        for name, digest in self.manifest["inputs"].items():
            if now.get(name) != digest:
                raise InputError(f"{name}: is not the file that {self.folder} was begun with")


def _packed(table: pyarrow.Table) -> tuple[Any, str]:
    """Return a table as the bytes of its file, and the name that they give it."""
    import pyarrow
    from pyarrow import parquet

    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    content = sink.getvalue()
    return content, _named(content)


def _named(content: Any) -> str:
    return hashlib.sha256(content).hexdigest()[:NAME]


def read_table(
    path: Path, columns: Sequence[str] | None = None, verified: bool = True
) -> pyarrow.Table:
    """Return a table of the store, or some of its columns.

    Raises
    ------
    InputError
        If the file is damaged: what it holds is not what its name says.
    """
    from pyarrow import ArrowException, BufferReader, parquet

    try:
        source: Any = path
        if verified:
            content = path.read_bytes()
            if not path.stem.endswith(_named(content)):
                raise ValueError("it is not as it was written")
            source = BufferReader(content)
        file = parquet.ParquetFile(source)
        there = None if columns is None else [c for c in columns if c in file.schema_arrow.names]
        table: pyarrow.Table = file.read(columns=there)
    except (ArrowException, OSError, ValueError) as error:
        raise damaged(path, error) from None
    return table


def damaged(path: Path, error: Exception) -> InputError:
    """Return what is said of a file that cannot be read."""
    said = " ".join(str(error).split())[:80]
    return InputError(f"{path}: is damaged ({said}); delete it and run the same command again")


def _identified(path: Path, outcomes: Sequence[str]) -> tuple[Keys, NDArray[np.int64], list[str]]:
    """Return keys of the runs in a file, how much there is of each, and versions."""
    from pyarrow import parquet

    table = read_table(path, [*IDENTIFYING, "versions"])
    try:
        digests = table["digest"].combine_chunks().dictionary_encode()
        plain = [bytes.fromhex(digest) for digest in digests.dictionary.to_pylist()]
        places = digests.indices.to_numpy(zero_copy_only=False)
        arms = np.array([ARMS.index(arm) for arm in table["arm"].to_pylist()], dtype=np.int64)
        found = keys(np.array(plain, f"V{DIGEST_BYTES}")[places], table["seed"].to_numpy(), arms)
        there = parquet.read_schema(path).names
        good = COMPLETE if set(outcomes) <= set(there) else PARTIAL
        ranks = np.array([good if s == OK else FAILED for s in table["status"].to_pylist()])
        versions = [str(name) for name in table["versions"].unique().to_pylist()]
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise damaged(path, error) from None
    return found, ranks, versions


def _by_file(
    rows: NDArray[np.int64], files: Sequence[Path], sizes: Sequence[int]
) -> dict[str, NDArray[np.int64]]:
    ends = np.cumsum(sizes)
    found: dict[str, NDArray[np.int64]] = {}
    if rows.size:
        for path, begin, end in zip(files, ends - sizes, ends, strict=True):
            here = rows[(rows >= begin) & (rows < end)] - begin
            if here.size:
                found[path.name] = here
    return found


def _sync(folder: Path) -> None:
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
