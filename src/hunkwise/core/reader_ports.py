"""What the plugins around a language model are: providers of context, and backends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hunkwise.core.model import Change, Hunk, RepoPath, Side
from hunkwise.core.outline import Outline
from hunkwise.core.ports import Workspace
from hunkwise.core.reading import ContextItem, HunkTask, ModelCard, Reading, WriteJob, Written


class Outlines(Protocol):
    """The outlines of files, made when first asked for, in worker processes."""

    def outline(self, path: RepoPath, side: Side = Side.HEAD) -> Outline | None:
        """Return the outline of a file, or None where it has no grammar, is missing, or could not be parsed."""


class ContextProvider(Protocol):
    """Offers source text that helps to understand a hunk."""

    name: str

    order: int
    """Offers are packed in ascending order of their providers; the built-in ones are at 100, 200, ..."""

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> Sequence[ContextItem]:
        """Return what helps, best first; who asks cuts it to the token budget."""


class LanguageModel(Protocol):
    """A model that is ready to be asked; whatever it raises becomes a failure of the review."""

    name: str
    """How people call it."""

    identity: str
    """Changes with its weights: the key of its card and of what is cached of it."""

    card: ModelCard | None

    context_length: int
    """Tokens that a prompt and its answer may have together."""

    prompt_tokens: int
    """Tokens of a prompt that suit it, where the user asks for no other length."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, special ones not interpreted."""

    def locate(self, tasks: Sequence[HunkTask]) -> Sequence[Reading]:
        """Return one reading a task, in order."""

    def write(self, jobs: Sequence[WriteJob]) -> Sequence[Written]:
        """Return one text a job, in order: greedy or seeded, the same for the same job."""

    def close(self) -> None:
        """Free its memory and end its processes; may be called from another thread, and ends a call under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """Which model to open, from the user's side only.

    reference: a name, a folder or a URL, as the user wrote it. directory: where models are kept.
    environ: the user's environment. threads: for the computation; 0 takes what the machine has. cache: the folder of
    what can be made again; empty for none.
    """

    reference: str
    directory: str
    environ: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0
    cache: str = ""
    tell: Callable[[str], None] = lambda text: None


class Backend(Protocol):
    """Runs language models of one kind."""

    name: str

    def open(self, request: ModelRequest) -> LanguageModel | None:
        """Return the model, or None where the reference is not for this backend; raise ModelError if it is bad."""
