"""Where a report is written, and in which form."""

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.core.ports import RenderOptions, Sink

TERMINAL = "terminal"
SUFFIXES = {
    ".json": "json",
    ".md": "markdown",
    ".rdjson": "rdjson",
    ".rdjsonl": "rdjsonl",
    ".sarif": "sarif",
    ".txt": TERMINAL,
    ".xml": "checkstyle",
}
FILE_WIDTH = 100


def choose_sink(sinks: Mapping[str, Sink], name: str | None, output: Path | None) -> Sink:
    """Return the sink of the asked name, or else of the output's suffix, or else the terminal's."""
    if name is None:
        name = SUFFIXES.get(output.suffix.lower()) if output else TERMINAL
        if name is None:
            raise UsageError(f"-o {output}: the name does not tell the form; say it with --format: {', '.join(sinks)}")
    if name not in sinks:
        near = get_close_matches(name.lower(), sinks, n=1)
        rest = f"did you mean {near[0]!r}? There are" if near else "there are"
        raise UsageError(f"--format: there is no form {name!r}; {rest} {', '.join(sinks)}")
    return sinks[name]


def check_writable(output: Path | None) -> None:
    """Raise UsageError where a file could not be written, before a review is spent on it."""
    if output is None:
        return
    if output.is_dir():
        raise UsageError(f"{output} is a directory; name a file")
    if not output.parent.is_dir():
        raise UsageError(f"{output} cannot be written: there is no directory {output.parent}")
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise UsageError(f"{output} cannot be written: permission denied")


def write(content: bytes, output: Path | None) -> None:
    """Write bytes to a file, or to stdout."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error


def render_options(
    color: str, output: Path | None, environ: Mapping[str, str], *, explain: bool, verbose: bool, quiet: bool
) -> RenderOptions:
    """Return how a person sees the report: as wide as their terminal, and coloured if it shows colours."""
    import shutil

    is_terminal = output is None and sys.stdout.isatty()
    shows_color = is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns if output is None else FILE_WIDTH
    return RenderOptions(
        width=max(40, width),
        color=shows_color if color == "auto" else color == "always",
        explain=explain,
        verbose=verbose,
        is_announced=is_terminal and not quiet and sys.stderr.isatty(),
    )
