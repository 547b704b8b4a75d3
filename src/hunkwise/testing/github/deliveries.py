"""Webhooks: signed as GitHub signs them, sent in order, recorded, and on demand lost, doubled or held back."""

import hashlib
import hmac
import json
import queue
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal

from hunkwise.testing.github.access import reaches
from hunkwise.testing.github.app_json import installation_json
from hunkwise.testing.github.repository_json import repository_json, user_json
from hunkwise.testing.github.state import App, Delivery, Installation, Json, Repository
from hunkwise.testing.github.world import World

Fate = Literal["send", "twice", "hold", "fail", "drop"]
SECONDS = 10.0


class Hooks:
    """The way out for webhooks.

    decide: what becomes of a new delivery: sent, sent twice, held until `release`, recorded as failed without being
    sent, or dropped without a trace. held: what waits. seconds: how long the receiver may take.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._queue: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._open = 0
        self._idle = threading.Condition()
        self._thread: threading.Thread | None = None
        self.decide: Callable[[Delivery], Fate] = lambda delivery: "send"
        self.held: list[Delivery] = []
        self.seconds = SECONDS

    def emit(self, event: str, action: str, repository: Repository, sender: str, extra: Json) -> None:
        """Tell each App that is installed on a repository and listens to the event."""
        for installation in list(self._world.state.installations.values()):
            app = self._world.state.apps[installation.app]
            hears = app.hook_url and installation.suspended_at is None and event in app.events
            if hears and reaches(installation, repository):
                self.send(app, event, self.payload(action, repository, sender, installation) | extra, installation)

    def emit_installation(
        self,
        action: str,
        installation: Installation,
        *,
        added: Iterable[Repository] | None = None,
        removed: Iterable[Repository] = (),
    ) -> None:
        """Tell an App what became of its installation, or of the repositories that it covers."""
        world = self._world
        app = world.state.apps[installation.app]
        if not app.hook_url:
            return
        payload: Json = {
            "action": action,
            "installation": installation_json(world, installation),
            "sender": user_json(world, installation.account),
        }
        if added is None:
            known = world.state.repositories.values()
            payload["repositories"] = self._named(one for one in known if reaches(installation, one))
            self.send(app, "installation", payload, installation)
        else:
            payload["repository_selection"] = "all" if installation.repositories is None else "selected"
            payload |= {"repositories_added": self._named(added), "repositories_removed": self._named(removed)}
            self.send(app, "installation_repositories", payload, installation)

    def payload(self, action: str, repository: Repository, sender: str, installation: Installation) -> Json:
        """Return what every event of a repository says."""
        return {
            "action": action,
            "repository": repository_json(self._world, repository),
            "sender": user_json(self._world, sender),
            "installation": {"id": installation.id, "node_id": f"MDIz_{installation.id}"},
        }

    def send(
        self, app: App, event: str, payload: Json, installation: Installation | None = None, guid: str = ""
    ) -> Delivery:
        """Send any payload as an event, unless `decide` has other plans."""
        repository = payload.get("repository")
        number = repository.get("id") if isinstance(repository, dict) else None
        delivery = self._made(
            guid=guid or str(uuid.uuid4()),
            app=app.id,
            event=event,
            action=str(payload["action"]) if "action" in payload else None,
            installation=installation.id if installation else None,
            repository=number if isinstance(number, int) else None,
            payload=payload,
        )
        fate = self.decide(delivery)
        if fate == "drop":
            return delivery
        with self._world.lock:
            self._world.state.deliveries[delivery.id] = delivery
        if fate == "hold":
            self.held.append(delivery)
        elif fate == "fail":
            delivery.status_code, delivery.status = 502, "failed to connect to host"
        else:
            for _ in range(2 if fate == "twice" else 1):
                self._enqueue(delivery)
        return delivery

    def release(self, order: Iterable[Delivery] | None = None) -> None:
        """Send what was held, in this order."""
        chosen = list(self.held if order is None else order)
        self.held.clear()
        for delivery in chosen:
            self._enqueue(delivery)

    def repeat(self, delivery: Delivery, times: int = 1, *, parallel: bool = False) -> None:
        """Send a delivery again under the same id, as a network that doubles packets would; wait until it is over."""
        if not parallel:
            for _ in range(times):
                self._post(delivery)
            return
        threads = [threading.Thread(target=self._post, args=(delivery,)) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Deliver again, as GitHub does when asked to: another attempt with the same GUID."""
        again = self._made(
            guid=delivery.guid,
            app=delivery.app,
            event=delivery.event,
            action=delivery.action,
            installation=delivery.installation,
            repository=delivery.repository,
            payload=delivery.payload,
            is_redelivery=True,
        )
        with self._world.lock:
            self._world.state.deliveries[again.id] = again
        self._enqueue(again)
        return again

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until all that was to be sent was answered or failed; raises TimeoutError where that takes too long."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._open == 0, seconds):
                raise TimeoutError(f"{self._open} webhooks were not answered within {seconds:g} seconds")

    def close(self) -> None:
        """Send no more."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(self.seconds + 1)
            self._thread = None

    def _named(self, repositories: Iterable[Repository]) -> list[Json]:
        keys = ("id", "node_id", "name", "full_name", "private")
        shown = [repository_json(self._world, one) for one in repositories]
        return [{key: one[key] for key in keys} for one in shown]

    def _made(self, **known: object) -> Delivery:
        with self._world.lock:
            number = self._world.state.next_id()
        return Delivery(id=number, delivered_at=self._world.clock.now(), **known)  # type: ignore[arg-type]

    def _enqueue(self, delivery: Delivery) -> None:
        with self._idle:
            self._open += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="fake-github-hooks", daemon=True)
                self._thread.start()
        self._queue.put(delivery)

    def _work(self) -> None:
        while (delivery := self._queue.get()) is not None:
            try:
                self._post(delivery)
            finally:
                with self._idle:
                    self._open -= 1
                    self._idle.notify_all()

    def _post(self, delivery: Delivery) -> None:
        import httpx

        app = self._world.state.apps[delivery.app]
        body = json.dumps(delivery.payload).encode()
        delivery.request_headers = _headers(app, delivery, body)
        started = time.monotonic()
        try:
            answer = httpx.post(
                app.hook_url or "",
                content=body,
                headers=delivery.request_headers,
                timeout=self.seconds,
                trust_env=False,
                verify=_tls(),
            )
        except httpx.TimeoutException:
            delivery.status_code, delivery.status = 504, "timed out"
        except (httpx.HTTPError, httpx.InvalidURL):
            delivery.status_code, delivery.status = 502, "failed to connect to host"
        else:
            delivery.status_code = answer.status_code
            delivery.status = "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
            delivery.response_headers, delivery.response_body = dict(answer.headers), answer.text[:65_536]
        delivery.duration = round(time.monotonic() - started, 3)


@cache
def _tls() -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def signature(secret: str, body: bytes) -> str:
    """Return what GitHub puts into X-Hub-Signature-256."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _headers(app: App, delivery: Delivery, body: bytes) -> dict[str, str]:
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/fake",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": signature(app.webhook_secret, body),
    }
