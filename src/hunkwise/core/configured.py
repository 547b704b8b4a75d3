"""Which file of a repository configures a tool: one of the tool's own, or a shared one with a section for it."""

import configparser
from collections.abc import Callable, Iterable

from hunkwise.core.model import RepoPath, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.core.toml import read_toml

HasSection = Callable[[str], bool]
"""Tells whether the text of a shared file is about the tool."""


def own_configuration(
    inputs: AnalyzerInputs, names: Iterable[str], shared: Iterable[tuple[str, HasSection]] = ()
) -> str:
    """Return the name of the file in the root, the first that there is; nothing for a foreign change."""
    if inputs.trust is Trust.FOREIGN:
        return ""
    paths = inputs.workspace.paths()
    for name in names:
        if name in paths:
            return name
    for name, has_section in shared:
        if name in paths and has_section(inputs.workspace.read(RepoPath(name)).decode("utf-8", "replace")):
            return name
    return ""


def in_toml(tool: str) -> HasSection:
    """Return what finds `[tool.NAME]` in the text of a `pyproject.toml`."""

    def has_section(text: str) -> bool:
        try:
            found = read_toml(text).get("tool", {})
        except ValueError:
            return False
        return isinstance(found, dict) and tool in found

    return has_section


def in_ini(is_meant: Callable[[str], bool]) -> HasSection:
    """Return what finds a section, by its name, in the text of a `setup.cfg` or the like."""

    def has_section(text: str) -> bool:
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(text)
        except configparser.Error:
            return False
        return any(is_meant(section) for section in parser.sections())

    return has_section
