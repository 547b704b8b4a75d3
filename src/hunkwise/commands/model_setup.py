"""Fetch, convert and remove language models, and tell on stderr how it goes."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hunkwise.llm_backend.store import ModelFolder, default_directory


class Told:
    """Says on stderr what is being done: each stage once, and on a terminal how far it is."""

    def __init__(self, name: str) -> None:
        self._name, self._stage, self._is_open = name, "", False
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, count: int) -> None:
        if self._is_terminal and count > 1:
            print(f"\r{self._name}: {stage} {done}/{count}", end="", file=sys.stderr, flush=True)
            self._is_open = True
        elif stage != self._stage:
            self.say(stage)
        self._stage = stage

    def say(self, text: str) -> None:
        """Print a line."""
        self.end()
        print(f"{self._name}: {text}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line that shows how far it is."""
        if self._is_open:
            print(file=sys.stderr)
        self._is_open = False


def models_directory() -> Path:
    """Return the models folder of this user."""
    return default_directory(os.environ)


def pull_models(names: Sequence[str], *, again: bool) -> None:
    """Fetch the models of those names, or the default one; ModelError for the first that cannot be had."""
    from hunkwise.llm_backend.known import DEFAULT
    from hunkwise.llm_backend.pull import known_model, pull
    from hunkwise.workspace.process import Stop

    for known in [known_model(name) for name in names or (DEFAULT,)]:
        told, started = Told(known.name), time.monotonic()
        with Stop() as stop:
            try:
                model, is_new = pull(known.name, models_directory(), os.environ, again=again, tell=told, stop=stop)
            finally:
                told.end()
        told.say(_ready(model, time.monotonic() - started) if is_new else f"is there, in {model.path}")


def convert_model(source: Path, *, name: str, quantization: str) -> None:
    """Convert the model at a path into the models folder."""
    from hunkwise.llm_backend.formats import convert_path, name_for

    told, started = Told(name or name_for(source)), time.monotonic()
    try:
        model = convert_path(source, models_directory(), name=name, quantization=quantization, tell=told)
    finally:
        told.end()
    told.say(_ready(model, time.monotonic() - started))


def remove_models(names: Sequence[str]) -> None:
    """Remove the models of those names; ModelError for the first that is not there."""
    from hunkwise.llm_backend.store import remove

    for name in names:
        print(f"{name}: removed {remove(name, models_directory())}", file=sys.stderr)


def _ready(model: ModelFolder, seconds: float) -> str:
    return f"ready in {seconds:.1f} s, {model.size / 1e6:,.0f} MB ({model.quantization}), in {model.path}"
