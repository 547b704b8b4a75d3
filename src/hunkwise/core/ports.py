"""What plugins are: one small protocol for each kind of part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from hunkwise.core.command import Command as Command
from hunkwise.core.config import FailOn
from hunkwise.core.model import (
    Change,
    FileDiff,
    FileOutcome,
    Finding,
    Location,
    Place,
    RepoPath,
    Report,
    Scored,
    Side,
    Trust,
)


class Workspace(Protocol):
    """The files around a change, at both of its ends."""

    @property
    def is_complete(self) -> bool:
        """Whether whole files can be read; False for a bare patch, where only added files can."""

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        """Return a file's bytes; raise FileNotFoundError where it is not at hand."""

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        """Return the paths of all files, sorted."""

    def grep(self, text: str, side: Side = Side.HEAD) -> tuple[Location, ...]:
        """Return the lines that contain the fixed text, by path and line."""

    def attributes(self, paths: Sequence[RepoPath], side: Side) -> Mapping[RepoPath, frozenset[str]]:
        """Return which of `linguist-generated` and `linguist-vendored` that side's .gitattributes sets or unsets.

        An unset attribute comes with a leading `-`; a path without any may be left out.
        """

    def directory(self, *, private: bool = False) -> str:
        """Return a directory that holds the head's files, made when first asked for; tools run in it.

        private: never the user's own checkout, which holds more than these files: a copy, of regular files only.
        """

    def close(self) -> None:
        """Remove what was made on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked to have reviewed.

    directory: where to look for a repository. diff: a patch file, or `-` for `stdin`. pr: a pull request's URL.
    full: review all of a pull request, and not only what is new since its last review.
    """

    directory: str = "."
    base: str | None = None
    head: str | None = None
    staged: bool = False
    working: bool = False
    diff: str | None = None
    stdin: bytes | None = None
    pr: str | None = None
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a source brings: the change before its files are classified, and the files around it.

    description: one line for the user, what is compared with what.
    is_checked_out: whether the head is what is checked out on this machine: the session derives the trust from it.
    """

    change: Change
    workspace: Workspace
    description: str
    is_checked_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An outside program and how it is had.

    kind: `python` (its own environment), `npm`, `maven`, `debian`, or `none` (the user's own business).
    packages: exact requirements in the ordinary client's own form; the first one carries the version.
    program: the file to run, relative to what the kind installs (`ruff`, `eslint/bin/eslint.js`); of `maven` the class
    with the `main` method.
    oldest: the oldest version that understands the analyzer's calls; an older one on PATH is passed over.
    hashes: the data file with the SHA-256 of each jar that `maven` brings, as `package:file`, in sha256sum's form.
    version_args: what makes it say its version and end; empty: it is never started for that.
    """

    name: str
    kind: str
    packages: tuple[str, ...]
    program: str
    oldest: str = ""
    licence: str = ""
    url: str = ""
    hashes: str = ""
    version_args: tuple[str, ...] = ("--version",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRun:
    """One call of an outside tool, described as data: the runner starts it, an analyzer never does.

    args: follow the program, which the runner finds by `tool`; never given to a shell.
    targets: the files it is asked about; each must come back with an outcome.
    files: data files, by name, that the runner writes into `AnalyzerInputs.scratch` first.
    timeout: seconds; output_limit, memory_limit: bytes.
    cost: expected seconds for a typical change, so that long tools start first.
    readable: absolute directories that it reads besides those of its program and of the change; never from a change.
    """

    tool: str
    args: tuple[str, ...]
    targets: tuple[RepoPath, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    timeout: float = 120.0
    output_limit: int = 64 * 2**20
    memory_limit: int = 4 * 2**30
    cost: float = 1.0
    readable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """How a tool's process ended; `exit_code` is negative for a signal."""

    exit_code: int
    stdout: bytes = b""
    stderr: bytes = b""
    seconds: float = 0.0
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzerInputs:
    """All that an analyzer may look at.

    trust: on `foreign`, the repository's configuration must not be honoured.
    settings: the `[tools.NAME]` options of the configuration that are the analyzer's own.
    root: the directory that holds the files of the change's head, and the tool's working directory.
    scratch: a private directory for the tool; `ToolRun.files` are written there.
    user_options: which of the settings come from the user's own file, and not from the repository's.
    directory: where the user asked for the review; what their own file names may be relative to it.
    """

    workspace: Workspace
    trust: Trust = Trust.FOREIGN
    settings: Mapping[str, object] = field(default_factory=dict)
    root: str = "."
    scratch: str = "."
    user_options: frozenset[str] = frozenset()
    directory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A file that shows what an analyzer finds: a test of it, and a part of its page.

    source, before: the file's text after the change and before it; None is an added file.
    rules: what is found, each rule once for each place, by line; empty means that the analyzer must stay silent.
    lines: the line of each of these, where it matters.
    files: what else lies in the repository, such as the tool's configuration. base: the same before the change, where
    that differs.
    result: what the tool prints for it, where it need not run; `{root}` stands for the directory of the files.
    """

    name: str
    path: str
    source: str
    before: str | None = None
    rules: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    base: Mapping[str, str] | None = None
    trust: Trust = Trust.OWN
    settings: Mapping[str, object] = field(default_factory=dict)
    result: ToolResult | None = None


@runtime_checkable
class Analyzer(Protocol):
    """Wraps one outside tool: says how to call it and reads what it printed."""

    name: str
    tool: Tool

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for those of the files that the tool applies to, or None if it applies to none.

        Raise NotApplicable where they are of its kind and a reason beside the files is in the way.
        """

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return one outcome a target; raise ToolError where the output cannot be believed."""


@runtime_checkable
class Inspector(Protocol):
    """An analyzer that only reads: needs no outside tool and runs in process."""

    name: str

    def inspect(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return an outcome for each file that it applies to."""


class Source(Protocol):
    """Where a change comes from."""

    name: str

    order: int
    """Sources are asked in ascending order; the built-in git range comes last, at 1000."""

    def load(self, request: Request) -> Loaded | None:
        """Return what the request names, or None where it is not for this source; raise UsageError if it is bad."""


class FeatureProvider(Protocol):
    """Describes places with numbers."""

    name: str

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return named columns, each with one number a place."""


class PlaceScorer(Protocol):
    """Gives each place the probability that a reviewer stops there; sees the whole change.

    An attribute `points`, by `FocusMode`, may say how likely a place must be to be named (`hunkwise.core.focus`).
    """

    name: str

    def score(self, places: Sequence[Place]) -> Sequence[float]:
        """Return one probability in [0, 1] a place."""

    def explain(self, place: Place) -> tuple[str, ...]:
        """Return in plain words why a reviewer may stop there, strongest first."""


class Ranker(Protocol):
    """Scores, reorders or marks duplicates among candidates; pure, and drops nothing."""

    name: str
    order: int
    """Rankers run in ascending order; the built-in ones are at 0 (duplicates) and 100 (score)."""

    def rank(self, scored: Sequence[Scored]) -> Sequence[Scored]:
        """Return the same candidates, each exactly once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How a person wants to see a report; machine forms ignore it.

    width: columns. color: whether the terminal shows colours. explain: show what was held back, and why.
    verbose: list every file and reviewer instead of folding them. is_announced: whether the reader has been told
    what is compared, so that the report need not say it again.
    """

    width: int = 100
    color: bool = False
    explain: bool = False
    verbose: bool = False
    is_announced: bool = False


class Sink(Protocol):
    """A form in which a report is written."""

    name: str
    description: str

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the whole report in this form, UTF-8 where it is text; the same bytes for the same report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where a report is posted, and how: said by the trusted side, never by the report.

    pr: the address of a pull request; event: instead, the file of the event that a workflow runs for. expect_head:
    the commit that it must be at. token_file: where the token is, if not in the environment. dry_run: only tell what
    would be posted. check: write a check run too, where that may be. is_forgeable: others may have written the report.
    fail_on: how severe a comment makes the check run fail.
    """

    pr: str | None = None
    event: str | None = None
    expect_head: str | None = None
    token_file: str | None = None
    dry_run: bool = False
    check: bool = True
    is_forgeable: bool = False
    fail_on: FailOn = FailOn.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a publisher did: lines for the user, or of a dry run, what would be posted."""

    url: str = ""
    posted: int = 0
    said: tuple[str, ...] = ()
    preview: str = ""


class Grammar(Protocol):
    """Serves tree-sitter grammars."""

    name: str
    languages: tuple[str, ...]
    """Tags of `identify`, such as `python`, `java`, `c++`."""

    def load(self, language: str) -> object:
        """Return what `tree_sitter.Language` takes: a capsule named `tree_sitter.Language`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What a tool may have; all paths are absolute.

    cwd: where it runs. env: its whole environment. readable, writable: directories; `/` stands for all there is.
    timeout: seconds. memory_limit: bytes of each of its processes.
    """

    cwd: str
    env: Mapping[str, str]
    readable: tuple[str, ...]
    writable: tuple[str, ...]
    timeout: float = 120.0
    memory_limit: int = 4 * 2**30


class Sandbox(Protocol):
    """Confines an outside tool."""

    name: str
    """How the report calls it."""

    def wrap(self, argv: Sequence[str], needs: Confinement) -> tuple[str, ...]:
        """Return the call that runs `argv` confined, without a network; it is started with an empty environment."""


class Publisher(Protocol):
    """Posts a report."""

    name: str
    order: int
    """Publishers are asked in ascending order; the built-in one for GitHub comes last, at 1000."""

    def is_for(self, where: Publication) -> bool:
        """Return whether it posts there; raise UsageError where it would and something is missing, such as a token."""

    def publish(self, report: Report, where: Publication) -> Receipt:
        """Post what is kept, once."""
