"""One pull request on GitHub through its API: the `GitHub` port."""

from collections.abc import Mapping
from typing import Any

from hunkwise.core.model import FileDiff, Sha, Side
from hunkwise.github.account import find_account, is_by
from hunkwise.github.api import Api
from hunkwise.github.listed_files import listed_files
from hunkwise.github.refusals import Forbidden, NotFound
from hunkwise.github.review_threads import MUTATION_RESOLVE, read_threads
from hunkwise.github.values import a_map, a_number, a_sha, a_text, an_optional_text
from hunkwise.plugins.github.port import (
    CheckRun,
    Conclusion,
    DraftComment,
    DraftReview,
    GitHubError,
    PostedReview,
    PullRequest,
    PullState,
    Target,
    Thread,
)

WRITES = "pull requests: write"
READS = "pull requests: read"
CHECKS = "checks: write"
SIDES = {Side.BASE: "LEFT", Side.HEAD: "RIGHT"}
CHECK_NAME = "Hunkwise"


class PullRequestClient:
    """The port `GitHub` over an API; `account` is the login whose reviews are ours, asked of GitHub if empty."""

    def __init__(self, api: Api, target: Target, *, account: str = "") -> None:
        self._api, self._target, self._account = api, target, account
        self._root = f"/repos/{target.repository}"
        self._pull = f"{self._root}/pulls/{target.number}"

    @property
    def target(self) -> Target:
        """Return the pull request that all calls are about."""
        return self._target

    @property
    def account(self) -> str:
        """Return the login that the token acts for, as reviews show it."""
        if not self._account:
            self._account = find_account(self._api)
        return self._account

    def pull(self) -> PullRequest:
        """Return the pull request as it is now."""
        value = a_map(self._api.read(self._pull, asked=f"reading {self._target.name}", needs=READS), "the pull request")
        base, head = a_map(value.get("base"), "base"), a_map(value.get("head"), "head")
        source = head.get("repo")
        is_merged = bool(value.get("merged") or value.get("merged_at"))
        is_closed = value.get("state") == "closed"
        return PullRequest(
            target=self._target,
            state=PullState.MERGED if is_merged else PullState.CLOSED if is_closed else PullState.OPEN,
            head=a_sha(head.get("sha"), "head.sha"),
            base=a_sha(base.get("sha"), "base.sha"),
            base_ref=a_text(base.get("ref"), "base.ref"),
            head_repository=a_text(source.get("full_name"), "head.repo") if isinstance(source, Mapping) else "",
            is_draft=bool(value.get("draft")),
            is_locked=bool(value.get("locked")),
            changed_files=a_number(value.get("changed_files", 0), "changed_files"),
        )

    def files(self) -> tuple[FileDiff, ...] | None:
        """Return the diff that GitHub shows for the head, or None where it does not give all of it."""
        items = self._api.read_all(
            f"{self._pull}/files", asked=f"reading the files of {self._target.name}", needs=READS
        )
        return listed_files(items)

    def reviews(self) -> tuple[PostedReview, ...]:
        """Return the reviews that our own account posted, oldest first; none without a token, which has no account."""
        if not self._api.has_token:
            return ()
        items = self._api.read_all(
            f"{self._pull}/reviews", asked=f"reading reviews of {self._target.name}", needs=READS
        )
        ours = {
            a_number(one.get("id"), "id"): _review(one)
            for item in items
            if is_by(one := a_map(item, "a review"), self.account) and one.get("state") != "PENDING"
        }
        return tuple(ours[number] for number in sorted(ours))

    def threads(self) -> tuple[Thread, ...]:
        """Return the threads that our own account began, oldest first; none without a token."""
        if not self._api.has_token:
            return ()
        return read_threads(self._api, self._target, self.account)

    def post_review(self, review: DraftReview) -> PostedReview:
        """Post a review and its comments in one request; it never approves and never requests changes."""
        account = self.account  # asked for now: what is posted under another name is never found again
        body = {
            "commit_id": review.head,
            "event": "COMMENT",
            "body": review.body,
            "comments": [_comment(one) for one in review.comments],
        }
        asked = f"posting the review of {self._target.name}"
        made = a_map(self._api.write("POST", f"{self._pull}/reviews", body, asked=asked, needs=WRITES), asked)
        if not is_by(made, account):
            user = a_map(made.get("user"), "the review's user").get("login")
            raise GitHubError(
                f"{asked}: it was posted as {user}, and reviews of {account} were taken for ours: "
                f"set HUNKWISE_GITHUB_ACCOUNT={user}, or each run posts it anew"
            )
        return _review(made)

    def edit_review(self, review: int, body: str) -> None:
        """Replace the body of a review of ours."""
        asked = f"editing a review of {self._target.name}"
        self._api.write("PUT", f"{self._pull}/reviews/{review}", {"body": body}, asked=asked, needs=WRITES)

    def post_file_comment(self, comment: DraftComment, head: Sha) -> None:
        """Post a comment on a whole file, which a review cannot hold."""
        body = {"commit_id": head, "path": comment.path, "body": comment.body, "subject_type": "file"}
        asked = f"commenting on a file of {self._target.name}"
        self._api.write("POST", f"{self._pull}/comments", body, asked=asked, needs=WRITES)

    def reply(self, thread: Thread, body: str) -> None:
        """Answer in a thread of ours."""
        asked = f"answering in {self._target.name}"
        path = f"{self._pull}/comments/{thread.comment}/replies"
        self._api.write("POST", path, {"body": body}, asked=asked, needs=WRITES)

    def resolve(self, thread: Thread) -> bool:
        """Resolve a thread of ours; return whether GitHub let us."""
        asked = f"resolving a thread of {self._target.name}"
        try:
            self._api.mutate(MUTATION_RESOLVE, {"thread": thread.id}, asked=asked)
        except (Forbidden, NotFound):
            return False
        return True

    def check_runs(self, head: Sha) -> tuple[CheckRun, ...]:
        """Return our own check runs of a head; none where the token may not read them."""
        if not self._api.has_token:
            return ()
        path = f"{self._root}/commits/{head}/check-runs"
        parameters = {"check_name": CHECK_NAME, "filter": "all"}
        asked = f"reading check runs of {self._target.name}"
        try:
            items = self._api.read_all(path, key="check_runs", parameters=parameters, asked=asked)
        except (Forbidden, NotFound):
            return ()
        found = {
            a_number(one.get("id"), "id"): _check_run(one)
            for item in items
            if _is_ours(one := a_map(item, "a check run"), self.account)
        }
        return tuple(found[number] for number in sorted(found))

    def put_check_run(self, run: CheckRun) -> CheckRun | None:
        """Make a check run, or update the one with this `id`; return it, or None where only Apps may and we are not."""
        output = {"title": run.title, "summary": run.summary, **({"text": run.text} if run.text else {})}
        body: dict[str, object] = {"name": CHECK_NAME, "external_id": run.external_id, "output": output}
        body |= {"status": "in_progress"} if run.conclusion is None else {"conclusion": run.conclusion.value}
        body |= {"details_url": run.details_url} if run.details_url else {}
        asked = f"writing the check run of {self._target.name}"
        try:
            if run.id is None:
                body |= {"head_sha": run.head}
                made = self._api.write("POST", f"{self._root}/check-runs", body, asked=asked, needs=CHECKS)
            else:
                made = self._api.write("PATCH", f"{self._root}/check-runs/{run.id}", body, asked=asked, needs=CHECKS)
        except (Forbidden, NotFound):
            return None
        return _check_run(a_map(made, asked))


def _comment(comment: DraftComment) -> dict[str, object]:
    if comment.line is None:
        raise GitHubError(f"a comment on the whole of {comment.path!r} cannot be in a review")
    side = SIDES[comment.side]
    made: dict[str, object] = {"path": comment.path, "body": comment.body, "line": comment.line, "side": side}
    return made if comment.start is None else {**made, "start_line": comment.start, "start_side": side}


def _review(value: Mapping[str, Any]) -> PostedReview:
    return PostedReview(
        id=a_number(value.get("id"), "id"),
        url=an_optional_text(value.get("html_url")),
        body=an_optional_text(value.get("body")),
        # a commit that is gone leaves null
        head=Sha(an_optional_text(value.get("commit_id"))),
    )


def _check_run(value: Mapping[str, Any]) -> CheckRun:
    output = value.get("output") if isinstance(value.get("output"), Mapping) else {}
    conclusion = value.get("conclusion")
    return CheckRun(
        id=a_number(value.get("id"), "id"),
        head=a_sha(value.get("head_sha"), "head_sha"),
        external_id=an_optional_text(value.get("external_id")),
        title=an_optional_text(a_map(output, "output").get("title")),
        summary=an_optional_text(a_map(output, "output").get("summary")),
        text=an_optional_text(a_map(output, "output").get("text")),
        conclusion=Conclusion(conclusion) if conclusion in set(Conclusion) else None,
        details_url=an_optional_text(value.get("details_url")),
    )


def _is_ours(value: Mapping[str, Any], account: str) -> bool:
    app = value.get("app")
    return isinstance(app, Mapping) and f"{app.get('slug')}[bot]".lower() == account.lower()
