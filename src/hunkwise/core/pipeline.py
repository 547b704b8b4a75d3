"""The flow of a review: one function from a change to a report, of frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hunkwise.core.analysis import Analysis
from hunkwise.core.candidates import gather
from hunkwise.core.config import Config, FocusMode
from hunkwise.core.cover import build_cover
from hunkwise.core.fixes import Suggestions
from hunkwise.core.focus import Point, pick_focus
from hunkwise.core.fresh import fresh_places, no_longer_found, not_new
from hunkwise.core.merge import Limits
from hunkwise.core.model import (
    Candidate,
    Change,
    Decision,
    Failure,
    FileOutcome,
    Finding,
    Place,
    RepoPath,
    Report,
    ReviewComment,
    Scored,
    State,
    Trust,
    Verdict,
)
from hunkwise.core.model_reading import P_LINE, ModelReading, Writing
from hunkwise.core.places import commentable, included, with_features
from hunkwise.core.ports import Workspace
from hunkwise.core.redaction import redacted
from hunkwise.core.rules import apply_rules
from hunkwise.core.suppressions import added_suppressions, suppressed
from hunkwise.core.usable import Flaw
from hunkwise.core.wording import with_words, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a review is made of; each part is guarded by whoever builds it and gives its failures back.

    reviewers: the names of all that look at lines. describe: adds features to places. score_places: adds
    probabilities. explain: why a reviewer may stop at a place. points: what each focus mode asks of
    a place. rank: runs the rankers. suggest: replacements for the lines of kept comments, each tried. clock: seconds,
    for the manifest only. read: what the language model makes of the hunks; write: the words it has for comments;
    without a model, nothing.
    """

    reviewers: tuple[str, ...]
    analyze: Callable[[Change, Workspace, Config], Analysis]
    describe: Callable[
        [Sequence[Place], Change, Workspace, Sequence[Finding]], tuple[tuple[Place, ...], tuple[Failure, ...]]
    ]
    score_places: Callable[[Sequence[Place]], tuple[tuple[Place, ...], tuple[Failure, ...]]]
    explain: Callable[[Place], tuple[str, ...]]
    rank: Callable[[Sequence[Scored]], tuple[tuple[Scored, ...], tuple[Failure, ...]]]
    suggest: Callable[[Sequence[ReviewComment], Change, Workspace, Config, Sequence[FileOutcome]], Suggestions]
    clock: Callable[[], float]
    read: Callable[[Change, Workspace, Sequence[Finding]], ModelReading] = lambda *asked: ModelReading()
    write: Callable[[Sequence[ReviewComment], Change, Workspace, Sequence[Finding]], Writing] = lambda *asked: Writing()
    points: Callable[[], Mapping[FocusMode, Point]] = dict


def review(change: Change, workspace: Workspace, config: Config, parts: Parts, trust: Trust) -> Report:
    """Return the report on a change: every candidate with its verdict, every changed line with its states."""
    started = parts.clock()
    analysis = parts.analyze(change, workspace, config)
    analyzed = parts.clock()
    findings = tuple(finding for outcome in analysis.outcomes for finding in outcome.findings)
    reading = parts.read(change, workspace, findings)
    read = parts.clock()
    found = (*findings, *reading.findings)
    described, feature_failures = parts.describe(commentable(change), included(change), workspace, findings)
    described = with_features(described, _columns(described, reading))
    places, scorer_failures = parts.score_places(described)
    fresh = fresh_places(change, places)
    candidates, off_diff = gather(found, places, change, config.filter_mode, _line_reader(workspace))
    candidates, held_back = _hold_back(candidates, off_diff, change, workspace, config, trust)
    ranked, ranker_failures = parts.rank(
        [Scored(candidate=candidate) for candidate in candidates if candidate.fingerprint not in held_back]
    )
    ranked_at = parts.clock()
    aside = [Scored(candidate=candidate) for candidate in candidates if candidate.fingerprint in held_back]
    said_before = frozenset(prior.fingerprint for prior in change.prior)
    limits = Limits(comments=config.max_comments, floor=config.floor)
    worded = word(
        (*ranked, *aside),
        held_back,
        said_before,
        limits,
        reading,
        lambda fresh: parts.write(fresh, change, workspace, findings),
    )
    comments, writing = worded.comments, worded.writing
    kept = [comment for comment in comments if comment.is_kept]
    decided = parts.clock()
    suggestions = parts.suggest(kept, change, workspace, config, analysis.outcomes)
    written = tuple(
        _written(comment, suggestions, writing, reading.reviewer) if comment.is_kept else comment
        for comment in comments
    )
    finished = parts.clock()
    report = Report(
        change=change,
        trust=trust,
        comments=written,
        focus=pick_focus(fresh, config.focus, parts.explain, parts.points().get(config.focus_mode)) if fresh else (),
        resolved=no_longer_found(candidates, change, _asked(analysis, reading, parts.reviewers)),
        cover=build_cover(
            change,
            (*analysis.outcomes, *reading.outcomes),
            (*parts.reviewers, *([reading.reviewer] if reading.reviewer else [])),
            {reading.reviewer: reading.before},
        ),
        failures=(
            *analysis.failures,
            *reading.failures,
            *feature_failures,
            *scorer_failures,
            *ranker_failures,
            *writing.failures,
        ),
        notes=(*change.notes, *_suppression_notes(change, trust), *reading.notes, *_writing_notes(reading, writing)),
        manifest={
            "seconds": {
                "analyze": round(analyzed - started, 3),
                "read": round(read - analyzed, 3),
                "write": round(decided - ranked_at, 3),
                "rest": round(finished - read, 3),
                "fixes": round(finished - decided, 3),
                "tools": {timing.tool: round(timing.seconds, 3) for timing in analysis.timings},
                "cpu": {timing.tool: round(timing.cpu_seconds, 3) for timing in analysis.timings},
            },
            **({"model": {**reading.counts, **writing.counts}} if reading.reviewer else {}),
        },
    )
    return redacted(report)


def _asked(analysis: Analysis, reading: ModelReading, reviewers: Sequence[str]) -> frozenset[str]:
    """Return who has looked at all of the change again; nobody where something failed, since it may be anybody's."""
    if analysis.failures or reading.failures:
        return frozenset()
    looked = (State.REVIEWED, State.NOT_APPLICABLE)
    partly = {one.tool for one in analysis.outcomes if one.state not in looked}
    is_read = not reading.before and all(one.state is State.REVIEWED for one in reading.outcomes)
    return frozenset({*reviewers, *([reading.reviewer] if is_read else [])} - partly)


def _columns(places: Sequence[Place], reading: ModelReading) -> Mapping[str, Sequence[float]]:
    """Return P(line | hunk) of the model as a feature, where it may be used."""
    if not reading.located:
        return {}
    known = {(one.location.path, one.location.start): one.probability for one in reading.located}
    return {P_LINE: [known.get((place.location.path, place.location.start), 0.0) for place in places]}


def _writing_notes(reading: ModelReading, writing: Writing) -> tuple[str, ...]:
    if not writing.texts and not writing.withheld:
        return ()
    flaws = ", ".join(f"{count} {name}" for name, count in writing.counts.items() if name in set(Flaw))
    withheld = f"; {len(writing.withheld)} withheld ({flaws})" if writing.withheld else ""
    texts = "1 text" if len(writing.texts) == 1 else f"{len(writing.texts)} texts"
    return (f"{reading.reviewer} wrote {texts} that {'is' if len(writing.texts) == 1 else 'are'} shown{withheld}.",)


def _written(comment: ReviewComment, suggestions: Suggestions, writing: Writing, model: str) -> ReviewComment:
    fingerprint = comment.scored.candidate.fingerprint
    return replace(
        with_words(comment, writing.texts.get(fingerprint, ""), model),
        suggestion=suggestions.texts.get(fingerprint),
        unoffered=suggestions.refused.get(fingerprint, ""),
    )


def _hold_back(
    candidates: Sequence[Candidate],
    off_diff: frozenset[str],
    change: Change,
    workspace: Workspace,
    config: Config,
    trust: Trust,
) -> tuple[tuple[Candidate, ...], Mapping[str, Verdict]]:
    """Return the candidates with their configured severities, and verdicts for those that rules or marks hold back."""
    configured, switched_off = apply_rules(candidates, config)
    held_back = {
        identity: Verdict(Decision.OFF_DIFF, "not on a line that this change touches") for identity in off_diff
    }
    held_back |= {
        identity: Verdict(Decision.SUPPRESSED, reason)
        for identity, reason in switched_off.items()
        if identity not in held_back
    }
    held_back |= {
        identity: verdict for identity, verdict in not_new(configured, change).items() if identity not in held_back
    }
    if trust is Trust.OWN:
        open_ones = [one for one in configured if one.fingerprint not in held_back]
        held_back |= {
            identity: Verdict(Decision.SUPPRESSED, reason)
            for identity, reason in suppressed(open_ones, _line_reader(workspace)).items()
        }
    return configured, held_back


def _suppression_notes(change: Change, trust: Trust) -> tuple[str, ...]:
    added = added_suppressions(change) if trust is Trust.FOREIGN else ()
    if not added:
        return ()
    named = ", ".join(f"{mark.path}:{mark.line} ({mark.mark})" for mark in added[:5])
    more = f" and {len(added) - 5} more" if len(added) > 5 else ""
    count = "1 suppression" if len(added) == 1 else f"{len(added)} suppressions"
    return (f"This change adds {count}, not obeyed here: {named}{more}.",)


def _line_reader(workspace: Workspace) -> Callable[[RepoPath, int], str]:
    files: dict[RepoPath, list[str]] = {}

    def read_line(path: RepoPath, number: int) -> str:
        if path not in files:
            try:
                files[path] = workspace.read(path).decode("utf-8", "replace").split("\n")
            except OSError:
                files[path] = []
        lines = files[path]
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""

    return read_line
