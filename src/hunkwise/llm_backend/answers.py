"""Keep what models answered on disk: bounded, and keyed by the model, its prompts and all that it was shown."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from hunkwise.core.reader_ports import LanguageModel
from hunkwise.core.reading import HunkTask, Reading, WriteJob, Written
from hunkwise.llm_backend.prompts import prompts_hash, render_locate, render_write

FILE = "answers.sqlite3"
MOST = 100_000
"""Answers that are kept, of a few hundred bytes each; the oldest go first."""
SCHEMA = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
USED = "CREATE TABLE IF NOT EXISTS used (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL)"

Q = TypeVar("Q", HunkTask, WriteJob)
A = TypeVar("A", Reading, Written)


class Answers:
    """A file of answers; one that cannot be read or written is as good as empty, for it only saves time."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.path, self._most = folder / FILE, most

    def find(self, keys: Sequence[str]) -> dict[str, object]:
        """Return the answers under these keys, as far as they are kept."""
        found: dict[str, object] = {}
        try:
            with closing(self._open()) as database:
                for key in keys:
                    row = database.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
                    if row is not None:
                        found[key] = json.loads(row[0])
        except (sqlite3.Error, OSError, ValueError):
            return found
        return found

    def keep(self, answers: dict[str, object]) -> None:
        """Add answers, and drop the oldest beyond the bound."""
        try:
            with closing(self._open()) as database, database:
                rows = [(key, json.dumps(value)) for key, value in answers.items()]
                database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)
                database.executemany("INSERT INTO used (key) VALUES (?)", [(key,) for key in answers])
                last = database.execute("SELECT max(number) FROM used").fetchone()[0] or 0
                old = (last - self._most,)
                database.execute(
                    "DELETE FROM answers WHERE key IN (SELECT key FROM used WHERE number <= ?)"
                    " AND key NOT IN (SELECT key FROM used WHERE number > ?)",
                    old * 2,
                )
                database.execute("DELETE FROM used WHERE number <= ?", old)
        except (sqlite3.Error, OSError):
            return

    def count(self) -> int:
        """Return how many answers there are."""
        try:
            with closing(self._open()) as database:
                return int(database.execute("SELECT count(*) FROM answers").fetchone()[0])
        except (sqlite3.Error, OSError):
            return 0

    def clear(self) -> None:
        """Remove the file; raises OSError where that fails."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(self.path, timeout=5.0)
        try:
            database.execute(SCHEMA)
            database.execute(USED)
        except sqlite3.DatabaseError:
            database.close()
            # Not a database any more: begin anew.
            self.clear()
            raise
        return database


def bias_key(identity: str, places: int) -> str:
    """Return the key of what a model gives to a content-free task of so many places."""
    return hashlib.sha256(json.dumps([identity, prompts_hash(), "bias", places]).encode()).hexdigest()


class CachedModel:
    """A model that is asked only what it has not answered before; a cached answer has read no tokens."""

    def __init__(self, model: LanguageModel, answers: Answers) -> None:
        self._model, self._answers = model, answers
        self.name, self.identity = model.name, model.identity
        self.context_length, self.prompt_tokens, self.card = model.context_length, model.prompt_tokens, model.card

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)

    def locate(self, tasks: Sequence[HunkTask]) -> Sequence[Reading]:
        return self._answered(tasks, self._model.locate, _reading)

    def write(self, jobs: Sequence[WriteJob]) -> Sequence[Written]:
        return self._answered(jobs, self._model.write, _written)

    def close(self) -> None:
        self._model.close()

    def _answered(
        self,
        asked: Sequence[Q],
        ask: Callable[[Sequence[Q]], Sequence[A]],
        restored: Callable[[object], A | None],
    ) -> Sequence[A]:
        keys = [self._key(one) for one in asked]
        kept = {key: restored(value) for key, value in self._answers.find(keys).items()}
        known = {key: answer for key, answer in kept.items() if answer is not None}
        missing = {key: one for key, one in zip(keys, asked, strict=True) if key not in known}
        if missing:
            answers = ask(tuple(missing.values()))
            if len(answers) != len(missing):
                return answers
            fresh = dict(zip(missing, answers, strict=True))
            self._answers.keep({key: list(answer) for key, answer in fresh.items()})
            known |= fresh
        return [known[key] for key in keys]

    def _key(self, asked: HunkTask | WriteJob) -> str:
        """Return a hash of all that is shown: a hunk that only moved in its file is not asked about again."""
        if isinstance(asked, HunkTask):
            shown = render_locate(asked, _numbers(asked), "none")
        else:
            shown = render_write(asked.task, _numbers(asked.task), asked.place, asked.claim)
        text = json.dumps([self.identity, prompts_hash(), shown])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _numbers(task: HunkTask) -> list[str]:
    return [str(number) for number in range(len(task.places))]


def _reading(value: object) -> Reading | None:
    match value:
        case [list(probabilities), float() | int() as none, int()]:
            return Reading(tuple(float(one) for one in probabilities), float(none), 0)
    return None


def _written(value: object) -> Written | None:
    match value:
        case [str(text), bool(is_cut), int(), int()]:
            return Written(text, is_cut, 0, 0)
    return None
