"""Give up on a call that does not come back."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from hunkwise.core.failure import Failure
from hunkwise.plugins.guard import guarded

T = TypeVar("T")


class Deadline:
    """A budget of seconds for several calls; the clock runs only while one of them does."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self._left = seconds

    def call(self, who: str, stage: str, call: Callable[[], T], stop: Callable[[], None]) -> T | Failure:
        """Make a guarded call within what is left; one that takes longer is left behind, after `stop` was called."""
        found: list[T | Failure] = []
        thread = threading.Thread(target=lambda: found.append(guarded(who, stage, call)), daemon=True)
        started = time.monotonic()
        thread.start()
        thread.join(max(self._left, 0.0))
        self._left -= time.monotonic() - started
        if thread.is_alive():
            guarded(who, "close", stop)
            thread.join(1.0)
            return Failure(
                who=who,
                stage=stage,
                message=f"no answer within {self.seconds:g} s; raise `model_timeout`, or take a smaller model",
            )
        return found[0]
