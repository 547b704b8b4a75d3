"""The requests that the fake saw, with when they came and when they were answered, and without their tokens."""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from hunkwise.testing.github.clock import Clock

TOKEN = re.compile(r"gh[pousr]_[A-Za-z0-9._-]{20,}|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HIDDEN = "<token>"


@dataclass(slots=True, kw_only=True)
class Entry:
    """A request: `arrived` and `answered` by the fake's clock, the others by the machine's monotonic one.

    actor: a login, `app ID` for a JWT, empty for nobody. token: what tells one token from another.
    leaked: a token stood in the address or in the body.
    fault: the kind of the fault that it met. started: when a handler began on it, after whatever delayed it.
    """

    number: int
    method: str
    path: str
    query: str
    arrived: float
    arrived_monotonic: float
    body: str = ""
    actor: str = ""
    token: str = ""
    status: int | None = None
    started_monotonic: float | None = None
    answered: float | None = None
    answered_monotonic: float | None = None
    fault: str | None = None
    leaked: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """Return how long the answer took, None where there was none."""
        return None if self.answered_monotonic is None else self.answered_monotonic - self.arrived_monotonic


class RequestLog:
    """All requests, in the order of their arrival."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.entries: list[Entry] = []

    def arrive(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Entry:
        """Note a request."""
        text = body.decode("utf-8", "replace")
        kept = {name: without_tokens(value) for name, value in headers.items() if name != "authorization"}
        with self._lock:
            entry = Entry(
                number=len(self.entries) + 1,
                method=method,
                path=without_tokens(path),
                query=without_tokens(query),
                body=without_tokens(text),
                headers=kept,
                arrived=self._clock.now(),
                arrived_monotonic=time.monotonic(),
                leaked=any(map(TOKEN.search, (path, query, text))),
            )
            self.entries.append(entry)
        return entry

    def answer(self, entry: Entry, status: int | None) -> None:
        """Note what came of a request; None where the connection was cut."""
        entry.status = status
        entry.answered, entry.answered_monotonic = self._clock.now(), time.monotonic()

    def find(self, method: str, path: str) -> list[Entry]:
        """Return the requests of a method whose path a pattern is found in."""
        return [one for one in self.entries if one.method == method and re.search(path, one.path)]


def without_tokens(text: str) -> str:
    """Return a text with its tokens blacked out."""
    return TOKEN.sub(_HIDDEN, text)
