"""Fixes of kept comments are tried before they are offered."""

import json
from pathlib import Path

import pytest

import hunkwise.plugins.places.registry
import hunkwise.plugins.rankers.registry
import hunkwise.plugins.sources.registry
from hunkwise.core.model import Edit, FileOutcome, Finding, Fix, Location, Severity, State, Trust
from hunkwise.core.ports import RenderOptions, Request
from hunkwise.plugins.hookspecs import hookimpl
from hunkwise.plugins.manager import load_plugins, register_plugins
from hunkwise.plugins.sinks.json import JsonSink
from hunkwise.plugins.sinks.terminal import TerminalSink
from hunkwise.session import review_request


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


class Spelling:
    """Finds `wrong` in files, and `worse` too; it would write `fix` instead. It remembers where it looked."""

    name = "spelling"

    def __init__(self, fix: str, second: State = State.REVIEWED):
        self.fix, self.second, self.roots, self.contents = fix, second, [], []

    def inspect(self, files, inputs):
        self.roots.append(inputs.root)
        state = State.REVIEWED if len(self.roots) == 1 else self.second
        return tuple(self.outcome(file.path, state, inputs) for file in files)

    def outcome(self, path, state, inputs):
        text = inputs.workspace.read(path).decode()
        assert inputs.trust is Trust.FOREIGN or (Path(inputs.root) / path).read_text() == text
        self.contents.append(text)
        findings = tuple(
            self.finding(path, number, line, word)
            for number, line in enumerate(text.split("\n"), 1)
            for word in ("wrong", "worse")
            if word in line
        )
        return FileOutcome(tool=self.name, path=path, state=state, findings=findings, reason="it broke")

    def finding(self, path, number, line, word):
        column = line.index(word) + 1
        return Finding(
            tool=self.name,
            rule=word,
            message={"wrong": "This is no word", "worse": "Never say so"}[word],
            severity=Severity.HIGH,
            location=Location(path=path, start=number, end=number),
            fix=Fix(edits=(Edit(number, column, number, column + 5, self.fix),)),
        )


def reviewed(repo, analyzer, source, own=True, **command_line):
    repo.write("pkg/a.txt", "one\n")
    repo.write("pkg/b.txt", "b\n")
    repo.commit()
    repo.write("pkg/a.txt", source)

    class Brings:
        @hookimpl
        def hunkwise_analyzers(self):
            return (analyzer,)

    return review_request(
        Request(directory=str(repo.path)),
        plugins=register_plugins(PARTS | {"brings": Brings()}),
        command_line=command_line,
        own=own,
        environ={},
    )


@pytest.mark.parametrize("own", [True, False])
def test_a_fix_that_holds_is_offered(repo, own):
    """All fixes of a tool are tried in one more run, on a copy; the files themselves stay as they are."""
    tool = Spelling("right")
    report = reviewed(repo, tool, "one\na wrong word\nb\na worse word\n", own=own)
    assert report.trust is (Trust.OWN if own else Trust.FOREIGN)
    assert {(one.suggestion, one.unoffered) for one in report.kept} == {("a right word", "")}
    assert tool.contents[1:] == ["one\na right word\nb\na right word\n"]
    assert tool.roots[0] != tool.roots[1]
    assert not Path(tool.roots[1]).exists()
    assert (repo.path / "pkg" / "a.txt").read_text() == "one\na wrong word\nb\na worse word\n"


@pytest.mark.parametrize(
    ("fix", "second", "reason"),
    [
        ("so wrong", State.REVIEWED, "spelling's fix leaves wrong as it is"),
        ("worse", State.REVIEWED, "spelling's fix brings worse"),
        ("right", State.FAILED, "spelling's fix could not be tried: it broke"),
        ("a\nb", State.REVIEWED, ""),
    ],
)
def test_a_fix_that_does_not_hold_is_not_offered(repo, fix, second, reason):
    """What leaves its finding, brings another or cannot be tried is no suggestion, and says why."""
    report = reviewed(repo, Spelling(fix, second), "one\na wrong word\n")
    (comment,) = report.kept
    assert comment.unoffered == reason
    assert (comment.suggestion is None) == bool(reason)
    assert not report.failures
    shown = TerminalSink().render(report, RenderOptions(explain=True)).decode()
    assert (f"no suggestion: {reason}" in shown) == bool(reason)
    assert "no suggestion" not in TerminalSink().render(report, RenderOptions()).decode()
    assert json.loads(JsonSink().render(report, RenderOptions()))["comments"][0]["unoffered"] == reason


def test_of_two_fixes_of_a_line_one_is_offered(repo):
    """The better comment's fix is tried, the other is not."""
    report = reviewed(repo, Spelling("right"), "one\na wrong and worse word\n")
    assert sorted(one.unoffered for one in report.kept) == ["", "spelling's fix touches the lines of another fix"]
    assert [one.suggestion for one in report.kept].count(None) == 1


def test_nothing_is_run_where_no_kept_comment_has_a_fix(repo):
    """A finding that is held back is not tried."""
    tool = Spelling("right")
    report = reviewed(repo, tool, "one\na wrong word\n", floor=1.0)
    assert report.comments
    assert len(tool.roots) == 1


@pytest.mark.tools
@pytest.mark.parametrize("own", [True, False])
def test_real_fixes_of_ruff_hold(repo, clean_environ, own):
    """ruff's own fixes clear their findings, with the project's configuration where it counts."""
    repo.write("pyproject.toml", '[tool.ruff.lint]\nselect = ["F"]\n')
    repo.write("src/a.py", "x = 1\n")
    repo.commit()
    repo.write("src/a.py", "import os\n\nx = 1\nif x:\n    print(f'x')\n")
    report = review_request(
        Request(directory=str(repo.path)),
        plugins=load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}),
        command_line={"only": ["ruff"], "floor": 0.0},
        own=own,
        environ=clean_environ,
    )
    offered = {one.scored.candidate.sources[0].rule: one.suggestion for one in report.kept}
    assert offered == {"F401": "", "F541": "    print('x')"}
    assert not any(one.unoffered for one in report.kept)


@pytest.mark.tools
@pytest.mark.parametrize("own", [True, False])
def test_real_fixes_of_several_tools_hold(repo, clean_environ, own):
    """Each tool tries its own fixes, of shell scripts and of prose alike."""
    repo.write("x.sh", "#!/bin/bash\n")
    repo.write("README.md", "# Title\n")
    repo.commit()
    repo.write("x.sh", '#!/bin/bash\nf=$1\nrm $f\ncd "$f"\n')
    repo.write("README.md", "# Title\n\nThis occured often.\n")
    report = review_request(
        Request(directory=str(repo.path)),
        plugins=load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}),
        command_line={"only": ["shellcheck", "typos"], "floor": 0.0},
        own=own,
        environ=clean_environ,
    )
    offered = {one.scored.candidate.rule: (one.suggestion, one.unoffered) for one in report.kept}
    assert offered == {
        "shellcheck.SC2086": ('rm "$f"', ""),
        "shellcheck.SC2164": ('cd "$f" || exit', ""),
        "typos.typo": ("This occurred often.", ""),
    }
