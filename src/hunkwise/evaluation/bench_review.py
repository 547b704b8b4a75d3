"""Review one case in a process of its own, so that its memory is its own and a crash costs no other case."""

import os
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.model import Decision, RepoPath, Report, ReviewComment, Side
from hunkwise.evaluation.ablation import Ablation, settings, without
from hunkwise.evaluation.analysis_store import AnalysisStore, Replay
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.review_row import Cost, Pointed, Reviewed, Said, ToolRecord
from hunkwise.plugins.manager import load_plugins
from hunkwise.session import review_request

STAGES = ("analyze", "read", "write", "fixes", "rest")
PRIVATE = re.compile(r"/[^\s:'\"]*?/?hunkwise-[A-Za-z0-9_.-]+")
"""Paths of private folders, which differ each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A configuration under a name. config: the user's file, none where empty. plugins: files of plugins to load."""

    name: str
    left_out: tuple[Ablation, ...] = ()
    config: Path | None = None
    plugins: tuple[Path, ...] = ()
    options: Mapping[str, object] | None = None


def review_alone(
    case: Case, contestant: Contestant, answer: Connection, store: AnalysisStore | None = None, mark: str = ""
) -> None:
    """Review a case and send what was said and what it took; the entry of the process.

    store: where analyses are kept, mark: under which name those of this case.
    """
    with TemporaryDirectory(prefix="hunkwise-bench-", ignore_cleanup_errors=True) as folder:
        # neither the user's own settings nor what a model answered before may change what is measured
        os.environ["HUNKWISE_CONFIG_FILE"] = str(contestant.config.absolute() if contestant.config else os.devnull)
        os.environ["HUNKWISE_CACHE_DIR"] = folder
        try:
            answer.send(review_case(case, contestant, Replay(store, mark) if store else None))
        except HunkwiseError as error:
            problem = clean(" ".join(str(error).split()))
            answer.send((Reviewed(case=case.id, contestant=contestant.name, problem=problem), None))
        finally:
            answer.close()


def review_case(case: Case, contestant: Contestant, replay: Replay | None = None) -> tuple[Reviewed, Cost]:
    """Return what the contestant says about a case, and what it took this process.

    replay: its analyzers are not run where it is known what they say; what that took then counts as if they were.
    """
    started = time.perf_counter()
    plugins = without(load_plugins(contestant.plugins), contestant.left_out)
    report = review_request(
        case.request(),
        plugins=plugins,
        command_line={**_scope(case), **(contestant.options or {}), **settings(contestant.left_out)},
        own=False,
        environ=os.environ,
        around=replay.around if replay else None,
    )
    seconds = time.perf_counter() - started
    reviewed = Reviewed(
        case=case.id,
        contestant=contestant.name,
        comments=_said(report),
        focus=tuple(
            Pointed(one.location.path, one.location.start or 1, one.probability, one.reasons) for one in report.focus
        ),
        tools=_tools(report),
        tokens=_counts(report),
        failures=tuple(sorted({clean(f"{one.who}: {one.message}") for one in report.failures})),
    )
    return reviewed, _cost(reviewed, report, seconds, replay)


def clean(text: str) -> str:
    """Return a text without the names of private folders."""
    return PRIVATE.sub("…", text)


def _scope(case: Case) -> Mapping[str, object]:
    # comments were looked for on these files alone, so that a word on others could not be judged
    patterns = tuple(part for part in case.scope.split() if "*" in part)
    return {"include": patterns} if patterns else {}


def _said(report: Report) -> tuple[Said, ...]:
    return tuple(_one(one) for one in report.comments if one.verdict.decision is not Decision.OFF_DIFF)


def _one(comment: ReviewComment) -> Said:
    candidate = comment.scored.candidate
    where = candidate.location
    end = where.end if where.end is not None else where.start
    return Said(
        path=where.path,
        line=where.start,
        # the line that a tool points at stands for the range; how wide it is tells whether it says where at all
        start=None if where.start is None or end == where.start else end,
        score=round(comment.scored.score, 4),
        rule=candidate.rule,
        tools=tuple(sorted({source.tool for source in candidate.sources})),
        text=clean(comment.text or candidate.message),
        decision=comment.verdict.decision.value,
    )


def _tools(report: Report) -> Mapping[str, ToolRecord]:
    states: dict[str, dict[RepoPath, str]] = {}
    reasons: dict[str, set[str]] = {}
    for cover in report.cover:
        if cover.side is Side.HEAD or cover.path not in states.get(cover.reviewer, {}):
            states.setdefault(cover.reviewer, {})[cover.path] = cover.state.value
        if cover.reason:
            reasons.setdefault(cover.reviewer, set()).add(f"{cover.state.value}: {clean(cover.reason)}")
    findings: Counter[str] = Counter()
    on_lines: Counter[str] = Counter()
    for comment in report.comments:
        for source in comment.scored.candidate.sources:
            findings[source.tool] += 1
            on_lines[source.tool] += comment.verdict.decision is not Decision.OFF_DIFF
    return {
        tool: ToolRecord(
            files=dict(sorted(Counter(files.values()).items())),
            reasons=tuple(sorted(reasons.get(tool, ()))),
            findings=findings[tool],
            on_changed_lines=on_lines[tool],
        )
        for tool, files in sorted(states.items())
    }


def _counts(report: Report) -> Mapping[str, int]:
    counts = cast("Mapping[str, object]", report.manifest.get("model", {}))
    return {name: value for name, value in sorted(counts.items()) if isinstance(value, int)}


def _cost(reviewed: Reviewed, report: Report, seconds: float, replay: Replay | None) -> Cost:
    spent = cast("Mapping[str, object]", report.manifest.get("seconds", {}))
    replayed = replay.seconds if replay else 0.0
    return Cost(
        case=reviewed.case,
        contestant=reviewed.contestant,
        seconds=round(seconds + replayed, 3),
        cpu=replay.cpu if replay else 0.0,
        replayed=replayed,
        stages=_stages(spent, replayed),
        tools=cast("Mapping[str, float]", spent.get("tools", {})),
    )


def _stages(spent: Mapping[str, object], replayed: float) -> dict[str, float]:
    """Return seconds by stage, so that they add up: in the manifest, the rest holds all after the reading."""
    found = {name: float(value) for name in STAGES if isinstance(value := spent.get(name), float | int)}
    aside = sum(found.get(name, 0.0) for name in ("write", "fixes"))
    changes = {"analyze": replayed, "rest": -aside}
    return {name: round(max(value + changes.get(name, 0.0), 0.0), 3) for name, value in found.items()}
