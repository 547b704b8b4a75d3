"""Hunkwise reviews changes; the names here are stable and follow the deprecation policy of the documentation."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hunkwise.core.errors import HunkwiseError, PluginError, ToolError, UsageError
    from hunkwise.core.model import (
        Candidate,
        Category,
        Change,
        Cover,
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
        RepoPath,
        Report,
        ReviewComment,
        Scored,
        Severity,
        Side,
        State,
        Trust,
        Verdict,
    )
    from hunkwise.core.ports import (
        Analyzer,
        AnalyzerInputs,
        Command,
        FeatureProvider,
        Grammar,
        Inspector,
        Loaded,
        PlaceScorer,
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
    from hunkwise.plugins.hookspecs import hookimpl, hookspec

_HOMES = {
    "hunkwise.core.errors": ("HunkwiseError", "PluginError", "ToolError", "UsageError"),
    "hunkwise.core.model": (
        "Candidate", "Category", "Change", "Cover", "Edit", "Failure", "FileDiff", "FileOutcome", "Finding", "Fix",
        "Focus", "Hunk", "Kind", "Line", "Location", "Place", "Report", "RepoPath", "ReviewComment", "Scored",
        "Severity", "Side", "State", "Trust", "Verdict",
    ),
    "hunkwise.core.ports": (
        "Analyzer", "AnalyzerInputs", "Command", "FeatureProvider", "Grammar", "Inspector", "Loaded", "PlaceScorer",
        "Publisher", "Ranker", "Receipt", "RenderOptions", "Request", "Sandbox", "Sink", "Source", "Tool", "ToolResult", "ToolRun", "Workspace",
    ),
    "hunkwise.plugins.hookspecs": ("hookimpl", "hookspec"),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    """Import a stable name when it is first asked for: `import hunkwise` itself stays cheap."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'hunkwise' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
