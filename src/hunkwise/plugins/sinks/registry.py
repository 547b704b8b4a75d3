"""The built-in sinks; each is imported only when sinks are asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Sink


@hookimpl
def hunkwise_sinks() -> "Sequence[Sink]":
    """Return the built-in sinks."""
    from hunkwise.plugins.sinks.json import JsonSink
    from hunkwise.plugins.sinks.terminal import TerminalSink

    return (TerminalSink(), JsonSink())
