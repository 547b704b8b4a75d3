import pytest

from hunkwise.core.suppressions import added_suppressions, marks, suppressed
from hunkwise.testing import make_candidate, make_change, make_finding


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("import os  # noqa: F401", "ruff.F401", True),
        ("import os  # noqa: F401", "pylint.W0611", True),
        ("import os  # noqa: F401", "ruff.F821", False),
        ("import os  # noqa", "pylint.W0611", True),
        ("import os  # noqa", "bandit.B404", False),
        ("run(x)  # nosec", "bandit.B602", True),
        ("run(x)  # nosec B602", "ruff.S602", True),
        ("x: int = f()  # type: ignore[assignment]", "mypy.assignment", True),
        ("x: int = f()  # type: ignore", "ruff.F841", False),
        ("run()  # hunkwise: ignore", "any.X1", True),
        ("run()  # hunkwise: ignore[any.X1]", "any.X1", True),
        ("run()  # hunkwise: ignore[any.X1]", "any.X2", False),
        ("let x = 1; // eslint-disable-line no-var", "eslint.no-var", True),
        ("text = 'the noqa mark'", "ruff.F401", False),
    ],
)
def test_marks_cover(text, rule, expected):
    """A mark silences its own rules, by any tool's name for them, and nothing else."""
    tool, _, name = rule.partition(".")
    candidate = make_candidate(make_finding(tool=tool, rule=name), fingerprint="f")
    assert ("f" in suppressed([candidate], lambda path, number: text if number == 1 else "")) is expected


def test_our_own_mark_may_stand_in_the_line_above():
    """`hunkwise: ignore` above a line silences the line; a `noqa` there does not."""
    candidate = make_candidate(make_finding(tool="ruff", rule="F401", line=2), fingerprint="f")
    assert suppressed([candidate], lambda path, number: {1: "# hunkwise: ignore"}.get(number, "")) != {}
    assert suppressed([candidate], lambda path, number: {1: "# noqa"}.get(number, "")) == {}


def test_added_marks_are_found():
    """Only marks in added lines count as added by the change."""
    change = make_change({"a.py": ("x  # noqa\n", "x  # noqa\ny  # nosec B101\n")})
    assert [(mark.line, mark.mark, mark.rules) for mark in added_suppressions(change)] == [(2, "nosec", ("B101",))]


def test_java_annotations_are_marks():
    """A suppressing annotation needs no comment sign."""
    assert [mark.mark for mark in marks("A.java", 1, '  @SuppressWarnings("unchecked")')] == ["@SuppressWarnings"]
