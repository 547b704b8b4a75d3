"""Read JSON that a stranger wrote: members have the type they should have, or the error says where they have not."""

import json
from collections.abc import Iterator, Mapping

from hunkwise.core.errors import ReportError

GREATEST = 2**31


class JsonObject:
    """An object in a document; `where` is its place, for errors. A member that is null counts as not there."""

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise ReportError(f"{where or 'the document'} is {_shown(value)}, where an object is wanted")
        self._value: Mapping[str, object] = value
        self.where = where

    def __contains__(self, name: str) -> bool:
        return self._value.get(name) is not None

    def text(self, *names: str) -> str:
        """Return the first of these members that is there, or nothing; a number is taken as text."""
        for name in names:
            value = self._value.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                return str(value)
            if value is not None:
                raise self._wrong(name, "a text")
        return ""

    def number(self, *names: str) -> int | None:
        """Return the first of these members that is there, as a whole number."""
        for name in names:
            value = self._value.get(name)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= GREATEST:
                return value
            if value is not None:
                raise self._wrong(name, "a whole number")
        return None

    def flag(self, name: str) -> bool | None:
        value = self._value.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def child(self, name: str) -> "JsonObject":
        """Return an object; an empty one where there is none."""
        value = self._value.get(name)
        return JsonObject({} if value is None else value, self._at(name))

    def children(self, name: str) -> "tuple[JsonObject, ...]":
        return tuple(JsonObject(value, f"{self._at(name)}[{index}]") for index, value in enumerate(self.values(name)))

    def values(self, name: str) -> tuple[object, ...]:
        value = self._value.get(name)
        if value is not None and not isinstance(value, list):
            raise self._wrong(name, "a list")
        return tuple(value or ())

    def texts(self, name: str) -> tuple[str, ...]:
        """Return those members of a list that are texts."""
        return tuple(value for value in self.values(name) if isinstance(value, str))

    def names(self) -> tuple[str, ...]:
        return tuple(self._value)

    def _at(self, name: str) -> str:
        return f"{self.where}.{name[:60]}" if self.where else name[:60]

    def _wrong(self, name: str, wanted: str) -> ReportError:
        return ReportError(f"{self._at(name)} is {_shown(self._value.get(name))}, where {wanted} is wanted")


def read_json(data: bytes) -> object:
    """Return the value of a document; raise ReportError where it is no JSON."""
    try:
        value: object = json.loads(data)
    except UnicodeDecodeError as error:
        raise ReportError("it is not in UTF-8") from error
    except json.JSONDecodeError as error:
        raise ReportError(f"line {error.lineno}: it is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError("it is JSON that is nested too deeply, or with a number of too many digits") from error
    return value


def read_json_lines(data: bytes) -> Iterator[JsonObject]:
    """Yield the object of each line that is not blank."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if line.strip():
            try:
                value = read_json(line)
            except ReportError as error:
                raise ReportError(f"line {number}: {str(error).removeprefix('line 1: ')}") from error
            yield JsonObject(value, f"line {number}")


def _shown(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
