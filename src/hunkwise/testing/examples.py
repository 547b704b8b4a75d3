"""What an analyzer must find where, and the files that none may stumble over."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from hunkwise.core.model import FileDiff, Finding, Kind
from hunkwise.core.ports import Example
from hunkwise.testing.builders import make_file
from hunkwise.testing.workspace import FakeWorkspace

DEFAULTS = (
    Example(name="Python", path="a.py", source="import os\nprint(os.sep)\n"),
    Example(name="JavaScript", path="a.js", source="let a = 1;\n"),
    Example(name="Java", path="A.java", source="class A {}\n"),
    Example(name="prose", path="README.md", source="# Title\n"),
)

Contents = Mapping[str, bytes]


def diff_of(example: Example) -> FileDiff:
    """Return the change that an example is about."""
    return make_file(example.path, example.before, example.source)


def workspace_of(example: Example) -> FakeWorkspace:
    """Return the files around an example."""
    before = {} if example.before is None else {example.path: example.before}
    base = example.files if example.base is None else example.base
    return FakeWorkspace(head={**example.files, example.path: example.source}, base={**base, **before})


def difference(example: Example, findings: Sequence[Finding]) -> str:
    """Return in words how findings differ from what the example says, or nothing if they do not."""
    found = sorted(findings, key=lambda one: (one.location.start or 0, one.location.column or 0))
    rules = tuple(one.rule for one in found)
    if rules != example.rules:
        return f"found {', '.join(rules) or 'nothing'}; expected {', '.join(example.rules) or 'nothing'}"
    lines = tuple(one.location.start or 0 for one in found)
    if example.lines and lines != example.lines:
        return f"found it on line {_joined(lines)}; expected {_joined(example.lines)}"
    return ""


def hard_cases(examples: Sequence[Example]) -> Iterator[tuple[str, FileDiff, Contents]]:
    """Yield what changes look like in the wild, named in words, for a file of each kind that the examples have."""
    for example in {PurePosixPath(one.path).suffix: one for one in reversed(examples or DEFAULTS)}.values():
        path, text, name = example.path, example.source, PurePosixPath(example.path).name
        mended = text.rstrip("\n")
        yield f"an empty file {name}", make_file(path, None, ""), {path: b""}
        yield f"a deleted file {name}", make_file(path, text, None), {}
        moved = make_file(path, text, text, old_path=f"old/{path}")
        yield f"a renamed {name}", moved, {path: _bytes(text)}
        yield f"a {name} that is text, not code", make_file(path, None, text, kind=Kind.TEXT), {path: _bytes(text)}
        yield _added(f"Windows line ends in {name}", path, text.replace("\n", "\r\n"))
        yield _added(f"no newline at the end of {name}", path, mended)
        yield _added(f"bytes that are not UTF-8 in {name}", path, f"{mended}\udce9\n")
        yield _added(f"spaces and non-ASCII letters in a name like {name}", f"a b/ñ {name}", text)
        yield _added(f"a name that starts with a dash like -{name}", f"-{name}", text)


def _added(words: str, path: str, text: str) -> tuple[str, FileDiff, Contents]:
    return words, make_file(path, None, text), {path: _bytes(text)}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _joined(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines))
