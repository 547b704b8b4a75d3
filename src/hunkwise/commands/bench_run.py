"""One `hunkwise bench run`: what the user asked for, checked, run and told."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.commands.output import check_writable
from hunkwise.core.errors import UsageError

if TYPE_CHECKING:
    from hunkwise.evaluation.bench_review import Contestant
    from hunkwise.evaluation.cases import Cases
    from hunkwise.plugins.facade import Plugins

SIMPLE_RULES, ALL = "simple", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the verb, as they were given."""

    cases: tuple[Path, ...]
    output: Path
    trees: Path | None = None
    config: Path | None = None
    contestants: tuple[str, ...] = ()
    ablate: tuple[str, ...] = ()
    limit: int | None = None
    jobs: int = 1
    seconds: float = 1800.0
    again: bool = False


def run(asked: Asked, plugins: "Plugins", environ: Mapping[str, str] = os.environ) -> int:
    """Run the contestants and return how many answers are missing; raise UsageError before that, if it can be."""
    check_writable(asked.output)
    if asked.config is not None and not asked.config.is_file():
        raise UsageError(f"there is no configuration file {asked.config}")
    contestants = chosen(asked, plugins)
    from hunkwise.evaluation.bench_run import BenchRun, run_bench
    from hunkwise.evaluation.cases import read_cases
    from hunkwise.evaluation.result_cache import ResultCache
    from hunkwise.locations import cache_path

    read = read_cases(asked.cases, asked.trees)
    read = read._replace(cases=read.cases[: asked.limit])
    for problem in read.problems:
        tell(problem)
    _tell_of_trees(read, asked)
    started = time.monotonic()
    missing = run_bench(
        BenchRun(
            cases=read,
            contestants=contestants,
            plugins=plugins,
            environ=environ,
            output=asked.output,
            cache=ResultCache(cache_path() / "bench", again=asked.again),
            analyses=cache_path() / "bench-analyses",
            again=asked.again,
            jobs=asked.jobs,
            seconds=asked.seconds,
            tell=tell,
        )
    )
    count = len(read.cases) * len(contestants)
    tell(f"{count - missing} of {count} answers are in {asked.output}, after {time.monotonic() - started:.0f} seconds")
    return missing


def chosen(asked: Asked, plugins: "Plugins") -> "tuple[Contestant, ...]":
    """Return the contestants that were named; `full` where none was. Raises UsageError for a name that is none."""
    from hunkwise.evaluation.ablation import FULL, VARIANTS, Ablation
    from hunkwise.evaluation.bench_review import Contestant
    from hunkwise.evaluation.contestants import SIMPLE

    ablations = [one.value for one in Ablation]
    groups = {ALL: (FULL, "thorough", *ablations, *SIMPLE), SIMPLE_RULES: tuple(SIMPLE)}
    left_out = [part.strip() for text in asked.ablate for part in text.split(",") if part.strip()]
    for part in left_out:
        _check(part, ablations, "--ablate")
    names: list[str] = []
    for name in asked.contestants or (() if left_out else (FULL,)):
        parts = name.split("+")
        for part in parts:
            known = [*ablations, *VARIANTS, *([FULL, *SIMPLE, *groups] if len(parts) == 1 else [])]
            _check(part, known, "--contestant")
        if len(set(parts) & set(VARIANTS)) > 1:
            raise UsageError(f"--contestant {name}: a review has one operating point, {' or '.join(VARIANTS)}")
        names += groups.get(name, ("+".join(sorted(set(parts))),))
    if left_out:
        names.append("+".join(sorted(set(left_out))))
    files = tuple(Path(info.origin) for info in plugins.infos if info.origin.endswith(".py"))
    return tuple(
        Contestant(
            name=name,
            left_out=tuple(Ablation(part) for part in name.split("+") if part in ablations),
            options=next((VARIANTS[part] for part in name.split("+") if part in VARIANTS), None),
            config=asked.config,
            plugins=files,
        )
        for name in dict.fromkeys(names)
    )


def tell(text: str) -> None:
    """Say something on stderr."""
    from hunkwise.core.text import printable

    print(f"hunkwise: {printable(text)}", file=sys.stderr, flush=True)


def _check(name: str, known: list[str], option: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        rest = f"did you mean {near[0]!r}? There are" if near else "there are"
        raise UsageError(f"{option}: there is no {name!r}; {rest} {', '.join(known)}")


def _tell_of_trees(read: "Cases", asked: Asked) -> None:
    bare = [case.id for case in read.cases if case.tree is None]
    if bare:
        where = f"in {asked.trees}" if asked.trees else "given (--trees)"
        more = f" and {len(bare) - 5} more" if len(bare) > 5 else ""
        tell(f"no tree {where} for {', '.join(bare[:5])}{more}: of these, tools and context see the patch alone")
