"""Notices, and older reviews that send their reader to the newer one."""

import pytest
from drafts import HEAD, MARKS, OCCASION, comment, report

from hunkwise.plugins.github.incremental import same_notice
from hunkwise.plugins.github.markers import MarkKind, find_mark
from hunkwise.plugins.github.port import PostedReview
from hunkwise.plugins.github.review import draft_review
from hunkwise.plugins.github.summary import Notice, notice, superseded

NEWER = PostedReview(id=2, url="https://github.com/octo/app/pull/7#pullrequestreview-2", body="", head="c" * 40)


def posted(body):
    return PostedReview(id=1, url="https://x", body=body, head=HEAD)


def test_an_older_review_points_to_the_newer_one():
    """It says what it concluded, and keeps its marker, so that nothing is said again."""
    made = report(comment())
    old = posted(draft_review(made, made.change.files, OCCASION).review.body)
    text = superseded(old, NEWER, OCCASION)
    shown, marker = text.rsplit("\n\n", 1)
    assert (
        "### Hunkwise: superseded\n\n"
        f"See [the review of `cccccccccccc`](<{NEWER.url}>).\n\n"
        "It said: 1 comment on 8 reviewed lines"
    ) == shown
    assert find_mark(MARKS, MarkKind.REVIEW, old.body) == find_mark(MARKS, MarkKind.REVIEW, marker)
    assert superseded(posted(text), NEWER, OCCASION) is None


def test_what_is_not_ours_is_not_superseded():
    """A review without a marker, or a notice, is left as it is."""
    for body in ("### Hunkwise: LGTM", "", notice(Notice.PAUSED, OCCASION).body):
        assert superseded(posted(body), NEWER, OCCASION) is None


@pytest.mark.parametrize("what", Notice)
def test_a_notice_is_known_again(what):
    """By its kind and its head."""
    review = notice(what, OCCASION, "no answer from @team\n/approve")
    assert () == review.comments and f"### Hunkwise: {what.value}" == review.body.split("\n")[0]
    assert "Reason: no answer from @<!-- -->team /approve" in review.body
    mine = posted(review.body)
    assert mine == same_notice([posted("x"), mine], what, OCCASION)
    others = [one for one in Notice if one is not what]
    assert [None] * len(others) == [same_notice([mine], other, OCCASION) for other in others]
