"""Turn a table of settings into typed values, or into one line for each thing that is wrong with it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from hunkwise.core.config import CommandConfig, Config, Override, RuleConfig, ToolConfig, UserConfig

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"
USER_ONLY = tuple(sorted({field.name for field in fields(UserConfig)} - {field.name for field in fields(Config)}))
EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "dataclass_type": "a table",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
}
LINE_LIMIT = 20
DATE: list[list[list[str]]] = [[[]]]
"""Stands for a date of TOML, which no setting takes."""
BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")

Path = tuple[str | int, ...]


def find_problems(table: Mapping[str, object], *, is_user: bool = False, echo: bool = True) -> tuple[str, ...]:
    """Return what is wrong with a table, one line each; with `echo` the values that are wrong are shown."""
    from pydantic import ValidationError

    problems = [
        (
            name,
            f"{name}: only your own configuration file may hold this key; the repository's may not make programs run",
        )
        for name in USER_ONLY
        if name in table and not is_user
    ]
    known = {key: value for key, value in table.items() if is_user or key not in USER_ONLY}
    try:
        convert(known)
    except ValidationError as error:
        problems += _lines_of(error, echo=echo, is_user=is_user)
    except (ValueError, RecursionError):
        problems.append(("", "holds a number with too many digits, or tables that are nested too deeply"))
    problems += [(name, f'{name}: write the name of a rule as "tool.rule" or "tool.*"') for name in _rule_names(known)]
    lines = [line for _, line in sorted(set(problems))]
    more = [f"and {len(lines) - LINE_LIMIT} more problems"] if len(lines) > LINE_LIMIT else []
    return (*lines[:LINE_LIMIT], *more)


def convert(table: Mapping[str, object]) -> UserConfig:
    """Return the typed values of a table; raise pydantic's ValidationError where it has problems."""
    # JSON, because in strict mode only there may a list become a tuple and a text a member of an enum
    return _adapter().validate_json(json.dumps(table, default=lambda _: DATE), strict=True)


def config_schema() -> dict[str, Any]:
    """Return the JSON schema of the repository's configuration file."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Config).json_schema()
    _drop_titles(schema)
    return {
        "$schema": SCHEMA_ID,
        "title": "Hunkwise",
        "description": "The configuration file .hunkwise.toml, or the table [tool.hunkwise] of pyproject.toml.",
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
    }


def dotted(path: Iterable[str | int]) -> str:
    """Return a path of keys as TOML writes it, safe to print whatever the keys hold."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if BARE_KEY.fullmatch(part) else _shortened(json.dumps(part))
            text += f".{key}" if text else key
    return text


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the closest of the known names, or an empty text where none is close."""
    return next(iter(get_close_matches(name.replace("-", "_").lower(), sorted(known), n=1, cutoff=0.6)), "")


@cache
def _adapter() -> "TypeAdapter[UserConfig]":
    from pydantic import TypeAdapter

    return TypeAdapter(UserConfig)


def _lines_of(error: "ValidationError", *, echo: bool, is_user: bool) -> Iterator[tuple[str, str]]:
    for problem in error.errors(include_url=False):
        path, kind = problem["loc"], problem["type"]
        if len(path) > 4 and (path[0], path[2]) == ("tools", "options"):
            # the value of an option may be one of several types, and each complains
            path, expected = path[:4], "text, a number, true or false, or a list of texts"
        else:
            expected = EXPECTED.get(kind, problem["msg"].removeprefix("Input should be "))
            expected = expected.format_map(problem.get("ctx", {}))
        where = dotted(path)
        if kind == "unexpected_keyword_argument":
            yield where, f"{where}: {_unknown_key(path, is_user=is_user)}"
        elif kind == "missing":
            yield where, f"{where}: this key is required"
        else:
            got = f", got {_shortened(json.dumps(problem['input']))}" if echo and problem["input"] != DATE else ""
            yield where, f"{where}: expected {expected}{got}"


def _unknown_key(path: Path, *, is_user: bool) -> str:
    *parents, name = path
    if len(parents) > 1 and parents[-2] == "rules" and str(name) not in _names_at(parents, is_user=is_user):
        quoted = dotted([*parents[:-1], f"{parents[-1]}.{name}"])
        return f"unknown key; if it is the name of a rule, put it in quotes: {quoted}"
    names = _names_at(parents, is_user=is_user)
    near = nearest(str(name), names)
    return f"unknown key; did you mean {near!r}?" if near else f"unknown key; there are {', '.join(names)}"


def _names_at(parents: Sequence[str | int], *, is_user: bool) -> tuple[str, ...]:
    match parents:
        case ["tools", _]:
            owner: type[Any] = ToolConfig
        case ["rules", _] | ["overrides", _, "rules", _]:
            owner = RuleConfig
        case ["overrides", _]:
            owner = Override
        case ["commands", _] if is_user:
            owner = CommandConfig
        case _:
            owner = UserConfig if is_user else Config
    return tuple(field.name for field in fields(owner))


def _rule_names(table: Mapping[str, object]) -> Iterator[str]:
    overrides = table.get("overrides")
    tables: list[tuple[Path, object]] = [(("rules",), table.get("rules"))]
    for index, override in enumerate(overrides if isinstance(overrides, list) else ()):
        if isinstance(override, dict):
            tables.append((("overrides", index, "rules"), override.get("rules")))
    for path, rules in tables:
        for name, rule in rules.items() if isinstance(rules, dict) else ():
            if "." not in name and not (isinstance(rule, dict) and any(isinstance(one, dict) for one in rule.values())):
                yield dotted([*path, name])


def _drop_titles(schema: Any) -> None:
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict):
            if isinstance(value.get("title"), str):
                del value["title"]
            _drop_titles(value)
        elif isinstance(value, list):
            _drop_titles(value)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
