"""The workspace that a job finds: the manifests of its ancestors, one laid upon the other in the order of recording.

Pure. An outcome is always recorded after those of the job's own parents, so this order never contradicts the graph;
between jobs that do not know each other the later wins, and the path is named as a conflict.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class FileVersion(NamedTuple):
    """A file as some job left it."""

    digest: str
    mode: int
    size: int


@dataclass(frozen=True)
class Contribution:
    """What one attempt left: its own changes only. Empty for one that failed."""

    job: str
    attempt: int
    inputs: tuple[tuple[str, int], ...]
    """Job and attempt of its parents."""
    changed: Mapping[str, FileVersion]
    deleted: Sequence[str]


@dataclass(frozen=True)
class Fold:
    """A workspace."""

    files: dict[str, tuple[FileVersion, str]]
    """By path: the version, and the uid of the job that left it."""
    conflicts: list[str]
    """Paths of which ancestors that do not know each other left different versions, sorted."""


def fold(contributions: Sequence[Contribution], parents: Sequence[tuple[str, int]]) -> Fold:
    """The workspace behind some parents; ``contributions`` are all their ancestors and they, as they were recorded.

    A conflict is told where it first meets: not to a job one of whose parents was already given both versions.
    """
    lineage = _Lineage(contributions)
    ground = _Ground(lineage)
    for place, contribution in enumerate(contributions):
        for path in contribution.deleted:
            ground.delete(place, path)
        for path, version in contribution.changed.items():
            ground.write(place, path, version)
    views = [lineage.view_of(parent) for parent in parents]
    files = {path: (version, contributions[place].job) for path, (place, version) in ground.files.items()}
    return Fold(files, sorted(ground.conflicts(views)))


class _Lineage:
    """Who is whose ancestor: a set of places for each, as the bits of an integer."""

    def __init__(self, contributions: Sequence[Contribution]) -> None:
        self._places = {(one.job, one.attempt): place for place, one in enumerate(contributions)}
        self._ancestors: list[int] = []
        for place, one in enumerate(contributions):
            known = 0
            for parent in one.inputs:
                # Only what was recorded before it can have been its input.
                if self._places.get(parent, place) < place:
                    known |= self.view_of(parent)
            self._ancestors.append(known)

    def view_of(self, job: tuple[str, int]) -> int:
        """The job and its ancestors."""
        place = self._places[job]
        return self._ancestors[place] | 1 << place

    def is_ancestor(self, one: int, other: int) -> bool:
        """Whether the one had been seen by the other."""
        return bool(self._ancestors[other] >> one & 1)


@dataclass
class _Ground:
    """Files as they lie after some contributions, and of each path the last versions that nobody has superseded."""

    lineage: _Lineage
    files: dict[str, tuple[int, FileVersion]] = field(default_factory=dict)
    heads: dict[str, list[tuple[int, FileVersion | None]]] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    """How many files are below each folder."""
    clashes: dict[str, int] = field(default_factory=dict)
    """Paths that had to go, because a job that did not know them left a folder or a file in their way; who they were."""

    def delete(self, place: int, path: str) -> None:
        """A job removed a file."""
        self._drop(path)
        self._supersede(place, path, None)

    def write(self, place: int, path: str, version: FileVersion) -> None:
        """A job left a file. What is in its way goes: a path cannot be a file and a folder."""
        for obstacle in self._obstacles(path):
            self._clash(place, obstacle)
        self._drop(path)
        self.files[path] = place, version
        for folder in _folders(path):
            self.folders[folder] = self.folders.get(folder, 0) + 1
        self._supersede(place, path, version)

    def conflicts(self, views: Sequence[int]) -> Iterator[str]:
        """Paths with more than one last version, unless one of the views holds them all."""
        for path, heads in self.heads.items():
            places = sum(1 << place for place, _ in heads) | self.clashes.get(path, 0)
            differ = len({version[:2] if version else None for _, version in heads}) > 1 or path in self.clashes
            if differ and not any(view & places == places for view in views):
                yield path

    def _supersede(self, place: int, path: str, version: FileVersion | None) -> None:
        heads = [head for head in self.heads.get(path, ()) if not self.lineage.is_ancestor(head[0], place)]
        self.heads[path] = [*heads, (place, version)]

    def _clash(self, place: int, path: str) -> None:
        before, _ = self.files[path]
        self._drop(path)
        if not self.lineage.is_ancestor(before, place):
            self.clashes[path] = self.clashes.get(path, 0) | 1 << before | 1 << place

    def _obstacles(self, path: str) -> list[str]:
        found = [folder for folder in _folders(path) if folder in self.files]
        if self.folders.get(path):
            found += [other for other in self.files if other.startswith(f"{path}/")]
        return found

    def _drop(self, path: str) -> None:
        if self.files.pop(path, None) is not None:
            for folder in _folders(path):
                self.folders[folder] -= 1


def _folders(path: str) -> Iterator[str]:
    """The folders above a path, the outermost first."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
