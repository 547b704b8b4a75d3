"""Drafts: what goes on a line, on a file or into the body, within GitHub's limits, and nothing twice."""

import re
import time
from dataclasses import replace

import pytest
from drafts import HEAD, MARKS, OCCASION, comment, finding, fixable, report

from hunkwise.core.model import (
    Decision,
    FileOutcome,
    Focus,
    Kind,
    Location,
    PriorComment,
    RepoPath,
    Report,
    Severity,
    Sha,
    Side,
    State,
)
from hunkwise.plugins.github.fitting import characters
from hunkwise.plugins.github.incremental import OPEN, RESOLVED, UNTHREADED
from hunkwise.plugins.github.markers import Mark, MarkKind, find_mark
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import Thread
from hunkwise.plugins.github.review import MOST_COMMENTS, MOST_ON_FILES, draft_review, missing_comments, move_to_body
from hunkwise.plugins.github.summary import LONGEST
from hunkwise.testing import make_change

SINCE = replace(OCCASION, since=Sha("a" * 40))


def print_of(number):
    return f"{number:016x}"


def many(count, **more):
    return [comment(finding(f"Claim {number}.", **more), fingerprint=print_of(number)) for number in range(count)]


def draft(*comments, occasion=OCCASION, prior=(), files=None, gone=0, **more):
    made = report(*comments, **more)
    return draft_review(made, made.change.files if files is None else files, occasion, prior, gone=gone)


def test_a_review_has_comments_on_lines():
    """Each with its range and its side, for the head that was reviewed."""
    review = draft(
        comment(finding(line=5), fingerprint=print_of(1)),
        comment(finding(line=5, end=6), fingerprint=print_of(2)),
        comment(finding(line=30, side=Side.BASE), fingerprint=print_of(3)),
    ).review
    assert HEAD == review.head
    assert [
        ("a.py", Side.HEAD, None, 5),
        ("a.py", Side.HEAD, 5, 6),
        ("a.py", Side.BASE, None, 30),
    ] == [(one.path, one.side, one.start, one.line) for one in review.comments]


def test_a_comment_off_the_hunks_is_on_its_file():
    """A review cannot hold it, so it is posted by itself."""
    made = draft(comment(finding(line=15), on_diff=False), comment(finding(line=None), fingerprint=print_of(2)))
    assert () == made.review.comments
    assert [("a.py", None)] * 2 == [(one.path, one.line) for one in made.file_comments]


def test_a_comment_off_the_diff_is_in_the_body():
    """With its place, claim and sources."""
    made = draft(comment(finding("A claim about b.", path="b.py", line=3)))
    assert ((), ()) == (made.review.comments, made.file_comments)
    assert "- `b.py:3` **medium** · A claim about b. <sub>ruff B006</sub>" in made.review.body


def test_at_most_so_many_comments_are_posted():
    """The rest is listed in the body, best first."""
    made = draft(*many(MOST_COMMENTS + 5), *many(0))
    assert MOST_COMMENTS == len(made.review.comments)
    listed = re.findall(r"Claim (\d+)\.", made.review.body)
    assert [str(number) for number in range(MOST_COMMENTS, MOST_COMMENTS + 5)] == listed
    on_files = draft(*many(MOST_ON_FILES + 2, line=15))
    assert (MOST_ON_FILES, 2) == (len(on_files.file_comments), len(on_files.in_body))


def test_what_an_earlier_review_said_is_not_repeated():
    """Whatever became of its comment; it still stands, unless somebody resolved it."""
    prior = [
        PriorComment(fingerprint=print_of(0), state=OPEN, thread="T"),
        PriorComment(fingerprint=print_of(1), state=RESOLVED, thread="T"),
        PriorComment(fingerprint=print_of(2), state=UNTHREADED),
        PriorComment(fingerprint=print_of(9), state=OPEN),
    ]
    made = draft(*many(4), occasion=SINCE, prior=prior, gone=1)
    assert [print_of(3)] == [find_mark(MARKS, MarkKind.COMMENT, one.body).key for one in made.review.comments]
    assert (1, 2, 1) == (made.standing.new, made.standing.standing, made.standing.gone)
    assert "Since `aaaaaaaaaaaa`: 1 new comment, 2 earlier ones still stand, 1 no longer found." in made.review.body


def test_earlier_comments_that_stand_are_not_passed_over():
    """A push without new comments does not read as if there were none."""
    made = draft(*many(1), occasion=SINCE, prior=[PriorComment(fingerprint=print_of(0), state=OPEN)])
    assert "### Hunkwise: No new comments; 1 earlier one still stands\n" in made.review.body


def test_equal_fingerprints_are_posted_once():
    """A forged report may repeat itself; nobody has to read it twice."""
    assert 1 == len(draft(*[comment(fingerprint="same")] * 3).review.comments)


def test_the_marker_says_what_was_said():
    """Head, configuration, whether it was all, and each fingerprint, those in the body first."""
    mark = draft(*many(2), comment(finding(path="b.py"), fingerprint=print_of(7))).mark
    said = (print_of(7), print_of(0), print_of(1))
    assert Mark(kind=MarkKind.REVIEW, key="c0ffee00", head=HEAD, is_complete=True, said=said) == mark
    assert mark == find_mark(MARKS, MarkKind.REVIEW, draft(*many(2), comment(finding(path="b.py"),
                                                           fingerprint=print_of(7))).review.body)  # fmt: skip


def test_refused_comments_move_into_the_body():
    """One, or all where GitHub does not say which; nothing is lost, and the marker still names it."""
    made = draft(*many(3), comment(finding("File.", line=15), fingerprint=print_of(8)))
    one = move_to_body(made, {made.review.comments[1]})
    assert (2, 1) == (len(one.review.comments), len(one.file_comments))
    assert "Claim 1." in one.review.body and "Claim 0." not in one.review.body
    everything = move_to_body(made)
    assert ((), ()) == (everything.review.comments, everything.file_comments)
    assert all(text in everything.review.body for text in ("Claim 0.", "Claim 1.", "Claim 2.", "File."))
    assert set(made.mark.said) == set(one.mark.said) == set(everything.mark.said)


def test_files_that_the_report_does_not_know_are_named():
    """A report on another diff, or a cut one, is not a complete review."""
    files = make_change({"a.py": ("1\n", "2\n"), "new.py": "x\n"}).files
    made = draft(files=files)
    assert not made.mark.is_complete
    assert "the report has nothing on new.py" in made.review.body
    assert "incomplete" in made.review.body.split("\n")[0]


def test_lines_are_those_of_githubs_diff():
    """A comment whose line is not in it goes to the file, whatever the report says of its place."""
    files = make_change({"a.py": ("1\n2\n", "1\nx\n")}).files
    made = draft(comment(finding(line=51)), files=files)
    assert [None] == [one.line for one in made.file_comments]


def test_what_was_not_reviewed_is_listed_and_seen():
    """Unfolded, before what was reviewed."""
    outcomes = [
        FileOutcome(tool="ruff", path=RepoPath("a.py"), state=State.REVIEWED),
        FileOutcome(tool="pylint", path=RepoPath("a.py"), state=State.FAILED, reason="timed out"),
    ]
    text = draft(outcomes=outcomes).review.body
    assert "**Not reviewed**\n\n- **Not read**: pylint on a.py (timed out)" in text
    assert text.index("**Not reviewed**") < text.index("<details>")
    assert "incomplete" in text.split("\n")[0]


def test_all_that_was_not_reviewed_is_named():
    """Where few names stand for many, a folded list has them all."""
    change = make_change({f"f{number}.lock": "x\n" for number in range(9)})
    files = tuple(replace(file, kind=Kind.LOCK, reason="lock file") for file in change.files)
    made = draft_review(Report(change=replace(change, files=files)), files, OCCASION)
    seen, folded = made.review.body.split("<details><summary>All that was not reviewed</summary>")
    assert "f7.lock" not in seen and "f7.lock" in folded


@pytest.mark.parametrize("text", ["@a", "\ud800", "\U000e0041", "😀", "<b>"])
def test_no_body_is_too_long(text):
    """However much is to be listed, it ends in the marker, says what was left out, and closes what it opens."""
    much = text * 200
    comments = [comment(finding(much, path=f"{much}{number}"), fingerprint=print_of(number)) for number in range(400)]
    change = make_change({f"{much}{number}.py": "x\n" for number in range(300)})
    made = Report(
        change=change,
        description=much,
        comments=tuple(comments),
        focus=tuple(Focus(location=Location(path=RepoPath(much), start=1), probability=1, reasons=(much,) * 9)
                    for _ in range(100)),
        notes=(much,) * 500,
    )  # fmt: skip
    started = time.process_time()
    drafted = draft_review(made, change.files, OCCASION)
    body = drafted.review.body
    assert time.process_time() - started < 10
    assert characters(body) <= LONGEST
    assert find_mark(MARKS, MarkKind.REVIEW, body) == replace(drafted.mark, said=drafted.mark.said[:300])
    assert body.count("<details>") == body.count("</details>")
    assert 0 == body.count("```") and "left out for length" in body
    assert "**Not reviewed**\n\n- **No reviewer**" in body


def test_a_review_that_found_nothing_says_what_it_read():
    """And is neither empty nor long."""
    assert (
        "### Hunkwise: Nothing found in 8 reviewed lines\n\n"
        "<details><summary>What was reviewed</summary>\n\n"
        "- **Reviewed**: 8 of 8 changed lines: ruff 8\n\n</details>\n\n"
        "<sub>Reviewed at `bbbbbbbbbbbb`</sub>\n\n<!-- hunkwise:1 review "
    ) in draft().review.body


def test_file_comments_that_were_posted_are_not_missing():
    """After a crash between the review and its file comments, only those without a thread of ours are posted."""
    made = draft(*many(3, line=15))
    first = made.file_comments[0]
    thread = Thread(id="T", comment=1, body=first.body, path=first.path)
    assert made.file_comments[1:] == missing_comments(made.file_comments, [thread], MARKS)
    stranger = replace(thread, body=first.body.replace("sig=", "sig=0")[:-1])
    assert made.file_comments == missing_comments(made.file_comments, [stranger], MARKS)


def test_a_forgeable_report_posts_no_suggestion():
    """The same report does where it is ours."""
    one = comment(fixable(severity=Severity.LOW), suggestion="x\n")
    forgeable = Occasion(marks=MARKS, head=HEAD, is_forgeable=True)
    assert "suggestion" in draft(one).review.comments[0].body
    assert "suggestion" not in draft(one, occasion=forgeable).review.comments[0].body


def test_only_kept_comments_are_posted():
    """What was held back stays so."""
    held = comment(decision=Decision.LOW_RANK)
    assert () == draft(held).review.comments
