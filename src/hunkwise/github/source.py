"""Pull requests as changes: files and diff from git, what was said before from GitHub."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hunkwise.core.errors import DiffError, UsageError
from hunkwise.core.fresh import Fresh, fresh_lines
from hunkwise.core.model import Change, FileDiff, PriorComment, Sha
from hunkwise.core.ports import Loaded, Request
from hunkwise.plugins.github.port import GitHub, GitHubError, PullRequest

if TYPE_CHECKING:
    from hunkwise.github.checkout import Checkout

TRIES = 3
"""How often the head is looked at until GitHub and git agree on it."""
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What we know of earlier reviews: the head of the last complete one, and what was said in all."""

    since: Sha | None = None
    prior: tuple[PriorComment, ...] = ()
    notes: tuple[str, ...] = ()


class GitHubPull:
    """Takes requests with `--pr`; the head of a pull request is never what is checked out."""

    name = "github"
    order = 50

    def load(self, request: Request) -> Loaded | None:
        """Fetch the pull request; with a token that may read reviews, what they said too."""
        if request.pr is None:
            if request.full:
                raise UsageError("--full goes with --pr: other changes are reviewed in full anyway")
            return None
        if request.base or request.head or request.staged or request.working or request.diff is not None:
            raise UsageError("--pr brings its own change: leave out --base, --head, --staged, --working and --diff")
        from hunkwise.github.address import parse_target
        from hunkwise.github.checkout import Checkout
        from hunkwise.github.opening import open_pull_request
        from hunkwise.github.tokens import find_token

        target, token = parse_target(request.pr), find_token(os.environ)
        with open_pull_request(target, token, os.environ) as github:
            checkout = Checkout(target, token)
            try:
                return load_pull_request(github, checkout, is_full=request.full)
            except BaseException:
                checkout.close()
                raise


def load_pull_request(github: GitHub, checkout: "Checkout", *, is_full: bool = False) -> Loaded:
    """Return the change of a pull request and its files; closing its workspace removes the checkout."""
    from hunkwise.github.checkout import ABSENT, Unreachable
    from hunkwise.workspace.tree_diff import diff_trees
    from hunkwise.workspace.trees import GitWorkspace

    pull, head, notes = _agreed(github, checkout)
    base, why = checkout.merge_base(pull.base, pull.base_ref)
    before = _before(github, is_full=is_full)
    since = before.since
    try:
        checkout.fetch_trees(base, head, *([since] if since else []))
    except Unreachable:
        if since is None:
            raise
        notes += (f"what was reviewed last, {since[:12]}, is not there any more, so all is reviewed",)
        since = None
        checkout.fetch_trees(base, head)
    repository = checkout.repository
    files = diff_trees(repository, base, head)
    fresh: Fresh | None = None
    if since is not None:
        try:
            fresh = fresh_lines(diff_trees(repository, since, head))
        except DiffError as error:
            notes += (f"what is new since {since[:12]} cannot be told, so all is reviewed: {error}",)
            since = None
    if head == pull.head:
        notes += compare_with_listed(files, github.files(), pull.changed_files)
    return Loaded(
        change=Change(
            id=pull.target.name,
            base=base,
            head=head,
            since=since,
            files=files,
            prior=before.prior,
            notes=(*((why,) if why else ()), *before.notes, *notes),
            fresh=fresh,
        ),
        workspace=GitWorkspace(repository, base, head, temporary=checkout.directory, absent=ABSENT),
        description=_describe(pull, base, head, since, files),
    )


def compare_with_listed(files: Sequence[FileDiff], listed: Sequence[FileDiff] | None, count: int) -> tuple[str, ...]:
    """Return notes where the diff of git and the files that GitHub lists are not of the same files.

    GitHub leaves out much of a large diff and says so nowhere; git's diff is what is reviewed.
    """
    notes = []
    if count and count != len(files):
        notes.append(f"GitHub counts {count:,} changed files and git {len(files):,}; git's are reviewed")
    if listed is not None:
        ours = {file.path: _lines(file) for file in files}
        theirs = {file.path: _lines(file) for file in listed}
        odd = sorted(ours.keys() ^ theirs.keys())
        odd += sorted(path for path in ours.keys() & theirs.keys() if ours[path] != theirs[path])
        if odd:
            named = ", ".join(odd[:FEW]) + (f" and {len(odd) - FEW:,} more" if len(odd) > FEW else "")
            notes.append(f"GitHub shows another diff than git for {named}; git's is reviewed")
    return tuple(notes)


def _lines(file: FileDiff) -> tuple[int, int]:
    lines = file.changed_lines()
    return sum(line.is_added for line in lines), sum(line.is_removed for line in lines)


def _agreed(github: GitHub, checkout: "Checkout") -> tuple[PullRequest, Sha, tuple[str, ...]]:
    """Return the pull request with the head that git has: a push may come in between, and GitHub's parts may lag."""
    for tried in range(TRIES):
        if tried:
            time.sleep(1.0)
        pull, head = github.pull(), checkout.fetch_head()
        if pull.head == head:
            return pull, head, ()
    return (
        pull,
        head,
        (f"GitHub says that the head is {pull.head[:12]}, git that it is {head[:12]}: reviewed is git's",),
    )


def _before(github: GitHub, *, is_full: bool) -> Before:
    from hunkwise.github.opening import reading_marks
    from hunkwise.plugins.github.incremental import last_reviewed, prior_comments

    marks = reading_marks(github.target, os.environ)
    try:
        reviews = github.reviews()
        prior = prior_comments(github.threads(), reviews, marks) if reviews else ()
    except GitHubError as error:
        return Before(notes=(f"what was said before is not known, so all is reviewed: {error}",))
    return Before(since=None if is_full else last_reviewed(reviews, marks), prior=prior)


def _describe(pull: PullRequest, base: Sha, head: Sha, since: Sha | None, files: Sequence[FileDiff]) -> str:
    what = pull.target.name
    count = "1 file" if len(files) == 1 else f"{len(files):,} files"
    again = f", new since {since[:7]}" if since else ""
    return f"{what}: {pull.base_ref} (merge-base {base[:7]}) … {head[:7]}: {count}{again}"
