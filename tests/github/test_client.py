"""One pull request read and written, on the fake GitHub."""

import pytest

from hunkwise.core.model import RepoPath, Sha, Side, Status
from hunkwise.github.api import Pace
from hunkwise.github.refusals import Forbidden, NotFound
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import (
    AskLater,
    CheckRun,
    Conclusion,
    DraftComment,
    DraftReview,
    GitHubError,
    NotOnDiff,
    PullState,
    Unknown,
)

A = RepoPath("a.py")


def review(pull, *comments, body="body"):
    return DraftReview(head=Sha(pull.head), body=body, comments=comments)


def on(line=3, **more):
    return DraftComment(path=A, body="why?", line=line, **more)


def test_a_pull_request_is_read(client, pull):
    """As it is now, also after it was closed."""
    found = client.pull()
    assert (pull.head, pull.base, "main", "o/r", 3) == (
        found.head,
        found.base,
        found.base_ref,
        found.head_repository,
        found.changed_files,
    )
    assert found.state is PullState.OPEN and not found.is_fork
    pull.draft()
    pull.lock()
    assert client.pull().is_draft and client.pull().is_locked
    pull.close()
    assert client.pull().state is PullState.CLOSED


def test_a_merged_pull_request_is_told_apart(client, pull):
    """It is closed as well."""
    pull.merge()
    assert client.pull().state is PullState.MERGED


def test_a_deleted_fork_leaves_no_name(fake, repository, connect, token):
    """Its commits are still there."""
    fork = fake.repository("eve/r", fork_of=repository)
    pull = repository.open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"}, fork=fork)
    client = connect(pull, token)
    assert client.pull().is_fork and client.pull().head_repository == "eve/r"
    fork.delete()
    assert client.pull().is_fork and client.pull().head_repository == ""


def test_the_files_are_those_of_the_diff(client, pull):
    """With their lines."""
    files = {file.path: file for file in client.files()}
    assert {"a.py": Status.MODIFIED, "b.py": Status.ADDED, "gone.py": Status.DELETED} == {
        path: file.status for path, file in files.items()
    }
    assert [3, 30, 31] == [line.new for line in files["a.py"].changed_lines() if line.is_added]


def test_a_list_that_is_not_whole_is_none(client, fake, pull):
    """GitHub leaves patches out and says so nowhere."""
    fake.limits.patch_lines = 3
    assert client.files() is None


def test_a_review_is_posted_as_a_comment(client, pull):
    """Single lines, ranges and removed lines; it comes back as ours."""
    start = on(31, start=30)
    posted = client.post_review(review(pull, on(), start, DraftComment(path=A, body="x", line=3, side=Side.BASE)))
    assert (posted,) == client.reviews()
    assert ("COMMENTED", pull.head) == (pull.reviews[0].state, posted.head)
    assert [(3, None, "RIGHT"), (31, 30, "RIGHT"), (3, None, "LEFT")] == [
        (one.line, one.start_line, one.side) for one in pull.comments
    ]


def test_a_line_off_the_diff_is_said(client, pull):
    """And nothing is posted."""
    with pytest.raises(NotOnDiff):
        client.post_review(review(pull, on(), on(15)))
    assert [] == pull.reviews


def test_reviews_of_others_are_not_ours(client, pull, fake, connect, repository):
    """Neither a user's nor another App's, whatever they say."""
    other = Token(value=fake.token(repository, pull_requests="write"), origin="x")
    user = Token(value=fake.user_token("hunkwise"), origin="x")
    repository.collaborator("hunkwise", "write")
    ours = client.post_review(review(pull))
    connect(pull, other).post_review(review(pull))
    connect(pull, user).post_review(review(pull))
    assert 3 == len(pull.reviews)
    assert (ours,) == client.reviews()
    assert ("hunkwise[bot]", "github-actions[bot]", "hunkwise") == (
        client.account,
        connect(pull, other).account,
        connect(pull, user).account,
    )


def test_a_wrong_account_is_found_out(pull, connect, token):
    """At the first review: else each run would post it anew."""
    client = connect(pull, token)
    client._account = "somebody-else"
    with pytest.raises(GitHubError, match=r"HUNKWISE_GITHUB_ACCOUNT=hunkwise\[bot\]"):
        client.post_review(review(pull))


def test_a_review_is_edited(client, pull):
    """Its comments stay."""
    posted = client.post_review(review(pull, on()))
    client.edit_review(posted.id, "other words")
    assert "other words" == client.reviews()[0].body


def test_threads_tell_who_has_answered(client, pull):
    """Those on files too; a person's answer is told apart from ours."""
    client.post_review(review(pull, on(), on(30)))
    client.post_file_comment(DraftComment(path=A, body="whole"), Sha(pull.head))
    first, second, third = client.threads()
    assert ("why?", "a.py", False) == (first.body, first.path, first.human_replied)
    assert "whole" == third.body
    client.reply(first, "gone")
    pull.reply(second.comment, "no", user="bob")
    first, second, third = client.threads()
    assert (("gone",), False) == (first.replies, first.human_replied)
    assert ((), True) == (second.replies, second.human_replied)


def test_threads_of_others_are_not_ours(client, pull):
    """A person's comment begins one of theirs, also if we answer in it."""
    pull.review_comment("a.py", 3, "hm")
    assert () == client.threads()


def test_a_thread_without_a_line_is_read(client, pull):
    """Its line was pushed over, and somebody resolved it."""
    client.post_review(review(pull, on()))
    pull.resolve(pull.comments[0].id)
    pull.push({"a.py": "all new\n"})
    (thread,) = client.threads()
    assert thread.is_resolved


def test_resolving_takes_a_right_that_we_do_not_ask_for(client, pull, connect, fake, repository):
    """contents: write; where there is none, no is an answer."""
    client.post_review(review(pull, on()))
    (thread,) = client.threads()
    assert not thread.may_resolve
    assert client.resolve(thread) is False
    mighty = fake.token(repository, app=fake.app(), contents="write", pull_requests="write")
    more = connect(pull, Token(value=mighty, origin="x"))
    (thread,) = more.threads()
    assert thread.may_resolve and more.resolve(thread) is True
    assert client.threads()[0].is_resolved


def test_a_check_run_is_made_and_finished(client, pull):
    """It is found again by its head."""
    run = CheckRun(head=Sha(pull.head), external_id="mark", title="t", summary="s")
    made = client.put_check_run(run)
    assert made is not None and (made,) == client.check_runs(Sha(pull.head))
    done = CheckRun(
        id=made.id,
        head=made.head,
        external_id="mark",
        title="done",
        summary="s",
        text="more",
        conclusion=Conclusion.NEUTRAL,
        details_url="https://example.org/",
    )
    assert done == client.put_check_run(done)
    assert (done,) == client.check_runs(Sha(pull.head))


def test_without_the_right_there_is_no_check_run(connect, pull, fake, repository):
    """Which is no failure."""
    poor = connect(pull, Token(value=fake.token(repository, pull_requests="write"), origin="x"))
    assert () == poor.check_runs(Sha(pull.head))
    assert poor.put_check_run(CheckRun(head=Sha(pull.head), external_id="m", title="t", summary="s")) is None


def test_a_public_pull_request_is_read_without_a_token(fake, connect):
    """There is no account, so nothing is ours."""
    pull = fake.repository("o/public", private=False).open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    client = connect(pull, None)
    assert 1 == len(client.files()) == client.pull().changed_files
    assert ((), (), ()) == (client.reviews(), client.threads(), client.check_runs(Sha(pull.head)))


def test_a_private_one_needs_a_token(connect, pull):
    """GitHub does not say that it is there."""
    with pytest.raises(NotFound, match="no token was given and it is not public"):
        connect(pull, None).pull()


def test_a_missing_right_is_named(connect, pull, fake, repository):
    """With what it is needed for."""
    poor = connect(pull, Token(value=fake.token(repository, pull_requests="read"), origin="x"))
    with pytest.raises(Forbidden, match=r"posting the review of o/r#1: .* it needs the right pull requests: write"):
        poor.post_review(review(pull))


@pytest.mark.parametrize("kind", ["store_then_cut", "store_then_status", "store_then_delay", "truncated_json"])
def test_a_review_without_an_answer_is_unknown(connect, token, pull, fake, kind):
    """It was stored all the same, once."""
    client = connect(pull, token, Pace(exchange=2.0, between_writes=0.0))
    client._account = "hunkwise[bot]"
    fake.faults.add("POST .*/reviews", kind, seconds=3.0)
    with pytest.raises(Unknown):
        client.post_review(review(pull))
    assert 1 == len(pull.reviews)


@pytest.mark.parametrize("headers", [{"retry-after": "7"}, {}])
def test_a_limit_on_a_write_is_passed_on(client, pull, fake, headers):
    """Nothing is sent before whoever asked says so."""
    fake.faults.add("POST .*/reviews", "status", status=403, headers=headers)
    with pytest.raises(AskLater) as caught:
        client.post_review(review(pull))
    assert caught.value.seconds == float(headers.get("retry-after", 60))
    assert [] == pull.reviews


@pytest.mark.parametrize("kind", ["cut", "truncated_json", "status"])
def test_reads_get_over_faults(client, pull, fake, kind):
    """Each is asked again."""
    fake.faults.add("GET .*/pulls/1$", kind, times=2)
    assert pull.head == client.pull().head


@pytest.mark.parametrize("kind", ["repeated_item"])
def test_what_comes_twice_counts_once(client, pull, fake, kind):
    """A page may overlap with the one before it."""
    posted = client.post_review(review(pull))
    fake.faults.add("GET .*/(reviews|files)", kind, times=None)
    assert (posted,) == client.reviews()
    assert 3 == len(client.files())


def test_no_page_is_left_out(fake, repository, connect, token):
    """Pages are counted, wherever the server says that the next one is."""
    names = [f"f{number:03}.py" for number in range(210)]
    pull = repository.open_pull(base_files=dict.fromkeys(names, "1\n"), head_files=dict.fromkeys(names, "2\n"))
    fake.faults.add("GET .*/files", "missing_page", times=None)
    assert names == [file.path for file in connect(pull, token).files()]
