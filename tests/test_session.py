import os
import subprocess
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hunkwise.plugins.places.registry
import hunkwise.plugins.rankers.registry
import hunkwise.plugins.sources.registry
from hunkwise import Finding, Location, State, hookimpl
from hunkwise.core.cover import summarise
from hunkwise.core.model import FileOutcome, Side, Trust
from hunkwise.core.ports import RenderOptions, Request, Tool, ToolRun
from hunkwise.plugins.manager import register_plugins
from hunkwise.plugins.sinks.json import JsonSink
from hunkwise.session import review_request
from hunkwise.workspace.sandbox.choice import choose_sandbox


class Places:
    """The built-in places with one scorer: plugins that are given are strangers, of which just one may score."""

    @hookimpl
    def hunkwise_features(self):
        return hunkwise.plugins.places.registry.hunkwise_features()

    @hookimpl
    def hunkwise_scorers(self):
        return hunkwise.plugins.places.registry.hunkwise_scorers()[:1]


PARTS = {
    "places": Places(),
    "rankers": hunkwise.plugins.rankers.registry,
    "sources": hunkwise.plugins.sources.registry,
}


class Reader:
    """An inspector that behaves as it is told to."""

    def __init__(self, name, behaviour):
        self.name, self.behaviour = name, behaviour

    def inspect(self, files, inputs):
        match self.behaviour:
            case "raises":
                raise RuntimeError("no good")
            case "silent":
                return ()
            case "garbage":
                return ("what?",)
            case "half":
                return tuple(self.outcome(file.path, State.REVIEWED) for file in files[: len(files) // 2])
            case state:
                return tuple(self.outcome(file.path, State(state)) for file in files)

    def outcome(self, path, state):
        finding = Finding(tool=self.name, rule="R", message="said", location=Location(path=path, start=1, end=1))
        return FileOutcome(tool=self.name, path=path, state=state, findings=(finding,))


class Caller:
    """An analyzer whose tool is a shell command."""

    def __init__(self, name, script, program="/bin/sh"):
        self.name, self.script = name, script
        self.tool = Tool(name=name, kind="none", packages=(), program=program)

    def plan(self, files, inputs):
        return ToolRun(tool=self.name, args=("-c", self.script), targets=tuple(file.path for file in files))

    def parse(self, run, result, inputs):
        if result.stdout != b"fine\n":
            raise ValueError("not what was expected")
        return tuple(FileOutcome(tool=self.name, path=path, state=State.REVIEWED) for path in run.targets)


def plugins(*analyzers):
    class Brings:
        @hookimpl
        def hunkwise_analyzers(self):
            return analyzers

    return register_plugins(PARTS | {"brings": Brings()})


def reviewed(directory, *analyzers, own=True, environ=None, **request):
    asked = Request(directory=str(directory), **request)
    environ = {"PATH": os.environ["PATH"]} if environ is None else environ
    return review_request(asked, plugins=plugins(*analyzers), command_line={}, own=own, environ=environ)


def test_what_is_checked_out_is_own_except_in_ci(repo):
    """The user's working tree may run its own configuration; in CI any fork's checkout looks the same."""
    repo.commit()
    repo.write("a.py", "x = 1\n")
    assert reviewed(repo.path, own=None).trust is Trust.OWN
    for variable in ("CI", "GITHUB_ACTIONS", "JENKINS_URL"):
        assert reviewed(repo.path, own=None, environ={variable: "true"}).trust is Trust.FOREIGN
    assert reviewed(repo.path, own=None, environ={"CI": "false"}).trust is Trust.OWN
    assert reviewed(repo.path, own=True, environ={"CI": "true"}).trust is Trust.OWN


def test_a_head_that_is_not_checked_out_is_foreign(repo):
    """Naming another branch reviews somebody's code."""
    repo.commit()
    repo.git("checkout", "-q", "-b", "theirs")
    repo.write("a.py", "x = 1\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    assert reviewed(repo.path, own=None, base="main", head="theirs").trust is Trust.FOREIGN


def test_a_patch_is_foreign(repo):
    """What comes on stdin is nobody's."""
    repo.commit()
    patch = b"--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x = 1\n"
    assert reviewed(repo.path, own=None, diff="-", stdin=patch).trust is Trust.FOREIGN


def unconfined():
    return {"PATH": os.environ["PATH"], "HUNKWISE_SANDBOX": "none"}


def test_a_foreign_change_without_a_sandbox_runs_no_tool_and_says_so(repo):
    """Each line is refused, and the review is incomplete; an own change's tool runs, and the report says how."""
    repo.commit()
    marker = repo.path.parent / "marker"
    repo.write("a.py", "x = 1\n")
    report = reviewed(repo.path, Caller("tool", f"touch {marker}; echo fine"), own=False, environ=unconfined())
    assert not marker.exists()
    assert {cover.state for cover in report.cover} == {State.REFUSED}
    assert (report.manifest["sandbox"], report.manifest["unsandboxed"]) == ("none", [])
    assert not summarise(report).is_complete
    report = reviewed(repo.path, Caller("tool", f"touch {marker}; echo fine"), own=True, environ=unconfined())
    assert (report.trust, report.manifest["unsandboxed"]) == (Trust.OWN, ["tool"])
    assert marker.exists()


@pytest.mark.skipif(choose_sandbox(os.environ).sandbox is None, reason="this machine has no sandbox")
def test_a_foreign_change_runs_its_tools_confined(repo):
    """The tool runs and cannot write beside its scratch directory, not even where anybody may."""
    repo.commit()
    open_to_all = repo.path.parent / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    repo.write("a.py", "x = 1\n")
    caller = Caller("tool", f"touch {open_to_all}/marker; touch $HOME/here && echo fine")
    report = reviewed(repo.path, caller, own=False)
    assert {cover.state for cover in report.cover} == {State.REVIEWED}
    assert list(open_to_all.iterdir()) == []
    assert report.manifest["sandbox"] == choose_sandbox(os.environ).name
    assert summarise(report).is_complete


@pytest.mark.skipif(choose_sandbox(os.environ).sandbox is None, reason="this machine has no sandbox")
def test_the_tools_of_a_foreign_change_see_only_the_files_of_its_head(repo):
    """Not the checkout, where `.git` may hold credentials and links lead out."""
    repo.commit()
    repo.write("a.py", "x = 1\n")
    repo.link("out.py", "/etc/hostname")
    repo.commit()
    caller = Caller("tool", 'test "$(ls -A)" = a.py && echo fine')
    report = reviewed(repo.path, caller, own=False, base="HEAD~1")
    assert [cover.state for cover in report.cover if cover.path == "a.py"] == [State.REVIEWED]


def test_inspectors_need_no_sandbox(repo):
    """What runs no outside tool does not pay for trying one out."""
    repo.commit()
    repo.write("a.py", "x = 1\n")
    assert "sandbox" not in reviewed(repo.path, Reader("one", "reviewed"), own=False).manifest


def test_the_configuration_of_a_foreign_change_is_that_of_its_base(repo):
    """A pull request cannot switch off what reviews it."""
    repo.write(".hunkwise.toml", "max_comments = 3\n")
    repo.commit()
    repo.write(".hunkwise.toml", "max_comments = 0\n")
    repo.write("a.py", "x = 1\n")
    assert reviewed(repo.path, own=False).manifest["config"]["max_comments"] == 3
    assert reviewed(repo.path, own=True).manifest["config"]["max_comments"] == 0


def test_attributes_of_a_foreign_change_are_those_of_its_base(repo):
    """A pull request cannot hide its code as generated; one's own repository may say so."""
    repo.commit()
    repo.write(".gitattributes", "*.py linguist-generated\n")
    repo.write("a.py", "x = 1\n")
    kinds = {file.path: file.kind.value for file in reviewed(repo.path, own=False).change.files}
    assert kinds["a.py"] == "code"
    kinds = {file.path: file.kind.value for file in reviewed(repo.path, own=True).change.files}
    assert kinds["a.py"] == "generated"


@pytest.mark.parametrize(
    ("analyzer", "message"),
    [
        (Caller("tool", "kill -9 $$"), "killed by signal 9"),
        (Caller("tool", "echo garbage"), "not what was expected"),
        (Caller("tool", "true"), "not what was expected"),
        (Reader("tool", "raises"), "no good"),
        (Reader("tool", "garbage"), "FileOutcome"),
    ],
)
def test_a_reviewer_that_breaks_is_named_and_the_others_stay(repo, analyzer, message):
    """One tool's death costs its own findings only, and the review is incomplete."""
    repo.commit()
    repo.write("a.py", "x = 1\n")
    report = reviewed(repo.path, analyzer, Reader("other", "reviewed"))
    assert [(failure.who, message in failure.message) for failure in report.failures] == [("tool", True)]
    assert [comment.text for comment in report.kept] == ["said"]
    assert not summarise(report).is_complete


@pytest.mark.parametrize("choice", [{"skip": ("b",)}, {"only": ("a",)}])
def test_chosen_reviewers_run_and_the_others_do_not(repo, choice):
    """Both `only` and `skip` leave out the reviewer that they do not want, and the review goes on without it."""
    repo.commit()
    repo.write("a.py", "x = 1\n")
    found = review_request(
        Request(directory=str(repo.path)),
        plugins=plugins(Reader("a", "reviewed"), Reader("b", "reviewed")),
        command_line=choice,
        own=True,
        environ={"PATH": os.environ["PATH"]},
    )
    assert {cover.reviewer for cover in found.cover} == {"a"}


def test_the_same_review_twice_is_the_same_to_the_byte(repo):
    """Only the manifest holds what may differ."""
    repo.write("a.py", "x = 1\n")
    repo.commit()
    repo.write("a.py", "y = 2\n")
    repo.write("b.py", "y = 2\n")

    def run():
        report = reviewed(repo.path, Reader("one", "reviewed"), Reader("two", "half"), Reader("three", "raises"))
        text = JsonSink().render(report, RenderOptions()).decode()
        return text[: text.index('"manifest"')]

    assert run() == run()


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "\x0c", "d\re", "é"]), max_size=12).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
NAMES = st.sampled_from(["a.py", "sub/b.py", "c d.js", "poetry.lock", "é.java", "notes.md", "vendor/x.py"])
BEHAVIOURS = st.sampled_from(["raises", "silent", "garbage", "half", "reviewed", "failed", "skipped", "not installed"])


def numstat(text):
    """Return removed and added lines by new name, from `git diff --numstat -z`."""
    counted = {}
    fields = iter(text.split("\0"))
    for field in fields:
        if not field:
            continue
        added, removed, path = field.split("\t")
        if not path:
            _, path = next(fields), next(fields)
        counted[path] = (int(removed), int(added))
    return counted


@settings(max_examples=60, deadline=None)
@given(
    before=st.dictionaries(NAMES, TEXTS, max_size=4),
    after=st.dictionaries(NAMES, TEXTS, max_size=4),
    behaviours=st.lists(BEHAVIOURS, max_size=3),
    caller=st.sampled_from(["echo fine", "kill -9 $$", "exit 3", None]),
    own=st.booleans(),
)
def test_every_changed_line_has_a_state_for_every_reviewer(before, after, behaviours, caller, own):
    """Whatever breaks, each line that git counts has exactly one state a reviewer, and no other line has any."""
    analyzers = [Reader(f"reader{number}", behaviour) for number, behaviour in enumerate(behaviours)]
    if caller:
        analyzers.append(Caller("caller", caller))
    with TemporaryDirectory() as name:
        directory = Path(name)
        environ = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

        def git(*args):
            identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
            command = ["git", *identity, *args]
            return subprocess.run(command, cwd=directory, check=True, capture_output=True, env=environ).stdout

        def write(files):
            for path in set(before) | set(files):
                (directory / path).parent.mkdir(exist_ok=True)
                (directory / path).unlink(missing_ok=True)
                if path in files:
                    (directory / path).write_text(files[path], newline="")
            git("add", "-A")
            git("commit", "-q", "--allow-empty", "-m", "x")

        git("init", "-q", "-b", "main")
        write(before)
        write(after)
        report = reviewed(directory, *analyzers, own=own, base="HEAD~1")
        counted = numstat(git("diff", "--numstat", "-z", "-M", "HEAD~1", "HEAD").decode())

    states = defaultdict(int)
    seen = set()
    for cover in report.cover:
        for line in range(cover.start, cover.end + 1):
            key = (cover.reviewer, cover.path, cover.side, line)
            assert key not in seen
            seen.add(key)
            states[cover.reviewer, cover.path, cover.side] += 1
    expected = {
        (analyzer.name, path, side): count
        for analyzer in analyzers
        for path, counts in counted.items()
        for side, count in zip((Side.BASE, Side.HEAD), counts, strict=True)
        if count
    }
    assert states == expected
    broken = sum(behaviour in ("raises", "garbage") for behaviour in behaviours)
    reviewable = [
        file for file in report.change.files if file.hunks and file.kind.is_reviewed and file.status.value != "deleted"
    ]
    if reviewable:
        assert len(report.failures) >= broken
