"""What a delivery asks for: read leniently, with only the few fields that are used, and without I/O."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hunkwise.plugins.github.commands import parse_command

REPOSITORY = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}\Z)[A-Za-z0-9_.-]{1,100}")
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}")
REVIEWED = frozenset({"opened", "synchronize", "reopened", "ready_for_review"})


class Malformed(Exception):
    """A delivery that GitHub signed and that cannot be read; says why, and quotes nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Nothing is to be done; says why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A pull request that the App may see."""

    installation: int
    repository: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Review a pull request. `again`: what asks for a review of a head that may have one; `full`: as if the first."""

    subject: Subject
    head: str
    again: str = ""
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Somebody wrote a comment with a command; `is_inline`: in a thread on the diff, as an answer to `parent`."""

    subject: Subject
    comment: int
    author: str
    command: str
    is_inline: bool
    parent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """People did something with our comments of a pull request."""

    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A pull request needs no review now; says why."""

    subject: Subject
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """An installation is gone, or these `repositories` of it: end its work and erase what is kept of it."""

    installation: int
    reason: str
    repositories: tuple[str, ...] = ()


Order = Ignore | Review | Comment | Feedback | Cancel | Forget


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the server knows when it reads deliveries."""

    app_id: int
    drafts: bool = False


def read_order(event: str, body: bytes, identity: str, rules: Rules) -> tuple[Order, ...]:
    """Return what a delivery asks for; raises Malformed for what is no JSON object, or says a key twice."""
    payload = _Payload(_parse(body))
    readers = {
        "pull_request": _pull_request,
        "issue_comment": _issue_comment,
        "pull_request_review_comment": _inline_comment,
        "pull_request_review_thread": _thread,
        "check_run": _check,
        "check_suite": _check,
        "installation": _installation,
        "installation_repositories": _repositories,
    }
    reader = readers.get(event)
    if reader is None:
        return (Ignore(reason=f"nothing is done about {event}"),)
    return reader(payload, identity, rules)


def _parse(body: bytes) -> Mapping[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Malformed("a key is there twice")
        return found

    def constant(_: str) -> None:
        raise Malformed("a number that JSON has not")

    try:
        value = json.loads(body, object_pairs_hook=once, parse_constant=constant)
    except RecursionError:
        raise Malformed("nested too deep") from None
    except ValueError as error:
        raise Malformed(f"no JSON: {type(error).__name__}") from None
    if not isinstance(value, dict):
        raise Malformed("no JSON object")
    return value


@dataclass(frozen=True, slots=True)
class _Payload:
    value: Mapping[str, Any]

    def at(self, *path: str) -> Any:
        """Return what is at a path, or None."""
        found: Any = self.value
        for name in path:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    def text(self, *path: str) -> str:
        found = self.at(*path)
        return found if isinstance(found, str) else ""

    def number(self, *path: str) -> int:
        """Return a positive number that a database can hold, or 0."""
        found = self.at(*path)
        return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63 else 0

    def sha(self, *path: str) -> str:
        found = self.text(*path)
        return found if SHA.fullmatch(found) else ""

    @property
    def action(self) -> str:
        return self.text("action")

    @property
    def repository(self) -> str:
        found = self.text("repository", "full_name")
        return found if REPOSITORY.fullmatch(found) else ""

    def subject(self, *number: str) -> Subject | None:
        found = Subject(
            installation=self.number("installation", "id"), repository=self.repository, number=self.number(*number)
        )
        return found if found.installation and found.repository and found.number else None


INCOMPLETE = (Ignore(reason="it names no pull request of an installation"),)


def _pull_request(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    subject = payload.subject("number") or payload.subject("pull_request", "number")
    action, head = payload.action, payload.sha("pull_request", "head", "sha")
    if subject is None or not head:
        return INCOMPLETE
    if action == "closed":
        return (Cancel(subject=subject, reason="the pull request was closed"), Feedback(subject=subject))
    is_draft = payload.at("pull_request", "draft") is True and not rules.drafts
    if action == "converted_to_draft" and is_draft:
        return (Cancel(subject=subject, reason="the pull request became a draft"),)
    new_base = action == "edited" and payload.at("changes", "base") is not None
    if action not in REVIEWED and not new_base:
        return (Ignore(reason="nothing to review in this action"),)
    if payload.text("pull_request", "state") == "closed":
        return (Ignore(reason="the pull request is closed"),)
    if is_draft:
        return (Ignore(reason="a draft is reviewed once it is ready"),)
    return (Review(subject=subject, head=head, again=identity if new_base else ""),)


def _issue_comment(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    if payload.at("issue", "pull_request") is None:
        return (Ignore(reason="a comment on an issue"),)
    return _comment(payload, payload.subject("issue", "number"), is_inline=False)


def _inline_comment(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    return _comment(payload, payload.subject("pull_request", "number"), is_inline=True)


def _comment(payload: _Payload, subject: Subject | None, *, is_inline: bool) -> tuple[Order, ...]:
    comment, author = payload.number("comment", "id"), payload.text("comment", "user", "login")
    if subject is None or not comment:
        return INCOMPLETE
    if payload.action != "created":
        return (Ignore(reason="only new comments command"),)
    kinds = payload.text("comment", "user", "type"), payload.text("sender", "type")
    if "Bot" in kinds or payload.at("comment", "performed_via_github_app") is not None:
        return (Ignore(reason="bots do not command"),)
    if not LOGIN.fullmatch(author):
        return INCOMPLETE
    if payload.text("sender", "login") not in ("", author):
        return (Ignore(reason="sent by another than its author"),)
    command = parse_command(payload.text("comment", "body"))
    if command is None:
        return (Ignore(reason="no command"),)
    parent = payload.number("comment", "in_reply_to_id")
    return (
        Comment(
            subject=subject, comment=comment, author=author, command=command.value, is_inline=is_inline, parent=parent
        ),
    )


def _thread(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    subject = payload.subject("pull_request", "number")
    if subject is None:
        return INCOMPLETE
    if payload.text("sender", "type") == "Bot":
        return (Ignore(reason="done by a bot"),)
    return (Feedback(subject=subject),)


def _check(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    at = "check_run" if payload.at("check_run") is not None else "check_suite"
    if payload.action != "rerequested":
        return (Ignore(reason="nothing to do in this action"),)
    if payload.number(at, "app", "id") != rules.app_id:
        return (Ignore(reason="a check of another App"),)
    head = payload.sha(at, "head_sha")
    pulls = payload.at(at, "pull_requests")
    if not head or not isinstance(pulls, list):
        return INCOMPLETE
    orders = []
    for pull in pulls[:20]:
        number = _Payload(pull).number("number") if isinstance(pull, dict) else 0
        subject = Subject(
            installation=payload.number("installation", "id"), repository=payload.repository, number=number
        )
        if number and subject.installation and subject.repository:
            orders.append(Review(subject=subject, head=head, again=identity))
    return tuple(orders) or (Ignore(reason="the check names no pull request here"),)


def _installation(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    number = payload.number("installation", "id")
    if not number:
        return INCOMPLETE
    if payload.action == "deleted":
        return (Forget(installation=number, reason="the App was uninstalled"),)
    if payload.action == "suspend":
        return (Forget(installation=number, reason="the App was suspended"),)
    return (Ignore(reason="nothing to do in this action"),)


def _repositories(payload: _Payload, identity: str, rules: Rules) -> tuple[Order, ...]:
    number, removed = payload.number("installation", "id"), payload.at("repositories_removed")
    if payload.action != "removed" or not number or not isinstance(removed, list):
        return (Ignore(reason="nothing to do in this action"),)
    names = [_Payload(one).text("full_name") for one in removed if isinstance(one, dict)]
    valid = tuple(name for name in names if REPOSITORY.fullmatch(name))
    if not valid:
        return INCOMPLETE
    return (Forget(installation=number, reason="the App was taken off", repositories=valid),)
