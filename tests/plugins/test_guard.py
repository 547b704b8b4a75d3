import json

import pytest

from hunkwise.core.errors import ToolError
from hunkwise.plugins.guard import guarded


def test_what_is_returned_comes_through():
    """A call that returns is left alone."""
    assert guarded("who", "stage", lambda: 7) == 7


def test_our_own_errors_speak_for_themselves():
    """An error of ours becomes a failure with its own words, without the name that the failure has."""

    def call():
        raise ToolError("ruff", "was killed")

    failure = guarded("ruff", "analyze", call)
    assert (failure.who, failure.stage, failure.message, failure.hint) == ("ruff", "analyze", "was killed", "")


def test_other_errors_say_their_type_and_line():
    """Any other error becomes a failure with its type, its words and where it was raised."""
    failure = guarded("p", "rank", lambda: json.loads("{"))
    assert failure.message.startswith("JSONDecodeError: ")
    assert failure.hint.startswith("raised at decoder.py:")


def test_an_interrupt_goes_through():
    """Ctrl-C is the user's and is never taken for a plugin's failure."""

    def call():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded("p", "rank", call)
