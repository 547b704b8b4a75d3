import pytest

from hunkwise.context.grammars import PluginGrammar
from hunkwise.core.model import Side
from hunkwise.testing import FakeWorkspace

DEATH = "import os\nfrom hunkwise import hookimpl\n\nclass Dying:\n    name = 'dying'\n    languages = ('lua',)\n\n"
DEATH += (
    "    def load(self, language):\n        os.abort()\n\n\n@hookimpl\ndef hunkwise_grammars():\n    return [Dying()]\n"
)


class Counting(FakeWorkspace):
    """Counts how often each file is read."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.read_paths = []

    def read(self, path, side=Side.HEAD):
        self.read_paths.append(path)
        return super().read(path, side)


def test_nothing_is_started_before_it_is_needed(outlines_of):
    """A review without code starts no worker."""
    outlines = outlines_of(FakeWorkspace(head={"a.json": "{}", "b.toml": "", "c.md": "", "d.yaml": ""}))
    assert [None] * 5 == [outlines.outline(path) for path in ("a.json", "b.toml", "c.md", "d.yaml", "gone.py")]
    assert 0 == outlines.starts
    assert () == outlines.notes


def test_an_outline_is_made_once(outlines_of):
    """A file is read and parsed once, and the same bytes at both ends are parsed once."""
    workspace = Counting(head={"a.py": "def f(): pass\n"}, base={"a.py": "def f(): pass\n"})
    outlines = outlines_of(workspace)
    first = outlines.outline("a.py")
    assert first is outlines.outline("a.py")
    assert first is outlines.outline("a.py", Side.BASE)
    assert ["a.py", "a.py"] == workspace.read_paths


def test_a_script_is_known_by_its_first_line(outlines_of):
    """A file without a suffix has the language of its `#!` line, or what the change knows of it."""
    outlines = outlines_of(
        FakeWorkspace(head={"run": "#!/usr/bin/env python3\ndef f(): pass\n", "other": "def g(): pass\n"}),
        languages={"other": "python"},
    )
    assert ["f", "g"] == [outlines.outline(path).scopes[0].name for path in ("run", "other")]


def test_a_file_that_is_too_large_is_not_parsed(outlines_of):
    """Ten megabytes on one line are passed over, which a note says."""
    outlines = outlines_of(FakeWorkspace(head={"big.py": b"x" * 10_000_000}))
    assert outlines.outline("big.py") is None
    assert ("big.py: no outline: 10000000 bytes, more than 1048576",) == outlines.notes
    assert 0 == outlines.starts


def test_a_file_that_kills_its_worker_is_noted(outlines_of, tmp_path):
    """A crash of the parser gives no outline, a note, and no trouble for the next file."""
    plugin = tmp_path / "dying.py"
    plugin.write_text(DEATH)
    outlines = outlines_of(
        FakeWorkspace(head={"a.lua": "x", "b.py": "def f(): pass\n"}),
        brought={"lua": PluginGrammar(grammar="dying", file=str(plugin))},
    )
    assert outlines.outline("a.lua") is None
    assert "f" == outlines.outline("b.py").scopes[0].name
    assert 1 == len(outlines.notes)
    assert outlines.notes[0].startswith("a.lua: no outline: the worker ended (SIGABRT")


def test_many_files_are_prepared_side_by_side(outlines_of):
    """Files that were prepared are at hand without another look."""
    files = {f"m{number}.py": f"def f{number}(): pass\n" for number in range(10)}
    workspace = Counting(head=files)
    outlines = outlines_of(workspace)
    outlines.prepare(files)
    assert [f"f{number}" for number in range(10)] == [outlines.outline(path).scopes[0].name for path in files]
    assert sorted(files) == sorted(workspace.read_paths)


@pytest.mark.parametrize("text", ["(" * 100_000, "a\0b\n" * 1000, "if x:\n  pass\n" + "elif y:\n  pass\n" * 5000])
def test_hostile_files_leave_a_review_whole(outlines_of, text):
    """After what is known to break parsers, the next file is parsed."""
    outlines = outlines_of(FakeWorkspace(head={"a.py": text, "b.py": "def f(): pass\n"}))
    outlines.outline("a.py")
    assert "f" == outlines.outline("b.py").scopes[0].name


def test_a_crash_of_the_cpp_scanner_is_survived(outlines_of):
    """A file that made the C++ grammar overflow its stack ends at most its own worker."""
    outlines = outlines_of(FakeWorkspace(head={"a.cpp": "a<" * 200_000, "b.cpp": "int f() { return 1; }\n"}))
    outlines.outline("a.cpp")
    assert "f" == outlines.outline("b.cpp").scopes[0].name
