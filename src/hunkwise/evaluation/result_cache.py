"""Answers of earlier runs on disk, each in a file named by the hash of all that it depends on."""

from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.review_row import Cost, Reviewed
from hunkwise.evaluation.run_file import line_of, parse_line
from hunkwise.evaluation.whole_file import write_whole


class ResultCache:
    """Answers by their keys; a file that cannot be read is as if it were not there."""

    def __init__(self, folder: Path, *, again: bool = False) -> None:
        self._folder, self._again = folder, again

    def get(self, key: str) -> tuple[Reviewed, Cost | None] | None:
        """Return the answer of a key and what it took, unless all is to be done again."""
        try:
            lines = [] if self._again else self._path(key).read_bytes().splitlines()
        except OSError:
            return None
        try:
            values = [parse_line(line) for line in lines]
        except ValueError:
            return None
        reviewed = next((one for one in values if isinstance(one, Reviewed)), None)
        cost = next((one for one in values if isinstance(one, Cost)), None)
        return (reviewed, cost) if reviewed else None

    def put(self, key: str, reviewed: Reviewed, cost: Cost | None) -> None:
        """Keep an answer, whole or not at all."""
        path = self._path(key)
        try:
            write_whole(path, line_of(reviewed) + (line_of(cost) if cost else b""))
        except OSError as error:
            raise UsageError(f"cannot keep what was measured in {path.parent}: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.jsonl"
