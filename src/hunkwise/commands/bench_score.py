"""`hunkwise bench score` and `compare`: runs read, scored, written, and turned into an exit code."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.commands.bench_run import tell
from hunkwise.commands.output import check_writable, write
from hunkwise.core.errors import UsageError

if TYPE_CHECKING:
    from hunkwise.core.reading import Gain
    from hunkwise.evaluation.review_row import Reviewed
    from hunkwise.evaluation.run_file import Run

FORMS = ("markdown", "json", "html")
SUFFIXES = {".md": "markdown", ".json": "json", ".html": "html"}


def form_of(name: str | None, output: Path | None) -> str:
    """Return the form that was asked for, else that of the output's name, else Markdown."""
    if name is None:
        return SUFFIXES.get(output.suffix.lower(), FORMS[0]) if output else FORMS[0]
    found = {"md": "markdown"}.get(name, name)
    if found not in FORMS:
        raise UsageError(f"--format: there is no form {name!r}; there are {', '.join(FORMS)}")
    return found


def score_runs(
    paths: Sequence[Path],
    form: str,
    output: Path | None,
    encoder: str = "",
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Score runs together and write the report; encoder: the name or the folder of one for BERTScore."""
    check_writable(output)
    from hunkwise.evaluation.figures import score
    from hunkwise.evaluation.report_html import render_html
    from hunkwise.evaluation.report_json import render_json
    from hunkwise.evaluation.report_markdown import render_markdown
    from hunkwise.evaluation.run_file import read_run

    runs = [read_run(path) for path in paths]
    opened = None
    if encoder:
        from hunkwise.evaluation.encoder import open_encoder
        from hunkwise.locations import cache_path

        opened = open_encoder(encoder, cache_path() / "encoders", environ, tell)
    scores, entries = score(runs, opened)
    for note in scores.notes:
        tell(note)
    if form == "json":
        content = render_json(scores)
    elif form == "html":
        content = render_html(scores, entries, reviews_by_name(runs))
    else:
        content = render_markdown(scores)
    write(content, output)


def reviews_by_name(runs: "Sequence[Run]") -> "dict[tuple[str, str], Reviewed]":
    """Return the answers by the name under which their contestant is shown, and by case."""
    from hunkwise.evaluation.outputs import shown_names

    found = {}
    for run, names in zip(runs, shown_names(runs), strict=True):
        for row in run.reviews:
            found[names[row.contestant], row.case] = row
    return found


def compare_runs(before: Path, after: Path, beside: str = "") -> bool:
    """Print by how much the second run differs from the first; return whether it is worse beyond chance."""
    from hunkwise.evaluation.compare import compare
    from hunkwise.evaluation.outputs import entries
    from hunkwise.evaluation.run_file import read_run

    old, new = read_run(before), read_run(after)
    if old.head.data != new.head.data:
        tell("the two runs are of different files of cases; the cases that both have are compared")
    found = compare(entries([old]), entries([new]), beside)
    label = ""
    for one in found:
        if one.label != label:
            label = one.label
            print(label)
        verdict = "worse" if one.is_worse else ""
        gate = "*" if one.is_gate else " "
        print(f" {gate} {one.measure:<32}{_signed(one.gain)}  {one.cases} cases  {verdict}".rstrip())
    worse = [one for one in found if one.is_gate and one.is_worse]
    print(f"* decides; worse: {', '.join(f'{one.label}: {one.measure}' for one in worse) or 'nothing'}")
    return bool(worse)


def _signed(gain: "Gain") -> str:
    return f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
