"""Webhooks of the fake: signed, recorded, lost, doubled, late, delivered again."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from hunkwise.testing.github.deliveries import signature
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import RepositoryHandle
from hunkwise.testing.github.state import App

EXAMPLES = Path(__file__).parents[4] / "shared/github/webhooks"


class Server(ThreadingHTTPServer):
    """A server whose queue is as long as a burst."""

    request_queue_size = 64


class Receiver:
    """What a webhook's receiver got; `status` is what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 202
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"

    def events(self) -> list[str]:
        return [f"{headers['x-github-event']}.{json.loads(body).get('action')}" for headers, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive on a port of its own."""
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


@pytest.fixture
def app(github: FakeGitHub, repository: RepositoryHandle, receiver: Receiver) -> App:
    """Return an App whose hook is received; what its installation brought is forgotten."""
    found = github.app(hook_url=receiver.url)
    github.install(found, repository)
    github.hooks.settle()
    receiver.got.clear()
    return found


@pytest.fixture
def own(app: App, client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Return a client that is the App."""
    now = int(time.time())
    return client(jwt.encode({"iss": str(app.id), "iat": now - 60, "exp": now + 300}, app.private_key, "RS256"))


def test_the_signature_is_github_s() -> None:
    """GitHub's own test vector."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert expected == signature("It's a Secret to Everybody", b"Hello, World!")


def test_what_happens_is_sent_signed(
    github: FakeGitHub, repository: RepositoryHandle, app: App, receiver: Receiver
) -> None:
    """The events of a pull request's life, in order, with what a receiver reads of them."""
    pull = repository.open_pull(head_files={"a.py": "1\n"}, base_files={"a.py": "0\n"})
    before = pull.head
    pull.push({"a.py": "2\n"})
    pull.comment("/hunkwise review", user="carol")
    comment = pull.review_comment("a.py", 1, "why?")
    pull.resolve(comment.id)
    pull.draft()
    pull.draft(False)
    pull.close()
    pull.reopen()
    github.hooks.settle()
    assert [
        "pull_request.opened",
        "pull_request.synchronize",
        "issue_comment.created",
        "pull_request_review.submitted",
        "pull_request_review_comment.created",
        "pull_request.converted_to_draft",
        "pull_request.ready_for_review",
        "pull_request.closed",
        "pull_request.reopened",
    ] == receiver.events()
    for headers, body in receiver.got:
        digest = hmac.new(app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        assert f"sha256={digest}" == headers["x-hub-signature-256"]
    payload = json.loads(receiver.got[1][1])
    assert (before, pull.head, "o/r", "alice") == (
        payload["before"],
        payload["after"],
        payload["repository"]["full_name"],
        payload["sender"]["login"],
    )
    assert next(iter(github.state.installations)) == payload["installation"]["id"]
    assert "carol" == json.loads(receiver.got[2][1])["comment"]["user"]["login"]


def keys_of(value: object, before: str = "") -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield before + name
        yield from keys_of(inner, f"{before}{name}.")


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "pull_request.opened",
        "pull_request.synchronize",
        "pull_request.closed",
        "pull_request_review_comment.created",
        "issue_comment.created",
        "installation.created",
    ],
)
def test_payloads_have_what_github_s_examples_have(
    github: FakeGitHub, repository: RepositoryHandle, receiver: Receiver, name: str
) -> None:
    """All keys of GitHub's own example are there, but settings of a repository and what this pull does not have."""
    if not EXAMPLES.is_dir():
        pytest.skip(f"needs {EXAMPLES}")
    github.install(github.app(hook_url=receiver.url), repository)
    pull = repository.open_pull(base_files={"a": "1\n"}, head_files={"a": "2\n"})
    pull.push({"a": "3\n"})
    pull.comment("x")
    pull.review_comment("a", 1, "y")
    pull.close()
    ours = {f"{one.event}.{one.action}": one.payload for one in github.state.deliveries.values()}[name]
    known = re.compile(r"assignee\.|milestone\.|installation\.permissions\.|\.custom_properties|\.(allow|delete)_\w+$")
    theirs = json.loads((EXAMPLES / f"{name}.1.json").read_text(encoding="utf-8"))
    missing = {one for one in set(keys_of(theirs)) - set(keys_of(ours)) if not known.search(one)}
    assert set() == missing


def test_an_app_hears_of_its_installation(github: FakeGitHub, repository: RepositoryHandle, receiver: Receiver) -> None:
    """Installation events come without being asked for."""
    installation = github.install(github.app(hook_url=receiver.url, events=[]), repository)
    github.choose(installation, github.repository("o/other"))
    github.suspend(installation)
    github.uninstall(installation)
    repository.open_pull(head_files={"a": "b"})
    github.hooks.settle()
    assert [
        "installation.created",
        "installation_repositories.added",
        "installation_repositories.removed",
        "installation.suspend",
        "installation.deleted",
    ] == receiver.events()
    assert ["o/other"] == [one["full_name"] for one in json.loads(receiver.got[1][1])["repositories_added"]]
    assert ["o/r"] == [one["full_name"] for one in json.loads(receiver.got[0][1])["repositories"]]


def test_a_deleted_repository_is_in_no_installation(
    github: FakeGitHub, repository: RepositoryHandle, receiver: Receiver
) -> None:
    """An installation on all of an account's repositories covers those that are there."""
    github.repository("o/gone").delete()
    github.install(github.app(hook_url=receiver.url), account="o")
    github.hooks.settle()
    assert ["o/r"] == [one["full_name"] for one in json.loads(receiver.got[0][1])["repositories"]]


def test_deliveries_are_recorded_and_redelivered(
    github: FakeGitHub, repository: RepositoryHandle, receiver: Receiver, own: httpx.Client
) -> None:
    """A failed one is found in the list, and comes again under the same GUID when asked for."""
    receiver.status = 503
    repository.open_pull(head_files={"a": "b"})
    github.hooks.settle()
    receiver.status = 202
    (first, *_) = own.get("/app/hook/deliveries").json()
    assert ("pull_request", "opened", 503) == (first["event"], first["action"], first["status_code"])
    shown = own.get(f"/app/hook/deliveries/{first['id']}").json()
    assert first["guid"] == shown["request"]["headers"]["X-GitHub-Delivery"]
    assert 202 == own.post(f"/app/hook/deliveries/{first['id']}/attempts").status_code
    github.hooks.settle()
    again = own.get("/app/hook/deliveries").json()[0]
    assert (True, 202, first["guid"]) == (again["redelivery"], again["status_code"], again["guid"])
    assert 1 == len({headers["x-github-delivery"] for headers, _ in receiver.got})


def test_the_list_is_paged_by_cursor(github: FakeGitHub, repository: RepositoryHandle, own: httpx.Client) -> None:
    """Newest first; those of more than three days ago are gone."""
    pull = repository.open_pull(head_files={"a": "b"})
    for number in range(4):
        pull.comment(f"{number}")
    found, url = [], "/app/hook/deliveries?per_page=2"
    while url:
        answer = own.get(url)
        found += [one["id"] for one in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert 6 == len(found)
    assert found == sorted(found, reverse=True)
    github.hooks.settle()
    github.clock.advance(-3600)
    for one in github.state.deliveries.values():
        one.delivered_at -= 4 * 24 * 3600
    github.clock.advance(3600)
    assert [] == own.get("/app/hook/deliveries").json()


def test_a_page_size_that_is_no_number_is_the_usual_one(
    github: FakeGitHub, repository: RepositoryHandle, own: httpx.Client
) -> None:
    """As in all lists; GitHub's description is what has something against it."""
    assert 200 == own.get("/app/hook/deliveries?per_page=many").status_code
    assert ["per_page" in one.words for one in github.violations] == [True]
    github.violations.clear()


def test_fates_are_decided_by_the_test(
    github: FakeGitHub, repository: RepositoryHandle, app: App, receiver: Receiver
) -> None:
    """Held ones come in any order, dropped ones never, failed ones are in the list alone, some come twice."""
    github.hooks.decide = lambda delivery: "hold"
    pull = repository.open_pull(head_files={"a": "b"})
    pull.push({"a": "c"})
    github.hooks.release(reversed(github.hooks.held))
    github.hooks.decide = lambda delivery: "drop"
    pull.close()
    github.hooks.decide = lambda delivery: "fail"
    pull.reopen()
    github.hooks.decide = lambda delivery: "twice"
    pull.comment("x")
    github.hooks.settle()
    assert ["pull_request.synchronize", "pull_request.opened", "issue_comment.created", "issue_comment.created"] == (
        receiver.events()
    )
    kept = [(one.action, one.status_code) for one in github.state.deliveries.values() if one.event == "pull_request"]
    assert [("opened", 202), ("synchronize", 202), ("reopened", 502)] == kept


def test_a_check_run_is_asked_for_again(
    github: FakeGitHub, repository: RepositoryHandle, app: App, receiver: Receiver, api: httpx.Client
) -> None:
    """As by the button; a suspended App hears nothing."""
    pull = repository.open_pull(head_files={"a": "b"})
    run = api.post("/repos/o/r/check-runs", json={"name": "n", "head_sha": pull.head, "conclusion": "neutral"}).json()
    repository.rerequest(run["id"], user="carol")
    github.suspend(next(iter(github.state.installations.values())))
    repository.rerequest(run["id"], user="carol")
    github.hooks.settle()
    assert ["check_run.created", "check_run.rerequested", "installation.suspend"] == receiver.events()[1:]
    assert "carol" == json.loads(receiver.got[2][1])["sender"]["login"]


def test_a_burst_of_the_same_delivery(
    github: FakeGitHub, repository: RepositoryHandle, app: App, receiver: Receiver
) -> None:
    """Twenty at once, all under one id."""
    repository.open_pull(head_files={"a": "b"})
    github.hooks.settle()
    delivery = next(one for one in github.state.deliveries.values() if one.event == "pull_request")
    github.hooks.repeat(delivery, 20, parallel=True)
    assert (21, 1) == (len(receiver.got), len({headers["x-github-delivery"] for headers, _ in receiver.got}))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/none", "http://127.0.0.1:none/"])
def test_nobody_there_is_a_failed_delivery(github: FakeGitHub, repository: RepositoryHandle, url: str) -> None:
    """As GitHub records it; an address that is none leads to nobody either."""
    github.install(github.app(hook_url=url), repository)
    github.hooks.settle()
    assert [(502, "failed to connect to host")] == [
        (one.status_code, one.status) for one in github.state.deliveries.values()
    ]
