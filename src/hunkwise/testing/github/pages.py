"""The page of a pull request, for people who watch the fake."""

import re
from html import escape

from hunkwise.testing.github.answers import Answer, Refused
from hunkwise.testing.github.state import Pull, Repository
from hunkwise.testing.github.world import World

PAGE = re.compile(r"/(?P<owner>[^/]+)/(?P<name>[^/]+)/pull/(?P<number>\d+)/?")
_STYLE = "body{font:14px sans-serif;max-width:60em;margin:2em auto}pre{background:#f4f4f4;padding:.6em;overflow:auto}"
_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)


def show(world: World, path: str) -> Answer:
    """Return the conversation of a pull request, its reviews and its checks; of a private one too."""
    match = PAGE.fullmatch(path)
    try:
        if match is None:
            raise Refused(404, "Not Found")
        with world.lock:
            repository = world.repository(match["owner"], match["name"])
            text = _page(repository, world.pull(repository, int(match["number"])))
    except Refused as refused:
        return _html(refused.status, escape(refused.message))
    return _html(200, text)


def _page(repository: Repository, pull: Pull) -> str:
    parts = [
        f"<h1>{escape(pull.title)} <small>#{pull.number}</small></h1>",
        f"<p>{pull.state}, by {escape(pull.author)}, head <code>{pull.head_sha[:12]}</code></p>",
    ]
    for run in repository.check_runs.values():
        if run.head_sha == pull.head_sha:
            parts.append(
                _block(f"{run.name}: {run.conclusion or run.status}", f"{run.title or ''}\n{run.summary or ''}")
            )
    for review in pull.reviews.values():
        if review.body:
            parts.append(_block(f"{review.user}, {review.state.lower()}, on {review.commit[:12]}", review.body))
        for comment in pull.comments.values():
            if comment.review == review.id:
                line = comment.line or comment.original_line
                mark = "" if comment.line or comment.subject_type == "file" else ", outdated"
                where = f"{comment.path}{f':{line}' if line else ''}{mark}"
                parts.append(_block(f"{comment.user} on {where}", f"{comment.diff_hunk}\n\n{comment.body}"))
    parts += [_block(one.user, one.body) for one in pull.conversation.values()]
    return "\n".join(parts)


def _block(head: str, body: str) -> str:
    return f"<h3>{escape(head)}</h3><pre>{escape(_HIDDEN.sub('', body).strip())}</pre>"


def _html(status: int, body: str) -> Answer:
    page = f"<!doctype html><meta charset=utf-8><title>fake GitHub</title><style>{_STYLE}</style>{body}"
    return Answer(status=status, body=page.encode(), content_type="text/html; charset=utf-8")
