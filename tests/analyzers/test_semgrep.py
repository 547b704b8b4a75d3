import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.analyzers.semgrep import SUFFIXES, Semgrep
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, Edit, FileDiff, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, ToolResult, ToolRun
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory

SAMPLES = Path(__file__).parents[1] / "samples" / "semgrep"
LANGUAGES = {".py": "python", ".js": "javascript", ".jsx": "jsx", ".ts": "ts", ".tsx": "tsx", ".java": "java"}


class Texts:
    """A workspace of files in memory."""

    is_complete = True

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def read(self, path, side=None):
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def paths(self, side=None):
        return tuple(sorted(self.files))


def inputs_of(files=None, trust=Trust.FOREIGN, root=".", scratch="/scratch", **settings):
    return AnalyzerInputs(workspace=Texts(files or {}), trust=trust, settings=settings, root=root, scratch=scratch)


def diff(path, language=None):
    return FileDiff(path=RepoPath(path), language=language or LANGUAGES.get(Path(path).suffix, ""))


def plan(*paths, **inputs):
    return Semgrep().plan([diff(path) for path in paths], inputs_of(**inputs))


def read(sample, *targets, files=None, exit_code=0):
    run = ToolRun(tool="semgrep", args=(), targets=tuple(map(RepoPath, targets)))
    stdout = (SAMPLES / f"{sample}.json").read_bytes()
    result = ToolResult(exit_code=exit_code, stdout=stdout, stderr=b"")
    return {one.path: one for one in Semgrep().parse(run, result, inputs_of(files))}


def review(tmp_path, files, *targets, trust=Trust.OWN, language=None, **settings):
    for folder in ("root", "scratch"):
        (tmp_path / folder).mkdir()
    for path, data in files.items():
        file = tmp_path / "root" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    inputs = inputs_of(files, trust, str(tmp_path / "root"), str(tmp_path / "scratch"), **settings)
    run = Semgrep().plan([diff(path, language) for path in targets or files], inputs)
    assert run is not None
    runner = Runner(toolbox=Toolbox(default_directory(os.environ), os.environ), trust=Trust.OWN)
    return {one.path: one for one in Semgrep().parse(run, runner.run(run, Semgrep.tool, inputs), inputs)}


def test_only_files_of_its_languages_are_asked_about():
    """A file of another language is not given to semgrep, and without any there is no call."""
    run = plan("a.py", "b.md", "c.java", "d.tsx")
    assert run.targets == ("a.py", "c.java", "d.tsx")
    assert plan("b.md", "c.rb") is None


def test_only_the_rules_of_the_languages_at_hand_are_written():
    """The call carries the rules that can apply, as data files, and names no other configuration."""
    run = plan("a.py", "c.java")
    assert sorted(run.files) == ["java.yaml", "jenkins.yaml", "python.yaml"]
    assert [arg for arg in run.args if arg.startswith("--config")] == [
        f"--config=/scratch/{name}" for name in sorted(run.files)
    ]


def test_hostile_names_stay_paths():
    """A name that looks like an option is a path, and every name comes after the options."""
    names = ("--config=x.py", "-e.py", "a b.py", "n\nl.py", "\udcff.py", "auto.py")
    run = plan(*names)
    assert run.args[-len(names) :] == tuple(f"./{name}" for name in names)


def test_nothing_is_sent_or_fetched():
    """Metrics and the version check are off, by option and by environment, whatever the trust."""
    for trust in Trust:
        run = plan("a.py", trust=trust)
        assert {"--metrics=off", "--disable-version-check"} <= set(run.args)
        assert (run.env["SEMGREP_SEND_METRICS"], run.env["SEMGREP_ENABLE_VERSION_CHECK"]) == ("off", "0")


def test_a_foreign_change_cannot_suppress():
    """Comments that silence a rule count on an own change only; ignore files never do."""
    assert "--disable-nosem" in plan("a.py", trust=Trust.FOREIGN).args
    assert "--disable-nosem" not in plan("a.py", trust=Trust.OWN).args
    for trust in Trust:
        assert "--x-ignore-semgrepignore-files" in plan("a.py", trust=trust).args


def test_rules_of_the_repository_need_trust():
    """Rules and languages of the configuration are taken from an own change, by the engine that obeys their paths."""
    files = {"rules/a.yml": b"rules: [a]", "rules/deep/b.yaml": b"rules: [b]", "rules/c.txt": b"", "one.yaml": b"one"}
    own = Semgrep().plan(
        [diff("x.rb", "ruby")], inputs_of(files, Trust.OWN, rules=["rules", "one.yaml"], languages=["ruby"])
    )
    assert list(own.files.values()) == ["rules: [a]", "rules: [b]", "one"]
    assert "--experimental" not in own.args
    foreign = inputs_of(files, Trust.FOREIGN, rules=["rules"], languages=["ruby"])
    assert Semgrep().plan([diff("x.rb", "ruby")], foreign) is None
    run = Semgrep().plan([diff("x.py")], foreign)
    assert list(run.files) == ["python.yaml"]
    assert "--experimental" in run.args


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rules": ["p/python"]}, "no rule file at 'p/python'"),
        ({"rules": ["auto"]}, "no rule file at 'auto'"),
        ({"rules": ["https://example.org/r.yaml"]}, "inside the repository"),
        ({"rules": ["/etc/rules.yaml"]}, "inside the repository"),
        ({"rules": ["../rules.yaml"]}, "inside the repository"),
        ({"rules": ["latin.yaml"]}, "not UTF-8"),
        ({"rules": "rules"}, "must be a list"),
        ({"rules": []}, "must be a list"),
        ({"config": ["x"]}, "tools.semgrep.config is unknown"),
    ],
)
def test_a_bad_setting_is_named(settings, words):
    """Rules are files of the repository: a registry's name, an address or another place is refused with the reason."""
    with pytest.raises(UsageError, match=words):
        plan("a.py", trust=Trust.OWN, files={"latin.yaml": b"\xe9"}, **settings)


def test_a_finding_says_all_that_semgrep_says():
    """Place in characters, meaning, page and fix of a finding come through; the file that is gone failed."""
    files = {"age.py": 'def f(a, b):\n    x = "é日😀", (a - b).seconds\n    return x\n'.encode()}
    outcomes = read("findings", "age.py", "n.ts", "gone.py", files=files, exit_code=2)
    (age,) = outcomes["age.py"].findings
    assert (age.rule, age.severity, age.category) == ("python-seconds-without-days", Severity.HIGH, Category.BUG)
    assert (age.location.start, age.location.column, age.location.end, age.location.end_column) == (2, 16, 2, 31)
    assert age.url.startswith("https://docs.python.org/")
    assert age.message.startswith(".seconds is only what is left")
    (number,) = outcomes["n.ts"].findings
    assert number.fix.edits == (Edit(1, 11, 1, 27, "ws.map(Number)"),)
    assert (outcomes["gone.py"].state, outcomes["gone.py"].findings) == (State.FAILED, ())


def test_a_file_that_is_parsed_in_part_failed_and_keeps_its_findings():
    """Lines that were not parsed were not looked at, so the file is no clean file, and the reason names them."""
    outcome = read("partly-parsed", "part.py")["part.py"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "cannot parse line 2")
    assert [finding.location.start for finding in outcome.findings] == [1]


def test_a_rule_that_took_too_long_makes_the_file_failed():
    """The reason names the rules that did not come to an end."""
    outcome = read("timed-out", "long.js")["long.js"]
    assert outcome.state is State.FAILED
    assert "rule javascript-parse-int-in-map took too long" in outcome.reason


@pytest.mark.parametrize(("sample", "exit_code", "words"), [("bad-rule", 2, "broken"), ("bad-yaml", 7, "Invalid YAML")])
def test_a_rule_that_cannot_be_read_is_an_error(sample, exit_code, words):
    """With a rule missing the answer is not the one that was asked for, so it is not believed."""
    with pytest.raises(ToolError, match=words):
        read(sample, "age.py", exit_code=exit_code)


def test_what_is_not_among_the_scanned_files_was_not_looked_at():
    """Whatever the exit code: no entry in `paths.scanned`, no review; the names that semgrep leaves out are skipped."""
    answer = json.dumps({"results": [], "errors": [], "paths": {"scanned": ["./a.py"]}}).encode()
    run = ToolRun(tool="semgrep", args=(), targets=("a.py", "b.py", "c.min.js", "d.pyw"))
    outcomes = Semgrep().parse(run, ToolResult(exit_code=0, stdout=answer), inputs_of())
    assert [one.state for one in outcomes] == [State.REVIEWED, State.FAILED, State.SKIPPED, State.SKIPPED]
    assert all(bool(one.reason) == (one.state is not State.REVIEWED) for one in outcomes)


def test_a_crash_is_an_error_that_says_what_semgrep_said():
    """No output is no clean review."""
    run = ToolRun(tool="semgrep", args=(), targets=("a.py",))
    with pytest.raises(ToolError, match="out of memory"):
        Semgrep().parse(run, ToolResult(exit_code=2, stderr=b"Fatal: out of memory"), inputs_of())


@pytest.mark.parametrize(
    "change",
    [
        {"path": "./other.py"},
        {"start": {"line": 0, "col": 1}},
        {"start": {"line": True, "col": 1}},
        {"end": {"line": 1}},
        {"extra": {}},
        {"check_id": 3},
    ],
)
def test_a_finding_that_makes_no_sense_is_an_error(change):
    """A file that nobody asked about, or a place that cannot be, makes the whole answer unbelievable."""
    answer = json.loads((SAMPLES / "findings.json").read_bytes())
    answer["results"][0] |= change
    run = ToolRun(tool="semgrep", args=(), targets=("age.py", "n.ts"))
    with pytest.raises(ToolError, match="exit code 0, "):
        Semgrep().parse(run, ToolResult(exit_code=0, stdout=json.dumps(answer).encode()), inputs_of())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["path", "start", "end", "line", "col", "extra", "message", "type", "spans", "check_id"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(
    st.binary()
    | st.fixed_dictionaries(
        {"results": JSON, "errors": JSON, "paths": JSON | st.just({"scanned": ["./a.py"]})},
    ).map(lambda answer: json.dumps(answer).encode())
    | st.lists(JSON).map(lambda some: json.dumps({"results": some, "errors": [], "paths": {"scanned": []}}).encode())
    | st.lists(JSON).map(lambda some: json.dumps({"results": [], "errors": some, "paths": {"scanned": []}}).encode()),
    st.integers(-15, 9),
)
def test_any_output_gives_outcomes_or_a_tool_error(stdout, exit_code):
    """Whatever semgrep prints, each file has an outcome or the tool failed."""
    run = ToolRun(tool="semgrep", args=(), targets=("a.py",))
    try:
        outcomes = Semgrep().parse(run, ToolResult(exit_code=exit_code, stdout=stdout), inputs_of())
    except ToolError:
        return
    assert [one.path for one in outcomes] == ["a.py"]


def test_deep_output_is_an_error():
    """Output nested without end does not take the review down."""
    run = ToolRun(tool="semgrep", args=(), targets=("a.py",))
    with pytest.raises(ToolError):
        Semgrep().parse(run, ToolResult(exit_code=0, stdout=b"[" * 200_000), inputs_of())


@pytest.mark.tools
def test_real_files_of_every_kind(tmp_path):
    """Large, broken, oddly named and oddly encoded files each get the state that is true of them."""
    hit = b"x = (a - b).seconds\n"
    files = {
        "big.py": hit + b"# a line of text that makes this file large\n" * 40_000,
        "bad.py": hit + b"class A {\n}\n",
        "latin.py": b'name = "\xe9"\n' + hit,
        "marked.py": b"\xef\xbb\xbf" + hit,
        "-x y'.py": hit,
        os.fsdecode(b"\xff.py"): hit,
        "node_modules/a.py": hit,
        "empty.py": b"",
        "a.min.js": b"xs.map(parseInt)\n",
        "w.pyw": hit,
    }
    targets = [*files, "gone.py"]
    outcomes = review(tmp_path, files, *(path for path in targets if path != "w.pyw"), trust=Trust.FOREIGN)
    assert {path: (one.state, len(one.findings)) for path, one in outcomes.items()} == {
        "big.py": (State.REVIEWED, 1),
        "bad.py": (State.FAILED, 1),
        "latin.py": (State.REVIEWED, 1),
        "marked.py": (State.REVIEWED, 1),
        "-x y'.py": (State.REVIEWED, 1),
        "\udcff.py": (State.REVIEWED, 1),
        "node_modules/a.py": (State.REVIEWED, 1),
        "empty.py": (State.REVIEWED, 0),
        "a.min.js": (State.SKIPPED, 0),
        "gone.py": (State.FAILED, 0),
    }


@pytest.mark.tools
def test_a_name_that_semgrep_does_not_know_is_skipped(tmp_path):
    """Semgrep takes the language from the suffix; a Python file of another one is not reviewed, and that is said."""
    (outcome,) = review(tmp_path, {"w.pyw": b"eval(x)\n"}, language="python").values()
    assert outcome.state is State.SKIPPED
    assert ".pyw" not in SUFFIXES


@pytest.mark.tools
def test_a_broken_rule_of_the_repository_is_named(tmp_path):
    """The user hears which of their rules is broken."""
    files = {
        "a.py": b"x = 1\n",
        "r.yaml": b"rules: [{id: mine, languages: [python], severity: ERROR, message: m, pattern: 'def ((('}]",
    }
    with pytest.raises(ToolError, match="mine"):
        review(tmp_path, files, "a.py", rules=["r.yaml"])
