import pytest

from hunkwise.testing import check_sink


class Sink:
    """Writes a line for each kept comment."""

    name = "example"
    description = "lines"

    def render(self, report, options):
        lines = [f"{one.scored.candidate.location.path}: {one.text}" for one in report.kept]
        return "\n".join(lines).encode("utf-8", "backslashreplace")


def counting(self, report, options):
    self.calls = getattr(self, "calls", 0) + 1
    return Sink.render(self, report, options) + b"%d" % self.calls


def first(self, report, options):
    return f"{report.change.files[0].path} {len(report.kept)}".encode("utf-8", "replace")


def by_width(self, report, options):
    return b"x" * (1000 // (options.width - 20)) + Sink.render(self, report, options)


BROKEN = {
    "returns text": (lambda self, report, options: "x", "returned str on nothing to say; return bytes"),
    "says nothing": (lambda self, report, options: b"", "writes the same with a comment as without one"),
    "counts its calls": (counting, "gave other bytes for the same report"),
    "needs a file": (first, "raised on an empty change: IndexError"),
    "needs a line": (
        lambda self, report, options: b"%d" % sum(one.scored.candidate.location.start + 1 for one in report.kept),
        "raised on a comment on a file: TypeError",
    ),
    "needs a name in UTF-8": (
        lambda self, report, options: b"".join(one.scored.candidate.location.path.encode() for one in report.kept),
        "raised on a name that is not UTF-8: UnicodeEncodeError",
    ),
    "passes odd bytes on": (
        lambda self, report, options: b"".join(
            one.scored.candidate.location.path.encode("utf-8", "surrogateescape") for one in report.kept
        ),
        "is not UTF-8 on a name that is not UTF-8",
    ),
    "needs room": (by_width, "raised on nothing to say: ZeroDivisionError"),
}


def test_a_good_sink_passes():
    """A sink that keeps the rules passes."""
    check_sink(Sink())


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_sink_is_told(case):
    """Each rule that a sink breaks is an AssertionError that says which."""
    render, words = BROKEN[case]
    with pytest.raises(AssertionError, match=words):
        check_sink(type("Changed", (Sink,), {"render": render})())


def test_a_sink_needs_a_description():
    """A sink without a description is refused."""
    with pytest.raises(AssertionError, match="example has no description"):
        check_sink(type("Changed", (Sink,), {"description": ""})())
