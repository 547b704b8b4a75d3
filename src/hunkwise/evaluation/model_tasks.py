"""Ask a model about hunks of a case exactly as a review asks."""

from collections.abc import Callable, Collection, Sequence

from hunkwise.context.parsed_outlines import outlines_around
from hunkwise.core.reader_ports import LanguageModel
from hunkwise.evaluation.known import Known
from hunkwise.plugins.facade import Plugins
from hunkwise.plugins.tasks import Asked, make_tasks

TaskMaker = Callable[[Known, Collection[str]], Sequence[Asked]]
"""Makes the tasks of the hunks with these ids."""


def task_maker(plugins: Plugins, model: LanguageModel, *, tokens: int, with_hints: bool = True) -> TaskMaker:
    """Return what makes tasks of at most this many tokens, with the tools' findings as hints or without."""

    def make(known: Known, hunks: Collection[str]) -> Sequence[Asked]:
        with outlines_around(known.change, known.workspace, plugins) as outlines:
            tasks = make_tasks(
                known.change,
                known.workspace,
                known.findings if with_hints else (),
                providers=plugins.contexts(),
                outlines=outlines,
                count=model.count_tokens,
                tokens=tokens,
                hunks=hunks,
            )
        return tasks.asked

    return make
