"""Where reports go, and in which form."""

from pathlib import Path

import pytest

from hunkwise.commands.output import check_writable, choose_sink, write
from hunkwise.core.errors import UsageError


class Form:
    description = ""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, report, options) -> bytes:
        return b""


SINKS = {name: Form(name) for name in ("checkstyle", "json", "sarif", "terminal")}


@pytest.mark.parametrize(
    ("name", "output", "expected"),
    [
        (None, None, "terminal"),
        ("json", None, "json"),
        (None, "x.sarif", "sarif"),
        (None, "x.XML", "checkstyle"),
        ("json", "x.sarif", "json"),
        (None, "x.txt", "terminal"),
    ],
)
def test_form(name, output, expected):
    """The name decides, then the suffix, then it is for the terminal."""
    assert choose_sink(SINKS, name, Path(output) if output else None).name == expected


def test_unknown_form():
    """A form that does not exist is named with the nearest and all there are."""
    with pytest.raises(UsageError) as caught:
        choose_sink(SINKS, "sariff", None)
    assert str(caught.value) == (
        "--format: there is no form 'sariff'; did you mean 'sarif'? There are checkstyle, json, sarif, terminal"
    )


def test_suffix_that_tells_nothing():
    """A file whose suffix is unknown needs a form."""
    with pytest.raises(UsageError, match=r"-o x\.dat: the name does not tell the form; say it with --format"):
        choose_sink(SINKS, None, Path("x.dat"))


def test_places_that_cannot_be_written(tmp_path):
    """A directory, or a file in a directory that is not there, is refused before a review is spent on it."""
    check_writable(None)
    check_writable(tmp_path / "new.json")
    with pytest.raises(UsageError, match="is a directory; name a file"):
        check_writable(tmp_path)
    with pytest.raises(UsageError, match="there is no directory"):
        check_writable(tmp_path / "no" / "new.json")


def test_written_bytes(tmp_path):
    """The bytes of a form arrive unchanged."""
    write(b"\xff\r\n", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"\xff\r\n"
