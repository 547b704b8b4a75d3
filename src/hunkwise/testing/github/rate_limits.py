"""GitHub's limits: requests an hour, points and content a minute, requests at once."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from hunkwise.testing.github.access import Actor
from hunkwise.testing.github.calls import Refused
from hunkwise.testing.github.world import World

_CONTENT = re.compile(r"/(comments|reviews|replies|issues|pulls)$")
_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"


@dataclass(slots=True)
class _Use:
    started: float = 0.0
    requests: int = 0
    points: deque[tuple[float, int]] = field(default_factory=deque)
    graphql_points: deque[tuple[float, int]] = field(default_factory=deque)
    content: deque[tuple[float, int]] = field(default_factory=deque)


class RateLimits:
    """What each token's owner used; call with the world's lock held."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._uses: dict[str, _Use] = defaultdict(_Use)

    def enter(self, actor: Actor, method: str, path: str, body: bytes, running: int) -> str:
        """Count a request, one of so many running; raises Refused where it is one too many. Return its key."""
        limits, now = self._world.limits, self._world.clock.now()
        use = self._uses[actor.key]
        if now - use.started >= 3600 or now < use.started:
            use.started, use.requests = now, 0
        if path.endswith("/rate_limit"):
            return actor.key
        if limits.requests_per_hour is not None and use.requests >= limits.requests_per_hour:
            words = f"API rate limit exceeded for {actor.key}."
            raise Refused(403, words, docs=_DOCS.partition("#")[0], headers=self.headers(actor.key))
        use.requests += 1
        is_graphql = path.endswith("/graphql")
        writes = b"mutation" in body if is_graphql else method not in ("GET", "HEAD", "OPTIONS")
        spent = use.graphql_points if is_graphql else use.points
        ceiling = limits.graphql_points_per_minute if is_graphql else limits.points_per_minute
        if limits.concurrent is not None and running > limits.concurrent:
            raise _secondary("You have exceeded a secondary rate limit.", {})
        _spend(spent, now, 5 if writes else 1, 60, ceiling, "You have exceeded a secondary rate limit.")
        creates = (method == "POST" and _CONTENT.search(path)) or (is_graphql and re.search(rb"\badd[A-Z]", body))
        if creates:
            words = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
            _check(use.content, now, 3600, limits.content_per_hour, words)
            _spend(use.content, now, 1, 60, limits.content_per_minute, words, hold=3600)
        return actor.key

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers that tell how much is left."""
        limit, used, reset = self.numbers(key)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(limit - used, 0)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Resource": "core",
        }

    def numbers(self, key: str) -> tuple[int, int, int]:
        """Return the limit, what was used of it, and when it starts again."""
        use = self._uses[key]
        limit = self._world.limits.requests_per_hour
        return 1_000_000 if limit is None else limit, use.requests, int(use.started + 3600)


def _spend(
    spent: deque[tuple[float, int]],
    now: float,
    points: int,
    window: float,
    ceiling: int | None,
    words: str,
    *,
    hold: float = 60,
) -> None:
    while spent and not now - hold < spent[0][0] <= now:
        spent.popleft()
    _check(spent, now, window, None if ceiling is None else ceiling - points + 1, words)
    spent.append((now, points))


def _check(spent: deque[tuple[float, int]], now: float, window: float, ceiling: int | None, words: str) -> None:
    within = [(at, points) for at, points in spent if at > now - window]
    if ceiling is not None and sum(points for _, points in within) >= ceiling:
        wait = max(int(within[0][0] + window - now), 1) if within else 60
        raise _secondary(words, {"Retry-After": str(wait)})


def _secondary(words: str, headers: Mapping[str, str]) -> Refused:
    return Refused(403, f"{words} Please retry your request again later.", docs=_DOCS, headers=headers)
