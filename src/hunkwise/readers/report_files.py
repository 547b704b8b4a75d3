"""The report files that a configuration names, found and read with their limits."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import ReportError
from hunkwise.core.model import RepoPath, Trust
from hunkwise.core.ports import AnalyzerInputs

MOST_FILES = 500
LARGEST = 100 * 2**20
"""Bytes of one report."""

CLOCKS = 2.0
"""Seconds by which a report may be older than a file that it was made from: clocks of file systems are coarse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report on disk; folder: the folder of the repository that it lies in, "" where it lies elsewhere too."""

    file: Path
    name: str
    folder: str
    modified: float
    is_inside: bool

    def read(self) -> bytes:
        """Return the bytes; raise ReportError where it is no regular file or larger than it may be."""
        return read_report(self.file)


def read_report(file: Path, *, follow: bool = True) -> bytes:
    """Return a file's bytes; raise ReportError where it is none, too large, or a link and not to be followed."""
    try:
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
        descriptor = os.open(file, flags)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ReportError("it is not a regular file")
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise ReportError(f"it cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ReportError(f"it is larger than {LARGEST // 2**20} MB")
    return data


def find_reports(patterns: Iterable[str], inputs: AnalyzerInputs, option: str) -> tuple[ReportFile, ...]:
    """Return the files that match, sorted by name; none where the change is foreign and the user did not name them.

    The patterns of an own change start from its root; what the user's own file names, from where the user is too.
    Raises ReportError where there are too many.
    """
    places = []
    if inputs.trust is Trust.OWN:
        places.append(inputs.root)
    if option in inputs.user_options and inputs.directory:
        places.append(inputs.directory)
    found: dict[str, ReportFile] = {}
    for place in places:
        for pattern in patterns:
            for file in _matching(place, pattern):
                found.setdefault(str(file.resolve()), _report(file, inputs))
                if len(found) > MOST_FILES:
                    raise ReportError(f"{pattern!r} matches more than {MOST_FILES} files")
    return tuple(sorted(found.values(), key=lambda one: one.name))


def usual_reports(names: Sequence[str], paths: Iterable[RepoPath], inputs: AnalyzerInputs) -> tuple[ReportFile, ...]:
    """Return the reports of these names in the folders above the paths, where the change is own."""
    if inputs.trust is not Trust.OWN:
        return ()
    folders = {str(parent) for path in paths for parent in Path(path).parents}
    found: dict[str, ReportFile] = {}
    for folder in sorted(folders):
        for name in names:
            file = Path(inputs.root, folder, name)
            if file.is_file():
                found.setdefault(str(file.resolve()), _report(file, inputs))
    return tuple(sorted(found.values(), key=lambda one: one.name))


def older_reports(path: RepoPath, reports: Iterable[ReportFile], inputs: AnalyzerInputs) -> str:
    """Return in words which reports were made before a file was last written; nothing where none was."""
    try:
        changed = Path(inputs.root, path).stat().st_mtime
    except OSError:
        return ""
    old = [report.name for report in reports if report.is_inside and report.modified + CLOCKS < changed]
    return f"by {', '.join(old)}, made before this file was last written" if old else ""


def _matching(place: str, pattern: str) -> Iterator[Path]:
    whole = Path(place, Path(pattern).expanduser()).absolute()
    try:
        yield from (file for file in Path(whole.anchor).glob(str(whole)[len(whole.anchor) :]) if not file.is_dir())
    except (ValueError, OSError) as error:
        raise ReportError(f"{pattern!r} is no pattern of files: {error}") from error


def _report(file: Path, inputs: AnalyzerInputs) -> ReportFile:
    real, root = file.resolve(), Path(inputs.root).resolve()
    is_inside = real.is_relative_to(root)
    relative = real.relative_to(root) if is_inside else real
    try:
        modified = real.stat().st_mtime
    except OSError:
        modified = 0.0
    folder = relative.parent.as_posix() if is_inside else ""
    return ReportFile(
        file=real,
        name=str(relative),
        folder="" if folder == "." else folder,
        modified=modified,
        is_inside=is_inside,
    )
