"""The typed configuration of a review; files and the environment are validated into it by `hunkwise.settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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
    """The severity from which a kept comment makes the exit code 1."""

    NONE = "none"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolConfig:
    """Settings of one tool: on or off, its time limit in seconds, and options that only its analyzer knows."""

    enabled: bool | None = None
    timeout: float | None = None
    options: Mapping[str, str | int | float | bool | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """Settings of one rule, named `tool.rule` or `tool.*`: on or off, and its severity."""

    enabled: bool = True
    severity: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Settings for the files that match `paths` (gitignore patterns)."""

    paths: tuple[str, ...]
    rules: Mapping[str, RuleConfig] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    """Tools that are left out for these files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings of a review, with their defaults.

    include, exclude: gitignore patterns; a file is reviewed if it matches `include` (or that is empty) and not
    `exclude`. max_comments: how many comments a review may keep. floor: the least probability, 0 to 1, that a
    comment is worth saying. focus: how many places to look at first. timeout: seconds for each tool.
    only, skip: names of tools.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_comments: int = 10
    floor: float = 0.2
    focus: int = 3
    fail_on: FailOn = FailOn.NONE
    filter_mode: FilterMode = FilterMode.ADDED
    allow_incomplete: bool = False
    timeout: float = 120.0
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    tools: Mapping[str, ToolConfig] = field(default_factory=dict)
    rules: Mapping[str, RuleConfig] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
