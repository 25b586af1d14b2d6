"""Works of creators: source files of the Python environment, or of a folder."""

from __future__ import annotations

import importlib.metadata
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from sim.capability.retraining.trainers.draws import order
from sim.capability.retraining.trainers.topics import LIBRARY, topic_of
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.capability.retraining.ngram import NGram

OWN_PROJECT = "datastrike"
LONG_LINE = 20
NOT_OWN_WORK = {
    "test",
    "tests",
    "testing",
    "idle_test",
    "_vendor",
    "vendor",
    "vendored",
    "_vendored_packages",
    "extern",
    "externals",
    "pydoc_data",
}


@dataclass(frozen=True)
class Source:
    """Where a creator's works are: ``files`` below ``root``, in a fixed order."""

    name: str
    community: str | None
    root: Path
    files: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.files)


@dataclass(frozen=True)
class Creator:
    """A creator's works, in the order in which they would be kept longest."""

    name: str
    community: str
    works: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes in all works."""
        return sum(map(len, self.works))


def read_creators(spec: NGram, seed: int) -> list[Creator]:
    """Return the creators, community by community (at least two in each).

    Raises
    ------
    InputError
        Folder, community or creator is missing, or no community has two creators.
    """
    found = _in_folder(spec) if spec.folder else list(_in_environment(spec.suffix))
    seen: set[bytes] = set()
    creators: list[Creator] = []
    for community, sources in _grouped(spec, found).items():
        largest = sorted(sources, key=lambda source: (-source.size, source.name))
        chosen = sorted(largest[: spec.creators], key=lambda source: source.name)
        read = [_read(source, community, spec, seed, seen) for source in chosen]
        filled = [creator for creator in read if creator.works]
        if len(filled) >= 2:
            creators += filled
    if not creators:
        where = spec.folder or "the Python environment"
        raise InputError(
            f"no community in {where} has two creators with {spec.suffix} files: expected "
            "folder/community/creator, or folder/creator with declared communities"
        )
    return creators


def _grouped(spec: NGram, found: list[Source]) -> dict[str, list[Source]]:
    if spec.communities is None:
        names = sorted({source.community for source in found if source.community})
        return {name: [s for s in found if s.community == name] for name in names}
    by_name = {source.name: source for source in found}
    groups: dict[str, list[Source]] = {}
    for community, creators in spec.communities.items():
        for name in creators:
            if name not in by_name:
                near = get_close_matches(name, by_name)
                hint = f"did you mean {near[0]!r}?" if near else "correct the name or leave it out"
                raise InputError(
                    f"communities.{community}: no creator {name!r} in "
                    f"{spec.folder or 'the Python environment'}; {hint}"
                )
            groups.setdefault(community, []).append(by_name[name])
    return groups


def _in_folder(spec: NGram) -> list[Source]:
    assert spec.folder is not None
    if not spec.folder.is_dir():
        raise InputError(f"folder {spec.folder} does not exist: give a folder of creators' works")
    if spec.communities is not None:
        return list(_below(spec.folder, None, spec.suffix))
    groups = sorted(path for path in spec.folder.iterdir() if path.is_dir())
    return [source for path in groups for source in _below(path, path.name, spec.suffix)]


def _below(folder: Path, community: str | None, suffix: str) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        files = path.rglob(f"*{suffix}") if path.is_dir() else [path]
        yield _source(path.stem if path.is_file() else path.name, community, folder, files, suffix)


def _in_environment(suffix: str) -> Iterator[Source]:
    library = Path(sysconfig.get_paths()["stdlib"])
    for name, chapter in sorted(LIBRARY.items()):
        module = library / f"{name}.py"
        below = [module] if module.is_file() else (library / name).rglob("*.py")
        yield _source(name, chapter, library, below, suffix)
    projects = {_normal(project.name): project for project in importlib.metadata.distributions()}
    for name, project in sorted(projects.items()):
        if name != OWN_PROJECT and name not in LIBRARY:
            root = Path(str(project.locate_file("")))
            files = [root / file for file in project.files or () if ".." not in file.parts]
            topic = topic_of(name, project.metadata.get_all("Classifier") or ())
            yield _source(name, topic, root, files, suffix)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _source(
    name: str, community: str | None, root: Path, files: Iterable[Path], suffix: str
) -> Source:
    own = [
        file
        for file in files
        if file.suffix == suffix
        and NOT_OWN_WORK.isdisjoint(file.relative_to(root).parts)
        and file.is_file()
    ]
    own.sort(key=lambda file: file.relative_to(root).as_posix())
    return Source(name, community, root, tuple(own))


def _read(source: Source, community: str, spec: NGram, seed: int, seen: set[bytes]) -> Creator:
    room = spec.creator_bytes
    works: list[bytes] = []
    for i in order(seed, f"works of {source.name}", len(source.files)):
        work = source.files[i].read_bytes()[:room]
        if work and not _is_copy(work, seen):
            works.append(work)
            room -= len(work)
        if room <= 0:
            break
    return Creator(source.name, community, tuple(works))


def _is_copy(work: bytes, seen: set[bytes]) -> bool:
    """Return whether most long lines stand in earlier works, and remember all of them."""
    lines = {line for line in map(bytes.strip, work.splitlines()) if len(line) >= LONG_LINE}
    known = len(lines & seen)
    seen |= lines
    return 2 * known > len(lines)
