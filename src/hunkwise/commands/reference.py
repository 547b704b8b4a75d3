"""The reference pages of settings and verbs, as Markdown made from the code itself."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from hunkwise.core.config import CommandConfig, Config, Override, RuleConfig, ToolConfig, UserConfig
from hunkwise.settings import TABLES, variable_of
from hunkwise.validation import USER_ONLY

SECTIONS: tuple[tuple[str, type[Any]], ...] = (
    ("`[tools.NAME]`", ToolConfig),
    ('`[rules."TOOL.RULE"]`', RuleConfig),
    ("`[[overrides]]`", Override),
)
TYPES = {int: "whole number", float: "number", bool: "true or false", str: "text"}


def settings_page() -> Iterator[str]:
    """Return the tables of all settings."""
    yield "| key | type | default | environment | what it is |"
    yield "|---|---|---|---|---|"
    for setting in fields(Config):
        variable = "" if setting.name in TABLES else f"`{variable_of(setting.name)}`"
        kind = "table, see below" if setting.name in TABLES else _type(Config, setting)
        yield _row(f"`{setting.name}`", kind, _default(setting), variable, _description(setting))
    for title, owner in SECTIONS:
        yield from ("", f"## {title}", "", "| key | type | default | what it is |", "|---|---|---|---|")
        for setting in fields(owner):
            yield _row(f"`{setting.name}`", _type(owner, setting), _default(setting), _description(setting))
    yield from ("", "## Only in your own file", "", "| key | what it is |", "|---|---|")
    for setting in fields(UserConfig):
        if setting.name in USER_ONLY:
            yield _row(f"`{setting.name}`", _description(setting))
    yield from ("", "## `[commands.NAME]`, only in your own file", "")
    yield from ("| key | type | default | what it is |", "|---|---|---|---|")
    for setting in fields(CommandConfig):
        yield _row(f"`{setting.name}`", _type(CommandConfig, setting), _default(setting), _description(setting))


def verbs_page(app: Any) -> Iterator[str]:
    """Return a section for every verb of an application, with its arguments and options."""
    from typer.main import get_command

    root = get_command(app)
    yield from _verb((root.name or "",), root)


def _verb(words: tuple[str, ...], command: Any) -> Iterator[str]:
    inner = getattr(command, "commands", {})
    if len(words) > 1:
        yield from (f"## `{' '.join(words)}`", "", *(command.help or "").strip().splitlines(), "")
    shown = [param for param in command.params if not getattr(param, "hidden", False)]
    if shown:
        yield from ("| option | what it is |", "|---|---|")
        for param in shown:
            yield _row(_usage(param), param.help or "")
        yield ""
    for name in sorted(inner):
        yield from _verb((*words, name), inner[name])


def _usage(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{(param.metavar or param.name).upper()}`"
    names = [*param.opts, *param.secondary_opts]
    takes = "" if param.is_flag else f" {param.metavar or param.name.upper()}"
    return f"`{', '.join(names)}{takes}`"


def _type(owner: type[Any], setting: "Field[Any]") -> str:
    hint = get_type_hints(owner)[setting.name]
    parts = [part for part in get_args(hint) if part is not type(None)]
    if parts and len(parts) < len(get_args(hint)):
        hint = parts[0]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(f"`{member}`" for member in hint)
    if hint in TYPES:
        low, high = setting.metadata.get("ge"), setting.metadata.get("le")
        limits = f", {low} to {high}" if low is not None and high is not None else ""
        return TYPES[hint] + (", more than 0" if "gt" in setting.metadata else limits)
    if Ellipsis in get_args(hint):
        return {str: "list of texts", int: "list of whole numbers"}.get(get_args(hint)[0], "table")
    return "table"


def _default(setting: "Field[Any]") -> str:
    if setting.default is MISSING and setting.default_factory is MISSING:
        return "required"
    if setting.default is MISSING:
        return "empty"
    value = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return "" if value is None else f"`{json.dumps(value)}`"


def _description(setting: "Field[Any]") -> str:
    return str(setting.metadata["description"])


def _row(*cells: str) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def section(lines: Sequence[str]) -> str:
    """Return lines as one text without trailing blank lines."""
    return "\n".join(lines).rstrip()
