"""The built-in sinks; each is imported only when sinks are asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Sink


@hookimpl
def hunkwise_sinks() -> "Sequence[Sink]":
    """Return the built-in sinks."""
    from hunkwise.plugins.sinks.checkstyle import CheckstyleSink
    from hunkwise.plugins.sinks.gitlab import GitlabSink
    from hunkwise.plugins.sinks.json import JsonSink
    from hunkwise.plugins.sinks.markdown import MarkdownSink
    from hunkwise.plugins.sinks.rdjson import RdjsonlSink, RdjsonSink
    from hunkwise.plugins.sinks.sarif import SarifSink
    from hunkwise.plugins.sinks.terminal import TerminalSink
    from hunkwise.plugins.sinks.warnings_ng import WarningsNgSink

    return (
        TerminalSink(),
        JsonSink(),
        MarkdownSink(),
        SarifSink(),
        RdjsonSink(),
        RdjsonlSink(),
        CheckstyleSink(),
        WarningsNgSink(),
        GitlabSink(),
    )
