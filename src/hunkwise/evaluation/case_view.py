"""The cases that a contestant did best and worst at, as diffs on which both its picks and people's comments stand."""

from collections.abc import Iterator, Sequence
from html import escape

from hunkwise.core.model import Hunk
from hunkwise.evaluation.outputs import Answered, Entry
from hunkwise.evaluation.review_row import Reviewed
from hunkwise.evaluation.run_file import Human

SHOWN = 4
"""Cases of each kind."""
AROUND = 6
"""Lines shown before and after one that is marked."""
LONGEST = 600


def best(entry: Entry) -> tuple[Answered, ...]:
    """Return the cases in which most agrees; of equals the one with the fewer picks."""
    hit = [one for one in entry.commented if one.tallies["±3"].hits]
    return tuple(sorted(hit, key=lambda one: (-_f1(one), -one.tallies["±3"].hits, len(one.picks), one.case.id))[:SHOWN])


def worst(entry: Entry) -> tuple[Answered, ...]:
    """Return the cases in which most was said, by people or the contestant, and nothing agrees."""
    missed = [one for one in entry.commented if one.picks and not one.tallies["±3"].hits]
    return tuple(sorted(missed, key=lambda one: (-len(one.picks) - len(one.case.human), one.case.id))[:SHOWN])


def show_case(one: Answered, reviewed: Reviewed) -> str:
    """Return a case as HTML: its hunks as far as something stands on them."""
    found = one.tallies["±3"]
    case = one.case.case
    count = f"{found.hits} of {found.predicted} picks within three lines of {found.human} human comments"
    marks = _marks(reviewed, case.human, {pick.pointer.spot for pick in one.picks})
    hunks = "".join(_hunk(hunk, marks) for file in one.case.change.files for hunk in file.hunks)
    lost = "".join(f"<li>{escape(_cut(h.text))}</li>" for h in case.human if one.case.hunks.find_any(h.pointer) is None)
    outside = f'<p>Comments of people off the diff:</p><ul class="said">{lost}</ul>' if lost else ""
    return f"<details><summary><b>{escape(case.id)}</b> {escape(count)}</summary>{hunks}{outside}</details>"


def _f1(one: Answered) -> float:
    hits, predicted, human = one.tallies["±3"]
    return 2 * hits / (predicted + human)


def _marks(reviewed: Reviewed, human: Sequence[Human], spots: set[object]) -> dict[tuple[str, int], list[str]]:
    marks: dict[tuple[str, int], list[str]] = {}

    def add(path: str, line: int | None, kind: str, who: str, text: str) -> None:
        if line is not None:
            said = f'<div class="note {kind}"><b>{escape(who)}</b> {escape(_cut(text))}</div>'
            marks.setdefault((path, line), []).append(said)

    for person in human:
        add(person.path, person.line, "person", "a person", person.text)
    for said in reviewed.comments:
        if said.is_kept and said.pointer.spot in spots:
            sure = f" ({said.score:.2f})" if said.score is not None else ""
            add(said.path, said.line, "pick", f"{said.rule}{sure}", said.text)
    for place in reviewed.focus:
        if place.pointer.spot in spots:
            sure = f" ({place.probability:.2f})" if place.probability is not None else ""
            add(place.path, place.line, "pick", f"look here{sure}", "; ".join(place.reasons))
    return marks


def _hunk(hunk: Hunk, marks: dict[tuple[str, int], list[str]]) -> str:
    at = [index for index, line in enumerate(hunk.lines) if line.new is not None and (hunk.path, line.new) in marks]
    if not at:
        return ""
    shown = {index for mark in at for index in range(mark - AROUND, mark + AROUND + 1)}
    return f'<div class="diff"><div class="path">{escape(hunk.path)}</div>{"".join(_lines(hunk, shown, marks))}</div>'


def _lines(hunk: Hunk, shown: set[int], marks: dict[tuple[str, int], list[str]]) -> Iterator[str]:
    is_cut = False
    for index, line in enumerate(hunk.lines):
        if index not in shown:
            if not is_cut:
                yield '<div class="cut">⋯</div>'
            is_cut = True
            continue
        is_cut = False
        kind, sign = ("add", "+") if line.old is None else ("del", "-") if line.new is None else ("", " ")
        number = "" if line.new is None else str(line.new)
        yield f'<div class="row {kind}"><span class="no">{number}</span><code>{sign}{escape(line.text)}</code></div>'
        if line.new is not None:
            yield from marks.get((hunk.path, line.new), [])


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
