"""Run contestants over cases: side by side, each review in its own process, going on where a killed run ended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from typing import BinaryIO

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.evaluation.ablation import Ablation
from hunkwise.evaluation.analysis_store import AnalysisStore
from hunkwise.evaluation.bench_key import analysis_key, analysis_mark, case_key, tool_versions, world_hash
from hunkwise.evaluation.bench_review import Contestant, review_alone
from hunkwise.evaluation.cases import Case, Cases
from hunkwise.evaluation.contestants import SIMPLE
from hunkwise.evaluation.nursery import review_processes
from hunkwise.evaluation.process_watch import Watch
from hunkwise.evaluation.result_cache import ResultCache
from hunkwise.evaluation.review_row import Cost, Pointed, Reviewed
from hunkwise.evaluation.run_file import RunHead, costs_path, line_of, run_case
from hunkwise.plugins.facade import Plugins

Tell = Callable[[str], None]
Answer = tuple[Reviewed, Cost | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRun:
    """What is run. jobs: cases side by side. cache: answers of earlier runs. seconds: what one review may take.

    analyses: the folder of what analyzers said in earlier runs.
    """

    cases: Cases
    contestants: Sequence[Contestant]
    plugins: Plugins
    environ: Mapping[str, str]
    output: Path
    cache: ResultCache
    analyses: Path
    again: bool = False
    jobs: int = 1
    seconds: float = 1800.0
    tell: Tell = lambda text: None


def run_bench(bench: BenchRun) -> int:
    """Write the run and, beside it, what it took; return how many answers are missing, each of which was told.

    The answers come in the order of the cases, and what is in the cache is not made again: a run that was killed gives
    the same bytes in the end.
    """
    reviewers = [one for one in bench.contestants if one.name not in SIMPLE]
    has_tools = any(Ablation.NO_ANALYZERS not in one.left_out for one in reviewers)
    tools = tool_versions(bench.plugins, bench.environ) if has_tools else {}
    world = world_hash(tools, bench.environ) if reviewers else ""
    mark = analysis_mark(tools) if has_tools else ""
    store = AnalysisStore(folder=bench.analyses, mark=mark, again=bench.again) if has_tools else None
    head = RunHead(
        data=bench.cases.digest,
        contestants=tuple(one.name for one in bench.contestants),
        hunkwise=version("hunkwise"),
        tools=tools,
        problems=bench.cases.problems,
    )
    missing = 0
    costs = costs_path(bench.output)
    with _pool(bench.jobs) as (pool, running, over), _writable(bench.output) as out, _writable(costs) as spent:

        def ask(case: Case) -> Future[list[Answer]]:
            # one after the other: what analyzers said to the first of them serves the others
            return pool.submit(
                lambda: [
                    _answer(case, one, world, store, bench, running) for one in bench.contestants if not over.is_set()
                ]
            )

        asked = [(case, ask(case)) for case in bench.cases.cases]
        out.write(line_of(head))
        for number, (case, future) in enumerate(asked, start=1):
            answers = future.result()
            _write(case, answers, out, spent)
            broken = [one for one, _ in answers if one.problem]
            missing += len(broken)
            for one in broken:
                bench.tell(f"{case.id}, {one.contestant}: {one.problem}")
            bench.tell(f"{number}/{len(asked)} {case.id}: {_summary(answers)}")
    return missing


def _write(case: Case, answers: Sequence[Answer], out: BinaryIO, spent: BinaryIO) -> None:
    out.write(line_of(run_case(case)))
    for reviewed, cost in answers:
        out.write(line_of(reviewed))
        if cost is not None:
            spent.write(line_of(cost))
    out.flush()
    spent.flush()


def _answer(
    case: Case,
    contestant: Contestant,
    world: str,
    store: AnalysisStore | None,
    bench: BenchRun,
    running: set[BaseProcess],
) -> Answer:
    if rule := SIMPLE.get(contestant.name):
        focus = tuple(Pointed(path, line) for path, line in rule(case.change()))
        return Reviewed(case=case.id, contestant=contestant.name, focus=focus), None
    try:
        key, mark = case_key(case, contestant, world), analysis_key(case, contestant)
    except HunkwiseError as error:
        problem = " ".join(str(error).split())
        return Reviewed(case=case.id, contestant=contestant.name, problem=problem), None
    found = bench.cache.get(key)
    if found is None:
        found = _review((case, contestant), (store, mark), bench.seconds, running)
        if not found[0].problem:
            bench.cache.put(key, *found)
    return found


def _review(
    asked: tuple[Case, Contestant],
    kept: tuple[AnalysisStore | None, str],
    seconds: float,
    running: set[BaseProcess],
) -> Answer:
    case, contestant = asked
    context = review_processes()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=review_alone, args=(case, contestant, theirs, *kept))
    process.start()
    running.add(process)
    theirs.close()
    try:
        with Watch(process.pid or 0) as watch:
            answer: Answer | None = ours.recv() if ours.poll(seconds) else None
        if answer and answer[1]:
            answer = answer[0], replace(answer[1], cpu=round(answer[1].cpu + watch.cpu, 2), megabytes=watch.megabytes)
        problem = f"it took more than {seconds:.0f} seconds"
    except EOFError:
        process.join()
        answer, problem = None, f"the process of the review ended with exit code {process.exitcode}"
    finally:
        ours.close()
        if process.is_alive():
            process.join(5)
            process.terminate()
        process.join()
        running.discard(process)
    return answer or (Reviewed(case=case.id, contestant=contestant.name, problem=problem), None)


@contextmanager
def _pool(jobs: int) -> Iterator[tuple[ThreadPoolExecutor, set[BaseProcess], Event]]:
    running: set[BaseProcess] = set()
    over = Event()
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool, running, over
    except BaseException:
        over.set()
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(running):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True)


@contextmanager
def _writable(path: Path) -> Iterator[BinaryIO]:
    try:
        out = path.open("wb")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    with out:
        yield out


def _summary(answers: Sequence[Answer]) -> str:
    parts = []
    for reviewed, cost in answers:
        if reviewed.contestant in SIMPLE:
            continue
        took = f" in {cost.seconds:.1f} s" if cost else ""
        said = sum(one.is_kept for one in reviewed.comments)
        parts.append(f"{reviewed.contestant} {said} comments, {len(reviewed.focus)} places{took}")
    return "; ".join(parts) or "done"
