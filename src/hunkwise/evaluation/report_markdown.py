"""Scores as Markdown, to be put into a page or a pull request."""

from hunkwise.evaluation.figures import Scores
from hunkwise.evaluation.report_table import Table
from hunkwise.evaluation.report_tables import tables


def render_markdown(scores: Scores) -> bytes:
    """Return all tables."""
    lines = ["# Benchmark", "", head(scores), ""]
    for table in tables(scores):
        lines += [f"## {table.title}", "", *([table.note, ""] if table.note else []), *_rows(table), ""]
    if scores.notes:
        lines += ["## What a reader must know", "", *(f"- {_cell(note)}" for note in scores.notes), ""]
    return "\n".join(lines).encode("utf-8", "backslashreplace")


def head(scores: Scores) -> str:
    """Return in a sentence what was scored."""
    data = ", ".join(one[:16] for one in scores.data)
    return (
        f"{scores.commented} pull requests with {scores.humans} human comments, and {scores.silent} without any; "
        f"data {data}."
    )


def _rows(table: Table) -> list[str]:
    return [
        f"| {' | '.join(map(_cell, table.head))} |",
        f"|{'---|' * len(table.head)}",
        *(f"| {' | '.join(map(_cell, row))} |" for row in table.rows),
    ]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
