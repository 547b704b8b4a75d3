"""Hunkwise reviews changes; the names here are stable and follow the deprecation policy of the documentation."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hunkwise.core.cover import Summary, summarise
    from hunkwise.core.errors import HunkwiseError, ModelError, NotApplicable, PluginError, ToolError, UsageError
    from hunkwise.core.model import (
        Candidate,
        Category,
        Change,
        Cover,
        Decision,
        Edit,
        Failure,
        FileDiff,
        FileOutcome,
        Finding,
        Fix,
        Focus,
        Hunk,
        Kind,
        Line,
        Location,
        Place,
        PriorComment,
        RepoPath,
        Report,
        ReviewComment,
        Scored,
        Severity,
        Sha,
        Side,
        State,
        Status,
        Trust,
        Verdict,
    )
    from hunkwise.core.outline import Outline, Scope, Syntax
    from hunkwise.core.ports import (
        Analyzer,
        AnalyzerInputs,
        Command,
        Confinement,
        Example,
        FeatureProvider,
        Grammar,
        Inspector,
        Loaded,
        PlaceScorer,
        Publication,
        Publisher,
        Ranker,
        Receipt,
        RenderOptions,
        Request,
        Sandbox,
        Sink,
        Source,
        Tool,
        ToolResult,
        ToolRun,
        Workspace,
    )
    from hunkwise.core.reader_ports import Backend, ContextProvider, LanguageModel, ModelRequest, Outlines
    from hunkwise.core.reading import ContextItem, Gain, HunkTask, Located, ModelCard, Reading, WriteJob, Written
    from hunkwise.plugins.hookspecs import hookimpl, hookspec

__all__ = [
    "Analyzer",
    "AnalyzerInputs",
    "Backend",
    "Candidate",
    "Category",
    "Change",
    "Command",
    "Confinement",
    "ContextItem",
    "ContextProvider",
    "Cover",
    "Decision",
    "Edit",
    "Example",
    "Failure",
    "FeatureProvider",
    "FileDiff",
    "FileOutcome",
    "Finding",
    "Fix",
    "Focus",
    "Gain",
    "Grammar",
    "Hunk",
    "HunkTask",
    "HunkwiseError",
    "Inspector",
    "Kind",
    "LanguageModel",
    "Line",
    "Loaded",
    "Located",
    "Location",
    "ModelCard",
    "ModelError",
    "ModelRequest",
    "NotApplicable",
    "Outline",
    "Outlines",
    "Place",
    "PlaceScorer",
    "PluginError",
    "PriorComment",
    "Publication",
    "Publisher",
    "Ranker",
    "Reading",
    "Receipt",
    "RenderOptions",
    "RepoPath",
    "Report",
    "Request",
    "ReviewComment",
    "Sandbox",
    "Scope",
    "Scored",
    "Severity",
    "Sha",
    "Side",
    "Sink",
    "Source",
    "State",
    "Status",
    "Summary",
    "Syntax",
    "Tool",
    "ToolError",
    "ToolResult",
    "ToolRun",
    "Trust",
    "UsageError",
    "Verdict",
    "Workspace",
    "WriteJob",
    "Written",
    "hookimpl",
    "hookspec",
    "summarise",
]

_HOMES = (
    "hunkwise.core.model",
    "hunkwise.core.ports",
    "hunkwise.core.reading",
    "hunkwise.core.reader_ports",
    "hunkwise.core.outline",
    "hunkwise.plugins.hookspecs",
    "hunkwise.core.errors",
    "hunkwise.core.cover",
)


def __getattr__(name: str) -> object:
    """Import a stable name when it is first asked for: `import hunkwise` itself stays cheap."""
    if name in __all__:
        for home in map(import_module, _HOMES):
            if name in vars(home):
                globals()[name] = vars(home)[name]
                return globals()[name]
    raise AttributeError(f"module 'hunkwise' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
