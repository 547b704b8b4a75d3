"""Class G: what strangers send to the webhook, write as commands, and do to what the App may see."""

import gzip
import json
import shutil
import time
from collections.abc import Iterator

import httpx
import pytest
from bot import PERMISSIONS, SECRET, Bot, Nursery
from checker import check, check_end

from hunkwise.server.signature import sign
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

KEY = SECRET.encode()
BODY = json.dumps({"action": "opened", "number": 1}).encode()
TOKEN = "ghs_" + "a1B2c3D4" * 6
PEM = "-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEA\\n-----END RSA PRIVATE KEY-----"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Return the running App; all invariants are checked at the end of the class."""
    folder = tmp_path_factory.mktemp("class-g")
    nursery = Nursery()
    with FakeGitHub(folder / "github") as github:
        limits = github.limits
        limits.content_per_minute = limits.content_per_hour = limits.points_per_minute = None
        made = Bot(github, f"sqlite:///{folder}/app/state/server.sqlite", folder / "app", nursery)
        try:
            made.start()
            yield made
            made.settled()
            check(made)
            check_end(made)
        finally:
            made.end()
            nursery.close()


def send(bot: Bot, body: bytes, name: str, event: str = "pull_request", **headers: str) -> int:
    """Send a delivery, rightly signed unless told otherwise; return the status."""
    given = {
        "X-GitHub-Delivery": name,
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": sign(KEY, body),
        "Content-Type": "application/json",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    kept = {key: value for key, value in given.items() if value}
    return httpx.post(f"{bot.life.url}/webhook", content=body, headers=kept, trust_env=False, timeout=30).status_code


def rows(bot: Bot, name: str) -> list[str]:
    return [row.state for row in bot.rows(f"SELECT state FROM hunkwise_deliveries WHERE id = '{name}'")]


def jobs(bot: Bot) -> int:
    return int(bot.rows("SELECT count(*) AS n FROM hunkwise_jobs WHERE kind = 'review'")[0].n)


def reviewed(bot: Bot) -> PullHandle:
    """Return a pull request that has its review."""
    number = len(bot.repository.state.pulls)
    pull = bot.open({f"f{number}.py": f"new {number}\n"})
    bot.settled()
    assert len(pull.reviews) == 1
    return pull


def of_another_owner(bot: Bot, name: str) -> tuple[RepositoryHandle, object]:
    repository = bot.github.repository(name)
    return repository, bot.github.install(bot.app, repository, permissions=PERMISSIONS)


@pytest.mark.parametrize(
    ("case", "signature"),
    [
        ("G01-unsigned", ""),
        ("G01-sha-1", "sha1=" + "0" * 40),
        ("G01-wrong", sign(b"another", BODY)),
        ("G01-empty-secret", sign(b"", BODY)),
        ("G02-one-byte", sign(KEY, BODY.replace(b"1", b"2"))),
    ],
    ids=lambda one: one if one.startswith("G") else "",
)
def test_what_is_not_signed_is_refused(bot: Bot, case: str, signature: str):
    """401, and nothing is stored."""
    assert send(bot, BODY, case, X_Hub_Signature_256=signature) == 401
    assert rows(bot, case) == []


@pytest.mark.parametrize(
    ("case", "body", "headers"),
    [
        ("G03-gzip", gzip.compress(b'{"action": "' + b"x" * 20_000_000 + b'"}'), {"Content_Encoding": "gzip"}),
        ("G03-keys-twice", b'{"action": "opened", "action": "closed"}', {}),
        ("G03-deep", b"[" * 200_000, {}),
        ("G03-digits", b'{"number": ' + b"9" * 100_000 + b"}", {}),
    ],
    ids=["G03-gzip-", "G03-keys-twice-", "G03-deep-", "G03-digits-"],
)
def test_a_body_that_is_a_bomb_is_kept_and_dead(bot: Bot, case: str, body: bytes, headers: dict[str, str]):
    """It is stored as it came, never unpacked, and ends as dead within seconds; the server goes on."""
    began = time.monotonic()
    assert send(bot, body, case, **headers) == 202
    bot.wait(lambda: rows(bot, case) == ["dead"])
    assert time.monotonic() - began < 30
    assert bot.life.is_up()


@pytest.mark.parametrize("case", ["G03-too-large-"])
def test_a_body_of_more_than_25_mb_is_refused(bot: Bot, case: str):
    """413, and nothing is stored; GitHub sends nothing larger."""
    assert send(bot, b"x" * (25 * 2**20 + 1), case) == 413
    assert rows(bot, case) == []


@pytest.mark.parametrize("case", ["G04-replay-"])
def test_a_replayed_delivery_does_nothing(bot: Bot, case: str):
    """An old delivery with its right signature: no second job, under its own id or under another."""
    pull = reviewed(bot)
    old, before = bot.delivery(), jobs(bot)
    body = json.dumps(old.payload).encode()
    assert send(bot, body, old.guid) == 202
    assert send(bot, body, f"{old.guid}-again") == 202
    bot.settled()
    assert (jobs(bot), len(pull.reviews)) == (before, 1)


@pytest.mark.parametrize("case", ["G05-twenty-"])
def test_twenty_at_once_are_one_job(bot: Bot, case: str):
    """The same delivery twenty times in parallel: one job, one review."""
    bot.github.hooks.decide = lambda delivery: "hold"
    number = len(bot.repository.state.pulls)
    pull = bot.open({f"f{number}.py": "twenty\n"})
    bot.github.hooks.decide = lambda delivery: "send"
    (held,) = bot.github.hooks.held
    bot.github.hooks.held.clear()
    before = jobs(bot)
    bot.github.hooks.repeat(held, 20, parallel=True)
    bot.settled()
    assert (jobs(bot), len(pull.reviews)) == (before + 1, 1)


@pytest.mark.parametrize(
    ("case", "event", "payload"),
    [
        ("G06-event-", "nothing_known", {"action": "opened"}),
        ("G06-action-", "pull_request", {"action": "exploded", "number": 1}),
        ("G06-empty-", "pull_request", {}),
        ("G06-no-head-", "pull_request", {"action": "opened", "number": 1, "pull_request": {"number": 1}}),
        ("G06-types-", "pull_request", {"action": ["opened"], "number": "1", "pull_request": 7, "repository": []}),
        ("G06-path-", "pull_request", {"action": "opened", "repository": {"full_name": "../../etc"}, "number": 1}),
        ("G06-comment-", "issue_comment", {"action": "created", "issue": {"pull_request": {}}, "comment": None}),
    ],
    ids=lambda one: one if isinstance(one, str) and one.startswith("G06") else "",
)
def test_what_cannot_be_meant_orders_nothing(bot: Bot, case: str, event: str, payload: dict[str, object]):
    """An unknown event or action, or fields that are missing or of another type: 202, and no job."""
    before = jobs(bot)
    assert send(bot, json.dumps(payload).encode(), case, event) == 202
    bot.wait(lambda: rows(bot, case) in ([], ["done"]))
    assert jobs(bot) == before


@pytest.mark.parametrize(
    ("case", "author", "body"),
    [
        ("G07-stranger-", "mallory", "/hunkwise full"),
        ("G07-author-", "alice", "/hunkwise full"),
        ("G07-reader-", "reader", "/hunkwise full"),
        ("G07-quote-", "writer", "> /hunkwise full"),
        ("G07-code-", "writer", "```\n/hunkwise full\n```"),
        ("G07-indented-", "writer", "    /hunkwise full"),
        ("G07-hidden-", "writer", "<!--\n/hunkwise full\n-->"),
        ("G07-bot-", "helper[bot]", "/hunkwise full"),
        ("G07-ourselves-", "hunkwise[bot]", "/hunkwise full"),
    ],
    ids=lambda one: one if one.startswith("G07") else "",
)
def test_who_may_not_command_does_not(bot: Bot, case: str, author: str, body: str):
    """Without write access, in a quote or in code, by a bot or by ourselves: no job."""
    pull = reviewed(bot)
    bot.repository.collaborator("writer", "write")
    bot.repository.collaborator("reader", "read")
    before = jobs(bot)
    pull.comment(body, user=author)
    bot.settled()
    assert (jobs(bot), len(pull.reviews)) == (before, 1)


@pytest.mark.parametrize("case", ["G07-edited-"])
def test_a_comment_that_became_a_command_is_none(bot: Bot, case: str):
    """Edited: neither the event of the edit nor the first event of a comment that was edited since is obeyed."""
    pull = reviewed(bot)
    bot.repository.collaborator("writer", "write")
    before = jobs(bot)
    bot.github.hooks.decide = lambda delivery: "hold"
    comment = pull.comment("/hunkwise full", user="writer")
    comment.updated_at += 5
    (held,) = bot.github.hooks.held
    bot.github.hooks.held.clear()
    bot.github.hooks.decide = lambda delivery: "send"
    bot.github.hooks.repeat(held)
    bot.github.hooks.send(bot.app, "issue_comment", {**held.payload, "action": "edited"}, bot.installation)
    bot.settled()
    assert (jobs(bot), len(pull.reviews)) == (before, 1)


@pytest.mark.parametrize("case", ["G07-control-"])
def test_who_may_command_does(bot: Bot, case: str):
    """The positive control: with write access the very same words are a job."""
    pull = reviewed(bot)
    bot.repository.collaborator("writer", "write")
    before = jobs(bot)
    pull.comment("/hunkwise full", user="writer")
    bot.settled()
    assert jobs(bot) == before + 1


@pytest.mark.parametrize("case", ["G08-revoked-"])
def test_a_permission_counts_when_the_command_runs(bot: Bot, case: str):
    """It was there when the comment was written, and is gone when the command would run: not obeyed."""
    pull = reviewed(bot)
    bot.repository.collaborator("leaver", "write")
    before = jobs(bot)
    bot.github.hooks.decide = lambda delivery: "hold"
    pull.comment("/hunkwise full", user="leaver")
    bot.repository.collaborator("leaver", "read")
    bot.github.hooks.decide = lambda delivery: "send"
    bot.github.hooks.release()
    bot.settled()
    assert (jobs(bot), len(pull.reviews)) == (before, 1)


@pytest.mark.parametrize("case", ["G09-tenant-"])
def test_another_tenant_s_installation_opens_nothing(bot: Bot, case: str):
    """One tenant's installation and another's repository in one delivery: GitHub gives no token, nothing is written."""
    _, installation = of_another_owner(bot, "tenant/r")
    pull = reviewed(bot)
    head = bot.push(pull, {"again.py": "new\n"})
    bot.settled()
    reviews = len(pull.reviews)
    payload = bot.delivery().payload
    forged = {**payload, "installation": {"id": installation.id}}
    forged["pull_request"] = {**payload["pull_request"], "head": {"sha": head[::-1]}}
    assert send(bot, json.dumps(forged).encode(), case) == 202
    bot.settled()
    assert rows(bot, case) == ["failed-visible"]
    assert len(pull.reviews) == reviews


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("G10-output-", "print(os.environ['HUNKWISE_GITHUB_TOKEN'], flush=True); sys.exit(9)"),
        ("G10-planted-", f"print('{TOKEN}', flush=True); sys.exit(9)"),
        ("G10-key-", f"print('{PEM}', flush=True); sys.exit(9)"),
        ("G10-exception-", "raise ValueError(os.environ['HUNKWISE_GITHUB_TOKEN'])"),
    ],
    ids=lambda one: one if one.startswith("G10") else "",
)
def test_a_secret_in_what_a_review_says_is_not_repeated(bot: Bot, case: str, code: str):
    """A token or a key in output or in an error: not in the log, the database, the check run or a comment."""
    fault = bot.fault(code)
    number = len(bot.repository.state.pulls)
    pull = bot.open({f"f{number}.py": "secret\n"})
    bot.settled()
    fault.unlink()
    assert pull.reviews == []
    for text in (bot.said(), bot.text_of_database().decode("utf-8", "replace"), str(bot.repository.state.check_runs)):
        assert not [one for one in (TOKEN, "MIIEowIBAAKCAQEA", *bot.github.state.tokens) if one in text]


@pytest.mark.parametrize("case", ["G10-comment-"])
def test_a_secret_in_a_report_is_not_posted(bot: Bot, case: str):
    """A tool's message that quotes a token is posted without it."""
    from reports import make_report

    with bot.quietly():
        number = len(bot.repository.state.pulls)
        pull = bot.repository.open_pull(base_files={}, head_files={f"f{number}.py": "new\n"})
        bot.prepare(pull, pull.head)
        (bot.folder / "reports" / pull.head).write_bytes(make_report(pull, pull.head, words=f"Found {TOKEN} in"))
    bot.settled()
    (comment,) = pull.comments
    assert TOKEN not in f"{comment.body} {pull.reviews[0].body}"


@pytest.mark.parametrize("case", ["G11-renamed-", "G11-deleted-", "G11-uninstalled-", "G11-suspended-"])
def test_what_goes_away_in_mid_review_ends_the_job(bot: Bot, case: str):
    """Renamed, deleted, uninstalled or suspended while it is reviewed: the job ends, and others go on."""
    what = case[4:].strip("-")
    repository, installation = of_another_owner(bot, f"{what}/r")
    hold = bot.hold()
    (bot.folder / "child").unlink(missing_ok=True)
    pull = bot.open(repository=repository)
    bot.wait(bot.is_holding)
    if what == "renamed":
        old = repository.path
        repository.state.name = "other"
        shutil.move(old, repository.path)
    elif what == "deleted":
        repository.delete()
    elif what == "uninstalled":
        bot.github.uninstall(installation)
    else:
        bot.github.suspend(installation)
    hold.unlink()
    bot.settled()
    states = bot.rows(f"SELECT state FROM hunkwise_jobs WHERE repository = '{what}/r' AND kind = 'review'")
    assert {row.state for row in states} <= {"superseded", "failed-visible"}
    assert pull.reviews == []
    reviewed(bot)
