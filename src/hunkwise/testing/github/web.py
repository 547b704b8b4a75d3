"""The HTTP side: where a request goes, what it meets on its way, and what is noted of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, unquote

from hunkwise.testing.github import endpoints, faults, git_http, graphql, manifests, pages, routes
from hunkwise.testing.github.access import authenticate, require
from hunkwise.testing.github.answers import Answer, Refused, not_found
from hunkwise.testing.github.asked import Call
from hunkwise.testing.github.faults import Fault, Faults
from hunkwise.testing.github.judge import Judge, Violation
from hunkwise.testing.github.log import Entry, RequestLog
from hunkwise.testing.github.world import World

OWNER = "octo-org"
_REST, _GRAPHQL = "/api/v3", "/api/graphql"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def target(self) -> str:
        return f"{self.path}{'?' if self.query else ''}{self.query}"


class Web:
    """An ASGI application over a world; `cut` closes the connection of a peer without an answer."""

    def __init__(
        self,
        world: World,
        cut: Callable[[tuple[str, int]], None],
        stranger: Callable[[], str],
        *,
        judged: bool = True,
    ) -> None:
        self.world = world
        endpoints.load()
        self.log = RequestLog(world.clock)
        self.faults = Faults()
        self.judge = Judge()
        self._in_flight = 0
        self._judged = judged
        self.control: Callable[[str, bytes], Answer] | None = None
        self._cut = cut
        self._stranger = stranger
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="fake-github")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.judge.close()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(
            method=scope["method"],
            path=unquote(scope["raw_path"].decode("latin-1"), errors="surrogateescape"),
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=await _body(receive),
        )
        if request.path.startswith("/_fake/") and self.control is not None:
            control = self.control
            answer = await self._run(lambda: control(request.path.removeprefix("/_fake/"), request.body))
            await _send(send, answer, None, self.world.clock.now())
            return
        entry = self.log.arrive(request.method, request.path, request.query, request.headers, request.body)
        fault = self.faults.meet(f"{request.method} {request.target}", entry.number)
        entry.fault = fault.kind if fault else None
        peer = scope["client"]
        if fault and fault.kind == "cut":
            self.log.answer(entry, None)
            self._cut(peer)
            return
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        self._in_flight += 1
        try:
            answer = await self._run(lambda: self._answer(entry, request, fault))
        except Exception as error:
            self._blame(request.method, request.path, f"the fake itself broke: {error!r}")
            raise
        finally:
            self._in_flight -= 1
        if fault and fault.kind == "store_then_cut":
            self.log.answer(entry, None)
            self._cut(peer)
            return
        if fault and fault.kind == "store_then_delay":
            await asyncio.sleep(fault.seconds)
        self.log.answer(entry, answer.status)
        await _send(send, answer, fault, self.world.clock.now())

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _answer(self, entry: Entry, request: Request, fault: Fault | None) -> Answer:
        if fault and fault.kind == "status":
            return faults.status_answer(fault)
        if fault and fault.kind == "redirect":
            return faults.redirect(fault, fault.to or f"{self._stranger()}{request.target}")
        path, query, body = request.path, request.query, request.body
        if path in (_GRAPHQL, _REST) or path.startswith(f"{_REST}/"):
            answer = self._api(entry, request)
        elif manifests.PAGE.fullmatch(path):
            answer = manifests.take(self.world, path, query, body, OWNER)
        elif request.method == "GET" and pages.PAGE.fullmatch(path):
            answer = pages.show(self.world, path)
        else:
            answer, entry.actor = git_http.serve(self.world, request.method, path, query, request.headers, body)
        if fault and fault.kind == "store_then_status":
            return faults.status_answer(fault)
        if fault and fault.kind == "missing_page" and "Link" in answer.headers:
            link = faults.past_a_page(answer.headers["Link"])
            return replace(answer, headers={**answer.headers, "Link": link})
        return faults.spoil(fault, answer) if fault else answer

    def _api(self, entry: Entry, request: Request) -> Answer:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        is_graphql = request.path == _GRAPHQL
        path = request.path.removeprefix(_REST)
        limited: Mapping[str, str] = {}
        counted = None
        if is_graphql:
            graphql.schema()
        try:
            with self.world.lock:
                actor = authenticate(self.world, request.headers)
                entry.token = actor.token.mark if actor.token else ""
                entry.actor = actor.login or (f"app {actor.app_id}" if actor.is_app else "")
                self.world.rates.enter(actor.key, request.method, request.path, request.body, self._in_flight)
                counted = actor.key
                path = self._named(path)
                entry.started_monotonic = time.monotonic()
                if is_graphql:
                    answer = graphql.answer(self.world, actor, request.body, entry.number, self.judge.report)
                else:
                    call = Call(
                        world=self.world,
                        actor=actor,
                        method=request.method,
                        path=path,
                        query=query,
                        headers=request.headers,
                        body=request.body,
                        number=entry.number,
                    )
                    answer = self._rest(call)
        except Refused as refused:
            answer = refused.answer()
        finally:
            if counted is not None:
                limited = self.world.rates.headers(counted)
        answer = replace(answer, headers={**_usual(entry), **limited, **answer.headers})
        if self._judged and not is_graphql:
            if answer.status < 400 or answer.status == 403:
                self.judge.see_request(request.method, path, query, request.body)
            if answer.content_type.startswith("application/json"):
                self.judge.see_response(request.method, path, answer.status, answer.raw())
        return answer

    def _rest(self, call: Call) -> Answer:
        found = routes.find("GET" if call.method == "HEAD" else call.method, call.path)
        if found is None:
            self._blame(call.method, call.path, "the fake does not know this path")
            raise not_found()
        route, parameters = found
        repository = None
        if "repo" in parameters:
            repository = self.world.repository(parameters["owner"], parameters["repo"])
        require(self.world, call.actor, route.needs, repository)
        return route.handler(replace(call, parameters=parameters))

    def _blame(self, method: str, path: str, words: str) -> None:
        self.judge.report(Violation(method=method, path=path, side="fake", words=words))

    def _named(self, path: str) -> str:
        """Return a path that goes by a repository's number, as those in Link headers do, with its name."""
        parts = path.split("/", 3)
        if len(parts) < 3 or parts[1] != "repositories" or not parts[2].isdigit():
            return path
        repository = self.world.state.repositories.get(int(parts[2]))
        if repository is None:
            raise not_found()
        return "/".join(("", "repos", repository.full_name, *parts[3:]))


def _usual(entry: Entry) -> dict[str, str]:
    return {
        "X-GitHub-Request-Id": f"FAKE:{entry.number:08X}",
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Enterprise-Version": "3.18.0",
    }


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: Answer, fault: Fault | None, now: float) -> None:
    raw = answer.raw()
    pairs = {
        "Date": formatdate(now, usegmt=True),
        **answer.headers,
        "Content-Type": answer.content_type,
        "Content-Length": str(len(raw)),
    }
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    if fault and fault.kind == "slow_drip":
        size = max(len(raw) // 20, 1)
        for at in range(0, len(raw), size):
            await send({"type": "http.response.body", "body": raw[at : at + size], "more_body": True})
            await asyncio.sleep(fault.seconds / 20)
        raw = b""
    await send({"type": "http.response.body", "body": raw})
