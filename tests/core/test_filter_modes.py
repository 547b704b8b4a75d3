"""Our filter modes against reviewdog itself, on the same diff and the same rdjson."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hunkwise.core.candidates import WIDEST, gather
from hunkwise.core.config import FilterMode
from hunkwise.core.diff import parse_diff
from hunkwise.core.model import Change, RepoPath
from hunkwise.readers.rdjson import read_rdjson
from hunkwise.readers.reading import Sources
from hunkwise.readers.report_paths import PathIndex

MODULE = Path(__file__).parents[1] / "go"
PROGRAM = "github.com/reviewdog/reviewdog/cmd/reviewdog"
WORDS = ("one", "two", "three", "four")
NAMES = ("a.py", "src/b c.py", "lib/d.js")
pytestmark = [pytest.mark.slow, pytest.mark.tools]


@pytest.fixture(scope="module")
def reviewdog(tmp_path_factory) -> Path:
    """Build reviewdog, where Go and its modules can be had."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    bin = tmp_path_factory.mktemp("bin")
    environ = {**os.environ, "GOBIN": str(bin), "GOFLAGS": "-mod=readonly"}
    built = subprocess.run(["go", "install", PROGRAM], cwd=MODULE, env=environ, capture_output=True, text=True)
    if built.returncode:
        pytest.skip(f"reviewdog cannot be built: {built.stderr.strip()[-200:]}")
    return bin / "reviewdog"


@pytest.fixture
def place(repo):
    """Return an empty repository in which diffs are made."""
    repo.commit("empty")
    return repo


def diff_of(repo, before: dict[str, str], after: dict[str, str]) -> str:
    """Return what git says is between two sets of files."""
    for files in (before, after):
        for path in NAMES:
            (repo.path / path).unlink(missing_ok=True)
        for path, text in files.items():
            repo.write(path, text)
        repo.commit()
    return repo.git("diff", "--no-color", "-M", "HEAD~1", "HEAD").decode()


def diagnostic(number: int, path: str, start: int | None, end: int | None = None, **columns: int) -> dict[str, object]:
    location: dict[str, object] = {"path": path}
    if start is not None:
        last = {"line": end} | columns if end is not None else None
        location["range"] = {"start": {"line": start} | ({"column": 1} if columns else {})} | (
            {"end": last} if last else {}
        )
    return {"message": f"number {number}", "location": location}


def theirs(reviewdog: Path, repo, diff: str, document: str, mode: FilterMode) -> set[str]:
    """Return the messages that reviewdog reports."""
    (repo.path / ".git" / "x.diff").write_text(diff)
    argv = [str(reviewdog), "-f=rdjson", f"-filter-mode={mode}", "-diff=cat .git/x.diff", "-reporter=rdjsonl"]
    done = subprocess.run(argv, cwd=repo.path, input=document, capture_output=True, text=True, check=True)
    return {json.loads(line)["message"] for line in done.stdout.splitlines()}


def ours(after: dict[str, str], diff: str, document: str, mode: FilterMode, root: Path) -> set[str]:
    """Return the messages of the findings that may become comments."""
    contents = {RepoPath(path): text.encode() for path, text in after.items()}
    reading = read_rdjson(document.encode(), Sources(PathIndex(contents, str(root)), contents.__getitem__), "x")
    change = Change(id="x", files=parse_diff(diff.encode()))
    candidates, off = gather(reading.findings, (), change, mode, lambda path, line: "")
    return {one.message for one in candidates if one.fingerprint not in off}


@st.composite
def texts(draw) -> str:
    lines = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30))
    return "\n".join(lines) + draw(st.sampled_from(["\n", ""]))


@st.composite
def edited(draw, text: str) -> str:
    lines = text.splitlines()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 4))] = draw(st.lists(st.sampled_from(("new", "é", "")), max_size=4))
    return "\n".join(lines or ["last"]) + "\n"


@st.composite
def changes(draw):
    before = {path: draw(texts()) for path in NAMES if draw(st.booleans())}
    after = {path: draw(edited(text)) for path, text in before.items() if draw(st.integers(0, 5))}
    after |= {path: draw(texts()) for path in NAMES if path not in before and draw(st.booleans())}
    return before, after or {"a.py": "x\n"}


@given(st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_line_is_filtered_as_by_reviewdog(reviewdog, place, data):
    """On files that are added, changed, renamed, deleted and left alone, each line and short range agrees."""
    before, after = data.draw(changes())
    diff = diff_of(place, before, after)
    bare = {file.path for file in parse_diff(diff.encode()) if not file.hunks}
    diagnostics = []
    for path, text in after.items():
        if path in bare:
            continue
        count = len(text.splitlines())
        diagnostics.append(diagnostic(len(diagnostics), path, None))
        for start in range(1, count + 1):
            diagnostics.append(diagnostic(len(diagnostics), path, start))
            end = data.draw(st.integers(start, min(count, start + WIDEST - 1)))
            diagnostics.append(diagnostic(len(diagnostics), path, start, end))
    document = json.dumps({"diagnostics": diagnostics})
    for mode in FilterMode:
        assert theirs(reviewdog, place, diff, document, mode) == ours(after, diff, document, mode, place.path), mode


BEFORE = {"a.py": "".join(f"line {number}\n" for number in range(1, 31))}
AFTER = {"a.py": BEFORE["a.py"].replace("line 20\n", "new 20\n")}


@pytest.mark.parametrize(
    ("places", "added"),
    [
        # decision 0012: a finding over more lines is about its first line
        (diagnostic(0, "a.py", 15, 15 + WIDEST), False),
        (diagnostic(0, "a.py", 20, 20 + WIDEST), True),
        # decision 0012: a range that ends before a line's first column does not hold that line
        (diagnostic(0, "a.py", 18, 20, column=1), False),
        (diagnostic(0, "a.py", 18, 20, column=2), True),
    ],
)
def test_where_we_differ_on_purpose(reviewdog, place, places, added):
    """reviewdog takes a range that touches an added line anywhere; we ask what the finding is about."""
    diff = diff_of(place, BEFORE, AFTER)
    document = json.dumps({"diagnostics": [places]})
    assert theirs(reviewdog, place, diff, document, FilterMode.ADDED) == {"number 0"}
    assert bool(ours(AFTER, diff, document, FilterMode.ADDED, place.path)) is added


def test_a_file_that_is_only_renamed_is_a_changed_file_to_us(reviewdog, place):
    """Decision 0012: reviewdog does not see a file without hunks, and the filter mode `file` is about files."""
    after = {"src/b c.py": BEFORE["a.py"]}
    diff = diff_of(place, BEFORE, after)
    document = json.dumps({"diagnostics": [diagnostic(0, "src/b c.py", 3)]})
    assert theirs(reviewdog, place, diff, document, FilterMode.FILE) == set()
    assert ours(after, diff, document, FilterMode.FILE, place.path) == {"number 0"}
    for mode in (FilterMode.ADDED, FilterMode.DIFF_CONTEXT):
        assert theirs(reviewdog, place, diff, document, mode) == ours(after, diff, document, mode, place.path) == set()
