"""The ways to ask a server for a label, best first: servers differ in what they know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hunkwise.llm_backend.http.answers import shares_from_logprobs, shares_from_text

Json = Any
REFUSED = frozenset({400, 404, 405, 415, 422, 500, 501})
"""What servers answer to a field that they do not know."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One way: what the request has beside its messages, and how its answer is read; `is_graded` with probabilities."""

    name: str
    is_graded: bool
    fields: Callable[[Sequence[str]], dict[str, Json]]
    read: Callable[[Json, Sequence[str]], tuple[float, ...] | None]


def manners() -> tuple[Manner, ...]:
    """Return all ways, in the order in which they are tried.

    vLLM, Ollama and others give at most 20 log-probabilities, llama.cpp as many as one asks for; llama-cpp-python
    knows schemas by a field of its own.
    """
    graded = [
        Manner(f"{count} log-probabilities", True, _logprobs(count), shares_from_logprobs) for count in (100, 20, 5)
    ]
    named = [
        Manner("a JSON schema", False, _json_schema, shares_from_text),
        Manner("a schema for JSON", False, _json_object, shares_from_text),
        Manner("words", False, lambda labels: {"max_tokens": 8}, shares_from_text),
    ]
    return (*graded, *named)


def _logprobs(count: int) -> Callable[[Sequence[str]], dict[str, Json]]:
    return lambda labels: {"max_tokens": 1, "logprobs": True, "top_logprobs": count}


def _json_schema(labels: Sequence[str]) -> dict[str, Json]:
    schema = {"name": "line", "strict": True, "schema": _schema(labels)}
    return {"max_tokens": 24, "response_format": {"type": "json_schema", "json_schema": schema}}


def _json_object(labels: Sequence[str]) -> dict[str, Json]:
    return {"max_tokens": 24, "response_format": {"type": "json_object", "schema": _schema(labels)}}


def _schema(labels: Sequence[str]) -> dict[str, Json]:
    line = {"type": "string", "enum": list(labels)}
    return {"type": "object", "properties": {"line": line}, "required": ["line"], "additionalProperties": False}
