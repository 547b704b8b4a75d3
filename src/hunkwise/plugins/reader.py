"""Ask a language model about a change: first where it would comment, in the end for words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hunkwise.core.errors import PluginError
from hunkwise.core.fresh import stale_hunks
from hunkwise.core.model import (
    Category,
    Change,
    Failure,
    FileOutcome,
    Finding,
    Kind,
    Location,
    RepoPath,
    ReviewComment,
    Severity,
    State,
)
from hunkwise.core.model_reading import PLACE_RULE, ModelReading, Writing
from hunkwise.core.places import is_open
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import ContextProvider, LanguageModel, Outlines
from hunkwise.core.reading import HunkTask, Located, ModelCard, Reading, WriteJob, Written
from hunkwise.core.usable import judge
from hunkwise.core.windows import join
from hunkwise.plugins.deadline import Deadline
from hunkwise.plugins.tasks import Asked, Tasks, make_tasks

T = TypeVar("T")
POINTS = 0.3
"""From this P(line | hunk) on a model points at the line, if it is likelier than that there is nothing to say."""
AT_ONCE = 4
"""Tasks of one call, between which progress is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """How far a model is trusted and what it may cost.

    trusts: whatever its card says. tokens: of one prompt. budget: tokens of all prompts of a review. seconds: for all.
    tell: is told ("start" | "finish", name) and ("read", "name 3/20").
    """

    trusts: bool = False
    tokens: int = 640
    budget: int = 100_000
    seconds: float = 600.0
    tell: Callable[[str, str], None] = field(default=lambda event, text: None)


class Reader:
    """One model over one change; both turns share its tasks and its time."""

    def __init__(
        self,
        model: LanguageModel,
        providers: Sequence[ContextProvider],
        outlines: Callable[[Change, Workspace], Outlines],
        options: ReaderOptions,
    ) -> None:
        self._model, self._providers, self._outlines, self._options = model, providers, outlines, options
        self._deadline = Deadline(options.seconds)
        self._tasks: Tasks | None = None
        self._is_broken = False
        self.may_locate = options.trusts or (model.card is not None and model.card.may_locate)
        self.may_write = options.trusts or (model.card is not None and model.card.may_write)

    def read(self, change: Change, workspace: Workspace, findings: Sequence[Finding]) -> ModelReading:
        """Return where the model would comment; without a right to locate it is not asked."""
        name = self._model.name
        files = [file.path for file in change.files if file.hunks and is_open(file) and file.kind is Kind.CODE]
        if not files:
            return ModelReading(reviewer=name)
        why_silent = "" if self.may_write else f"{name} may not write: {_why_not_write(self._model.card)}"
        if not self.may_locate:
            reason = f"its places are not used: {_why_not_locate(self._model.card)}"
            return ModelReading(
                reviewer=name,
                outcomes=_outcomes(name, files, State.NOT_APPLICABLE, reason),
                notes=_kept_from(name, self._model.card, may_write=self.may_write),
                may_write=self.may_write,
                why_silent=why_silent,
            )
        self._options.tell("start", name)
        try:
            return self._read(change, workspace, findings, files, why_silent)
        finally:
            self._options.tell("finish", name)

    def write(
        self, comments: Sequence[ReviewComment], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Writing:
        """Return the words of these comments, and why others get none; a model that failed is not asked again."""
        if not self.may_write or self._is_broken or not comments:
            return Writing()
        tasks = self._made(change, workspace, findings)
        if isinstance(tasks, Failure):
            return Writing(failures=(tasks,))
        jobs = {
            one.scored.candidate.fingerprint: job for one in comments if (job := _job(one, tasks.asked)) is not None
        }
        self._options.tell("start", self._model.name)
        written = self._call("write", lambda: tuple(self._model.write(tuple(jobs.values()))))
        self._options.tell("finish", self._model.name)
        if isinstance(written, Failure):
            return Writing(failures=(written,))
        if len(written) != len(jobs):
            problem = PluginError(self._model.name, "write", f"{len(written)} texts for {len(jobs)} jobs")
            return Writing(failures=(Failure(who=self._model.name, stage="write", message=str(problem)),))
        return self._judged(jobs, written)

    def close(self) -> None:
        """Let go of the model."""
        self._deadline.call(self._model.name, "close", self._model.close, lambda: None)

    def _read(
        self, change: Change, workspace: Workspace, findings: Sequence[Finding], files: Sequence[RepoPath], silent: str
    ) -> ModelReading:
        name = self._model.name
        tasks = self._made(change, workspace, findings)
        if isinstance(tasks, Failure):
            return self._failed(tasks, files)
        within, beyond = self._affordable(tasks.asked)
        readings = self._located([task for one in within for task in one.tasks])
        if isinstance(readings, Failure):
            return self._failed(readings, files)
        located, at = [], 0
        pointed: list[Located] = []
        for one in within:
            part = readings[at : at + len(one.tasks)]
            at += len(part)
            places, reading = join(one.windows, part)
            found = [
                Located(Location(path=one.file.path, start=place, end=place), one.hunk.id, probability)
                for place, probability in zip(places, reading.probabilities, strict=True)
            ]
            located += found
            best = max(found, key=lambda spot: spot.probability, default=None)
            if best is not None and best.probability >= POINTS and best.probability > reading.none:
                pointed.append(best)
        # a file of which nothing is new counts as read: which of its hunks were read when, `before` tells
        passed_over = set(files) - {one.file.path for one in tasks.asked} if change.fresh is not None else set()
        read_files = {one.file.path for one in within} - {one.file.path for one in beyond} | passed_over
        late = {one.file.path for one in beyond}
        outcomes = [
            *_outcomes(name, sorted(read_files), State.REVIEWED, ""),
            *_outcomes(name, sorted(late), State.SKIPPED, f"over the budget of {self._options.budget:,} tokens"),
        ]
        before = stale_hunks(change)
        old = sum(hunk.id in before for file in change.files if file.path in files for hunk in file.hunks)
        passed = f"; it passed over {_count(old, 'hunk')} without a new line" if old else ""
        note = f"{name} read {_count(len(within), 'hunk')} of code and points at {_count(len(pointed), 'line')}{passed}"
        return ModelReading(
            reviewer=name,
            located=tuple(located),
            findings=tuple(_finding(name, spot) for spot in pointed),
            outcomes=tuple(sorted(outcomes, key=lambda one: one.path)),
            failures=tasks.failures,
            notes=(f"{note}{f'; it may not write: {silent}' if silent else ''}.",),
            may_write=self.may_write,
            why_silent=silent,
            before=before,
            counts={
                "hunks": len(within),
                "prompts": len(readings),
                "cached": sum(reading.tokens == 0 for reading in readings),
                "tokens": sum(reading.tokens for reading in readings),
                "left_out": dict(tasks.left_out),
            },
        )

    def _made(self, change: Change, workspace: Workspace, findings: Sequence[Finding]) -> Tasks | Failure:
        if self._tasks is None:

            def make() -> Tasks:
                return make_tasks(
                    change,
                    workspace,
                    findings,
                    providers=self._providers,
                    outlines=self._outlines(change, workspace),
                    count=self._model.count_tokens,
                    tokens=self._options.tokens,
                    hunks=None if change.fresh is None else _all_hunks(change) - stale_hunks(change),
                )

            made = self._call("read", make)
            if isinstance(made, Failure):
                return made
            self._tasks = made
        return self._tasks

    def _located(self, tasks: Sequence[HunkTask]) -> list[Reading] | Failure:
        readings: list[Reading] = []
        for start in range(0, len(tasks), AT_ONCE):
            batch = tasks[start : start + AT_ONCE]
            found = self._call("locate", lambda batch=batch: _checked(self._model, batch))  # type: ignore[misc]
            if isinstance(found, Failure):
                return found
            readings += found
            self._options.tell("read", f"{self._model.name} {len(readings)}/{len(tasks)}")
        return readings

    def _affordable(self, asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
        """Return the hunks whose prompts fit the budget of tokens, in diff order, and the others."""
        spent = 0
        within: list[Asked] = []
        for number, one in enumerate(asked):
            spent += len(one.tasks) * self._options.tokens
            if spent > self._options.budget:
                return within, list(asked[number:])
            within.append(one)
        return within, []

    def _call(self, stage: str, call: Callable[[], T]) -> T | Failure:
        found = self._deadline.call(self._model.name, stage, call, self._model.close)
        self._is_broken = self._is_broken or isinstance(found, Failure)
        return found

    def _failed(self, failure: Failure, files: Sequence[RepoPath]) -> ModelReading:
        name = self._model.name
        return ModelReading(
            reviewer=name, outcomes=_outcomes(name, files, State.FAILED, failure.message), failures=(failure,)
        )

    def _judged(self, jobs: Mapping[str, WriteJob], written: Sequence[Written]) -> Writing:
        texts, withheld = {}, {}
        counts: Counter[str] = Counter()
        for (fingerprint, job), one in zip(jobs.items(), written, strict=True):
            told = [*([job.claim] if job.claim else []), *(hint.message for hint in job.task.hints)]
            judged = judge(one, [line.text for line in job.task.lines], told)
            counts.update(texts=1, read=one.read, written=one.tokens)
            if judged.flaw is None:
                texts[fingerprint] = judged.text
            else:
                withheld[fingerprint] = f"what {self._model.name} wrote is {judged.flaw.value}"
                counts[judged.flaw.value] += 1
        return Writing(texts=texts, withheld=withheld, counts=dict(sorted(counts.items())))


def _all_hunks(change: Change) -> frozenset[str]:
    return frozenset(hunk.id for file in change.files for hunk in file.hunks)


def _checked(model: LanguageModel, batch: Sequence[HunkTask]) -> tuple[Reading, ...]:
    readings = tuple(model.locate(batch))
    if len(readings) != len(batch):
        raise PluginError(model.name, "locate", f"{len(readings)} readings for {len(batch)} tasks")
    for task, reading in zip(batch, readings, strict=True):
        if len(reading.probabilities) != len(task.places):
            raise PluginError(
                model.name, "locate", f"{len(reading.probabilities)} numbers for {len(task.places)} places"
            )
        if not all(0 <= value <= 1 for value in (*reading.probabilities, reading.none)):
            raise PluginError(model.name, "locate", "a probability is not between 0 and 1")
    return readings


def _job(comment: ReviewComment, asked: Sequence[Asked]) -> WriteJob | None:
    candidate = comment.scored.candidate
    if candidate.place is None:
        return None
    line = candidate.place.location.start
    for one in asked:
        if one.hunk.id == candidate.place.hunk:
            for task in one.tasks:
                if line is not None and line in task.places:
                    return WriteJob(task=task, place=line, claim=candidate.message.strip())
    return None


def _finding(name: str, spot: Located) -> Finding:
    return Finding(
        tool=name,
        rule=PLACE_RULE,
        message="",
        location=spot.location,
        severity=Severity.LOW,
        category=Category.MAINTAINABILITY,
    )


def _outcomes(name: str, paths: Sequence[RepoPath], state: State, reason: str) -> tuple[FileOutcome, ...]:
    return tuple(FileOutcome(tool=name, path=path, state=state, reason=reason) for path in paths)


def _kept_from(name: str, card: ModelCard | None, *, may_write: bool) -> tuple[str, ...]:
    places = f"{name} was not asked where to comment: {_why_not_locate(card)}"
    words = "" if may_write else f"; nor for words: {_why_not_write(card)}"
    return (f"{places}{words}. `--trust-model` asks it all the same.",)


def _why_not_locate(card: ModelCard | None) -> str:
    if card is None:
        return "it has no card; `hunkwise model bench` measures one"
    if card.location is None:
        return "its card has no measured gain"
    gain = card.location
    return f"its card shows no gain ({gain.value:+.3f} AUC, 95 % of [{gain.low:+.3f}, {gain.high:+.3f}])"


def _why_not_write(card: ModelCard | None) -> str:
    if card is None or card.unusable is None:
        return "no reading of its texts is on its card"
    return f"{card.unusable:.0%} of {card.texts} texts were unusable"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
