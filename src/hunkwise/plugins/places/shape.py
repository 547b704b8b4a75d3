"""Describe places by the shape of their hunk, the words of their line, and what tools say there."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from hunkwise.core.model import Change, Finding, Hunk, Kind, Place, Status
from hunkwise.core.names import is_test
from hunkwise.core.ports import Workspace

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
_FLAGS = {
    "is_blank": re.compile(r"^\s*$"),
    "is_import": re.compile(
        r"^\s*(?:import\b|from\s+\S+\s+import\b|#include\b|using\s+[\w.]+;|(?:const|var|let)\s+.*\brequire\()"
    ),
    "is_comment": re.compile(r"^\s*(?:#(?!include)|//|/?\*|\"\"\"|''')"),
    "is_closing": re.compile(r"^\s*[\])}]+[;,)]*\s*$|^\s*(?:end|fi|done|esac)\s*$"),
    "is_branch": re.compile(r"^\s*(?:\}\s*)?(?:if|elif|else|for|while|switch|case|match|when|do)\b"),
    "is_error_handling": re.compile(r"\b(?:except|raise|catch|throw|throws|finally|panic|unwrap|recover|rescue)\b"),
    "is_signature": re.compile(
        r"^\s*(?:async\s+)?(?:def|class|function|func|fn|interface|enum|struct|trait)\b"
        r"|^\s*(?:public|private|protected|static|final|abstract|export|override)\b[^=;]*\([^;]*$"
    ),
    "is_todo": re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"),
}


class Shape:
    """Numbers that need no parser: sizes, positions, and what the text of a line looks like."""

    name = "shape"

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return columns: `hunk_added`, `hunk_new_tokens`, `hunk_places` (counts), `position` (0 to 1 in the hunk),
        `new_tokens` (tokens of the line that its hunk does not remove), `tools` (tools with a finding on the line),
        and 0 or 1 for `is_test`, `is_text`, `is_new_file`, `is_deletion`, `is_largest` and the `is_` flags of a line.
        """
        hunks = {hunk.id: (file, hunk) for file in change.files for hunk in file.hunks}
        texts = {
            (hunk.path, line.new): line for _, hunk in hunks.values() for line in hunk.lines if line.new is not None
        }
        net = {identity: _net_tokens(hunk) for identity, (_, hunk) in hunks.items()}
        added = {identity: sum(line.old is None for line in hunk.lines) for identity, (_, hunk) in hunks.items()}
        largest = max(added, key=lambda identity: (added[identity], net[identity].total()), default="")
        in_hunk = Counter(place.hunk for place in places)
        tools = _tools_by_line(findings)
        columns: dict[str, list[float]] = defaultdict(list)
        seen: Counter[str] = Counter()
        for place in places:
            file, _ = hunks[place.hunk]
            line = texts[place.location.path, place.location.start or 0]
            count = in_hunk[place.hunk]
            row = {
                "hunk_added": added[place.hunk],
                "hunk_new_tokens": net[place.hunk].total(),
                "hunk_places": count,
                "position": seen[place.hunk] / max(count - 1, 1),
                "new_tokens": sum(1 for token in set(_TOKEN.findall(line.text)) if net[place.hunk][token] > 0),
                "tools": tools.get((place.location.path, place.location.start or 0), 0),
                "is_test": is_test(place.location.path),
                "is_text": file.kind is Kind.TEXT,
                "is_new_file": file.status is Status.ADDED,
                "is_deletion": line.old is not None,
                "is_largest": len(hunks) > 1 and place.hunk == largest,
            } | {name: pattern.search(line.text) is not None for name, pattern in _FLAGS.items()}
            seen[place.hunk] += 1
            for name, value in row.items():
                columns[name].append(float(value))
        return columns


def _net_tokens(hunk: Hunk) -> Counter[str]:
    net: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for line in hunk.lines:
        if line.old is None:
            net.update(_TOKEN.findall(line.text))
        elif line.new is None:
            gone.update(_TOKEN.findall(line.text))
    return net - gone


def _tools_by_line(findings: Sequence[Finding]) -> Mapping[tuple[str, int], int]:
    tools: dict[tuple[str, int], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.location.start is not None:
            tools[finding.location.path, finding.location.start].add(finding.tool)
    return {key: len(names) for key, names in tools.items()}
