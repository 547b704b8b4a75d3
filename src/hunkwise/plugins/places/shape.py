"""Describe places by the shape of the change: sizes, ranks and positions, and how many tools report there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from hunkwise.core.model import Change, Finding, Hunk, Kind, Line, Place, Status
from hunkwise.core.names import is_test
from hunkwise.core.ports import Workspace

TAB = 4
"""How many columns a tab indents."""


class Shape:
    """Numbers that need no parser and no words: how large, how deep, which one of how many."""

    name = "shape"

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return columns of the change (`change_`), of the place's file (`file_`), hunk (`hunk_`) and line.

        Counts of added and removed lines, of hunks and of places; `_rank` is 0 for the largest, `_share` of the change.
        `position` goes from 0 to 1. `run` is the stretch of added lines around the place.
        `tools`: tools with a finding on the line. `is_` columns are 0 or 1.
        """
        if not places:
            return {}
        of_hunk = _hunk_rows(change)
        by_hunk: dict[str, list[int]] = defaultdict(list)
        for index, place in enumerate(places):
            by_hunk[place.hunk].append(index)
        tools = _tools_by_line(findings)
        rows: list[dict[str, float]] = [{} for _ in places]
        hunks = {hunk.id: hunk for file in change.files for hunk in file.hunks}
        for identity, indices in by_hunk.items():
            lines = dict(_line_rows(hunks[identity]))
            count = len(indices)
            for order, index in enumerate(indices):
                location = places[index].location
                rows[index] = {
                    **of_hunk[identity],
                    "hunk_places": float(count),
                    "position": order / max(count - 1, 1),
                    "from_start": float(order),
                    "from_end": float(count - 1 - order),
                    "tools": float(tools.get((location.path, location.start or 0), 0)),
                    **lines[location.start or 0],
                }
        return {name: [row[name] for row in rows] for name in rows[0]}


def _hunk_rows(change: Change) -> Mapping[str, dict[str, float]]:
    hunks = [(file, hunk) for file in change.files for hunk in file.hunks]
    added = [sum(line.old is None for line in hunk.lines) for _, hunk in hunks]
    removed = [sum(line.new is None for line in hunk.lines) for _, hunk in hunks]
    ranks = {index: rank for rank, index in enumerate(sorted(range(len(hunks)), key=lambda one: (-added[one], one)))}
    total = max(sum(added), 1)
    of_file: dict[str, list[int]] = defaultdict(list)
    for index, (file, _) in enumerate(hunks):
        of_file[file.path].append(index)
    rows = {}
    for index, (file, hunk) in enumerate(hunks):
        mates = of_file[file.path]
        file_added = sum(added[mate] for mate in mates)
        rows[hunk.id] = {
            "change_files": float(len(of_file)),
            "change_hunks": float(len(hunks)),
            "change_added": float(sum(added)),
            "file_hunks": float(len(mates)),
            "file_added": float(file_added),
            "file_share": file_added / total,
            "hunk_added": float(added[index]),
            "hunk_removed": float(removed[index]),
            "hunk_share": added[index] / total,
            "hunk_rank": float(ranks[index]),
            "hunk_position": index / max(len(hunks) - 1, 1),
            "hunk_order": float(index - mates[0]),
            "is_largest": float(len(hunks) > 1 and ranks[index] == 0 and added[index] > 0),
            "is_test": float(is_test(file.path)),
            "is_text": float(file.kind is Kind.TEXT),
            "is_new_file": float(file.status is Status.ADDED),
        }
    return rows


def _line_rows(hunk: Hunk) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield for each line of the head what its surroundings look like."""
    shown = [line for line in hunk.lines if line.new is not None]
    indents = [_indent(line.text) for line in shown]
    least = min((indent for line, indent in zip(shown, indents, strict=True) if line.text.strip()), default=0)
    replacing = _replacing(hunk.lines)
    runs = _runs(shown)
    below = 0
    followed = []
    for line, indent in zip(reversed(shown), reversed(indents), strict=True):
        followed.append(below)
        below = indent if line.text.strip() else below
    for index, (line, (start, length), following) in enumerate(zip(shown, runs, reversed(followed), strict=True)):
        yield (
            line.new or 0,
            {
                "run": float(length),
                "run_start": float(index - start) if length else 0.0,
                "is_deletion": float(line.old is not None),
                "is_replacing": float(line.new in replacing),
                "indent": float(indents[index] - least),
                "indent_step": float(indents[index] - indents[index - 1]) if index else 0.0,
                "is_opener": float(bool(line.text.strip()) and following > indents[index]),
                "length": float(len(line.text.strip())),
            },
        )


def _runs(shown: Sequence[Line]) -> list[tuple[int, int]]:
    """Return for each line where its run of added lines starts and how long it is, 0 for context."""
    found: list[tuple[int, int]] = []
    for is_added, group in groupby(shown, key=lambda line: line.old is None):
        length = len(list(group))
        found += [(len(found), length if is_added else 0)] * length
    return found


def _replacing(lines: Sequence[Line]) -> frozenset[int]:
    """Return the added lines of runs that come right after removed ones."""
    found, is_after = set(), False
    for line in lines:
        if line.new is None:
            is_after = True
        elif line.old is not None:
            is_after = False
        elif is_after:
            found.add(line.new)
    return frozenset(found)


def _indent(text: str) -> int:
    expanded = text.expandtabs(TAB)
    return len(expanded) - len(expanded.lstrip())


def _tools_by_line(findings: Sequence[Finding]) -> Mapping[tuple[str, int], int]:
    tools: dict[tuple[str, int], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.location.start is not None:
            tools[finding.location.path, finding.location.start].add(finding.tool)
    return {key: len(names) for key, names in tools.items()}
