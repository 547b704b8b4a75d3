"""Let a model read the commented hunks of cases, once each: what was read is on disk and is not read again."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from hunkwise.core.model import RepoPath
from hunkwise.core.reader_ports import LanguageModel
from hunkwise.core.windows import join
from hunkwise.evaluation.auc import HunkLines
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.known import Known
from hunkwise.evaluation.lines import hunk_lines, telling_hunks
from hunkwise.evaluation.model_tasks import TaskMaker
from hunkwise.evaluation.row_file import RowFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """The telling hunks of a case with P(line) as their scores, and what reading them took."""

    case: str
    hunks: tuple[HunkLines, ...]
    tokens: int = 0
    seconds: float = 0.0
    is_new: bool = False


def read_case(
    case: Case, known: Known, model: LanguageModel, make_tasks: TaskMaker, kept: RowFile, setting: str
) -> CaseReading:
    """Return what the model says of the case's telling hunks.

    setting: what else changes the answer, such as the hash of the prompts; a part of the key under which it is kept.
    """
    commented = case.commented_lines
    hunks = telling_hunks(known.places, commented)
    key = _key(case, model.identity, setting)
    row = kept.get(key)
    is_new = row is None
    if row is None:
        row = kept.add(key, _read(case, known, model, make_tasks, hunks))
    lines = cast("list[tuple[str, int, float]]", row["lines"])
    return CaseReading(
        case=case.id,
        hunks=hunk_lines(
            case.id,
            case.repository,
            known.places,
            commented,
            {(RepoPath(path), line): probability for path, line, probability in lines},
        ),
        tokens=cast("int", row["tokens"]),
        seconds=cast("float", row["seconds"]),
        is_new=is_new,
    )


def _read(
    case: Case, known: Known, model: LanguageModel, make_tasks: TaskMaker, hunks: Sequence[str]
) -> Mapping[str, object]:
    asked = make_tasks(known, hunks) if hunks else ()
    tasks = [task for one in asked for task in one.tasks]
    started = time.perf_counter()
    readings = list(model.locate(tasks)) if tasks else []
    seconds = time.perf_counter() - started
    lines: list[tuple[str, int, float]] = []
    at = 0
    for one in asked:
        places, reading = join(one.windows, readings[at : at + len(one.tasks)])
        at += len(one.tasks)
        lines += [
            (one.file.path, place, probability)
            for place, probability in zip(places, reading.probabilities, strict=True)
        ]
    return {
        "case": case.id,
        "lines": lines,
        "prompts": len(tasks),
        "tokens": sum(reading.tokens for reading in readings),
        "seconds": round(seconds, 3),
    }


def _key(case: Case, identity: str, setting: str) -> str:
    parts = [case.id, case.diff, sorted(case.commented_lines), identity, setting]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
