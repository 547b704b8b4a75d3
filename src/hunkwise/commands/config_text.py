"""Settings as text: TOML that reads back as the same settings, or JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from hunkwise.settings import Settings
from hunkwise.validation import dotted

DEFAULT = "default"


def toml_lines(settings: Settings, *, with_origin: bool = False) -> Iterator[str]:
    """Return the settings as TOML, one line a value."""
    for path, value in _leaves((), _values(settings)):
        key = ".".join(part if _is_bare(part) else json.dumps(part) for part in path)
        if path == ("overrides",) and value:
            yield f"{key} = ["
            for index, override in enumerate(value):
                yield f"  {_inline(override)}," + (f"  # {_origin(settings, path, index)}" if with_origin else "")
            yield "]"
        else:
            yield f"{key} = {_inline(value)}" + (f"  # {_origin(settings, path)}" if with_origin else "")


def json_lines(settings: Settings) -> Iterator[str]:
    """Return the settings as JSON: `config` holds the values, `origins` where each that is no default came from."""
    yield json.dumps({"config": _values(settings), "origins": dict(settings.sources)}, indent=2)


def _values(settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = _without_none(asdict(settings.config))
    if settings.plugins:
        values["plugins"] = [str(path) for path in settings.plugins]
    if settings.programs:
        values["programs"] = dict(settings.programs)
    return values


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_none(inner) for inner in value]
    return value


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    else:
        yield path, value


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{key if _is_bare(key) else json.dumps(key)} = {_inline(inner)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    # what JSON writes for text, numbers and booleans is TOML too
    return json.dumps(value)


def _is_bare(key: str) -> bool:
    return key.replace("-", "_").isidentifier() and key.isascii()


def _origin(settings: Settings, path: tuple[str, ...], *index: int) -> str:
    return settings.sources.get(dotted([*path, *index]), DEFAULT)
