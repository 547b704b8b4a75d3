"""What goes wrong by order: statuses, cuts, delays, broken bodies, wrong pages, redirects."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from hunkwise.testing.github.answers import Answer

Kind = Literal[
    "status",
    "cut",
    "delay",
    "slow_drip",
    "store_then_cut",
    "store_then_status",
    "store_then_delay",
    "truncated_json",
    "missing_page",
    "repeated_item",
    "redirect",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]


@dataclass(slots=True, kw_only=True)
class Fault:
    """A fault; match: found in `METHOD /path?query` as the request gives it, from /api/v3 on or from /OWNER.

    skip: so many matching requests pass first. times: it strikes so often, None for ever.
    seconds: of a delay, or of all of a slow drip. struck: the numbers of the logged requests that it met.
    """

    match: str
    kind: Kind
    status: int = 502
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    seconds: float = 1.0
    to: str = ""
    skip: int = 0
    times: int | None = 1
    seen: int = 0
    struck: list[int] = field(default_factory=list)

    @property
    def is_spent(self) -> bool:
        return self.times is not None and len(self.struck) >= self.times


class Faults:
    """The faults that are ordered; the first that fits a request strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ordered: list[Fault] = []

    def add(
        self,
        match: str = "",
        kind: Kind = "status",
        *,
        status: int = 502,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        seconds: float = 1.0,
        to: str = "",
        nth: int = 1,
        times: int | None = 1,
    ) -> Fault:
        """Order a fault from the nth matching request on, `times` times."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of fault; there are {', '.join(KINDS)}")
        re.compile(match)
        fault = Fault(
            match=match,
            kind=kind,
            status=status,
            headers=headers or {},
            body=body,
            seconds=seconds,
            to=to,
            skip=nth - 1,
            times=times,
        )
        with self._lock:
            self.ordered.append(fault)
        return fault

    def clear(self) -> None:
        """Take back all orders."""
        with self._lock:
            self.ordered.clear()

    @property
    def struck(self) -> int:
        """Return how many requests met a fault."""
        return sum(len(fault.struck) for fault in self.ordered)

    def meet(self, request: str, number: int) -> Fault | None:
        """Return the fault that a request meets, if any, and count it."""
        with self._lock:
            for fault in self.ordered:
                if fault.is_spent or not re.search(fault.match, request):
                    continue
                fault.seen += 1
                if fault.seen > fault.skip:
                    fault.struck.append(number)
                    return fault
        return None


def status_answer(fault: Fault) -> Answer:
    """Return the answer that a fault gives in the place of the real one."""
    if isinstance(fault.body, bytes):
        return Answer(status=fault.status, body=fault.body, headers=fault.headers, content_type="text/html")
    body = fault.body if fault.body is not None else {"message": _message(fault), "status": str(fault.status)}
    return Answer(status=fault.status, body=body, headers=fault.headers)


def spoil(fault: Fault, answer: Answer) -> Answer:
    """Return an answer as the fault leaves it."""
    if fault.kind == "truncated_json":
        raw = answer.raw()
        return replace(answer, body=raw[: len(raw) // 2])
    if fault.kind == "repeated_item" and isinstance(answer.body, list) and answer.body:
        return replace(answer, body=[*answer.body, answer.body[-1]])
    return answer


def past_a_page(link: str) -> str:
    """Return a Link header whose next page is the one after."""
    return re.sub(
        r'([?&]page=)(\d+)([^>]*>; rel="next")', lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}", link
    )


def redirect(fault: Fault, target: str) -> Answer:
    """Return the redirection that a fault gives."""
    body = json.dumps({"message": "Moved Permanently", "url": target}).encode()
    status = fault.status if 300 <= fault.status < 400 else 302
    return Answer(status=status, body=body, headers={**fault.headers, "Location": target})


def _message(fault: Fault) -> str:
    return {
        401: "Bad credentials",
        403: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        404: "Not Found",
        410: "This resource is gone",
        429: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    }.get(fault.status, "Server Error")
