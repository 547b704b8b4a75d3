"""Reviews and their comments: what the fake takes, and what it refuses in GitHub's words."""

from typing import Any

import httpx
import pytest
from github import Github, GithubException

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

REVIEWS = "/repos/o/r/pulls/1/reviews"
COMMENTS = "/repos/o/r/pulls/1/comments"
THREAD = "Pull request review thread"
NO_HUNK = "Pull request review thread diff hunk can't be blank"


def review(api: httpx.Client, *comments: dict[str, Any], **more: Any) -> httpx.Response:
    made = [{"path": "a.py", "body": "why?", "side": "RIGHT"} | one for one in comments]
    return api.post(REVIEWS, json={"event": "COMMENT", "body": "Found this.", "comments": made} | more)


def test_a_review_has_its_comments(api: httpx.Client, pull: PullHandle) -> None:
    """One request brings a review with a line, a range and a deleted line, by the App's bot."""
    answer = review(api, {"line": 3}, {"start_line": 3, "line": 4, "start_side": "RIGHT"}, {"line": 25, "side": "LEFT"})
    assert 200 == answer.status_code
    assert ("COMMENTED", "hunkwise[bot]", "Bot") == (
        answer.json()["state"],
        answer.json()["user"]["login"],
        answer.json()["user"]["type"],
    )
    found = api.get(f"{REVIEWS}/{answer.json()['id']}/comments").json()
    assert [(None, 3, "RIGHT"), (3, 4, "RIGHT"), (None, 25, "LEFT")] == [
        (one["start_line"], one["line"], one["side"]) for one in found
    ]
    assert found[0]["diff_hunk"].endswith("+line three")


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ({"line": 15}, f"{THREAD} line must be part of the diff and {NO_HUNK}"),
        ({"line": 25, "side": "LEFT", "path": "new.py"}, f"{THREAD} line must be part of the diff and {NO_HUNK}"),
        ({"line": 2, "side": "LEFT"}, f"{THREAD} line must be part of the diff and {NO_HUNK}"),
        ({}, f"{THREAD} line must be part of the diff and {NO_HUNK}"),
        ({"line": 1, "path": "nowhere.py"}, f"{THREAD} path is invalid and {NO_HUNK}"),
        (
            {"start_line": 3, "line": 15},
            f"{THREAD} line must be part of the diff, {THREAD} start line must be part of the same hunk as the line., "
            f"and {NO_HUNK}",
        ),
        ({"start_line": 3, "line": 24}, f"{THREAD} start line must be part of the same hunk as the line."),
        ({"start_line": 3, "line": 3}, f"{THREAD} start line must precede the end line."),
        ({"start_line": 4, "line": 3}, f"{THREAD} start line must precede the end line."),
    ],
)
def test_a_review_is_refused_whole(api: httpx.Client, pull: PullHandle, comment: dict[str, Any], words: str) -> None:
    """One comment that cannot hang there refuses all, and the error does not say which."""
    answer = review(api, {"line": 3}, comment)
    assert (422, [words]) == (answer.status_code, answer.json()["errors"])
    assert ([], []) == (pull.reviews, pull.comments)


def test_a_review_needs_words(api: httpx.Client, pull: PullHandle) -> None:
    """Neither body nor comments is nothing to say; comments alone are."""
    assert 422 == review(api, body="").status_code
    assert 200 == review(api, {"line": 3}, body="").status_code


def test_a_body_has_a_limit(api: httpx.Client, pull: PullHandle) -> None:
    """65,536 characters are taken, one more is not, in reviews as in comments."""
    assert 200 == review(api, body="x" * 65_536).status_code
    for answer in (
        review(api, body="x" * 65_537),
        review(api, {"line": 3, "body": "x" * 65_537}),
        api.post("/repos/o/r/issues/1/comments", json={"body": "x" * 65_537}),
    ):
        assert 422 == answer.status_code
        assert "Body is too long (maximum is 65536 characters)" in answer.text


def test_an_unknown_commit_is_refused(api: httpx.Client, pull: PullHandle) -> None:
    """A commit must be one of the pull request, also after a force-push."""
    stale = pull.head
    assert 422 == review(api, commit_id="f" * 40).status_code
    pull.force_push({"a.py": "other\n"})
    assert 422 == review(api, commit_id=stale).status_code


def test_an_earlier_commit_is_taken(api: httpx.Client, pull: PullHandle) -> None:
    """A comment on an earlier commit of the pull request hangs there, and is outdated where its line changed."""
    stale = pull.head
    pull.push({"a.py": "all is new\n"})
    assert 200 == review(api, {"line": 3}, commit_id=stale).status_code
    assert (None, 3) == (pull.comments[0].line, pull.comments[0].original_line)


def test_a_push_moves_or_outdates_comments(api: httpx.Client, pull: PullHandle) -> None:
    """A line that moved is followed, near the change or far from it; one that changed leaves an outdated comment."""
    review(api, {"line": 3}, {"line": 4}, {"line": 24})
    text = pull.repository.git("show", f"{pull.head}:a.py").decode()
    pull.push({"a.py": "first\n" + text.replace("line 3b", "line 3 c")})
    found = api.get(COMMENTS).json()
    assert [(4, 3), (None, 4), (25, 24)] == [(one["line"], one["original_line"]) for one in found]


def test_a_single_comment_may_be_on_a_file(api: httpx.Client, pull: PullHandle) -> None:
    """`subject_type: file` needs no line; it also works for a binary."""
    fields = {"body": "why?", "commit_id": pull.head, "path": "image.bin", "subject_type": "file"}
    answer = api.post(COMMENTS, json=fields)
    assert (201, "file", None) == (answer.status_code, answer.json()["subject_type"], answer.json()["line"])


def test_a_single_comment_outside_the_diff_is_refused(api: httpx.Client, pull: PullHandle) -> None:
    """The words are other than a review's."""
    answer = api.post(COMMENTS, json={"body": "why?", "commit_id": pull.head, "path": "a.py", "line": 15})
    assert "pull_request_review_thread.line must be part of the diff" == answer.json()["errors"][0]["message"]
    assert [] == pull.reviews


def test_replies_go_to_top_level_comments_only(api: httpx.Client, pull: PullHandle) -> None:
    """A reply to a reply is refused."""
    review(api, {"line": 3})
    root = pull.comments[0].id
    answer = api.post(f"{COMMENTS}/{root}/replies", json={"body": "because"})
    assert (201, root) == (answer.status_code, answer.json()["in_reply_to_id"])
    assert 422 == api.post(f"{COMMENTS}/{answer.json()['id']}/replies", json={"body": "no"}).status_code
    assert 404 == api.post(f"{COMMENTS}/1/replies", json={"body": "no"}).status_code


def test_a_locked_conversation_takes_nothing_from_an_app(api: httpx.Client, pull: PullHandle) -> None:
    """Review, comment, reply and remark are all refused."""
    review(api, {"line": 3})
    pull.lock()
    fields = {"body": "b", "commit_id": pull.head, "path": "a.py", "line": 3}
    answers = [
        review(api, {"line": 3}),
        api.post(COMMENTS, json=fields),
        api.post(f"{COMMENTS}/{pull.comments[0].id}/replies", json={"body": "b"}),
        api.post("/repos/o/r/issues/1/comments", json={"body": "b"}),
    ]
    assert {(403, "Unable to create comment because issue is locked.")} == {
        (one.status_code, one.json()["message"]) for one in answers
    }


def test_only_the_writer_or_a_committer_edits(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle, repository: RepositoryHandle
) -> None:
    """The App edits its own comment and not another's."""
    review(api, {"line": 3})
    other = pull.review_comment("a.py", 3, "human")
    assert 200 == api.patch(f"/repos/o/r/pulls/comments/{pull.comments[0].id}", json={"body": "new"}).status_code
    assert 403 == api.patch(f"/repos/o/r/pulls/comments/{other.id}", json={"body": "new"}).status_code
    assert 403 == api.delete(f"/repos/o/r/pulls/comments/{other.id}").status_code


def test_pygithub_posts_edits_and_dismisses(pygithub: Github, pull: PullHandle) -> None:
    """All of PyGithub's calls on reviews work."""
    found = pygithub.get_repo("o/r").get_pull(1)
    made = found.create_review(
        body="Please.",
        event="REQUEST_CHANGES",
        comments=[
            {"path": "a.py", "line": 3, "side": "RIGHT", "body": "why?"},
            {"path": "a.py", "start_line": 3, "line": 4, "side": "RIGHT", "start_side": "RIGHT", "body": "both"},
        ],
    )
    made.edit("Pretty please.")
    made.dismiss("Never mind.")
    assert [("DISMISSED", "Pretty please.")] == [(one.state, one.body) for one in found.get_reviews()]
    comment = found.create_review_comment("x", found.base.repo.get_commit(pull.head), "a.py", line=3, side="RIGHT")
    reply = found.create_review_comment_reply(comment.id, "y")
    reply.edit("z")
    assert ["why?", "both", "x", "z"] == [one.body for one in found.get_review_comments()]
    comment.delete()
    assert ["why?", "both", "z"] == [one.body for one in found.get_review_comments()]
    assert ["why?", "both", "z"] == [one.body for one in found.base.repo.get_pulls_comments()]
    assert "DISMISSED" == found.get_review(made.id).state


def test_pygithub_edits_and_deletes_remarks(pygithub: Github, pull: PullHandle) -> None:
    """Those of the conversation; they are listed for the pull request and for the repository."""
    found = pygithub.get_repo("o/r")
    first, second = (found.get_pull(1).create_issue_comment(body) for body in ("hi", "ho"))
    first.edit("hey")
    second.delete()
    pull.comment("human")
    assert ["hey", "human"] == [one.body for one in found.get_pull(1).get_issue_comments()]
    assert ["hey", "human"] == [one.body for one in found.get_issues_comments()]
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        found.get_pull(1).get_issue_comment(pull.conversation[1].id).edit("machine")


def test_nobody_approves_their_own_pull(github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle) -> None:
    """An author may comment, and neither approve nor ask for changes."""
    repository.collaborator("alice", "write")
    headers = {"Authorization": f"token {github.user_token('alice')}"}
    with httpx.Client(base_url=github.api, headers=headers) as alice:
        answers = [alice.post(REVIEWS, json={"event": event, "body": "b"}) for event in ("APPROVE", "REQUEST_CHANGES")]
        assert ["Can not approve your own pull request", "Can not request changes on your own pull request"] == [
            one.json()["errors"][0] for one in answers
        ]


def test_a_pending_review_is_its_writer_s_alone(api: httpx.Client, pull: PullHandle) -> None:
    """Without an event a review waits; there is one at most, and it is submitted by another request."""
    made = api.post(REVIEWS, json={"comments": [{"path": "a.py", "line": 3, "body": "b"}]}).json()
    assert "PENDING" == made["state"]
    assert 422 == review(api, {"line": 3}).status_code
    answer = api.post(f"{REVIEWS}/{made['id']}/events", json={"event": "COMMENT", "body": "now"})
    assert ("COMMENTED", "now") == (answer.json()["state"], answer.json()["body"])
    assert 422 == api.delete(f"{REVIEWS}/{made['id']}").status_code
