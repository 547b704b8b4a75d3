"""`hunkwise review` as people run it, on real git repositories, with an inspector that needs no outside tool."""

import json
from pathlib import Path

import pytest

INSPECTOR = """
from hunkwise import FileOutcome, Finding, Location, Severity, State, hookimpl

class Inspector:
    name = "marks"
    def inspect(self, files, inputs):
        return [self.outcome(file) for file in files]

    def outcome(self, file):
        lines = [line for line in file.changed_lines() if line.is_added and "BUG" in line.text]
        findings = tuple(
            Finding(
                tool="marks", rule="bug", message=f"{line.text.strip()!r} says that it is one", severity=Severity.HIGH,
                location=Location(path=file.path, start=line.new, end=line.new),
            )
            for line in lines
        )
        if any("CRASH" in line.text for line in file.changed_lines()):
            raise RuntimeError("this inspector cannot go on")
        return FileOutcome(tool="marks", path=file.path, state=State.REVIEWED, findings=findings)

@hookimpl
def hunkwise_analyzers():
    return [Inspector()]
"""


@pytest.fixture
def marks(tmp_path):
    """Return a plugin file with the inspector."""
    path = tmp_path / "marks.py"
    path.write_text(INSPECTOR)
    return path


@pytest.fixture
def review(hunkwise, marks, repo):
    """Return a function that reviews, with the inspector alone, a repository with one commit."""
    repo.write("a.py", "x = 1\n")
    repo.commit()

    def call(*args, **more):
        more.setdefault("cwd", repo.path)
        return hunkwise("review", "--plugin", marks, "--only", "marks", *args, **more)

    return call


def test_clean_change(review, repo):
    """A change with nothing to say is 0; stderr says what was compared."""
    repo.write("a.py", "x = 2\n")
    code, out, err = review()
    assert code == 0
    assert "Nothing found" in out
    assert err.startswith("hunkwise: ")
    assert err.count("\n") == 1


def test_comment(review, repo):
    """A finding on an added line becomes a comment; without a gate that is 0."""
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    code, out, _ = review()
    assert code == 0
    assert "a.py:2" in out
    assert "says that it is one" in out


@pytest.mark.parametrize(("fail_on", "expected"), [("high", 1), ("low", 1), ("critical", 0)])
def test_gate(review, repo, fail_on, expected):
    """A comment at or above --fail-on is 1."""
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    assert review("--fail-on", fail_on)[0] == expected


def test_incomplete(review, repo):
    """An inspector that breaks leaves a named failure and 3, or 0 if that is allowed."""
    repo.write("a.py", "x = 1\ny = 2  # CRASH\n")
    code, out, _ = review()
    assert code == 3
    assert "this inspector cannot go on" in out
    assert review("--allow-incomplete")[0] == 0


def test_gate_comes_before_incomplete(review, repo, tmp_path):
    """A comment at the gate is 1 even where the review is incomplete."""
    other = tmp_path / "other.py"
    other.write_text(INSPECTOR.replace("marks", "others"))
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    other.write_text(other.read_text().replace('"CRASH" in', '"BUG" in'))
    code, _, _ = review("--plugin", other, "--only", "others", "--fail-on", "high")
    assert code == 1


def test_machine_output_alone_on_stdout(review, repo):
    """JSON is all of stdout, and stderr says why a review is incomplete."""
    repo.write("a.py", "x = 1\ny = 2  # CRASH\n")
    code, out, err = review("--format", "json")
    assert code == 3
    assert json.loads(out)["failures"]
    assert "hunkwise: incomplete: marks" in err


def test_quiet(review, repo):
    """-q leaves stderr to errors."""
    repo.write("a.py", "x = 2\n")
    assert review("-q")[2] == ""


def test_output_file(review, repo, tmp_path):
    """-o writes the form that the suffix tells, and stderr says so."""
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    code, out, err = review("-o", tmp_path / "report.json")
    assert (code, out) == (0, "")
    assert len(json.loads((tmp_path / "report.json").read_bytes())["comments"]) == 1
    assert err.endswith(f"hunkwise: 1 comment, written to {tmp_path / 'report.json'} as json\n")


def test_manifest(review, repo, tmp_path):
    """--manifest writes what may differ between equal runs."""
    repo.write("a.py", "x = 2\n")
    review("--manifest", tmp_path / "manifest.json", "--fail-on", "low")
    assert json.loads((tmp_path / "manifest.json").read_bytes())["config"]["fail_on"] == "low"


def test_explain(review, repo):
    """--explain shows what was held back, and why."""
    repo.write("a.py", "x = 1\ny = 2  # BUG\nz = 3  # BUG too\n")
    assert "a.py:3" not in review("--max-comments", "1", "--focus", "0")[1]
    assert "a.py:3" in review("--max-comments", "1", "--focus", "0", "--explain")[1]


def test_colour(review, repo):
    """Colours are for terminals, unless they are asked for."""
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    assert "\x1b[" not in review()[1]
    assert "\x1b[" in review("--color", "always", NO_COLOR="1")[1]


def test_empty_diff(review):
    """Where nothing differs there is one line on stderr and nothing on stdout; machine forms are valid all the same."""
    code, out, err = review()
    assert (code, out) == (0, "")
    assert err.count("\n") == 1
    assert "nothing differs" in err
    assert json.loads(review("--format", "json")[1])["comments"] == []


def test_empty_patch(review):
    """An empty patch on stdin is no change."""
    code, out, err = review("--diff", "-")
    assert (code, out) == (0, "")
    assert "it is empty" in err


def test_patch_on_stdin(review, repo, tmp_path):
    """A patch can be reviewed without a repository; its added files are whole."""
    repo.write("b.py", "y = 2  # BUG\n")
    repo.git("add", ".")
    patch = repo.git("diff", "--cached")
    code, out, _ = review("--diff", "-", stdin=patch, cwd=tmp_path)
    assert code == 0
    assert "b.py:1" in out


def test_repository_settings(review, repo):
    """The working tree's settings hold for one's own change."""
    repo.write(".hunkwise.toml", 'fail_on = "high"\n')
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    assert review()[0] == 1


def test_foreign_settings_come_from_the_base(review, repo):
    """A foreign change cannot set its own gate, and the values of the base's bad file are not shown."""
    repo.write(".hunkwise.toml", 'fail_on = "high"\n')
    repo.write("a.py", "x = 1\ny = 2  # BUG\n")
    assert review("--foreign")[0] == 0
    repo.write(".hunkwise.toml", 'fail_on = "sesame"\n')
    repo.commit()
    repo.write("a.py", "x = 3\n")
    code, out, err = review("--foreign", "--working")
    assert (code, out) == (2, "")
    assert "hunkwise: error: .hunkwise.toml: fail_on: expected 'none'" in err
    assert "sesame" not in err


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--base", "nowhere"], "nowhere"),
        (["--diff", "gone.patch"], "cannot read the patch gone.patch: No such file or directory"),
        (["--diff", "."], "cannot read the patch .: Is a directory"),
        (["--staged", "--diff", "-"], "--diff brings its own change"),
        (["--staged", "--working"], "--staged and --working exclude each other"),
        (["--staged", "--base", "main"], "--staged compares with HEAD: leave out --base and --head"),
        (["--format", "jsn"], "--format: there is no form 'jsn'; did you mean 'json'?"),
        (["--only", "markz"], "--only: there is no tool markz; did you mean 'marks'?"),
        (
            ["--fail-on", "hgh"],
            "--fail-on: expected 'none', 'info', 'low', 'medium', 'high' or 'critical', got \"hgh\"",
        ),
        (["--max-comments", "-1"], "--max-comments: expected at least 0, got -1"),
        (["--floor", "2"], "--floor: expected at most 1, got 2.0"),
        (["--color", "red"], "--color: expected one of auto, always, never"),
        (["-o", "gone/x.json"], "gone/x.json cannot be written: there is no directory gone"),
        (["-o", "x.dat"], "-o x.dat: the name does not tell the form"),
        (["-C", "gone"], "gone is not a directory"),
        (["--plugin", "gone.py"], "plugin file gone.py does not exist"),
    ],
)
def test_wrong_use(review, repo, args, expected):
    """What is wrong is one line that names it, exit code 2, and nothing on stdout."""
    repo.write("a.py", "x = 2\n")
    code, out, err = review(*args)
    errors = [line for line in err.splitlines() if line.startswith("hunkwise: error: ")]
    assert (code, out, len(errors)) == (2, "", 1), err
    assert expected in errors[0]
    assert "Traceback" not in err


def test_failed_plugin_is_named_before_the_error(review, tmp_path):
    """Where there is no report to name a broken plugin in, stderr does: it may be the reason."""
    path = tmp_path / "broken.py"
    path.write_text("raise RuntimeError('boom')\n")
    code, _, err = review("--plugin", path, "--only", "brokn")
    assert code == 2
    assert "hunkwise: plugin broken, load: " in err
    assert "boom" in err


def test_not_a_repository(review, tmp_path):
    """Outside a repository the line says how to name one."""
    code, out, err = review(cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "is not in a git repository; name one with -C DIR, or a patch with --diff FILE" in err


def test_bad_patch(review, tmp_path):
    """What is no patch is refused."""
    Path(tmp_path / "x.patch").write_bytes(b"this is no patch\n")
    code, out, err = review("--diff", tmp_path / "x.patch")
    assert (code, out) == (2, "")
    assert err.startswith("hunkwise: error: ")


def test_missing_configured_program(review, clean_environ):
    """A program that the user's settings name and that is not there is an error that names it."""
    config = Path(clean_environ["HOME"]) / ".config" / "hunkwise" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[programs]\nruff = "/gone/ruff"\n')
    code, _, err = review()
    assert code == 2
    assert f"hunkwise: error: {config}: programs.ruff: there is no program /gone/ruff\n" in err
