"""typos: words that are spelled wrong, in prose and in comments.

Needs: `typos` (MIT or Apache-2.0); its package carries the program.
Call: `typos --format json --isolated --no-ignore --hidden --no-check-filenames -- ./FILE…`.
Own changes: a `typos.toml` of the repository, or `[tool.typos]`, is honoured.
Cannot see: languages other than English. It says nothing of a word with several corrections, of a word that the file or
the repository had before the change, of names in code, and of a word's second place in a file.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hunkwise.core.conventions import PROGRAMMING
from hunkwise.core.model import (
    Category,
    Edit,
    FileDiff,
    FileOutcome,
    Finding,
    Fix,
    Location,
    RepoPath,
    Severity,
    Side,
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun, Workspace
from hunkwise.core.targets import (
    IDLE,
    Record,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    outcomes,
    read_json,
    unbelievable,
    unreadable,
)
from hunkwise.core.toml import read_toml

PROSE = frozenset(("markdown", "rst", "asciidoc"))
PROSE_SUFFIXES = (".md", ".rst", ".adoc")
CONFIGURATIONS: Mapping[str, tuple[str, ...]] = {
    "typos.toml": (),
    "_typos.toml": (),
    ".typos.toml": (),
    "pyproject.toml": ("tool", "typos"),
}
"""The files that may configure it, and the tables in them."""
EXCLUDES = "by the repository's configuration of typos, which may leave files out"
FOUND = 2
"""The exit code where there are typos."""
SHORTEST = 5
"""Letters; what is shorter is often a name or an abbreviation."""
ASKED = 50
"""How many words of a change are looked up in the whole repository."""
COMMENT = re.compile(r"(?:^|\s)(?:#|//|/\*|--|<!--)|^\s*\*")
CODE = re.compile(r"[=(){}\[\]<>|\\]")
WORD = re.compile(r"[A-Za-z]+[.,:;!?]?")
WORDS = 4
"""How many words make a line without a comment sign prose, as in a docstring."""


class Typos:
    """Finds words that are spelled wrong."""

    name = "typos"
    tool = Tool(
        name="typos",
        kind="python",
        packages=("typos==1.52.0",),
        program="typos",
        licence="MIT OR Apache-2.0",
        url="https://github.com/crate-ci/typos",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the programs and the prose that are still there."""
        targets = applicable(files, PROGRAMMING | PROSE)
        check_settings(self.name, inputs)
        if not targets:
            return None
        bad = unreadable(targets, inputs.workspace, with_any_name=False)
        given = arguments(path for path in targets if path not in bad)
        chosen = ("--force-exclude",) if _configuration(inputs) else ("--isolated",)
        common = ("--format=json", "--no-ignore", "--hidden", "--no-check-filenames", "--threads=1")
        return ToolRun(
            tool=self.name,
            args=(*common, *chosen, "--", *given) if given else IDLE,
            targets=targets,
            cost=0.3,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the typos of each file that are new with the change and surely wrong."""
        trouble = unreadable(run.targets, inputs.workspace, with_any_name=False)
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        lines = decoded(result.stdout).split("\n")[:-1]
        if result.exit_code != (FOUND if lines else 0) or result.stderr.strip():
            raise unbelievable(self.name, f"with {len(lines)} lines", result)
        texts: dict[RepoPath, list[bytes]] = {}
        findings: dict[tuple[RepoPath, str], Finding] = {}
        for line in lines:
            record = Record(self.name, read_json(self.name, line, result), result)
            path = as_target(record.text("path"), run)
            if path is None or path in trouble:
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            if record.text("type") != "typo":
                kind = record.text("type").replace("_", " ")
                trouble[path] = (State.SKIPPED, f"typos says of it: {kind}")
                continue
            if path not in texts:
                texts[path] = inputs.workspace.read(path).split(b"\n")
            if finding := _finding(record, path, texts[path]):
                findings.setdefault((path, record.text("typo")), finding)
        fresh = {key: one for key, one in findings.items() if not _was_in(*key, inputs.workspace)}
        asked = sorted({word for _, word in fresh})[:ASKED]
        old = {word for word in asked if inputs.workspace.grep(word, Side.BASE)}
        kept = [finding for (_, word), finding in fresh.items() if word not in old]
        return outcomes(self.name, run, kept, trouble, _reason(inputs))


def _configuration(inputs: AnalyzerInputs) -> Mapping[str, Any]:
    """Return the repository's configuration of typos where it is honoured; empty without one."""
    paths = inputs.workspace.paths() if inputs.trust is Trust.OWN else ()
    for name, table in CONFIGURATIONS.items():
        if name in paths:
            try:
                found: Any = read_toml(inputs.workspace.read(RepoPath(name)))
            except ValueError:
                return {"broken": name}
            for key in table:
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, dict) and found:
                return found
    return {}


def _reason(inputs: AnalyzerInputs) -> str:
    files = _configuration(inputs).get("files")
    return EXCLUDES if isinstance(files, dict) and "extend-exclude" in files else ""


def _finding(record: Record, path: RepoPath, lines: Sequence[bytes]) -> Finding | None:
    word, corrections = record.text("typo"), record.array("corrections")
    number, offset = record.number("line_num"), record.number("byte_offset")
    if len(corrections) != 1 or not isinstance(corrections[0], str) or len(word) < SHORTEST:
        return None
    if not 0 < number <= len(lines) or offset < 0:
        return None
    line = lines[number - 1]
    before, rest = line[:offset].decode("utf-8", "replace"), line[offset:].decode("utf-8", "replace")
    after = rest.removeprefix(word)
    if after == rest or not _is_whole(before, after):
        return None
    is_prose = path.endswith(PROSE_SUFFIXES) or COMMENT.search(before) is not None
    if not is_prose and not _reads_as_prose(before + rest):
        return None
    column = len(before) + 1
    end = column + len(word)
    return Finding(
        tool=Typos.name,
        rule="typo",
        message=f"`{word}` should be `{corrections[0]}`",
        location=Location(path=path, start=number, end=number, column=column, end_column=end),
        severity=Severity.LOW,
        category=Category.DOCUMENTATION,
        fix=Fix(edits=(Edit(number, column, number, end, corrections[0]),)) if is_prose else None,
    )


def _is_whole(before: str, after: str) -> bool:
    """Tell whether a word stands alone, not in a name, a path, an address or a call."""
    left, right = before[-1:], after[:2]
    is_name = left.isalnum() or left in ("_", "-", "/", "\\", "@", ".", "$", "#", "=", "%") if left else False
    return not is_name and re.match(r"[\w(=\[/@\\-]|\.\w| ?=|::", right) is None


def _reads_as_prose(line: str) -> bool:
    return CODE.search(line) is None and sum(WORD.fullmatch(one) is not None for one in line.split()) >= WORDS


def _was_in(path: RepoPath, word: str, workspace: Workspace) -> bool:
    try:
        before = workspace.read(path, Side.BASE)
    except FileNotFoundError:
        return False
    return re.search(rb"\b" + re.escape(word.encode()) + rb"\b", before) is not None


EXAMPLES = (
    Example(
        name="a word in a comment and one in a docstring",
        path="app/split.py",
        source=(
            'def split(text):\n    """Return the parts that are seperated by commas.\n    """\n'
            '    # whitespace is not neccessary\n    return text.split(",")\n'
        ),
        rules=("typo", "typo"),
        lines=(2, 4),
    ),
    Example(
        name="a word in prose, once a file",
        path="docs/notes.md",
        source="An error occured.\nAnother error occured later.\n",
        rules=("typo",),
        lines=(1,),
    ),
    Example(
        name="names in code, short words and addresses are left alone",
        path="net.py",
        source=(
            "import referer\n\n\ndef recieve(seperator, teh):\n    # see https://example.com/seperator/recieve\n"
            "    return referer.recieve(seperator)\n"
        ),
    ),
    Example(
        name="a word that the file had before is left alone",
        path="README.md",
        before="The langauge of the file.\n",
        source="The langauge of each file.\n",
    ),
    Example(
        name="the repository's configuration is honoured",
        path="README.md",
        source="The langauge and the seperator.\n",
        files={"typos.toml": '[default.extend-words]\nlangauge = "langauge"\n'},
        rules=("typo",),
    ),
    Example(
        name="a foreign change cannot silence a word by its configuration",
        path="README.md",
        source="The langauge.\n",
        files={"_typos.toml": '[files]\nextend-exclude = ["*.md"]\n'},
        base={},
        trust=Trust.FOREIGN,
        rules=("typo",),
    ),
)
