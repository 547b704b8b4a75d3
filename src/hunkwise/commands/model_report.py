"""Write what is known of the language models, for a person and for a program."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hunkwise.core.errors import ModelError
from hunkwise.core.reading import ModelCard
from hunkwise.llm_backend.cards import card_of
from hunkwise.llm_backend.known import KNOWN, KnownModel
from hunkwise.llm_backend.store import ModelFolder, folders, open_folder

FILE_WIDTH = 1000


class Row(NamedTuple):
    """A model as `model list` shows it: in the store, maybe broken (and why), or one that can be had."""

    name: str
    folder: ModelFolder | None = None
    path: Path | None = None
    trouble: str = ""
    known: KnownModel | None = None
    card: str = ""


def surveyed(directory: Path) -> tuple[Row, ...]:
    """Return the models of the store, and those that are known and not there, sorted by name."""
    known = {one.name: one for one in KNOWN}
    rows = {name: Row(name, known=one) for name, one in known.items()}
    for path in folders(directory):
        row = Row(path.name, path=path, known=known.get(path.name))
        try:
            folder = open_folder(path)
            rows[path.name] = row._replace(folder=folder, card=measured(folder))
        except ModelError as error:
            rows[path.name] = row._replace(trouble=str(error))
    return tuple(rows[name] for name in sorted(rows))


def measured(folder: ModelFolder) -> str:
    """Return what a model's card says in a few words, or nothing where it was never measured."""
    try:
        card = card_of(folder.identity, folder.path)
    except ModelError as error:
        return str(error)
    return summary(card) if card else ""


def summary(card: ModelCard) -> str:
    """Return what the places and the texts of a model are worth, and whether they are used."""
    parts = []
    if card.location:
        gain, use = card.location, "used" if card.may_locate else "not used"
        parts.append(f"places add {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}], {use}")
    if card.unusable is not None:
        use = "shown" if card.may_write else "not shown"
        parts.append(f"{card.unusable:.0%} of {card.texts} texts unusable, {use}")
    return "; ".join(parts) or "a card without figures"


def print_json(rows: Sequence[Row], directory: Path) -> None:
    """Write the rows to stdout as JSON."""
    models = [
        {
            "name": row.name,
            "state": _state(row),
            "path": str(row.path) if row.path else None,
            "size": row.folder.size if row.folder else None,
            "architecture": row.folder.architecture if row.folder else None,
            "quantization": row.folder.quantization if row.folder else None,
            "context_length": row.folder.context_length if row.folder else None,
            "identity": row.folder.identity if row.folder else None,
            "licence": _licence(row),
            "source": _source(row),
            "card": row.card or None,
            "trouble": row.trouble,
        }
        for row in rows
    ]
    print(json.dumps({"directory": str(directory), "models": models}, indent=2))


def print_table(rows: Sequence[Row], directory: Path) -> None:
    """Write the rows to stdout as a table, and below it what is wrong and what can be had."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else FILE_WIDTH)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in ("Model", "State", "Size", "Licence"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Source", "Measured"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        size = f"{row.folder.size / 1e6:,.0f} MB" if row.folder else "-"
        style = "green" if row.folder else "red" if row.trouble else ""
        worth = row.card or ("not yet" if row.folder else "-")
        table.add_row(
            Text(row.name, style="bold"), Text(_state(row), style=style), size, _licence(row), _source(row), worth
        )
    console.print(table)
    console.print(Text(f"Models folder: {directory}", style="dim"), soft_wrap=True)
    for row in rows:
        if row.trouble:
            console.print(f"{row.name}: {row.trouble}", soft_wrap=True)
        elif row.path is None:
            purpose = f" ({row.known.purpose})" if row.known else ""
            console.print(f"Bring {row.name}{purpose}: hunkwise model pull {row.name}", soft_wrap=True)


def _state(row: Row) -> str:
    if row.folder:
        return row.folder.quantization
    return "broken" if row.trouble else "not here"


def _licence(row: Row) -> str:
    if row.folder:
        return row.folder.licence
    return row.known.licence if row.known else "-"


def _source(row: Row) -> str:
    if row.folder:
        return row.folder.source
    if row.known and row.known.package:
        return f"Python package {row.known.package} {row.known.version}"
    return "converted by you" if row.known else "-"
