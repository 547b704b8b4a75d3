"""Review with the language model that the user named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hunkwise.context.parsed_outlines import ParsedOutlines, outlines_around
from hunkwise.core.errors import UsageError
from hunkwise.core.model import Change, Failure, Report
from hunkwise.core.pipeline import Parts
from hunkwise.core.places import is_open
from hunkwise.core.ports import Sandbox, Workspace
from hunkwise.core.reader_ports import LanguageModel, ModelRequest
from hunkwise.llm_backend.answers import Answers, CachedModel
from hunkwise.llm_backend.store import default_directory
from hunkwise.locations import cache_path
from hunkwise.plugins.facade import Plugins
from hunkwise.plugins.guard import guarded
from hunkwise.plugins.reader import Reader, ReaderOptions
from hunkwise.plugins.tasks import suited_tokens
from hunkwise.settings import Settings


def review_with_model(
    review: Callable[[Parts], Report],
    parts: Parts,
    plugins: Plugins,
    settings: Settings,
    environ: Mapping[str, str],
    sandbox: Sandbox | None,
    tell: Callable[[str, str], None],
) -> Report:
    """Review with the model that the user named, else with the embedded one where it was pulled, else without.

    A model that is there and cannot be opened is a failure; raises UsageError for a name that nobody knows.
    """
    model = open_model(plugins, settings.model, environ, lambda text: tell("compare", text))
    if isinstance(model, Failure):
        report = review(parts)
        return replace(report, failures=(model, *report.failures))
    if model is None:
        if settings.trust_model:
            raise UsageError("there is no model to trust; `hunkwise model pull smollm2-135m-instruct` brings one")
        return review(parts)
    outlines: list[ParsedOutlines] = []

    def outlines_of(change: Change, workspace: Workspace) -> ParsedOutlines:
        outlines.append(outlines_around(change, workspace, plugins, sandbox))
        outlines[-1].prepare(file.path for file in change.files if file.hunks and is_open(file))
        return outlines[-1]

    options = ReaderOptions(
        trusts=settings.trust_model,
        tokens=suited_tokens(model, settings.config.prompt_tokens),
        budget=settings.config.model_tokens,
        seconds=settings.config.model_timeout,
        tell=tell,
    )
    reader = Reader(CachedModel(model, Answers(cache_path())), plugins.contexts(), outlines_of, options)
    try:
        report = review(replace(parts, read=reader.read, write=reader.write))
        return replace(
            report, notes=(*report.notes, *_without_outline([note for one in outlines for note in one.notes]))
        )
    finally:
        reader.close()
        for one in outlines:
            one.close()


def open_model(
    plugins: Plugins, reference: str, environ: Mapping[str, str], say: Callable[[str], None] = lambda text: None
) -> LanguageModel | Failure | None:
    """Ask the backends in their order; None where no model is named and none is at hand. say: is told of dangers.

    Raises UsageError for a reference that no backend knows.
    """
    directory = default_directory(environ)
    request = ModelRequest(
        reference=reference, directory=str(directory), environ=environ, tell=say, cache=str(cache_path())
    )
    for backend in plugins.backends():
        found = guarded(backend.name, "open", lambda backend=backend: backend.open(request))  # type: ignore[misc]
        if found is not None:
            return found
    if reference:
        raise UsageError(
            f"there is no model {reference!r}: it is no name of `hunkwise model list`, no folder and no URL; "
            "`hunkwise model pull NAME` brings one"
        )
    return None


def _without_outline(notes: Sequence[str]) -> tuple[str, ...]:
    """Return in one line which files the model was shown without their structure."""
    if not notes:
        return ()
    more = f", and {len(notes) - 1} more" if len(notes) > 1 else ""
    return (f"The model saw little around hunks of {notes[0]}{more}.",)
