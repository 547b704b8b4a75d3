"""The rules that a repository chose, as data: read from the base revision for a foreign change, and nothing else."""

import configparser
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hunkwise.core.allowed_rules import ALLOWED, Allowed, Value
from hunkwise.core.model import RepoPath, Side, Trust
from hunkwise.core.ports import AnalyzerInputs, Workspace
from hunkwise.core.toml import read_toml

LARGEST = 2**18
"""Bytes of a configuration file."""
DEEPEST = 4
"""Tables in tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InheritedRules:
    """What holds of a configuration of the base; `ignored` counts its settings that do not."""

    file: str
    values: Mapping[str, Value]
    ignored: int = 0

    @property
    def reason(self) -> str:
        """Say what did not hold, or nothing if all did."""
        if not self.ignored:
            return ""
        settings = "1 setting" if self.ignored == 1 else f"{self.ignored} settings"
        return f"by {self.file} of the base, but for {settings} that a foreign change must not use"

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list; empty where it is not set."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    def options(self, **defaults: str) -> tuple[str, ...]:
        """Return all that is set, and the defaults of what is not, as long options; a truth value is left out."""
        values = {name.replace("_", "-"): value for name, value in defaults.items()} | dict(self.values)
        return tuple(
            f"--{name}={','.join(value) if isinstance(value, tuple) else value}"
            for name, value in values.items()
            if value != () and not isinstance(value, bool)
        )


def inherited_rules(tool: str, inputs: AnalyzerInputs) -> InheritedRules | None:
    """Return what holds of the tool's configuration in the base of a foreign change; None where there is none."""
    if inputs.trust is Trust.OWN or tool not in ALLOWED:
        return None
    allowed = ALLOWED[tool]
    present = frozenset(inputs.workspace.paths(Side.BASE))
    for file, keys in allowed.files.items():
        table = _table(file, keys, inputs.workspace) if file in present else None
        if table is None:
            continue
        values: dict[str, Value] = {}
        ignored = 0
        for name, raw in _flat(table, allowed):
            value, dropped = allowed.settings[name](raw) if name in allowed.settings else (None, 1)
            ignored += dropped
            if value is not None:
                values[name] = value
        return InheritedRules(file=file, values=values, ignored=ignored)
    return None


def inherited_reason(tool: str, inputs: AnalyzerInputs) -> str:
    """Say which settings of the base do not hold for a foreign change; nothing where all do, or there are none."""
    rules = inherited_rules(tool, inputs)
    return rules.reason if rules else ""


def _table(file: str, keys: Sequence[str], workspace: Workspace) -> Mapping[str, Any] | None:
    try:
        content = workspace.read(RepoPath(file), Side.BASE)
        text = content.decode("utf-8-sig")
        if len(content) > LARGEST:
            return None
        if file.endswith(".toml"):
            found = _within(read_toml(text), keys)
        elif file.endswith(("json", "rc")) and text.lstrip().startswith("{"):
            found = _within(json.loads(text), keys)
        elif file.endswith("shellcheckrc"):
            found = _lines(text)
        else:
            found = _sections(text, keys)
    except (FileNotFoundError, ValueError, RecursionError, configparser.Error):
        return None
    return found if isinstance(found, dict) else None


def _within(document: object, keys: Sequence[str]) -> object:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _sections(text: str, names: Sequence[str]) -> dict[str, Any] | None:
    """Return the settings of the sections of these names, where `x*` means all names that begin with it."""
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    starts = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    chosen = [one for one in parser.sections() if one in names or (starts and one.lower().startswith(starts))]
    return {key: value for section in chosen for key, value in parser.items(section)} if chosen else None


def _lines(text: str) -> dict[str, Any]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not name.lstrip().startswith("#"):
            found[name.strip()] = ",".join(filter(None, (found.get(name.strip()), value.partition("#")[0].strip())))
    return found


def _flat(table: Mapping[str, Any], allowed: Allowed, above: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        parts = (*above, key.lower().replace("_", "-"))
        name = parts[-1] if allowed.by_last else ".".join(parts)
        if isinstance(value, dict) and name not in allowed.settings and len(parts) < DEEPEST:
            yield from _flat(value, allowed, parts)
        else:
            yield name, value
