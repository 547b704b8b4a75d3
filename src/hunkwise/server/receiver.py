"""`POST /webhook`: check the signature, store the delivery durably, answer; nothing else happens here."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from hunkwise.server.database import DatabaseDown
from hunkwise.server.inbox import Delivery, Inbox
from hunkwise.server.signature import FORM, is_signed

LARGEST = 25 * 2**20
"""Bytes of a body; GitHub sends nothing larger."""
LARGEST_TOGETHER = 8 * LARGEST
"""Bytes that all requests together may hold in memory."""
SLOWEST = 10.0
"""Seconds that a body may take; GitHub waits no longer for the whole answer."""
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
EVENTS = frozenset(
    {
        "pull_request",
        "issue_comment",
        "pull_request_review_comment",
        "pull_request_review_thread",
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
    }
)
"""The events that are stored; all others are answered and forgotten."""
log = logging.getLogger(__name__)


class _TooLarge(Exception):
    """The body is larger than GitHub's largest."""


class _Busy(Exception):
    """Too many large bodies at once."""


@dataclass(slots=True)
class _Budget:
    """How many bytes the requests may still hold."""

    left: int = LARGEST_TOGETHER


class Receiver:
    """Answers deliveries. `counted` is told of each by its outcome."""

    def __init__(
        self, secret: bytes, inbox: Inbox, counted: Callable[[str], None], *, slowest: float = SLOWEST
    ) -> None:
        self._secret, self._inbox, self._counted, self._slowest = secret, inbox, counted, slowest
        self._budget = _Budget()

    async def answer(self, request: Request) -> Response:
        """Answer one delivery: 202 only when it is stored or of no interest."""
        outcome, status = await self._receive(request)
        self._counted(outcome)
        # GitHub shows the answer to who owns the App; it says nothing that a stranger could use
        headers = {"Connection": "close"} if status in (401, 408, 413) else None
        return JSONResponse({"outcome": outcome}, status_code=status, headers=headers)

    async def _receive(self, request: Request) -> tuple[str, int]:
        signature = request.headers.get("x-hub-signature-256", "")
        if not FORM.fullmatch(signature):
            return "unsigned", 401
        held = 0
        try:
            async with asyncio.timeout(self._slowest):
                body, held = await self._body(request)
            if not is_signed(self._secret, body, signature):
                return "forged", 401
            return await self._store(request, body)
        except _TooLarge:
            return "too large", 413
        except _Busy:
            return "busy", 503
        except TimeoutError:
            return "slow", 408
        except ClientDisconnect:
            return "hung up", 400
        finally:
            self._budget.left += held

    async def _store(self, request: Request, body: bytes) -> tuple[str, int]:
        identity, event = request.headers.get("x-github-delivery", ""), request.headers.get("x-github-event", "")
        if not NAME.fullmatch(identity) or not NAME.fullmatch(event):
            return "nameless", 400
        if event not in EVENTS:
            return "ignored", 202
        try:
            kept = await self._inbox.put(Delivery(id=identity, event=event, body=body))
        except DatabaseDown as error:
            log.error("delivery is not stored: %s", error, extra={"delivery": identity})
            return "not stored", 503
        log.info("delivery is stored (%s, %s, %s bytes)", event, kept.value, len(body), extra={"delivery": identity})
        return kept.value, 202

    async def _body(self, request: Request) -> tuple[bytes, int]:
        """Return the body as it came and how much of the budget it holds; an encoding is not undone."""
        announced = request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > LARGEST:
            raise _TooLarge
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                self._budget.left -= len(chunk)
                if len(body) > LARGEST:
                    raise _TooLarge
                if self._budget.left < 0:
                    raise _Busy
            held = len(body)
            return bytes(body), held
        except BaseException:
            self._budget.left += len(body)
            raise
