"""A blind reading: texts of a model among tools' own messages, marked by a person who does not see whose each is."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Hunk

if TYPE_CHECKING:
    from hunkwise.evaluation.mark_row import KeyRow, MarkRow

Row = TypeVar("Row", "MarkRow", "KeyRow")

MODEL, TOOL = "model", "tool"
WRITTEN, MESSAGES = 30, 20
"""How many texts of the model and messages of tools a reading has: a share is believed from 30 texts on."""
SHOWN_AROUND = 12
"""Lines of a hunk that are shown before and after the one that a text is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to be read, and what the reader does not see: who wrote it, what about, and what the guard says of it."""

    case: str
    path: str
    line: int
    hunk: str
    text: str
    source: str
    about: str = ""
    guard: str = ""

    @property
    def id(self) -> str:
        """Return a name that does not tell the source."""
        parts = json.dumps([self.case, self.path, self.line, self.text, self.source, self.about])
        return hashlib.sha256(parts.encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a reading came to: how many of the model's texts and of the tools' messages a reader would not show.

    withheld: of the model's, by what the guard says; a text that the guard withholds is unusable in any case.
    rows: each text with its mark and its source, without the hunk.
    """

    written: int
    unusable: int
    messages: int
    unusable_messages: int
    withheld: Mapping[str, int]
    rows: tuple[Mapping[str, object], ...] = ()

    @property
    def share(self) -> float:
        return self.unusable / self.written


def shown_hunk(hunk: Hunk, line: int) -> str:
    """Return the hunk around a line of the head as a diff, the line marked with `>`."""
    at = next((index for index, one in enumerate(hunk.lines) if one.new == line), 0)
    start, end = max(0, at - SHOWN_AROUND), at + SHOWN_AROUND + 1
    rows = [
        f"{'>' if index == at else ' '}{'+' if one.old is None else '-' if one.new is None else ' '}{one.text}"
        for index, one in enumerate(hunk.lines)
    ]
    return "\n".join(rows[start:end])


def write_reading(texts: Sequence[Text], path: Path, seed: int = 0) -> Path:
    """Write the texts in random order, without their sources, and the key beside them; return the key's path.

    A person writes true or false at `usable`, and a few words at `why`.
    """
    unique = {text.id: text for text in texts}
    shuffled = sorted(unique)
    random.Random(seed).shuffle(shuffled)
    items = [
        {
            "id": name,
            "path": unique[name].path,
            "line": unique[name].line,
            "hunk": unique[name].hunk,
            "text": unique[name].text,
            "usable": None,
            "why": "",
        }
        for name in shuffled
    ]
    key = key_path(path)
    _write(path, items)
    _write(key, [{"id": name, **asdict(unique[name])} for name in sorted(unique)])
    return key


def key_path(path: Path) -> Path:
    """Return where the key of a reading lies."""
    return path.with_name(f"{path.stem}.key.jsonl")


def read_marks(path: Path, key: Path) -> Marks:
    """Join a marked reading with its key.

    Raises UsageError for a text that is not marked or not known, and where the model wrote none of them.
    """
    from hunkwise.evaluation.mark_row import KeyRow, MarkRow

    keys, marks = _rows(key, KeyRow), _rows(path, MarkRow)
    if unknown := sorted(marks.keys() - keys.keys()):
        raise UsageError(f"{path}: {key.name} does not know {unknown[0]}; are they of one reading?")
    if unmarked := sorted(keys.keys() - marks.keys()):
        raise UsageError(f"{path}: {len(unmarked)} texts are missing, such as {unmarked[0]}")
    ours = [(keys[name].guard, mark.usable) for name, mark in marks.items() if keys[name].source == MODEL]
    theirs = [mark.usable for name, mark in marks.items() if keys[name].source != MODEL]
    if not ours:
        raise UsageError(f"{key}: none of the texts is the model's")
    return Marks(
        written=len(ours),
        unusable=sum(bool(guard) or not usable for guard, usable in ours),
        messages=len(theirs),
        unusable_messages=sum(not usable for usable in theirs),
        rows=tuple(_joined(keys[name], marks[name]) for name in sorted(marks)),
        withheld=dict(sorted(Counter(guard for guard, _ in ours if guard).items())),
    )


def write_marks(marks: Marks, path: Path) -> None:
    """Write the texts with their marks and sources, so that others can judge the judgement."""
    _write(path, marks.rows)


def _joined(key: "KeyRow", mark: "MarkRow") -> Mapping[str, object]:
    return {
        "id": key.id,
        "source": key.source,
        "about": key.about,
        "guard": key.guard,
        "text": key.text,
        "usable": mark.usable,
        "why": mark.why,
    }


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        path.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _rows(path: Path, form: type[Row]) -> Mapping[str, Row]:
    from pydantic import ValidationError

    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    found: dict[str, Row] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = form.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise UsageError(f"{path}, line {number}: {where}: {first['msg']}") from error
        if row.id in found:
            raise UsageError(f"{path}, line {number}: {row.id} is there twice")
        found[row.id] = row
    return found
