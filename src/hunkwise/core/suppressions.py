"""Comments in the code that ask tools to be silent."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hunkwise.core.meaning import aliases
from hunkwise.core.model import Candidate, Change, RepoPath
from hunkwise.core.places import is_open

_MARKS = re.compile(
    r"(?:#|//|/\*|<!--)\s*(?:"
    r"(?P<own>hunkwise:\s*ignore)(?:\[(?P<own_rules>[^\]]*)\])?"
    r"|(?:ruff:\s*|flake8:\s*)?(?P<noqa>noqa)(?::\s*(?P<noqa_rules>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?"
    r"|(?P<nosec>nosec)\b(?:[: ]+(?P<nosec_rules>B[0-9]+(?:[,\s]+B[0-9]+)*))?"
    r"|(?P<pylint>pylint:\s*(?:disable|skip-file)[\w-]*)(?:=(?P<pylint_rules>[\w,\s-]+))?"
    r"|(?P<type>type:\s*ignore|mypy:\s*ignore-errors|pyright:\s*ignore)(?:\[(?P<type_rules>[^\]]*)\])?"
    r"|(?P<eslint>eslint-disable(?:-next-line|-line)?)(?:\s+(?P<eslint_rules>[\w@/,\s-]+?))?(?:\s*(?:\*/|--|$))"
    r"|(?P<nosem>nosem(?:grep)?)\b(?::\s*(?P<nosem_rules>[\w.,\s-]+))?"
    r"|(?P<shell>shellcheck\s+disable)=(?P<shell_rules>[\w,]+)"
    r"|(?P<ts>@ts-(?:ignore|nocheck|expect-error))"
    r"|(?P<nolint>NOLINT\w*|CHECKSTYLE:OFF|NOSONAR|NOPMD)"
    r")"
    r"|(?P<java>@SuppressWarnings|@SuppressFBWarnings)\b"
)


_TOOLS = {
    "noqa": ("ruff", "flake8", "pylint"),
    "nosec": ("bandit",),
    "pylint": ("pylint",),
    "type": ("mypy",),
    "eslint": ("eslint",),
    "nosem": ("semgrep",),
    "shell": ("shellcheck",),
}
"""The tools that a mark without rules speaks to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A mark in a line that asks to be silent: for the rules named or, without any, for all of its tools."""

    path: RepoPath
    line: int
    mark: str
    rules: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        return self.mark.startswith("hunkwise")

    def covers(self, rule: str) -> bool:
        """Return whether it silences `tool.rule`, which also goes by the names of its like in other tools."""
        tool, _, name = rule.partition(".")
        if not self.rules:
            return self.is_ours or tool in self.tools
        if self.is_ours:
            return rule in self.rules or f"{tool}.*" in self.rules or name in self.rules
        return any(alias.startswith(mine) for mine in self.rules for alias in aliases(rule))


def added_suppressions(change: Change) -> tuple[Suppression, ...]:
    """Return the marks that the change itself adds, in diff order."""
    return tuple(
        mark
        for file in change.files
        if is_open(file)
        for hunk in file.hunks
        for line in hunk.lines
        if line.old is None and line.new is not None
        for mark in marks(file.path, line.new, line.text)
    )


def marks(path: RepoPath, number: int, text: str) -> tuple[Suppression, ...]:
    """Return the marks in one line of code."""
    found = []
    for match in _MARKS.finditer(text):
        groups = {name: value for name, value in match.groupdict().items() if value}
        kind = next(name for name in groups if not name.endswith("_rules"))
        rules = re.split(r"[,\s]+", groups.get(f"{kind}_rules", "").strip())
        found.append(
            Suppression(
                path=path,
                line=number,
                mark=groups[kind].strip(),
                rules=tuple(name for name in rules if name),
                tools=_TOOLS.get(kind, ()),
            )
        )
    return tuple(found)


def suppressed(candidates: Iterable[Candidate], read_line: Callable[[RepoPath, int], str]) -> Mapping[str, str]:
    """Return why candidates are to be silent, by fingerprint: a mark in their line or, of ours, in the line above.

    A mark that names a rule of one tool silences the same finding of another tool as well.
    """
    found = {}
    for candidate in candidates:
        path, number = candidate.location.path, candidate.location.start
        if number is None:
            continue
        above = [mark for mark in marks(path, number - 1, read_line(path, number - 1)) if mark.is_ours]
        for mark in (*marks(path, number, read_line(path, number)), *above):
            if mark.covers(candidate.rule):
                found[candidate.fingerprint] = f"`{mark.mark}` on line {mark.line}"
                break
    return found
