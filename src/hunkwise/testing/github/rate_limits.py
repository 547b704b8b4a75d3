"""GitHub's limits, and how much of them was used: requests an hour, points and content a minute, requests at once."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from hunkwise.testing.github.answers import Refused
from hunkwise.testing.github.clock import Clock

_CONTENT = re.compile(r"/(comments|reviews|replies|issues|pulls)$")
_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"


@dataclass(slots=True, kw_only=True)
class Limits:
    """GitHub's limits, which a test may lower; None lifts one of a rate."""

    requests_per_hour: int | None = 5000
    points_per_minute: int | None = 900
    graphql_points_per_minute: int | None = 2000
    content_per_minute: int | None = 80
    content_per_hour: int | None = 500
    concurrent: int | None = 100
    body_characters: int = 65_536
    listed_files: int = 3000
    patch_bytes: int = 500_000
    patch_lines: int = 20_000
    total_patch_bytes: int = 1_000_000
    total_patch_lines: int = 20_000
    diff_files: int = 300
    diff_lines: int = 20_000
    annotations: int = 50


@dataclass(slots=True)
class _Use:
    started: float = 0.0
    requests: int = 0
    points: deque[tuple[float, int]] = field(default_factory=deque)
    graphql_points: deque[tuple[float, int]] = field(default_factory=deque)
    content: deque[tuple[float, int]] = field(default_factory=deque)


class RateLimits:
    """What each token's owner used; call with the world's lock held."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._uses: dict[str, _Use] = defaultdict(_Use)

    def enter(self, key: str, method: str, path: str, body: bytes, running: int) -> None:
        """Count a request, one of so many running; raises Refused where it is one too many."""
        limits, now = self._limits, self._clock.now()
        use = self._uses[key]
        if now - use.started >= 3600 or now < use.started:
            use.started, use.requests = now, 0
        if path.endswith("/rate_limit"):
            return
        if limits.requests_per_hour is not None and use.requests >= limits.requests_per_hour:
            words = f"API rate limit exceeded for {key}."
            raise Refused(403, words, docs=_DOCS.partition("#")[0], headers=self.headers(key))
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

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers that tell how much is left."""
        left = {f"X-RateLimit-{name.title()}": str(value) for name, value in self.left(key).items()}
        return left | {"X-RateLimit-Resource": "core"}

    def left(self, key: str) -> dict[str, int]:
        """Return `limit`, what was `used` of it, how much is `remaining`, and when it starts again: `reset`."""
        use = self._uses[key]
        limit = self._limits.requests_per_hour
        limit = 1_000_000 if limit is None else limit
        remaining = max(limit - use.requests, 0)
        return {"limit": limit, "used": use.requests, "remaining": remaining, "reset": int(use.started + 3600)}


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
