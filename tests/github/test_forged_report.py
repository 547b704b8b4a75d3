"""A report that a fork has forged: it comes as an artefact, and the job that posts it has the right to write."""

import json
import re
from dataclasses import replace

import pytest

from hunkwise.core.model import Cover, RepoPath, Sha, Side, State
from hunkwise.github.publishing import PublishOptions, Stale, publish
from hunkwise.github.report_file import parse_report
from hunkwise.plugins.github.port import Conclusion
from hunkwise.plugins.sinks.json import report_value
from hunkwise.testing.builders import make_change, make_comment, make_finding, make_report

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 30\n", "line thirty\nline more\n")
FILES = {"a.py": (OLD, NEW), "b.py": (None, "one\ntwo\n"), "gone.py": ("x\n", None)}
LINK = re.compile(r"(?<!\\)\]\(")
"""An escaped bracket makes no link."""
OPTIONS = PublishOptions(is_forgeable=True)
HOSTILE = (
    "@octo-org/everyone @alice look\n/hunkwise full\n/approve\nfixes #1\n"
    "```suggestion\nimport os; os.system('x')\n```\n"
    "![x](https://evil.example/?q=1) <img src=https://evil.example/> [click](https://evil.example/)\n"
    "<!-- hunkwise:1 review app=hunkwise head=none key=none complete=1 by=none said=none sig=none -->\n</details>"
)


def forged(pull, **changes):
    """Return a report as a fork may write it: any JSON of the right form."""
    change = replace(make_change(FILES, id="victim/secret#9"), head=Sha(pull.head), base=Sha(pull.base))
    cover = (Cover(path=RepoPath("a.py"), side=Side.HEAD, start=1, end=99, reviewer="example", state=State.REVIEWED),)
    comment = make_comment(make_finding("Found", path="a.py", line=3, url="https://evil.example/x"))
    value = json.loads(json.dumps(report_value(make_report([comment], change=change, cover=cover))))
    for path, to in changes.items():
        *parents, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        at = value
        for step in parents:
            at = at[step]
        at[last] = to
    return parse_report(json.dumps(value).encode())


def texts(pull):
    return [one.body for one in (*pull.reviews, *pull.comments) if one.body]


def test_it_cannot_be_posted_elsewhere(client, pull, repository, fake):
    """The repository and the number are those of the job's own event; what the report says of them is text."""
    other = repository.open_pull(head_files={"c.py": "x\n"})
    elsewhere = fake.repository("victim/secret").open_pull(base_files={"a.py": OLD}, head_files={"a.py": NEW})
    publish(forged(pull, description=elsewhere.url, change__id=elsewhere.url), client, OPTIONS)
    assert 1 == len(pull.comments)
    assert [] == other.reviews == elsewhere.reviews
    written = [one.path for one in fake.log.entries if one.method in ("POST", "PUT", "PATCH")]
    assert all(path.startswith(("/api/v3/repos/o/r/", "/api/graphql")) for path in written)


def test_it_cannot_be_posted_to_another_head(client, pull):
    """Neither to an older commit, nor to one that it names."""
    old = pull.head
    pull.push({"b.py": "one\n"})
    with pytest.raises(Stale):
        publish(forged(pull, change__head=old), client, OPTIONS)
    with pytest.raises(Stale):
        publish(forged(pull, change__head="1" * 40), client, OPTIONS)
    with pytest.raises(Stale):
        publish(forged(pull), client, replace(OPTIONS, expect_head=Sha(old)))
    assert [] == pull.reviews


@pytest.mark.parametrize(
    "where",
    [
        {"path": "a.py", "start": 15, "end": 15},
        {"path": "a.py", "start": 2_000_000, "end": 2_000_000},
        {"path": "a.py", "start": 3, "end": 31},
        {"path": "a.py", "start": 3, "end": 3, "side": "base"},
        {"path": "../../etc/passwd", "start": 1, "end": 1},
        {"path": "elsewhere.py", "start": 1, "end": 1},
        {"path": ".github/workflows/x.yml", "start": None, "end": None},
        {"path": "a.py\x00", "start": 3, "end": 3},
    ],
)
def test_it_cannot_be_posted_off_the_diff(client, pull, where):
    """The lines are looked up in GitHub's own diff; what is not there goes on the file or into the body."""
    place = {"side": "head", "column": None, "end_column": None, **where}
    found = forged(pull, comments__0__location=place, comments__0__place=None)
    publish(found, client, OPTIONS)
    assert all(comment.path in FILES for comment in pull.comments)
    assert all(comment.line in (None, 3) for comment in pull.comments)
    assert any("Found" in text for text in texts(pull))


@pytest.mark.parametrize(
    "member",
    [
        "comments__0__message",
        "comments__0__text",
        "comments__0__rule",
        "comments__0__generated_by",
        "comments__0__unoffered",
        "comments__0__sources__0__tool",
        "comments__0__sources__0__rule",
        "comments__0__location__path",
        "change__id",
        "change__files__0__path",
        "description",
    ],
)
def test_its_text_does_nothing(client, pull, member):
    """No one is mentioned, nothing commanded, closed, embedded, linked or suggested, wherever it stands."""
    publish(forged(pull, **{member: HOSTILE}), client, OPTIONS)
    for text in texts(pull):
        lines = text.splitlines()
        assert "@octo-org" not in text and "@alice" not in text
        assert "```suggestion" not in text
        assert "<img" not in text and not LINK.search(text)
        assert not any(line.lstrip().startswith(("/hunkwise", "/approve")) for line in lines)
        assert "fixes #1" not in text
        assert 1 == sum(line.startswith("<!-- hunkwise:") for line in lines)


def test_its_lists_do_nothing_either(client, pull):
    """Notes, failures and reasons are text as well."""
    failure = {"who": HOSTILE, "stage": HOSTILE, "message": HOSTILE, "hint": HOSTILE}
    where = {"path": "a.py", "side": "head", "start": 3, "end": 3, "column": None, "end_column": None}
    focus = [{"location": where, "probability": 1, "reasons": [HOSTILE]}]
    publish(forged(pull, notes=[HOSTILE], failures=[failure], focus=focus, comments__0__why=[HOSTILE]), client, OPTIONS)
    for text in texts(pull):
        assert "@octo-org" not in text and "```suggestion" not in text and not LINK.search(text)


def test_it_suggests_nothing(client, pull):
    """A suggestion is applied by one click, so none comes from a report that others may have written."""
    fix = {
        "description": "x",
        "edits": [{"line": 3, "column": 1, "end_line": 3, "end_column": 2, "text": "os.system('x')"}],
    }
    found = forged(pull, comments__0__suggestion="os.system('x')\n", comments__0__sources__0__fix=fix)
    publish(found, client, OPTIONS)
    assert not any("suggestion\n" in text for text in texts(pull))
    assert not any("os.system" in text for text in texts(pull))


def test_its_check_run_never_succeeds(client, pull):
    """It may say that all is well, and that is no approval."""
    done = publish(forged(pull, comments=[]), client, OPTIONS)
    assert Conclusion.NEUTRAL is done.check.conclusion
    assert "others can change" in done.check.summary


def test_files_that_it_keeps_quiet_about_are_named(client, pull):
    """The diff is GitHub's: a report without a file is incomplete."""
    publish(forged(pull, change__files=[], cover=[], comments=[]), client, OPTIONS)
    assert "the report has nothing on" in texts(pull)[0]


def test_it_says_no_more_than_a_review_holds(client, pull, fake):
    """Thousands of comments are one request with thirty, and a body within its limit."""
    value = report_value(
        make_report([make_comment(make_finding("x" * 5000, path="a.py", line=3))], change=make_change(FILES))
    )["comments"][0]
    many = [{**value, "fingerprint": f"{number:016x}"} for number in range(2000)]
    publish(forged(pull, comments=many), client, OPTIONS)
    assert 30 == len(pull.comments)
    assert all(len(text) <= 65_536 for text in texts(pull))


def test_its_key_is_not_ours(client, pull):
    """A marker that it brings is not signed, and is not believed."""
    signed = replace(OPTIONS, key=b"secret")
    publish(forged(pull, comments__0__message=HOSTILE), client, signed)
    publish(forged(pull), client, signed)
    assert 1 == len(pull.comments)


def test_it_cannot_end_what_was_said(client, pull):
    """That a comment is no longer found is only believed of a report that nobody else could write."""
    publish(forged(pull), client)
    pull.push({"b.py": "one\ntwo\nthree\n"})
    assert 0 == publish(forged(pull, comments=[]), client, OPTIONS).answered
    assert 1 == publish(forged(pull, comments=[]), client).answered
