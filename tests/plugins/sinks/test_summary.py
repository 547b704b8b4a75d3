"""What a report says as a whole."""

from dataclasses import replace

import pytest

from hunkwise.core.cover import build_cover
from hunkwise.core.model import Change, FileOutcome, State, Trust
from hunkwise.plugins.sinks.summary import Tone, conclude, summary_rows


def rows(report, **options):
    return {row.label: row.items for row in summary_rows(report, **options)}


@pytest.mark.parametrize(
    ("name", "tone", "text"),
    [
        ("realistic", Tone.COMMENTS, "4 comments on 19 reviewed lines"),
        ("nothing-found", Tone.GOOD, "Nothing found in 7 reviewed lines"),
        ("nothing-looked-at", Tone.INCOMPLETE, "Nothing was looked at: no changed line was for review"),
        ("empty", Tone.INCOMPLETE, "Nothing to review: the change is empty"),
        (
            "incomplete",
            Tone.INCOMPLETE,
            "No comments, but the review is incomplete: pylint: timed out after 120 s; "
            "1 line of code that no reviewer looked at",
        ),
    ],
)
def test_the_conclusion_never_looks_green_without_a_look(name, tone, text, make):
    """Good is only what was looked at, completely."""
    assert conclude(make(name)) == (tone, text)


def test_held_back_findings_are_not_nothing(realistic):
    """Where all was held back, the conclusion does not say that nothing was found."""
    report = replace(realistic, comments=realistic.comments[4:])
    assert conclude(report) == (Tone.GOOD, "Nothing worth a comment in 19 reviewed lines")


def test_a_line_that_one_reviewer_read_counts_as_reviewed(realistic):
    """Although another skipped it."""
    change = Change(id="x", files=realistic.change.files[2:3])
    outcomes = [
        FileOutcome(tool="ruff", path=change.files[0].path, state=State.REVIEWED),
        FileOutcome(tool="bandit", path=change.files[0].path, state=State.SKIPPED, reason="a test"),
    ]
    report = replace(realistic, change=change, comments=(), cover=build_cover(change, outcomes, ("bandit", "ruff")))
    assert rows(report)["Reviewed"] == ("7 of 7 changed lines: ruff 7",)
    assert rows(report)["Skipped"] == ("bandit on src/shop/mail.py (a test)",)


def test_failures_come_with_their_hint_and_once(make):
    """The reason is not repeated beside the files."""
    found = rows(make("incomplete"))
    assert found["Failed"] == ("pylint (analyze): timed out after 120 s — set `timeout` under [tools.pylint]",)
    assert found["Not read"] == ("pylint on src/shop/cart.py, src/shop/mail.py",)


def test_what_was_held_back_is_counted_by_reason(realistic):
    """And says how to see it, unless it is shown."""
    assert rows(realistic)["Held back"] == (
        "4 findings: 1 duplicate, 1 off the diff, 2 ranked too low; --explain shows them",
    )
    assert rows(realistic, explain=True)["Held back"] == ("4 findings: 1 duplicate, 1 off the diff, 2 ranked too low",)


def test_many_files_are_folded(realistic):
    """Three are named, the rest counted; `verbose` names all."""
    files = tuple(replace(realistic.change.files[3], path=f"{name}.lock") for name in "abcdefg")
    report = replace(realistic, change=Change(id="x", files=files), cover=())
    assert rows(report)["Skipped"] == ("a.lock, b.lock, c.lock and 4 more (lock file)",)
    assert rows(report, verbose=True)["Skipped"][0].count(".lock") == 7


def test_the_sandbox_of_a_foreign_change_is_named(realistic):
    """Of an own change only its absence is said, where a tool ran."""
    foreign = replace(realistic, trust=Trust.FOREIGN, manifest={"sandbox": "landlock", "unsandboxed": []})
    assert rows(foreign)["Sandbox"] == ("landlock",)
    assert "Sandbox" not in rows(replace(foreign, trust=Trust.OWN))
    own = replace(realistic, trust=Trust.OWN, manifest={"sandbox": "none", "unsandboxed": ["ruff"]})
    assert rows(own)["Sandbox"] == ("tools ran unsandboxed",)
    assert "Sandbox" not in rows(replace(own, manifest={"sandbox": "none", "unsandboxed": []}))
