"""What a review tells on stderr while it goes on."""

import os
import subprocess
import sys

import pytest

from hunkwise.commands.progress import Progress

SLOW = """
import sys, time
from hunkwise.commands.progress import Progress
with Progress() as progress:
    progress("compare", "this with that")
    progress("start", "ruff")
    time.sleep(float(sys.argv[1]))
    progress("finish", "ruff")
print("rich" in sys.modules)
"""


def test_says_what_is_compared(capsys):
    """What is compared is said at once, on one line, whatever names it holds."""
    with Progress() as progress:
        progress("compare", "a\x1b[31m\nb")
        progress("start", "ruff")
        progress("finish", "ruff")
    assert capsys.readouterr() == ("", "hunkwise: a\\x1b[31m\\nb\n")


def test_quiet_says_nothing(capsys):
    """Quiet is quiet."""
    with Progress(quiet=True) as progress:
        progress("compare", "this with that")
    assert capsys.readouterr().err == ""


def test_verbose_says_each_step(capsys):
    """Where there is no terminal, -v writes plain lines."""
    with Progress(verbose=True) as progress:
        progress("start", "ruff")
        progress("finish", "ruff")
    assert capsys.readouterr().err == "hunkwise: start ruff\nhunkwise: finish ruff\n"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(("seconds", "is_shown"), [("0", False), ("3", True)])
def test_terminal_shows_long_work(seconds, is_shown):
    """On a terminal the running tools are shown, and rich is imported, only if it takes longer."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, seconds],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    out = process.communicate()[0]
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert shown.startswith(b"hunkwise: this with that")
    assert (b"running ruff" in shown) == is_shown
    assert out == f"{is_shown}\n".encode()
