"""What analyzers said of a case, on disk: they are not run again where only what comes after them has changed."""

import hashlib
import json
import time
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hunkwise.core.analysis import Analysis
from hunkwise.core.config import Config
from hunkwise.core.errors import UsageError
from hunkwise.core.model import Change
from hunkwise.core.pipeline import Parts
from hunkwise.core.ports import Workspace
from hunkwise.evaluation.whole_file import write_whole

if TYPE_CHECKING:
    from pydantic import TypeAdapter

AFTER = (
    "max_comments",
    "floor",
    "focus",
    "focus_mode",
    "fail_on",
    "filter_mode",
    "allow_incomplete",
    "llm",
    "prompt_tokens",
    "model_tokens",
    "model_timeout",
    "scorer",
)
"""Settings that no analyzer sees; with any other one they are run anew."""


class Kept(NamedTuple):
    """An analysis and the seconds on the clock that it took."""

    analysis: Analysis
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisStore:
    """Where analyses are kept. mark: the hash of all that they depend on besides the case and the settings.

    again: those of earlier runs are not used.
    """

    folder: Path
    mark: str
    again: bool = False

    def get(self, key: str) -> Kept | None:
        """Return what is kept under a key; a file that cannot be read is as if it were not there."""
        try:
            return None if self.again else _read(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, kept: Kept) -> None:
        """Keep an analysis, unless it could not be read back just as it is."""
        try:
            content: bytes = _adapter().dump_json(kept)
            is_same = _read(content) == kept
        except ValueError:
            return
        if not is_same:
            return
        try:
            write_whole(self._path(key), content)
        except OSError as error:
            raise UsageError(f"cannot keep what analyzers said in {self.folder}: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


class Replay:
    """The analyzers of one case: what they said before where that is kept, else what they say now, which is kept.

    seconds, cpu: what they took when they ran, where they did not run now.
    """

    def __init__(self, store: AnalysisStore, case: str) -> None:
        self._store, self._case = store, case
        self.seconds = self.cpu = 0.0

    def around(self, parts: Parts) -> Parts:
        """Return the parts of a review with these analyzers."""
        run = parts.analyze

        def analyze(change: Change, workspace: Workspace, config: Config) -> Analysis:
            if not config.analyzers:
                return run(change, workspace, config)
            key = self._key(config, parts.reviewers)
            kept = self._store.get(key)
            if kept is None:
                started = time.monotonic()
                kept = Kept(run(change, workspace, config), round(time.monotonic() - started, 3))
                self._store.put(key, kept)
            else:
                self.seconds = kept.seconds
                self.cpu = sum(one.cpu_seconds for one in kept.analysis.timings)
            return kept.analysis

        return replace(parts, analyze=analyze)

    def _key(self, config: Config, reviewers: tuple[str, ...]) -> str:
        seen = {one.name: repr(getattr(config, one.name)) for one in fields(config) if one.name not in AFTER}
        text = json.dumps([self._store.mark, self._case, reviewers, seen], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _read(content: bytes) -> Kept:
    found: Kept = _adapter().validate_json(content)
    return found


@cache
def _adapter() -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(Kept)
