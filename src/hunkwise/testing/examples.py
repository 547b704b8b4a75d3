"""What an analyzer must find where, and the files that none may stumble over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from hunkwise.core.model import FileDiff, Kind, Trust
from hunkwise.core.ports import ToolResult
from hunkwise.testing.builders import Files, before_after, make_file

Expected = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A change with what an analyzer finds in it: its test and its documentation.

    files: texts by path, before and after; a single text is an added file.
    finds: each expected finding as (path, line, rule); empty for a change that is clean.
    result: for an analyzer that wraps a tool, what the tool printed; `{root}` stands for the directory of the files.
    """

    files: Files
    finds: Sequence[Expected] = ()
    result: ToolResult | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    trust: Trust = Trust.OWN

    @property
    def diffs(self) -> tuple[FileDiff, ...]:
        """The change of these files."""
        return tuple(make_file(path, *before_after(texts)) for path, texts in sorted(self.files.items()))


DEFAULTS = (
    Example(files={"a.py": ("import os\n", "import os\nprint(os.sep)\n")}),
    Example(files={"a.js": "let a = 1;\n"}),
    Example(files={"A.java": "class A {}\n"}),
    Example(files={"README.md": "# Title\n"}),
)

Contents = Mapping[str, bytes]


def hard_cases(examples: Sequence[Example]) -> Iterator[tuple[str, tuple[FileDiff, ...], Contents]]:
    """Yield what changes look like in the wild, named in words, in files of the kinds that the examples have."""
    for path, text in _shapes(examples or DEFAULTS).items():
        name = PurePosixPath(path)
        mended = text.rstrip("\n")
        yield f"an empty file {name.name}", (make_file(path, None, ""),), {path: b""}
        yield f"a deleted file {name.name}", (make_file(path, text, None),), {}
        yield from _same(f"Windows line ends in {name.name}", path, text.replace("\n", "\r\n"))
        yield from _same(f"no newline at the end of {name.name}", path, mended)
        yield from _same(f"spaces and non-ASCII letters in a name like {name.name}", f"a b/ñ {name.name}", text)
        yield from _same(f"a name that starts with a dash like -{name.name}", f"-{name.name}", text)
        latin = f"{mended}\udce9\n"
        yield from _same(f"bytes that are not UTF-8 in {name.name}", path, latin)
        moved = make_file(path, text, text, old_path=f"old/{path}")
        yield f"a renamed {name.name}", (moved,), {path: _bytes(text)}
        yield (
            f"a {name.name} that is text, not code",
            (make_file(path, None, text, kind=Kind.TEXT),),
            {path: _bytes(text)},
        )


def _same(words: str, path: str, text: str) -> Iterator[tuple[str, tuple[FileDiff, ...], Contents]]:
    yield words, (make_file(path, None, text),), {path: _bytes(text)}


def _shapes(examples: Sequence[Example]) -> Mapping[str, str]:
    """Return one path and text for each suffix that the examples have."""
    found: dict[str, tuple[str, str]] = {}
    for example in examples:
        for path, texts in sorted(example.files.items()):
            text = before_after(texts)[1]
            if text:
                found.setdefault(PurePosixPath(path).suffix, (path, text))
    return dict(found.values())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
