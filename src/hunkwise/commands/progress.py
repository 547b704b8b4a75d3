"""What a review tells on stderr while it goes on."""

import sys
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hunkwise.core.text import printable

if TYPE_CHECKING:
    from rich.status import Status

DELAY = 0.5


class Progress:
    """Says what is compared, and on a terminal, if it takes longer, which tools still run.

    Call it with an event and its text: ("compare", description), ("start" or "finish", tool),
    ("read", how far the model is), ("stage", name).
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._is_terminal = sys.stderr.isatty() and not quiet
        self._running: list[str] = []
        self._stage = "reading the change"
        self._status: Status | None = None
        self._lock = Lock()
        self._is_over = False
        self._timer = Timer(DELAY, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._is_terminal:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._status is not None:
                self._status.stop()

    def __call__(self, event: str, text: str) -> None:
        if event == "compare":
            self.say(text)
        elif event == "start":
            self._running.append(text)
        elif event == "finish":
            self._running = [one for one in self._running if one != text and not one.startswith(f"{text} ")]
        elif event == "read":
            self._running = [text if text.startswith(f"{one.split()[0]} ") else one for one in self._running]
        elif event == "stage":
            self._stage = text
        if self._status is not None:
            self._status.update(self._line())
        elif self._verbose and not self._is_terminal and event != "compare":
            self.say(f"{event} {text}")

    def say(self, text: str) -> None:
        """Print a line, unless it should be quiet."""
        if not self._quiet:
            print(f"hunkwise: {printable(text)}", file=sys.stderr)

    def _show(self) -> None:
        from rich.console import Console

        with self._lock:
            if not self._is_over:
                self._status = Console(stderr=True).status(self._line())
                self._status.start()

    def _line(self) -> str:
        from rich.markup import escape

        return escape(printable(f"running {', '.join(sorted(self._running))}" if self._running else self._stage))
