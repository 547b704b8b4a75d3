import json

import pytest
from recorded import ANALYZERS, parsed, review

from hunkwise.core.model import Edit, FileDiff, State, Trust
from hunkwise.core.ports import AnalyzerInputs, ToolResult
from hunkwise.testing import FakeWorkspace

TYPOS = ANALYZERS["typos"]


def found(path, text, *words, base=None):
    """Return what is said of these words, each with its correction and its place in the text."""
    data = text.encode()
    lines = []
    for word, corrections in words:
        at = data.index(word.encode())
        number, start = data.count(b"\n", 0, at) + 1, data.rfind(b"\n", 0, at) + 1
        record = {"type": "typo", "path": f"./{path}", "line_num": number, "byte_offset": at - start, "typo": word}
        lines.append(json.dumps(record | {"corrections": corrections}))
    with FakeWorkspace({path: text}, base or {}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=Trust.OWN)
        run = TYPOS.plan([FileDiff(path=path, language="markdown" if path.endswith(".md") else "python")], inputs)
        result = ToolResult(exit_code=2, stdout="".join(f"{line}\n" for line in lines).encode())
        (outcome,) = TYPOS.parse(run, result, inputs)
    return outcome.findings


def test_the_fix_replaces_the_word():
    """Columns are characters, whatever letters stand before."""
    (finding,) = parsed("typos", "defects")["a/read.md"].findings
    assert finding.message == "`neccessary` should be `necessary`"
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(1, 10, 1, 20, "necessary"),)


@pytest.mark.parametrize(
    "line",
    [
        "seperator = 1",
        "x.seperator()",
        "run(seperator)",
        "if not seperator:",
        "# see a/seperator and http://x/seperator",
        "# my_seperator",
        "# seperator=3",
        "# --seperator",
        "# seperator() is called",
    ],
)
def test_names_are_left_alone(line):
    """What is a name in code, or is written like one in a comment, is no misspelt word."""
    assert found("a.py", line + "\n", ("seperator", ["separator"])) == ()


@pytest.mark.parametrize("line", ["# the seperator of it", "x = 1  # a seperator.", "the seperator of all parts"])
def test_words_of_comments_and_docstrings_are_told(line):
    """A word that stands alone in a comment, or in a line that reads as prose, is told."""
    assert len(found("a.py", line + "\n", ("seperator", ["separator"]))) == 1


def test_a_docstring_gets_no_fix():
    """Without a comment sign the word may be a name after all, so it is only told."""
    (finding,) = found("a.py", "the seperator of all parts\n", ("seperator", ["separator"]))
    assert finding.fix is None


def test_what_may_be_right_is_left_alone():
    """Words with several corrections and short words are no findings."""
    assert found("a.md", "teh padding wil\n", ("teh", ["the"]), ("wil", ["will", "well"])) == ()


def test_words_that_were_there_before_are_left_alone():
    """A word of the file's base, or of any file of the base, is not new with the change."""
    word = ("seperator", ["separator"])
    assert found("a.md", "the seperator\n", word, base={"a.md": "a seperator"}) == ()
    assert found("a.md", "the seperator\n", word, base={"b.py": "seperator = 1\n"}) == ()
    assert len(found("a.md", "the seperator\n", word, base={"a.md": "text"})) == 1


@pytest.mark.tools
def test_what_the_project_may_exclude_is_told():
    """typos does not say which files it leaves out, so the outcome says that it may."""
    files = {"typos.toml": '[files]\nextend-exclude = ["*.md"]\n', "a.md": "It is neccessary.\n"}
    outcome = review("typos", files)["a.md"]
    assert (outcome.state, outcome.findings) == (State.REVIEWED, ())
    assert outcome.reason == "by the repository's configuration of typos, which may leave files out"
