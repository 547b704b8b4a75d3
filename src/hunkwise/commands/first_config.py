"""The configuration file that `hunkwise init` writes: every setting with its default, and what the files suggest."""

import json
import os
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path, PurePosixPath

from hunkwise.core.config import Config
from hunkwise.core.errors import UsageError
from hunkwise.settings import FILE_NAME, TABLES, repository_file

HEAD = (
    "# How Hunkwise reviews this repository; every setting is optional, and shown with its default.",
    "# `hunkwise config show --origin` shows what holds, and `hunkwise config schema` is for your editor.",
)
NOT_WRITTEN_BY_HAND = frozenset(
    ("__snapshots__", "fixtures", "golden", "goldens", "snapshots", "testdata", "test_data", "third_party")
)
"""Folders whose files are seldom written, and never read, line by line."""
TEST_FOLDERS = frozenset(("test", "tests"))


def write_first_config(directory: str) -> Path:
    """Write the file at the root of the repository around a directory; return where. Raises UsageError if it exists."""
    from hunkwise.workspace.git import open_repository

    repository = open_repository(directory)
    root = repository.work_tree
    if root is None:
        raise UsageError(f"{repository.name} has no working tree to write {FILE_NAME} to")
    path = root / FILE_NAME
    if os.path.lexists(path):
        raise UsageError(f"{path} exists; edit it, or remove it first")
    if (found := repository_file(lambda name: (root / name).read_bytes(), is_foreign=False)) is not None:
        raise UsageError(f"{root / found.path} holds settings already, under [{'.'.join(found.table)}]; edit those")
    tracked = os.fsdecode(repository.run_in_work_tree("ls-files", "-z")).split("\0")
    text = "\n".join(first_config([name for name in tracked if name])) + "\n"
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return path


def first_config(paths: Sequence[str]) -> Iterator[str]:
    """Return the lines of a configuration for a repository that holds these files."""
    yield from HEAD
    suggested = {"exclude": [f"/{folder}/" for folder in _folders(paths, NOT_WRITTEN_BY_HAND)]}
    for setting in fields(Config):
        if setting.name in TABLES:
            continue
        yield ""
        yield from textwrap.wrap(setting.metadata["description"], 98, initial_indent="# ", subsequent_indent="# ")
        if isinstance(setting.default, StrEnum):
            yield f"# One of {', '.join(type(setting.default))}."
        found = suggested.get(setting.name)
        default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
        yield f"{setting.name} = {json.dumps(found)}" if found else f"# {setting.name} = {json.dumps(default)}"
    yield from EXAMPLES
    folders = _folders([path for path in paths if path.endswith(".py")], TEST_FOLDERS)
    if folders:
        yield ""
        yield "# Tests assert; bandit would rather that nobody did."
        yield "[[overrides]]"
        yield f"paths = {json.dumps([f'/{folder}/' for folder in folders])}"
        yield 'rules = {"bandit.B101" = {enabled = false}}'


EXAMPLES = (
    "",
    "# One tool: on or off, its seconds, and options that it alone knows.",
    "# [tools.pylint]",
    "# enabled = false",
    "",
    "# One rule, in quotes: on or off, and how severe it is.",
    '# [rules."ruff.F401"]',
    '# severity = "low"',
    "",
    "# Other settings for some files; of two that match a file, the later one wins.",
    "# [[overrides]]",
    '# paths = ["/docs/"]',
    '# skip = ["mypy"]',
)


def _folders(paths: Iterable[str], names: frozenset[str]) -> list[str]:
    """Return the outermost folders with one of these names that hold any of the files."""
    found = set()
    for path in paths:
        parents = PurePosixPath(path).parts[:-1]
        for depth, part in enumerate(parents):
            if part.lower() in names:
                found.add("/".join(parents[: depth + 1]))
                break
    return sorted(folder for folder in found if folder.isprintable())
