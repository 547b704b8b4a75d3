"""`hunkwise publish`, and `hunkwise review --pr`, as a user calls them."""

import json
import os
import subprocess
import sys

import pytest

from hunkwise.testing.github.fake import FakeGitHub

BASE = {"a.py": "def one():\n    return 1\n"}
HEAD = {"a.py": "import os\n\n\ndef one():\n    return 1\n"}
LINT = """
from hunkwise import Category, FileOutcome, Finding, Location, Severity, State, hookimpl


class Imports:
    name = "imports"

    def inspect(self, files, inputs):
        outcomes = []
        for file in files:
            lines = inputs.workspace.read(file.path).decode().splitlines()
            found = [
                Finding(
                    tool="imports",
                    rule="I1",
                    message="Imports a module",
                    location=Location(path=file.path, start=number, end=number),
                )
                for number, line in enumerate(lines, 1)
                if line.startswith("import ")
            ]
            outcomes.append(FileOutcome(tool="imports", path=file.path, state=State.REVIEWED, findings=tuple(found)))
        return tuple(outcomes)


@hookimpl
def hunkwise_analyzers():
    return [Imports()]
"""


@pytest.fixture
def fake(tmp_path):
    with FakeGitHub(tmp_path / "github") as served:
        yield served
    assert [] == list(map(str, served.violations))


@pytest.fixture
def pull(fake):
    return fake.repository("o/r").open_pull(base_files=BASE, head_files=HEAD)


@pytest.fixture
def call(fake, pull, tmp_path):
    """Return a function that runs the program with a token of our App in the environment."""
    plugin = tmp_path / "imports.py"
    plugin.write_text(LINT)
    token = fake.token(pull.repository, app=fake.app(), contents="read", pull_requests="write", checks="write")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUNKWISE_", "GITHUB_", "GH_"))}

    def run(*words, **environment):
        if words[0] == "review":
            words = (*words, "--no-llm", "--only", "imports", "--floor", "0")
        return subprocess.run(
            [sys.executable, "-m", "hunkwise", "--plugin", str(plugin), *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                **kept,
                "HUNKWISE_CONFIG_FILE": os.devnull,
                "HUNKWISE_LOAD_PLUGINS": "",
                "HUNKWISE_GITHUB_TOKEN": token,
                **environment,
            },
            check=False,
        )

    return run


def test_a_review_is_made_and_published_by_two_processes(call, pull, tmp_path):
    """Each with its own rights; a second publication finds the first."""
    report = tmp_path / "r.json"
    made = call("review", "--pr", pull.url, "--format", "json", "-o", str(report))
    assert (0, "") == (made.returncode, made.stdout), made.stderr
    assert f"o/r#1: main (merge-base {pull.base[:7]})" in made.stderr
    assert pull.head == json.loads(report.read_text())["change"]["head"]
    shown = call("publish", str(report), "--pr", pull.url, "--dry-run")
    assert "--- on a.py:1\n**medium** · Imports a module" in shown.stdout
    assert [] == pull.reviews
    done = call("publish", str(report), "--pr", pull.url)
    assert (0, "") == (done.returncode, done.stdout), done.stderr
    assert "hunkwise: posted (1 comment, check run: neutral): " in done.stderr
    assert "hunkwise: found (check run: neutral): " in call("publish", str(report), "--pr", pull.url).stderr
    assert [("a.py", 1)] == [(one.path, one.line) for one in pull.comments]


def test_a_review_to_be_posted_needs_a_token_at_once(call, pull, fake):
    """It would be for nothing; the pull request is not even asked for."""
    done = call("review", "--pr", pull.url, "--post", HUNKWISE_GITHUB_TOKEN="")
    assert (2, "") == (done.returncode, done.stdout)
    assert "posting needs a token with the right pull requests: write; set HUNKWISE_GITHUB_TOKEN" in done.stderr
    assert [] == fake.log.entries


def test_a_review_may_be_posted_at_once(call, pull):
    """And a second push brings only what is new."""
    assert 0 == call("review", "--pr", pull.url, "--post").returncode
    pull.push({"b.py": "import re\n"})
    done = call("review", "--pr", pull.url, "--post", "-q")
    assert "posted (1 comment, check run: neutral)" in done.stderr
    assert [("a.py", 1), ("b.py", 1)] == [(one.path, one.line) for one in pull.comments]


def test_a_dry_run_of_a_review_posts_nothing(call, pull):
    """It prints what would be, and no report."""
    done = call("review", "--pr", pull.url, "--dry-run")
    assert done.stdout.startswith("--- a review of o/r#1 at"), done.stderr
    assert [] == pull.reviews


def test_a_stale_report_is_an_error(call, pull, tmp_path):
    """One line says what to do."""
    report = tmp_path / "r.json"
    call("review", "--pr", pull.url, "-o", str(report))
    old = pull.head
    new = pull.push({"b.py": "x = 1\n"})
    done = call("publish", str(report), "--pr", pull.url)
    assert 2 == done.returncode
    assert f"hunkwise: error: the report is about {old[:12]}, and o/r#1 is at {new[:12]}" in done.stderr
    assert f"not at {old[:12]}" in call("publish", str(report), "--pr", pull.url, "--expect-head", old).stderr
    assert [] == pull.reviews


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("review", "--post"), "--post needs --pr"),
        (("review", "--dry-run"), "--dry-run needs --pr"),
        (("review", "--pr", "{url}", "--own"), "--own: a pull request is another's"),
        (("review", "--pr", "{url}", "--staged"), "--pr brings its own change"),
        (("review", "--pr", "https://github.com/o/r"), "does not name a pull request"),
        (("publish", "missing.json", "--pr", "{url}"), "cannot read the report missing.json"),
        (("publish", "imports.py", "--pr", "{url}"), "imports.py is no report of Hunkwise"),
        (("publish", "missing.json", "--pr", "{url}", "--fail-on", "worst"), "--fail-on: expected one of"),
        (("publish", "x.json", "--pr", "{url}", "--expect-head", "abc1234"), "--expect-head: give the full name"),
    ],
)
def test_what_is_asked_wrong_is_said(call, pull, words, said):
    """Before anything is fetched or posted."""
    done = call(*(word.format(url=pull.url) for word in words))
    assert 2 == done.returncode
    assert said in done.stderr


def test_without_a_token_nothing_is_posted(call, pull, tmp_path):
    """The way out is named; a token may also come from a file."""
    report = tmp_path / "r.json"
    call("review", "--pr", pull.url, "-o", str(report))
    done = call("publish", str(report), "--pr", pull.url, HUNKWISE_GITHUB_TOKEN="")
    assert 2 == done.returncode and "set HUNKWISE_GITHUB_TOKEN" in done.stderr
    done = call("publish", str(report), "--pr", pull.url, "--token-file", str(tmp_path / "none"))
    assert 2 == done.returncode and "none cannot be read" in done.stderr


def test_a_token_is_never_shown(call, pull):
    """Not even a wrong one, in an error."""
    token = "ghp_" + "s3cret" * 6
    done = call("review", "--pr", pull.url, "-v", HUNKWISE_GITHUB_TOKEN=token)
    assert 2 == done.returncode
    assert "the token is not valid" in done.stderr
    assert token not in done.stderr + done.stdout


def test_a_forks_report_is_published_by_the_event_of_the_workflow_after_it(call, fake, pull, tmp_path):
    """Pull request and head are those of the event; others may have written the report, so nothing of it is green."""
    fork = fake.repository("eve/r", fork_of=pull.repository)
    theirs = pull.repository.open_pull(head_files={"a.py": "x = 1\n"}, fork=fork, branch="topic")
    report = tmp_path / "r.json"
    call("review", "--pr", theirs.url, "-o", str(report))
    event = {
        "repository": {"full_name": "o/r", "html_url": f"{fake.url}/o/r"},
        "workflow_run": {
            "head_sha": theirs.head,
            "head_branch": "topic",
            "head_repository": {"full_name": "eve/r", "owner": {"login": "eve"}},
            "pull_requests": [],
        },
    }
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event))
    done = call("publish", str(report), "--event", str(file))
    assert (0, True) == (done.returncode, "posted (check run: neutral)" in done.stderr), done.stderr
    assert ([], 1) == (pull.reviews, len(theirs.reviews))
    theirs.push({"b.py": "x = 2\n"})
    done = call("publish", str(report), "--event", str(file))
    assert 2 == done.returncode and "any more: nothing was posted" in done.stderr
    assert 2 == call("publish", str(report)).returncode
    assert 2 == call("publish", str(report), "--event", str(file), "--pr", pull.url).returncode


ELSEWHERE = """
import sys

from hunkwise import Receipt, hookimpl


class Elsewhere:
    name = "elsewhere"
    order = 10

    def is_for(self, where):
        return (where.pr or "").startswith("https://elsewhere.example/")

    def publish(self, report, where):
        return Receipt(url=where.pr, posted=len(report.kept), said=(f"{len(report.kept)} at {where.pr}",))


@hookimpl
def hunkwise_publishers():
    return [Elsewhere()]
"""


def test_a_plugin_publishes_where_it_is_at_home(call, pull, tmp_path):
    """It is asked before GitHub, and needs no token of GitHub's."""
    report, plugin = tmp_path / "r.json", tmp_path / "elsewhere.py"
    plugin.write_text(ELSEWHERE)
    assert 0 == call("review", "--pr", pull.url, "--format", "json", "-o", str(report)).returncode
    words = ("--plugin", str(plugin), "publish", str(report), "--pr")
    done = call(*words, "https://elsewhere.example/9", HUNKWISE_GITHUB_TOKEN="")
    assert (0, "hunkwise: 1 at https://elsewhere.example/9\n") == (done.returncode, done.stderr)
    assert 0 == call(*words, pull.url).returncode
    assert 1 == len(pull.comments)
