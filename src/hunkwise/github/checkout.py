"""Fetch what a review of a pull request reads into a private bare repository: shallow, bounded, nothing run."""

import base64
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hunkwise.core.errors import ToolError, ToolTimeout
from hunkwise.core.model import FileDiff, Sha
from hunkwise.core.text import printable
from hunkwise.github.address import git_url
from hunkwise.github.tokens import Token, without_tokens, without_variables
from hunkwise.plugins.github.port import GitHubError, PullRequest, Target
from hunkwise.workspace.git import Repository, scrubbed
from hunkwise.workspace.listing import list_tree
from hunkwise.workspace.objects import BlobReader
from hunkwise.workspace.process import run_process

BASE_REF = "refs/hunkwise/base"
HEAD_REF = "refs/hunkwise/head"
DEPTHS = (64, 512, 4096)
"""Commits of each side that are looked at for where they parted, one depth after the other."""
LARGEST_BLOB = 20 * 2**20
"""Bytes; larger files are never written for tools, so they are not fetched where the server leaves them out."""
ABSENT = f"larger than {LARGEST_BLOB // 2**20} MB, and not fetched"
KEPT = ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
GONE = ("not our ref", "couldn't find remote ref", "no such remote ref", "unadvertised object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a fetch may take: seconds for each call of git, and bytes of its largest file, the pack."""

    seconds: float = 300.0
    pack: int = 4 * 2**30


class Unreachable(GitHubError):
    """A commit is not there any more: its branch was deleted, or other commits were pushed in its place."""


class Checkout:
    """A bare repository of our own with what was fetched of one pull request; `close` removes it.

    The token is given to git in its environment, and for this server alone: it is in no URL, argument or file.
    """

    def __init__(self, target: Target, token: Token | None = None, bounds: Bounds | None = None) -> None:
        self.target, self._token, self._bounds = target, token, bounds or Bounds()
        self._url = git_url(target.server, target.repository)
        self.directory = Path(tempfile.mkdtemp(prefix="hunkwise-"))
        self.repository = self._make("git")

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def fetch_head(self) -> Sha:
        """Fetch the commits at the pull request's head, without their files, and return the head."""
        history = self._history()
        self._fetch(history, ("--filter=tree:0", f"--depth={DEPTHS[0]}"), (self._head_spec(),))
        return _resolve(history, HEAD_REF)

    def merge_base(self, base: Sha, branch: str) -> tuple[Sha, str]:
        """Return where the head left the base, and a note where that is not within reach: it is then the base itself.

        branch: the base's, whose head is taken where the base was pushed over. Call `fetch_head` first.
        """
        try:
            return self._merge_base(base)
        except Unreachable:
            return self._merge_base(self._fetch_branch(branch))

    def _merge_base(self, base: Sha) -> tuple[Sha, str]:
        history = self._history()
        head = _resolve(history, HEAD_REF)
        for depth in DEPTHS:
            self._fetch(history, ("--filter=tree:0", f"--depth={depth}"), (head, base))
            found = history.run("merge-base", base, head, ok=(0, 1)).decode("ascii").split()
            if found:
                return Sha(found[0]), ""
            if not history.is_shallow:
                return base, "the pull request and its base have no common ancestor, so they are compared directly"
        return base, (
            f"the pull request and its base have no common ancestor in their last {DEPTHS[-1]:,} commits, so the base "
            "itself is compared, and what is newer there shows as removed"
        )

    def fetch_trees(self, base: Sha, head: Sha, *others: Sha) -> None:
        """Fetch the files at these commits, without those that are too large for any tool and did not change."""
        wanted = tuple(dict.fromkeys((base, head, *others)))
        self._fetch(self.repository, (f"--filter=blob:limit={LARGEST_BLOB}", "--depth=1"), wanted)
        list_tree(self.repository, head)
        listed = self.repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", base, head).split(b"\0")
        about = [one.decode("ascii").split(" ") for one in listed[::2] if one.startswith(b":")]
        blobs = {oid for _, mode, _, oid, _ in about if mode != "160000"}
        blobs |= {oid for old_mode, _, oid, _, _ in about if old_mode != ":160000"}
        blobs = {oid for oid in blobs if oid.strip("0")}
        with BlobReader(self.repository) as reader:
            missing = sorted(blobs - reader.sizes(blobs, may_miss=True).keys())
        if missing:
            self._fetch(self.repository, (), missing)

    def _fetch_branch(self, name: str) -> Sha:
        history = self._history()
        self._fetch(history, ("--filter=tree:0", f"--depth={DEPTHS[0]}"), (f"+refs/heads/{name}:{BASE_REF}",))
        return _resolve(history, BASE_REF)

    def _head_spec(self) -> str:
        return f"+refs/pull/{self.target.number}/head:{HEAD_REF}"

    def _history(self) -> Repository:
        place = self.directory / "history"
        return _repository(place) if place.is_dir() else self._make("history")

    def _make(self, name: str) -> Repository:
        place = self.directory / name
        place.mkdir()
        repository = _repository(place)
        repository.run("init", "-q", "--bare", "--template=", "--initial-branch=none", str(place))
        return repository

    def _fetch(self, repository: Repository, options: Sequence[str], specs: Sequence[str]) -> None:
        scheme = urlsplit(self._url).scheme
        argv = repository.argv(
            *("-c", "protocol.allow=never", "-c", f"protocol.{scheme}.allow=always"),
            *("-c", "http.followRedirects=false", "-c", "fetch.unpackLimit=1", "-c", "gc.auto=0"),
            *("-c", "credential.helper=", "-c", "core.askPass=", "-c", "fetch.recurseSubmodules=no"),
            *("-c", "fetch.writeCommitGraph=false", "-c", "submodule.recurse=false"),
            *("fetch", "-q", "--no-tags", "--no-auto-maintenance", "--no-write-fetch-head", "--update-shallow"),
            *options,
            *(self._url, *specs),
        )
        try:
            result = run_process(
                argv,
                cwd=str(repository.git_dir),
                env=self._environment(repository),
                timeout=self._bounds.seconds,
                output_limit=2**20,
                file_limit=self._bounds.pack,
                name="git",
            )
        except ToolTimeout as error:
            raise GitHubError(
                f"{self.target.name}: git fetched for {self._bounds.seconds:g} s and is not done; try again, or review "
                "a clone with --base and --head"
            ) from error
        except ToolError as error:
            raise GitHubError(f"{self.target.name}: {self._clean(str(error))}") from error
        if result.exit_code:
            raise self._refusal(result.stderr.decode("utf-8", "replace"))
        # without its mark, what is missing is missing: git must not go and ask for it while a tool runs
        _forget_promise(repository)

    def _environment(self, repository: Repository) -> dict[str, str]:
        environment = scrubbed(without_variables(os.environ))
        environment = {name: value for name, value in environment.items() if not name.startswith("GIT_CONFIG")}
        environment |= {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"GIT_DIR": str(repository.git_dir), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        if self._token is not None:
            user = base64.b64encode(f"x-access-token:{self._token.value}".encode()).decode("ascii")
            environment |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.{self.target.server}/.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {user}",
            }
        return environment

    def _refusal(self, words: str) -> GitHubError:
        said = self._clean("; ".join(line.strip() for line in words.splitlines() if line.strip()))[-400:]
        lower = said.lower()
        if any(mark in lower for mark in GONE):
            return Unreachable(f"{self.target.name}: the commit is not there any more ({said}); start again")
        if any(mark in lower for mark in ("authentication failed", "could not read username", "401", "403", "404")):
            way = (
                "the token needs the right contents: read"
                if self._token
                else "set HUNKWISE_GITHUB_TOKEN if it is private"
            )
            return GitHubError(f"{self.target.name}: git may not read {self.target.repository} ({said}); {way}")
        if "redirect" in lower or any(f"returned error: {status}" in lower for status in (301, 302, 307, 308)):
            return GitHubError(f"{self.target.name}: {self.target.repository} has moved ({said}); give its new address")
        if "invalid index-pack output" in lower:
            most = f"{self._bounds.pack / 2**30:.2g} GB"
            return GitHubError(
                f"{self.target.name}: it is larger than {most}, or its disk is full; review a clone instead"
            )
        return GitHubError(f"{self.target.name}: git cannot fetch it: {said or 'it said nothing'}")

    def _clean(self, text: str) -> str:
        return printable(without_tokens(text, self._token.value if self._token else ""))


def _repository(place: Path) -> Repository:
    return Repository(git_dir=place, work_tree=None, common_dir=place, index=place / "index")


def _resolve(repository: Repository, name: str) -> Sha:
    return Sha(repository.run("rev-parse", "--verify", f"{name}^{{commit}}").decode("ascii").strip())


def _forget_promise(repository: Repository) -> None:
    """Take back what a filtered fetch writes into the configuration."""
    config = repository.git_dir / "config"
    keep = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
    config.write_text(keep, encoding="utf-8")


def full_diff(pull: PullRequest, token: Token | None = None) -> tuple[FileDiff, ...]:
    """Return the diff of a pull request's head by git, for where GitHub does not list all of it."""
    from hunkwise.workspace.tree_diff import diff_trees

    checkout = Checkout(pull.target, token)
    try:
        checkout.fetch_head()
        base, _ = checkout.merge_base(pull.base, pull.base_ref)
        checkout.fetch_trees(base, pull.head)
        return diff_trees(checkout.repository, base, pull.head)
    finally:
        checkout.close()
