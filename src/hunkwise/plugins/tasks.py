"""Make what a language model is asked: windows of hunks, each with the context and the hints that fit."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkwise.core.model import Change, Failure, FileDiff, Finding, Hunk, Kind
from hunkwise.core.packing import pack
from hunkwise.core.places import is_open
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import ContextProvider, LanguageModel, Outlines
from hunkwise.core.reading import ContextItem, HunkTask
from hunkwise.core.windows import OVERLAP, Window, countable, split
from hunkwise.plugins.offers import Offers

PLACES = 26
"""Places of a window: as many as there are capitals to name them with."""
HUNK_SHARE = 0.7
"""The part of a prompt's tokens that a window may take; the rest is for its context and hints."""
FRAME = 160
"""Tokens of a prompt that are neither hunk nor context: instructions, labels' question, template."""
LABEL = 3
"""Tokens that the label and the signs of a line take."""


SHORTEST = 256
ANSWER = 128
"""Tokens of a model's context that are left for what it writes."""


def suited_tokens(model: LanguageModel, asked: int = 0) -> int:
    """Return how many tokens a prompt may have: what was asked for, else what suits the model, within its context."""
    wanted = max(asked, SHORTEST) if asked else model.prompt_tokens
    return min(wanted, max(model.context_length - ANSWER, SHORTEST))


class Asked(NamedTuple):
    """A hunk with its windows, and one task for each."""

    file: FileDiff
    hunk: Hunk
    windows: tuple[Window, ...]
    tasks: tuple[HunkTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """All that a model is asked about a change, in diff order; left_out: how often which kind did not fit, and why."""

    asked: tuple[Asked, ...] = ()
    failures: tuple[Failure, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def make_tasks(
    change: Change,
    workspace: Workspace,
    findings: Sequence[Finding],
    *,
    providers: Sequence[ContextProvider],
    outlines: Outlines,
    count: Callable[[str], int],
    tokens: int,
    hunks: Collection[str] | None = None,
) -> Tasks:
    """Return the tasks for each hunk of code that takes comments.

    count: how many tokens a text has. tokens: of a whole prompt. hunks: the ids of those that are asked about; all by
    default. A provider that fails is left out from then on.
    """
    asked: list[Asked] = []
    left_out: Counter[str] = Counter()
    offering = Offers(providers, change, workspace, outlines)
    room = max(tokens - FRAME, 64)
    for file in change.files:
        if not is_open(file) or file.kind is not Kind.CODE:
            continue
        for hunk in file.hunks:
            if hunks is not None and hunk.id not in hunks:
                continue
            windows = split(hunk, PLACES, int(room * HUNK_SHARE), OVERLAP, lambda text: count(text) + LABEL)
            if not windows:
                continue
            offers = offering.of(hunk)
            hints = _hints(file, hunk, findings)
            tasks = []
            for window in windows:
                spent = sum(count(countable(f" {line.text}\n")) + LABEL for line in window.lines)
                packed = pack(hunk, offers, hints, room - spent, count)
                left_out.update(_kind(one.item) for one in packed.left_out)
                tasks.append(
                    HunkTask(
                        hunk=hunk,
                        lines=window.lines,
                        places=window.places,
                        context=packed.context,
                        hints=packed.hints,
                        language=file.language,
                    )
                )
            asked.append(Asked(file, hunk, windows, tuple(tasks)))
    return Tasks(asked=tuple(asked), failures=offering.failures, left_out=dict(sorted(left_out.items())))


def _hints(file: FileDiff, hunk: Hunk, findings: Sequence[Finding]) -> list[Finding]:
    lines = {line.new for line in hunk.lines if line.new is not None}
    near = [one for one in findings if one.location.path == file.path and one.location.start in lines]
    return sorted(near, key=lambda one: (-one.severity, one.location.start or 0, one.tool, one.rule, one.message))


def _kind(item: ContextItem | Finding) -> str:
    return item.kind if isinstance(item, ContextItem) else "hint"
