"""Pull requests as changes: files and lines from git, what was said before from GitHub."""

from dataclasses import replace

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.core.fresh import is_fresh
from hunkwise.core.model import Cover, Location, RepoPath, Sha, Side, State
from hunkwise.core.ports import Request
from hunkwise.github.checkout import Checkout
from hunkwise.github.publishing import publish
from hunkwise.github.refusals import NotFound
from hunkwise.github.source import GitHubPull, compare_with_listed, load_pull_request
from hunkwise.plugins.github.port import Target
from hunkwise.testing.builders import make_comment, make_file, make_finding, make_report

A = RepoPath("a.py")


@pytest.fixture
def load(fake, pull, client, token):
    """Return a function that loads the pull request as it is now."""
    loaded = []

    def once(**options):
        checkout = Checkout(Target(server=fake.url, repository="o/r", number=1), token)
        loaded.append(load_pull_request(client, checkout, **options))
        return loaded[-1]

    yield once
    for one in loaded:
        one.workspace.close()


def say(change, client, *lines, state=State.REVIEWED):
    """Post a review of a change with a comment on each of these lines of a.py."""
    cover = [
        Cover(path=file.path, side=Side.HEAD, start=1, end=99, reviewer="example", state=state) for file in change.files
    ]
    comments = [make_comment(make_finding(f"Found {line}", path="a.py", line=line)) for line in lines]
    return publish(make_report(comments, change=change, cover=cover), client)


def at(line, path="a.py"):
    return Location(path=RepoPath(path), start=line, end=line)


def test_a_pull_request_becomes_a_change(load, pull):
    """With whole files around it, and never as what is checked out."""
    loaded = load()
    change = loaded.change
    assert ("o/r#1", pull.base, pull.head, None, (), ()) == (
        change.id,
        change.base,
        change.head,
        change.since,
        change.prior,
        change.notes,
    )
    assert ["a.py", "b.py", "gone.py"] == [file.path for file in change.files]
    assert loaded.workspace.is_complete and not loaded.is_checked_out
    assert b"same\n" * 9 == loaded.workspace.read(RepoPath("old.py"))
    assert b"x\n" == loaded.workspace.read(RepoPath("gone.py"), Side.BASE)
    assert f"o/r#1: main (merge-base {pull.base[:7]}) … {pull.head[:7]}: 3 files" == loaded.description
    assert change.fresh is None and is_fresh(change, at(3))


def test_a_second_push_shows_what_is_new(load, pull, client):
    """Only lines that changed since the last complete review, and what it said."""
    first = load().change
    say(first, client, 3)
    pull.push({"a.py": pull_text(thirty="new thirty\n")})
    change = load().change
    assert (first.head, True) == (change.since, f"new since {first.head[:7]}" in load().description)
    assert [False, True, False] == [is_fresh(change, at(line)) for line in (3, 30, 31)]
    assert not is_fresh(change, at(1, "b.py"))
    (prior,) = change.prior
    assert ("open", False) == (prior.state, prior.human_replied)


def test_a_full_review_looks_at_all(load, pull, client):
    """What was said is known all the same."""
    say(load().change, client, 3)
    pull.push({"b.py": "1\n"})
    change = load(is_full=True).change
    assert (None, None, 1) == (change.since, change.fresh, len(change.prior))


def test_an_incomplete_review_does_not_count(load, pull, client):
    """What nobody read then is read now."""
    say(load().change, client, 3, state=State.FAILED)
    pull.push({"b.py": "1\n"})
    assert load().change.since is None


def test_a_force_push_is_compared_with_what_was_reviewed(load, pull, client):
    """Other commits with the same lines have nothing new."""
    say(load().change, client, 3)
    pull.force_push({"a.py": pull_text(), "b.py": "one\ntwo\nthree\n", "gone.py": None})
    change = load().change
    assert change.since is not None and change.since != change.head
    assert [False, False, True] == [is_fresh(change, place) for place in (at(3), at(1, "b.py"), at(3, "b.py"))]


def test_a_rebase_has_nothing_new(load, pull, repository, client):
    """What came from the base is in neither diff."""
    say(load().change, client, 3)
    onto = repository.commit({"old.py": "other\n" * 9})
    pull.force_push({"a.py": pull_text(), "b.py": "one\ntwo\n", "gone.py": None}, onto=onto)
    pull.state.base_sha = onto
    change = load().change
    assert change.since is not None
    assert not any(is_fresh(change, at(line)) for line in (3, 30, 31))
    assert ["a.py", "b.py", "gone.py"] == [file.path for file in change.files]


def test_a_review_of_a_commit_that_is_gone_leaves_all_to_do(load, pull, client, monkeypatch):
    """And that is said."""
    say(load().change, client, 3)
    from hunkwise.github import source

    known = source._before

    def forgotten(github, *, is_full):
        return replace(known(github, is_full=is_full), since=Sha("1" * 40))

    monkeypatch.setattr(source, "_before", forgotten)
    pull.push({"b.py": "1\n"})
    change = load().change
    assert (None, None) == (change.since, change.fresh)
    assert "is not there any more, so all is reviewed" in change.notes[0]


def test_a_push_while_it_is_read_is_taken(load, pull, client, monkeypatch):
    """The head that GitHub and git agree on is the one that is reviewed."""
    known = type(client).pull
    pushed = []

    def late(self):
        found = known(self)
        if not pushed:
            pushed.append(pull.push({"b.py": "1\n"}))
        return found

    monkeypatch.setattr(type(client), "pull", late)
    change = load().change
    assert (pushed[0], ()) == (change.head, change.notes)


def test_a_base_that_was_pushed_over_is_its_branch(load, pull, repository, client, monkeypatch):
    """As far as git still has it."""
    known = type(client).pull
    monkeypatch.setattr(type(client), "pull", lambda self: replace(known(self), base=Sha("1" * 40)))
    repository.commit({"later.py": "x\n"})
    change = load().change
    assert change.base == repository.git("merge-base", "main", pull.head).decode().strip()
    assert {"a.py", "b.py", "gone.py"} == {file.path for file in change.files}


@pytest.mark.parametrize("limit", ["patch_lines", "listed_files"])
def test_what_github_leaves_out_is_reviewed(load, fake, limit):
    """The diff is git's."""
    setattr(fake.limits, limit, 1)
    assert 3 == len(load().change.files)


def test_another_diff_at_github_is_said():
    """It never counts as clean."""
    ours = (make_file("a.py", "1\n", "2\n"), make_file("b.py", None, "1\n"))
    assert () == compare_with_listed(ours, ours, 2)
    assert () == compare_with_listed(ours, None, 2)
    assert ("GitHub shows another diff than git for b.py; git's is reviewed",) == compare_with_listed(ours, ours[:1], 2)
    (note,) = compare_with_listed(ours, (ours[0], make_file("b.py", None, "1\n2\n")), 2)
    assert "b.py" in note
    assert "GitHub counts 3 changed files and git 2" in compare_with_listed(ours, None, 3)[0]


def test_the_source_takes_addresses_alone(fake, pull, token, monkeypatch):
    """Other requests are for other sources."""
    for name in ("HUNKWISE_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    source = GitHubPull()
    assert source.load(Request()) is None
    with pytest.raises(UsageError, match="--pr brings its own change"):
        source.load(Request(pr=pull.url, base="main"))
    with pytest.raises(UsageError, match="--full goes with --pr"):
        source.load(Request(full=True))
    with pytest.raises(NotFound, match="no token was given"):
        source.load(Request(pr=pull.url))
    monkeypatch.setenv("GITHUB_TOKEN", token.value)
    loaded = source.load(Request(pr=pull.url))
    assert pull.head == loaded.change.head
    loaded.workspace.close()


def test_a_public_pull_request_needs_no_token(fake, monkeypatch):
    """Nothing is known of earlier reviews then."""
    for name in ("HUNKWISE_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    pull = fake.repository("o/open", private=False).open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    loaded = GitHubPull().load(Request(pr=pull.url))
    assert ("o/open#1", ()) == (loaded.change.id, loaded.change.prior)
    loaded.workspace.close()


def pull_text(thirty="line thirty\nline more\n"):
    lines = "".join(f"line {number}\n" for number in range(1, 41))
    return lines.replace("line 3\n", "line three\n").replace(
        "line 30\n", thirty if "more" in thirty else f"{thirty}line more\n"
    )
