"""Write what is known of the outside tools, for a person and for a program."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hunkwise.commands.tool_setup import Diagnosis
from hunkwise.core.errors import ToolError
from hunkwise.core.ports import Tool
from hunkwise.workspace.installer import pinned_version
from hunkwise.workspace.toolbox import Toolbox

if TYPE_CHECKING:
    from rich.console import Console

FILE_WIDTH = 1000
"""Columns where no person reads: enough to keep a path on its line."""
COLORS = {"works": "green", "missing": "yellow", "broken": "red"}


class Row(NamedTuple):
    """A tool as `tools list` shows it; `trouble` is why the program that the user named cannot be run."""

    tool: Tool
    pinned: str | None
    origin: str | None = None
    path: str | None = None
    version: str | None = None
    trouble: str = ""


def surveyed(tools: Iterable[Tool], toolbox: Toolbox) -> tuple[Row, ...]:
    """Look for each tool, and for its version where its metadata tell it."""
    rows = []
    for tool in tools:
        row = Row(tool, pinned_version(tool))
        try:
            if found := toolbox.locate(tool):
                row = row._replace(origin=found.origin, path=str(found.file), version=toolbox.version(tool))
        except ToolError as error:
            row = row._replace(trouble=str(error).removeprefix(f"{tool.name}: "))
        rows.append(row)
    return tuple(rows)


def print_json(rows: Sequence[Row], toolbox: Toolbox) -> None:
    """Write the rows to stdout as JSON."""
    tools = [
        {
            "name": row.tool.name,
            "kind": row.tool.kind,
            "packages": list(row.tool.packages),
            "pinned": row.pinned,
            "found": row.origin,
            "path": row.path,
            "version": row.version,
            "licence": row.tool.licence,
            "url": row.tool.url,
            "trouble": row.trouble,
        }
        for row in rows
    ]
    print(json.dumps({"directory": str(toolbox.directory), "tools": tools}, indent=2))


def print_table(rows: Sequence[Row], toolbox: Toolbox) -> None:
    """Write the rows to stdout as a table, and below it what is missing."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    console = _console()
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in ("Tool", "Version", "Pinned", "Kind", "Licence"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Found", overflow="fold")
    for row in rows:
        is_pinned = row.version in (row.pinned, None) or row.pinned is None
        table.add_row(
            Text(row.tool.name, style="bold"),
            Text(row.version or "-", style="" if is_pinned else "yellow"),
            row.pinned or "-",
            row.tool.kind,
            row.tool.licence or "-",
            _found(row),
        )
    console.print(table)
    console.print(Text(f"Tools folder: {_short(str(toolbox.directory))}", style="dim"), soft_wrap=True)
    missing = [row.tool.name for row in rows if row.path is None and row.pinned and not row.trouble]
    if missing:
        console.print(f"Bring what is missing: hunkwise tools install {' '.join(missing)}", soft_wrap=True)


def print_diagnoses(diagnoses: Sequence[Diagnosis]) -> bool:
    """Write the diagnoses to stdout; return whether nothing is broken."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in diagnoses:
        table.add_row(Text(one.state, style=COLORS[one.state]), Text(one.tool, style="bold"), _short(one.said))
        if one.advice:
            table.add_row("", "", Text(_short(one.advice), style="dim"))
    _console().print(table)
    return all(one.state != "broken" for one in diagnoses)


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else FILE_WIDTH)


def _found(row: Row) -> str:
    if row.path is None:
        return row.trouble or "missing"
    return f"{row.origin}: {_short(row.path)}"


def _short(text: str) -> str:
    home = str(Path.home())
    return text.replace(f"{home}/", "~/") if len(home) > 1 else text
