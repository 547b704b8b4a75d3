"""All figures of a run, or of several: the values that reports show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from hunkwise.core.reading import Gain
from hunkwise.evaluation.addressed import Addressed, addressed_by_people, measure_addressed
from hunkwise.evaluation.curve import Point, QuietPoint, curve, quiet_points
from hunkwise.evaluation.encoder import Encoder
from hunkwise.evaluation.outputs import Answered, Entry, Facts, Output, entries
from hunkwise.evaluation.reliability import Reliability, measure_reliability
from hunkwise.evaluation.ruler import MEASURES, Agreement, agreement
from hunkwise.evaluation.run_file import Run
from hunkwise.evaluation.semantic import TextFigure, measure_texts
from hunkwise.evaluation.silence import Silence, measure_silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the reviews took, where it is recorded: `reviews` of them; of seconds, CPU and stages the mean of one.

    memory: the most of one, in MB, of those in which tools ran; memory_mean: their mean. tokens: in all. replayed: the
    reviews that took over what analyzers had said before, with the seconds that it took then.
    """

    reviews: int
    replayed: int
    seconds: float
    seconds_median: float
    seconds_all: float
    cpu: float
    memory: float
    memory_mean: float
    tokens: int
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one output of one contestant.

    languages: F1 within three lines, and cases, by language; silent_languages: of cases without comments the share
    with any pick, and the cases.
    """

    label: str
    contestant: str
    output: str
    cases: int
    picks: int
    elsewhere: int
    agreement: Mapping[str, Agreement]
    addressed: Addressed
    silence: Silence
    curve: tuple[Point, ...]
    quiet: tuple[QuietPoint, ...]
    reliability: Reliability | None
    languages: Mapping[str, tuple[int, Gain]]
    silent_languages: Mapping[str, tuple[int, Gain]]
    spent: Spent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFigures:
    """What a tool did in all reviews of a contestant: files by state, findings, and those on changed lines."""

    contestant: str
    tool: str
    files: Mapping[str, int]
    findings: int
    on_changed_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All that a report shows. data: hashes of the cases' files. notes: what a reader must know of the runs."""

    data: tuple[str, ...]
    commented: int
    silent: int
    humans: int
    people: Addressed
    figures: tuple[Figures, ...]
    tools: tuple[ToolFigures, ...]
    texts: tuple[TextFigure, ...]
    notes: tuple[str, ...]


def score(runs: Sequence[Run], encoder: Encoder | None = None) -> tuple[Scores, tuple[Entry, ...]]:
    """Return the figures of all outputs in the runs, and what they were made from; encoder: for BERTScore."""
    made = entries(runs)
    facts = list({one.case.id: one.case for entry in made for one in entry.answers}.values())
    commented = [one for one in facts if one.is_commented]
    scores = Scores(
        data=tuple(dict.fromkeys(run.head.data for run in runs)),
        commented=len(commented),
        silent=sum(one.is_silent for one in facts),
        humans=sum(len(one.human) for one in commented),
        people=addressed_by_people(commented),
        figures=tuple(measure(entry) for entry in made),
        tools=tuple(tool for run in runs for tool in _tools(run)),
        texts=measure_texts(runs, encoder),
        notes=_notes(runs, facts),
    )
    return scores, made


def measure(entry: Entry) -> Figures:
    """Return the figures of one output."""
    commented, silent = entry.commented, entry.silent
    return Figures(
        label=entry.label,
        contestant=entry.contestant,
        output="places" if entry.is_simple else entry.output.value,
        cases=len(commented),
        picks=sum(len(one.picks) for one in commented),
        elsewhere=sum(one.elsewhere for one in entry.answers),
        agreement={name: agreement([one.tallies[name] for one in commented]) for name in MEASURES},
        addressed=measure_addressed(commented),
        silence=measure_silence(silent, commented),
        curve=() if entry.output is Output.FIRST else curve(commented, silent),
        quiet=quiet_points(commented, silent),
        reliability=measure_reliability(commented),
        languages=_languages(commented),
        silent_languages=_silent_languages(silent),
        spent=_spent(entry.answers),
    )


def _languages(answers: Sequence[Answered]) -> dict[str, tuple[int, Gain]]:
    found = {}
    for language in sorted({one.case.language for one in answers}):
        rows = [one.tallies["±3"] for one in answers if one.case.language == language]
        found[language] = (len(rows), agreement(rows).f1)
    return found


def _silent_languages(answers: Sequence[Answered]) -> dict[str, tuple[int, Gain]]:
    found = {}
    for language in sorted({one.case.language for one in answers}):
        rows = [one for one in answers if one.case.language == language]
        found[language] = (len(rows), measure_silence(rows, ()).silent)
    return found


def _spent(answers: Sequence[Answered]) -> Spent | None:
    costs = [one.cost for one in answers if one.cost is not None]
    if not costs:
        return None
    stages: Counter[str] = Counter()
    for cost in costs:
        stages.update(dict(cost.stages))
    seconds = [one.seconds for one in costs]
    memory = [one.megabytes for one in costs if not one.replayed]
    return Spent(
        reviews=len(costs),
        replayed=len(costs) - len(memory),
        seconds=mean(seconds),
        seconds_median=median(seconds),
        seconds_all=sum(seconds),
        cpu=mean(one.cpu for one in costs),
        memory=max(memory, default=0.0),
        memory_mean=mean(memory) if memory else 0.0,
        tokens=sum(one.tokens for one in answers),
        stages={name: total / len(costs) for name, total in stages.items()},
    )


def _tools(run: Run) -> tuple[ToolFigures, ...]:
    files: dict[tuple[str, str], Counter[str]] = {}
    counts: dict[tuple[str, str], list[int]] = {}
    for row in run.reviews:
        for tool, record in row.tools.items():
            key = (row.contestant, tool)
            files.setdefault(key, Counter()).update(dict(record.files))
            sums = counts.setdefault(key, [0, 0])
            sums[0] += record.findings
            sums[1] += record.on_changed_lines
    return tuple(
        ToolFigures(
            contestant=contestant,
            tool=tool,
            files=dict(sorted(states.items())),
            findings=counts[contestant, tool][0],
            on_changed_lines=counts[contestant, tool][1],
        )
        for (contestant, tool), states in sorted(files.items())
    )


def _notes(runs: Sequence[Run], facts: Sequence[Facts]) -> tuple[str, ...]:
    notes = []
    bare = sum(not one.case.has_tree for one in facts)
    if bare:
        notes.append(f"{bare} of {len(facts)} cases have no tree: of these, tools and context saw the patch alone")
    for run in runs:
        notes += [f"{run.name}: left out: {problem}" for problem in run.head.problems]
        if run.is_cut:
            notes.append(f"{run.name}: its last line is not whole; the run was ended before it was done")
        missing = [row for row in run.reviews if row.problem]
        notes += [f"{run.name}: {row.case}, {row.contestant}: no answer: {row.problem}" for row in missing]
        broken = Counter(failure for row in run.reviews for failure in row.failures)
        notes += [f"{run.name}: {failure} ({count} times)" for failure, count in sorted(broken.items())]
    return tuple(notes)
