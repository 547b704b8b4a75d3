"""Scores as one HTML page that needs nothing else: plots, tables, and cases with their diffs."""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

from hunkwise.core.reading import Gain
from hunkwise.evaluation.case_view import best, show_case, worst
from hunkwise.evaluation.figures import Figures, Scores
from hunkwise.evaluation.outputs import Entry, Output
from hunkwise.evaluation.report_markdown import head
from hunkwise.evaluation.report_table import Table
from hunkwise.evaluation.report_tables import tables
from hunkwise.evaluation.review_row import Reviewed
from hunkwise.evaluation.svg import BarRow, Series, bar_plot, curve_plot

STYLE = "report.css"
SHOWN = 6
"""Curves in one plot."""


def render_html(scores: Scores, entries: Sequence[Entry], reviews: Mapping[tuple[str, str], Reviewed]) -> bytes:
    """Return the page. reviews: by contestant and case, for the cases that are shown."""
    style = files("hunkwise.evaluation").joinpath(STYLE).read_text("utf-8")
    body = "".join(
        (
            f"<header><h1>Benchmark</h1><p>{escape(head(scores))}</p></header>",
            f'<main><section class="plots">{"".join(_plots(scores))}</section>',
            "".join(map(_table, tables(scores))),
            _cases(entries, reviews),
            _notes(scores.notes),
            "</main>",
        )
    )
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{style}</style></head><body>{body}</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _plots(scores: Scores) -> list[str]:
    found = [
        _figure(
            "F1 within three lines, with 95 % intervals",
            bar_plot([BarRow(one.label, one.agreement["±3"].f1, _shade(one)) for one in scores.figures], "F1 ±3"),
        ),
        _figure(
            "F1 by hunk, with 95 % intervals",
            bar_plot(
                [BarRow(one.label, one.agreement["hunk"].f1, _shade(one)) for one in scores.figures], "F1 by hunk"
            ),
        ),
    ]
    curves = [
        Series(one.label, [(point.recall, point.precision) for point in one.curve])
        for one in scores.figures
        if one.curve
    ][:SHOWN]
    floors = [
        Series(one.label, [(one.agreement["±3"].recall.value, one.agreement["±3"].precision.value)])
        for one in scores.figures
        if one.output == "places" and one.contestant == "middle-of-3-largest"
    ]
    if curves:
        plot = curve_plot([*curves, *floors], "recall", "precision", "precision and recall over the threshold")
        found.append(_figure("Precision and recall within three lines, over the threshold", plot))
    reliable = [one for one in scores.figures if one.reliability is not None and one.output != Output.FIRST][:SHOWN]
    if reliable:
        plot = curve_plot([_bins(one) for one in reliable], "stated", "kept", "reliability", is_diagonal=True)
        found.append(_figure("Reliability: bins of equal mass, on the diagonal they are kept", plot))
    found += [_figure(f"{name}: F1 within three lines", plot) for name, plot in _by_language(scores)]
    spent = {one.contestant: one.spent for one in reversed(scores.figures) if one.spent is not None}
    if spent:
        rows = [BarRow(name, _sure(one.seconds)) for name, one in reversed(spent.items())]
        found.append(_figure("Seconds a review, mean", bar_plot(rows, "seconds", unit="s")))
        rows = [BarRow(name, _sure(one.memory), 3) for name, one in reversed(spent.items()) if one.memory]
        if rows:
            found.append(_figure("Memory, most of one review", bar_plot(rows, "memory", unit="MB")))
    return found


def _bins(one: Figures) -> Series:
    bins = one.reliability.bins if one.reliability else ()
    return Series(one.label, [(each.stated, each.kept) for each in bins], [4.0] * len(bins))


def _by_language(scores: Scores) -> list[tuple[str, str]]:
    names = sorted({name for one in scores.figures for name in one.languages})
    found = []
    for name in names if len(names) > 1 else []:
        measured = [one for one in scores.figures if name in one.languages]
        rows = [BarRow(one.label, one.languages[name][1], _shade(one)) for one in measured]
        found.append((name, bar_plot(rows, f"F1 in {name}")))
    return found


def _cases(entries: Sequence[Entry], reviews: Mapping[tuple[str, str], Reviewed]) -> str:
    parts = []
    for entry in entries:
        if entry.is_simple or entry.output is Output.FIRST:
            continue
        for title, found in (("best", best(entry)), ("worst", worst(entry))):
            if found:
                shown = "".join(show_case(one, reviews[entry.contestant, one.case.id]) for one in found)
                parts.append(f"<section><h2>{escape(entry.label)}: the {title} cases</h2>{shown}</section>")
    return "".join(parts)


def _table(table: Table) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return (
        f"<section><h2>{escape(table.title)}</h2>{note}"
        f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _notes(notes: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f"<section><h2>What a reader must know</h2><ul>{items}</ul></section>" if items else ""


def _figure(caption: str, plot: str) -> str:
    return f"<figure><figcaption>{escape(caption)}</figcaption>{plot}</figure>"


def _shade(one: Figures) -> int:
    return {"comments": 0, "focus": 1, "first of focus": 2}.get(one.output, 5)


def _sure(value: float) -> Gain:
    return Gain(value=value, low=value, high=value)
