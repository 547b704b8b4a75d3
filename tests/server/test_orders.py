"""Tests of what deliveries ask for."""

import json
from pathlib import Path
from typing import Any

import pytest

from hunkwise.server.orders import (
    Cancel,
    Comment,
    Feedback,
    Forget,
    Ignore,
    Malformed,
    Review,
    Rules,
    Subject,
    read_order,
)

HEAD = "a" * 40
SUBJECT = Subject(installation=5, repository="o/r", number=7)
EXAMPLES = Path(__file__).parents[3] / "shared" / "github" / "webhooks"


def payload(action: str = "opened", **more: Any) -> dict[str, Any]:
    """Return what GitHub says about a pull request."""
    return {
        "action": action,
        "number": 7,
        "pull_request": {"number": 7, "head": {"sha": HEAD}, "draft": False, "state": "open"},
        "repository": {"full_name": "o/r"},
        "installation": {"id": 5},
        "sender": {"login": "alice", "type": "User"},
        **more,
    }


def read(event: str, value: Any, *, drafts: bool = False) -> Any:
    """Return the first order of a delivery."""
    return read_order(event, json.dumps(value).encode(), "d-1", Rules(app_id=9, drafts=drafts))[0]


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_a_pull_request_is_reviewed(action: str):
    """When it is opened, pushed to, opened again or ready."""
    assert read("pull_request", payload(action)) == Review(subject=SUBJECT, head=HEAD)


@pytest.mark.parametrize("action", ["labeled", "assigned", "edited", "locked", "a_new_action"])
def test_other_actions_are_nothing_to_us(action: str):
    """What does not change the code is ignored, known or not."""
    assert isinstance(read("pull_request", payload(action)), Ignore)


def test_a_new_base_is_reviewed_again():
    """Another base branch is another change of the same head."""
    order = read("pull_request", payload("edited", changes={"base": {"ref": {"from": "old"}}}))
    assert order == Review(subject=SUBJECT, head=HEAD, again="d-1")


def test_a_draft_waits_until_it_is_ready():
    """Unless drafts are wanted."""
    value = payload("opened")
    value["pull_request"]["draft"] = True
    assert isinstance(read("pull_request", value), Ignore)
    assert isinstance(read("pull_request", value, drafts=True), Review)


def test_a_closed_one_is_given_up():
    """Its jobs are cancelled, and what people made of our comments is looked at a last time."""
    orders = read_order("pull_request", json.dumps(payload("closed")).encode(), "d", Rules(app_id=9))
    assert [type(order) for order in orders] == [Cancel, Feedback]


def comment(body: str = "/hunkwise review", **more: Any) -> dict[str, Any]:
    """Return what GitHub says about a comment on a pull request."""
    made = {"id": 11, "body": body, "user": {"login": "alice", "type": "User"}, "performed_via_github_app": None}
    return payload("created", issue={"number": 7, "pull_request": {}}, comment=made | more)


def test_a_command_is_read():
    """The word is kept, not the text around it."""
    expected = Comment(subject=SUBJECT, comment=11, author="alice", command="review", is_inline=False)
    assert read("issue_comment", comment("please\n\n/hunkwise review")) == expected


@pytest.mark.parametrize(
    "value",
    [
        comment("nothing"),
        comment("> /hunkwise review"),
        comment("```\n/hunkwise review\n```"),
        comment("`/hunkwise review`"),
        {**comment(), "action": "edited"},
        {**comment(), "sender": {"login": "hunkwise[bot]", "type": "Bot"}},
        comment(user={"login": "x[bot]", "type": "Bot"}),
        comment(performed_via_github_app={"id": 1}),
        {**comment(), "issue": {"number": 7}},
        {**comment(), "sender": {"login": "mallory", "type": "User"}},
        comment(user={"login": "../../x", "type": "User"}),
    ],
)
def test_what_is_no_command_is_ignored(value: dict[str, Any]):
    """Quoted, in code, edited, by a bot, by ourselves, on an issue, or of somebody else's name."""
    assert isinstance(read("issue_comment", value), Ignore)


def test_our_check_can_be_asked_for_again():
    """Only that of our own App, for each pull request that it names."""
    run = {"head_sha": HEAD, "app": {"id": 9}, "pull_requests": [{"number": 7}]}
    value = payload("rerequested", check_run=run)
    assert read("check_run", value) == Review(subject=SUBJECT, head=HEAD, again="d-1")
    value["check_run"]["app"]["id"] = 10
    assert isinstance(read("check_run", value), Ignore)


def test_an_uninstalled_app_forgets():
    """All of an installation, or the repositories that were taken off."""
    assert read("installation", payload("deleted")) == Forget(installation=5, reason="the App was uninstalled")
    removed = payload("removed", repositories_removed=[{"full_name": "o/r"}, {"full_name": "../x"}])
    assert read("installation_repositories", removed).repositories == ("o/r",)


@pytest.mark.parametrize(
    "change",
    [
        {"installation": None},
        {"installation": {"id": "5"}},
        {"installation": {"id": True}},
        {"installation": {"id": 2**64}},
        {"repository": {"full_name": "o/../../r"}},
        {"repository": {"full_name": "o/r\n"}},
        {"repository": []},
        {"pull_request": {"head": {"sha": "HEAD"}}},
        {"pull_request": "x"},
        {"number": -1, "pull_request": {"head": {"sha": HEAD}}},
    ],
)
def test_what_is_missing_or_odd_is_ignored(change: dict[str, Any]):
    """A delivery that does not name a pull request of an installation is nothing to us, and no error."""
    assert isinstance(read("pull_request", payload() | change), Ignore)


def test_a_key_that_is_there_twice_is_no_delivery():
    """Two readers could read two things out of it."""
    with pytest.raises(Malformed, match="twice"):
        read_order("pull_request", b'{"action": "opened", "action": "closed"}', "d", Rules(app_id=9))


@pytest.mark.shared
def test_github_s_own_examples_are_read():
    """Every example payload gives an order, and those of opened pull requests a review."""
    if not EXAMPLES.is_dir():
        pytest.skip(f"needs {EXAMPLES}")
    found = 0
    for file in sorted(EXAMPLES.glob("*.json")):
        if file.name == "MANIFEST.json":
            continue
        event, action, _ = file.name.split(".", 2)
        value = json.loads(file.read_bytes())
        orders = read_order(event, json.dumps(value).encode(), "d", Rules(app_id=9))
        assert orders
        if (event, action) == ("pull_request", "synchronize") and "installation" in value:
            assert isinstance(orders[0], Review)
            found += 1
    assert found
