"""Measure a model on cases: what its P(line) adds, and texts of it for a blind reading."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from hunkwise.core.model import Finding, Kind, RepoPath
from hunkwise.core.places import commentable
from hunkwise.core.reader_ports import LanguageModel
from hunkwise.core.reading import WriteJob
from hunkwise.core.usable import judge
from hunkwise.evaluation.auc import SEED
from hunkwise.evaluation.blind_reading import MESSAGES, MODEL, TOOL, WRITTEN, Text, shown_hunk
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.known import Known, opened
from hunkwise.evaluation.lines import Spot, spot, telling_hunks
from hunkwise.evaluation.location import LocationFigures, measure_location
from hunkwise.evaluation.model_reading import CaseReading, read_case
from hunkwise.evaluation.model_tasks import TaskMaker
from hunkwise.evaluation.row_file import RowFile
from hunkwise.plugins.facade import Plugins

Tell = Callable[[str], None]
OF_A_RULE = 3
"""How many texts of a reading may be about one rule: it should not be of the one that is broken most often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a measure is made of.

    findings, readings, texts: what earlier runs found, read and wrote; a run that was ended goes on from them.
    setting: what else changes the model's answers, such as the hash of its prompts and whether it gets hints.
    """

    plugins: Plugins
    environ: Mapping[str, str]
    command_line: Mapping[str, object]
    findings: RowFile
    readings: RowFile
    texts: RowFile
    setting: str
    make_tasks: TaskMaker
    tell: Tell = lambda text: None

    @contextmanager
    def known(self, case: Case) -> Iterator[Known]:
        """Open a case, its findings from earlier runs where they are there."""
        opening = opened(case, self.plugins, environ=self.environ, command_line=self.command_line, kept=self.findings)
        with opening as known:
            yield known


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The figures on where a model points, and what they took; problems: which tools failed at which cases."""

    figures: LocationFigures
    tokens: int
    seconds: float
    problems: tuple[str, ...]


def bench_location(cases: Sequence[Case], model: LanguageModel, bench: Bench) -> Location:
    """Let the model read every hunk that tells something, and measure; raise UsageError where the cases are too few."""
    telling = [case for case in cases if tells(case)]
    bench.tell(f"{len(telling)} of {len(cases)} changes have a hunk in which some lines are commented and some are not")
    readings: list[CaseReading] = []
    problems: list[str] = []
    for number, case in enumerate(telling, start=1):
        with bench.known(case) as known:
            reading = read_case(case, known, model, bench.make_tasks, bench.readings, bench.setting)
            problems += [f"{case.id}: {problem}" for problem in known.problems]
        readings.append(reading)
        took = f"{reading.tokens} tokens in {reading.seconds:.1f} s" if reading.is_new else "read before"
        bench.tell(f"{number}/{len(telling)} {case.id}: {len(reading.hunks)} hunks, {took}")
    return Location(
        figures=measure_location([hunk for reading in readings for hunk in reading.hunks]),
        tokens=sum(reading.tokens for reading in readings),
        seconds=sum(reading.seconds for reading in readings),
        problems=tuple(problems),
    )


def tells(case: Case) -> bool:
    """Whether a hunk of the case has commented lines and others."""
    return bool(telling_hunks(commentable(case.change()), case.commented_lines))


def write_texts(cases: Sequence[Case], model: LanguageModel, bench: Bench) -> tuple[Text, ...]:
    """Let the model write, half of it where people commented, half about what tools found; add tools' own messages.

    Cases are taken in an order that a seed gives, at most one text of each kind from each, and a rule of a tool at most
    three times in one kind, until there are enough.
    """
    shuffled = sorted(cases, key=lambda case: case.id)
    random.Random(SEED).shuffle(shuffled)
    wanted = {"people": WRITTEN // 2, "findings": WRITTEN - WRITTEN // 2, "messages": MESSAGES}
    texts: list[Text] = []
    said: Counter[tuple[str, str]] = Counter()
    for case in shuffled:
        if not any(wanted.values()):
            break
        with bench.known(case) as known:
            code = {file.path for file in known.change.files if file.kind is Kind.CODE}
            places = {spot(place): place.hunk for place in known.places if place.location.path in code}
            found = _findings(known, places)
            if wanted["people"] and (spots := sorted(case.commented_lines & places.keys())):
                texts.append(_written(case, known, spots[0], places, "", model, bench))
                wanted["people"] -= 1
            for kind in ("findings", "messages"):
                one = next((one for one in found if said[kind, one.rule] < OF_A_RULE), None)
                if not wanted[kind] or one is None:
                    continue
                said[kind, one.rule] += 1
                found.remove(one)
                where = (one.location.path, one.location.start or 0)
                texts.append(
                    _written(case, known, where, places, one.message, model, bench)
                    if kind == "findings"
                    else _said(case, known, where, places, one)
                )
                wanted[kind] -= 1
        bench.tell(f"{len(texts)} of {WRITTEN + MESSAGES} texts, {case.id}")
    return tuple(texts)


def _findings(known: Known, places: Mapping[Spot, str]) -> list[Finding]:
    on_places = [one for one in known.findings if (one.location.path, one.location.start or 0) in places]
    random.Random(SEED).shuffle(on_places)
    return on_places


def _written(
    case: Case, known: Known, where: Spot, places: Mapping[Spot, str], claim: str, model: LanguageModel, bench: Bench
) -> Text:
    path, line = where
    key = json.dumps([case.id, path, line, claim, model.identity, bench.setting])
    row = bench.texts.get(key)
    if row is None:
        asked = bench.make_tasks(known, [places[where]])
        task = next(task for one in asked for task in one.tasks if line in task.places)
        (written,) = model.write([WriteJob(task=task, place=line, claim=claim)])
        judged = judge(written, [one.text for one in task.lines], [claim] if claim else [])
        row = bench.texts.add(key, {"text": judged.text, "flaw": judged.flaw.value if judged.flaw else ""})
    return Text(
        case=case.id,
        path=path,
        line=line,
        hunk=_shown(known, where, places),
        text=str(row["text"]),
        source=MODEL,
        about=claim,
        guard=str(row["flaw"]),
    )


def _said(case: Case, known: Known, where: Spot, places: Mapping[Spot, str], finding: Finding) -> Text:
    return Text(
        case=case.id,
        path=where[0],
        line=where[1],
        hunk=_shown(known, where, places),
        text=finding.message,
        source=TOOL,
        about=f"{finding.tool}.{finding.rule}",
    )


def _shown(known: Known, where: Spot, places: Mapping[Spot, str]) -> str:
    path, line = RepoPath(where[0]), where[1]
    hunks = [hunk for file in known.change.files if file.path == path for hunk in file.hunks]
    return shown_hunk(next(hunk for hunk in hunks if hunk.id == places[where]), line)
