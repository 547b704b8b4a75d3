"""The typed configuration of a review; files and the environment are validated into it by `hunkwise.settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar


class FilterMode(StrEnum):
    """Which findings may become comments, in reviewdog's words."""

    ADDED = "added"
    DIFF_CONTEXT = "diff_context"
    FILE = "file"
    NOFILTER = "nofilter"


class Level(StrEnum):
    """A severity, as written in configuration."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class FailOn(StrEnum):
    """A gate for the exit code: a severity, or none."""

    NONE = "none"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class FocusMode(StrEnum):
    """How readily places to look at first are named."""

    QUIET = "quiet"
    THOROUGH = "thorough"


class ReportFormat(StrEnum):
    """A form in which other tools write what they find."""

    SARIF = "sarif"
    RDJSON = "rdjson"
    RDJSONL = "rdjsonl"
    CHECKSTYLE = "checkstyle"
    JSON_LINES = "json-lines"


STRICT = {"extra": "forbid", "allow_inf_nan": False}
"""How pydantic is to read these types where outsiders' data enters; the limits stand in each field's metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolConfig:
    """Settings of one tool."""

    __pydantic_config__: ClassVar[Any] = STRICT
    enabled: bool | None = field(
        default=None,
        metadata={"description": "Run the tool, or leave it out; without it the tool's own default holds."},
    )
    timeout: float | None = field(
        default=None, metadata={"description": "Seconds the tool may take, instead of the general `timeout`.", "gt": 0}
    )
    options: Mapping[str, str | int | float | bool | list[str]] = field(
        default_factory=dict, metadata={"description": "Options that only the analyzer of this tool knows."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """Settings of one rule, named `tool.rule` or `tool.*`."""

    __pydantic_config__: ClassVar[Any] = STRICT
    enabled: bool = field(default=True, metadata={"description": "Report what the rule finds."})
    severity: Level | None = field(
        default=None, metadata={"description": "The severity of the rule's findings, instead of the tool's."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Settings for some of the files; of two that match a file, the later one wins."""

    __pydantic_config__: ClassVar[Any] = STRICT
    paths: tuple[str, ...] = field(metadata={"description": "Gitignore patterns of the files it holds for."})
    rules: Mapping[str, RuleConfig] = field(
        default_factory=dict, metadata={"description": "As `rules`, for these files."}
    )
    skip: tuple[str, ...] = field(default=(), metadata={"description": "Tools that are left out for these files."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings of a review, with their defaults."""

    __pydantic_config__: ClassVar[Any] = STRICT
    include: tuple[str, ...] = field(
        default=(), metadata={"description": "Gitignore patterns of the files to review; empty means all."}
    )
    exclude: tuple[str, ...] = field(
        default=(), metadata={"description": "Gitignore patterns of files to leave out, even if `include` matches."}
    )
    max_comments: int = field(
        default=10, metadata={"description": "How many comments a review may keep.", "ge": 0, "le": 1000}
    )
    floor: float = field(
        default=0.2,
        metadata={"description": "The least probability that a comment is worth saying, 0 to 1.", "ge": 0, "le": 1},
    )
    focus: int = field(
        default=10,
        metadata={
            "description": "How many places to name at most that a reviewer should look at first.",
            "ge": 0,
            "le": 100,
        },
    )
    focus_mode: FocusMode = field(
        default=FocusMode.QUIET,
        metadata={
            "description": "Name the one place that most likely needs a second look, where that is likely enough, "
            "or all that are worth one."
        },
    )
    fail_on: FailOn = field(
        default=FailOn.NONE,
        metadata={"description": "The severity from which a kept comment makes the exit code 1."},
    )
    filter_mode: FilterMode = field(
        default=FilterMode.ADDED,
        metadata={
            "description": "Which findings may become comments: on added lines, anywhere in the diff's hunks, "
            "anywhere in a changed file, or all."
        },
    )
    allow_incomplete: bool = field(
        default=False, metadata={"description": "Exit with 0 instead of 3 where the review is incomplete."}
    )
    timeout: float = field(default=120.0, metadata={"description": "Seconds that each tool may take.", "gt": 0})
    llm: bool = field(default=True, metadata={"description": "Let the language model read the change."})
    prompt_tokens: int = field(
        default=0,
        metadata={
            "description": "How many tokens the model is shown at a time, at least 256; 0 takes what suits the model.",
            "ge": 0,
            "le": 131_072,
        },
    )
    model_tokens: int = field(
        default=100_000,
        metadata={"description": "How many tokens the model may read in one review; the rest is skipped.", "ge": 0},
    )
    model_timeout: float = field(
        default=600.0, metadata={"description": "Seconds that the model may take for one review.", "gt": 0}
    )
    analyzers: bool = field(default=True, metadata={"description": "Run the analyzers."})
    only: tuple[str, ...] = field(default=(), metadata={"description": "Run these tools and no others."})
    skip: tuple[str, ...] = field(default=(), metadata={"description": "Leave these tools out."})
    scorer: str = field(
        default="",
        metadata={"description": "The place scorer to use; empty takes a plugin's if there is just one, else ours."},
    )
    tools: Mapping[str, ToolConfig] = field(
        default_factory=dict, metadata={"description": "Settings of one tool each, by its name."}
    )
    rules: Mapping[str, RuleConfig] = field(
        default_factory=dict,
        metadata={"description": 'Settings of one rule each, named in quotes: "tool.rule" or "tool.*".'},
    )
    overrides: tuple[Override, ...] = field(
        default=(), metadata={"description": "Settings for the files under some paths; the later one wins."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandConfig:
    """A tool of the user's own, which prints what it finds in a known form."""

    __pydantic_config__: ClassVar[Any] = STRICT
    run: tuple[str, ...] = field(
        metadata={
            "description": "The program and its arguments; never given to a shell. An argument `{files}` becomes the "
            "changed files, `{report}` in one the file that the tool writes instead of printing it."
        }
    )
    format: ReportFormat = field(metadata={"description": "The form of what it prints or writes."})
    paths: tuple[str, ...] = field(
        default=(), metadata={"description": "Gitignore patterns of the files it is for; empty means all."}
    )
    reads: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Folders that it may read on a foreign change besides that of its program."},
    )
    exit_codes: tuple[int, ...] = field(
        default=(0, 1), metadata={"description": "The exit codes with which it has done its work."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserConfig(Config):
    """What the user's own file may hold: all settings, and what makes programs run."""

    __pydantic_config__: ClassVar[Any] = STRICT
    plugins: tuple[str, ...] = field(
        default=(), metadata={"description": "Plugin files (.py) to load; relative to the file that names them."}
    )
    programs: Mapping[str, str] = field(
        default_factory=dict, metadata={"description": "The program to run for a tool, by the tool's name: a path."}
    )
    model: str = field(
        default="",
        metadata={
            "description": "The language model: a name of `hunkwise model list`, a folder, or the URL of a server; "
            "empty takes the small one, if it was pulled."
        },
    )
    trust_model: bool = field(
        default=False, metadata={"description": "Use the model's places and words whatever its card says."}
    )
    ranker: str = field(
        default="",
        metadata={
            "description": "A file of weights that `hunkwise train ranker` wrote, relative to the file that names it; "
            "empty takes those that ship."
        },
    )
    commands: Mapping[str, CommandConfig] = field(
        default_factory=dict, metadata={"description": "Tools of your own, by the names that they have in a review."}
    )
