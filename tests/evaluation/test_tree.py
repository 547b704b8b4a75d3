from pathlib import Path

import pytest

from hunkwise.evaluation.cases import read_cases
from hunkwise.evaluation.tree import changed_later, find_tree, is_addressed

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def trees(make_repo, tmp_path):
    """A repository of one pull request: base, head and what it ended as."""
    repo = make_repo(tmp_path / "trees" / "o+r")
    for end, text in (("base", "a\n"), ("head", "a\nb\nc\nd\ne\nf\ng\n"), ("final", "a\nB\nc\nd\ne\nnew\nf\ng\n")):
        repo.write("x.txt", text)
        repo.git("update-ref", f"refs/pull/1/{end}", repo.commit())
    repo.git("update-ref", "refs/pull/2/head", "HEAD")
    return tmp_path / "trees"


def test_refs_are_found(trees):
    """A pull request with both ends has a tree, one without a base has none, nor has an unknown repository."""
    tree = find_tree(trees, "o/r", 1)
    assert (tree.base, tree.head, tree.final) == ("refs/pull/1/base", "refs/pull/1/head", "refs/pull/1/final")
    assert find_tree(trees, "o/r", 2) is None
    assert find_tree(trees, "o/other", 1) is None


def test_directory_without_a_repository_has_no_tree(tmp_path):
    """A folder of the right name that is no repository is passed over."""
    (tmp_path / "o+r.git").mkdir()
    assert find_tree(tmp_path, "o/r", 1) is None


def test_lines_that_changed_later_are_those_of_the_head(trees):
    """A changed line counts by itself, an insertion by its two neighbours."""
    assert changed_later(find_tree(trees, "o/r", 1)) == {"x.txt": {2, 5, 6}}


def test_pull_request_that_ended_at_its_head_has_no_later(trees, make_repo, tmp_path):
    """Without a final ref nothing can be said."""
    repo = make_repo(tmp_path / "trees" / "o+s")
    for end in ("base", "head"):
        repo.git("update-ref", f"refs/pull/1/{end}", repo.commit())
    assert changed_later(find_tree(trees, "o/s", 1)) is None


def test_comment_is_addressed_within_one_line():
    """The line itself and its two neighbours count."""
    later = {"x": frozenset({5})}
    assert [is_addressed(later, "x", line) for line in (3, 4, 5, 6, 7)] == [False, True, True, True, False]
    assert not is_addressed(later, "y", 5)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_addressed_share_of_people_is_the_known_one():
    """A check on the ruler: 65 % of the comments on the training PRs are addressed."""
    cases = read_cases([SHARED / "pr_train.jsonl"], SHARED / "trees").cases
    found = [
        is_addressed(later, comment.path, comment.line)
        for case in cases
        if (later := changed_later(case.tree)) is not None
        for comment in case.scored
    ]
    assert round(sum(found) / len(found), 2) == 0.65
