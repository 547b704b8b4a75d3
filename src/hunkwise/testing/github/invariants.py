"""An independent look at what a bot did: pure functions over the fake's state and log, for after each fault."""

import base64
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from hunkwise.testing.github.log import TOKEN, Entry
from hunkwise.testing.github.state import Head, Pull, Repository, State

Fingerprints = Callable[[str], Iterable[str]]
"""What a text is a comment about: all fingerprints in it, none for a text that is not the bot's."""

_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A broken invariant; `excused` where the fake's own clock proves that nobody could know.

    seconds: what was measured, by name; of I4, by the machine's monotonic clock: `looked`, when the poster last asked
    for the head; `moved`, when it changed; `arrived`, when the post came in; `window`, from the look to the post;
    `late`, from the move to the post.
    """

    invariant: str
    where: str
    words: str
    excused: bool = False
    seconds: Mapping[str, float] | None = None

    def __str__(self) -> str:
        measured = ", ".join(f"{name} {value:.3f}" for name, value in (self.seconds or {}).items())
        return f"{self.invariant} at {self.where}: {self.words}{f' ({measured})' if measured else ''}"


def duplicates(state: State, fingerprints: Fingerprints, *, app: int | None = None) -> tuple[Breach, ...]:
    """I1: for each pull request, head and fingerprint there is at most one comment; of one App, if given."""
    seen: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for repository, pull in _pulls(state):
        where = f"{repository.full_name}#{pull.number}"
        for sha, name, body, writer in _texts(pull):
            if app is None or writer == app:
                for fingerprint in set(fingerprints(body)):
                    seen[where, sha, fingerprint].append(name)
    return tuple(
        Breach(invariant="I1", where=f"{where} {sha[:12]}", words=f"{mark} was said by {', '.join(names)}")
        for (where, sha, mark), names in sorted(seen.items())
        if len(names) > 1
    )


def stale(
    state: State,
    log: Sequence[Entry],
    *,
    window: float = 0.0,
    same: Callable[[Entry, Entry], bool] = lambda post, look: (post.actor, post.token) == (look.actor, look.token),
) -> tuple[Breach, ...]:
    """I4: nothing is posted for a commit that was no longer the newest head when the post arrived.

    A breach is excused if the poster's last look at the head came before the head moved, and the post within `window`
    seconds of that look: GitHub has no conditional post, so this much cannot be closed.
    same: says whether a look was the poster's.
    """
    entries = {one.number: one for one in log}
    found = []
    for repository, pull in _pulls(state):
        for sha, name, request in _posts(repository, pull):
            post = entries.get(request)
            newest = _newest(pull.heads, post.arrived_monotonic) if post else None
            if post is None or newest is None or newest.sha == sha:
                continue
            looks = [one for one in log if _is_look(one, repository, pull) and one.number < post.number]
            own = [one.arrived_monotonic for one in looks if same(post, one)]
            looked = max(own, default=None)
            measured = {"moved": newest.monotonic, "arrived": post.arrived_monotonic}
            measured["late"] = post.arrived_monotonic - newest.monotonic
            if looked is not None:
                measured |= {"looked": looked, "window": post.arrived_monotonic - looked}
            excused = looked is not None and looked < newest.monotonic and measured["window"] <= window
            found.append(
                Breach(
                    invariant="I4",
                    where=f"{repository.full_name}#{pull.number}",
                    words=f"{name} is for {sha[:12]}, while the head was {newest.sha[:12]}",
                    excused=excused,
                    seconds=measured,
                )
            )
    return tuple(found)


def leaks(
    state: State, log: Sequence[Entry], *, secrets: Iterable[str] = (), texts: Mapping[str, bytes] | None = None
) -> tuple[Breach, ...]:
    """I5: no secret is in a comment, in a request's address or body, or in the bytes given by name.

    The fake's own tokens, keys and webhook secrets are looked for, as they are, in base64 and quoted; and what looks
    like a token or a private key.
    """
    wanted = {*secrets, *state.tokens, *(app.webhook_secret for app in state.apps.values())}
    wanted |= {line for app in state.apps.values() for line in app.private_key.split("\n")[1:3]}
    forms = {form for one in wanted if len(one) >= 8 for form in _forms(one)}
    places = dict(texts or {})
    for repository, pull in _pulls(state):
        for _, name, body, _ in _texts(pull):
            places[f"{repository.full_name}#{pull.number} {name}"] = body.encode()
        for run in repository.check_runs.values():
            shown = f"{run.title} {run.summary} {run.text} {run.annotations}"
            places[f"{repository.full_name} check run {run.id}"] = shown.encode()
    found = [
        Breach(invariant="I5", where=where, words=words)
        for where, raw in places.items()
        if (words := _secret_in(raw, forms))
    ]
    found += [
        Breach(invariant="I5", where=f"request {one.number}", words=f"a token in {one.method} {one.path}")
        for one in log
        if one.leaked
    ]
    return tuple(found)


def require(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """Raise AssertionError unless all breaches are excused; return these, to be counted."""
    kept = tuple(breaches)
    if wrong := [str(one) for one in kept if not one.excused]:
        raise AssertionError("\n".join(wrong))
    return kept


def _pulls(state: State) -> Iterator[tuple[Repository, Pull]]:
    for repository in state.repositories.values():
        for pull in repository.pulls.values():
            yield repository, pull


def _texts(pull: Pull) -> Iterator[tuple[str, str, str, int | None]]:
    for review in pull.reviews.values():
        yield review.commit, f"review {review.id}", review.body, review.app
    for comment in pull.comments.values():
        yield comment.original_commit, f"review comment {comment.id}", comment.body, comment.app
    for remark in pull.conversation.values():
        known = [head.sha for head in pull.heads if head.at <= remark.created_at]
        yield known[-1] if known else pull.head_sha, f"comment {remark.id}", remark.body, remark.app


def _posts(repository: Repository, pull: Pull) -> Iterator[tuple[str, str, int]]:
    for review in pull.reviews.values():
        replies = [one.reply_to for one in pull.comments.values() if one.review == review.id]
        if review.app is not None and review.request is not None and not any(replies):
            yield review.commit, f"review {review.id}", review.request


def _newest(heads: Sequence[Head], at: float) -> Head | None:
    return next((head for head in reversed(heads) if head.monotonic <= at), None)


def _is_look(entry: Entry, repository: Repository, pull: Pull) -> bool:
    if entry.status != 200:
        return False
    if entry.method == "POST":
        return entry.path.endswith("/graphql") and "headRefOid" in entry.body
    return entry.path.lower().endswith(f"/repos/{repository.full_name}/pulls/{pull.number}".lower())


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + secret.encode()).rstrip(b"=")
        yield coded[(0, 2, 3)[shift] : -1]


def _secret_in(raw: bytes, forms: Iterable[bytes]) -> str:
    if any(form in raw for form in forms):
        return "holds a secret"
    text = raw.decode("utf-8", "replace")
    return "holds what looks like a token or a key" if TOKEN.search(text) or _KEY.search(text) else ""
