"""The border between plugins and the review: the one place where anything may be raised."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.failure import Failure

T = TypeVar("T")


def guarded(who: str, stage: str, call: Callable[[], T]) -> T | Failure:
    """Call a plugin's code; whatever it raises, an attempt to exit included, becomes a `Failure` that names it."""
    try:
        return call()
    except HunkwiseError as error:
        return Failure(who=who, stage=stage, message=str(error).removeprefix(f"{who}: "))
    except (Exception, SystemExit) as error:  # noqa: BLE001  the plugin boundary
        return Failure(who=who, stage=stage, message=f"{type(error).__name__}: {error}", hint=_raised_at(error))


def _raised_at(error: BaseException) -> str:
    place, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<frozen"):
            place = f"raised at {Path(file).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
