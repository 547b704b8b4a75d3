"""A review with a coverage report, as people run it, in a real repository."""

import pytest

LCOV = "SF:a.py\nFN:1,4,f\nDA:1,1\nDA:2,1\nDA:3,0\nDA:4,1\nend_of_record\n"
USER = "[tools.coverage]\noptions.reports = ['lcov.info']\n"


@pytest.fixture
def review(hunkwise, repo, tmp_path):
    """Return a function that reviews a repository with one change and an ignored report, by coverage alone."""
    repo.write(".gitignore", "*.info\n")
    repo.write("a.py", "def f(x):\n    return 1\n")
    repo.commit()
    repo.write("a.py", "def f(x):\n    if x:\n        return 2\n    return 1\n")
    repo.write("lcov.info", LCOV)
    (tmp_path / "config" / "hunkwise").mkdir(parents=True)

    def call(*args, user="", **more):
        (tmp_path / "config" / "hunkwise" / "config.toml").write_text(user)
        more = {"cwd": repo.path, "XDG_CONFIG_HOME": str(tmp_path / "config"), **more}
        return hunkwise("review", "--only", "coverage", *args, **more)

    return call


def test_an_own_change_is_held_against_the_report_beside_it(review):
    """A report that git ignores is found in the working tree."""
    code, out, _ = review()
    assert code == 0
    assert "No test runs this line of `f`." in out


def test_the_gate_fails_the_review(review, repo):
    """With a minimum, `--fail-on high` ends with 1."""
    repo.write(".hunkwise.toml", "[tools.coverage]\noptions.minimum = 80\n")
    code, out, _ = review("--fail-on", "high", "--format", "json")
    assert code == 1
    assert "50 %, where 80 % are wanted" in out
    repo.write(".hunkwise.toml", "[tools.coverage]\noptions.minimum = 50\n")
    assert review("--fail-on", "high")[0] == 0


def test_a_foreign_change_is_held_against_what_the_user_names(review, repo, tmp_path):
    """The repository cannot name a report for a foreign change, and the user can."""
    repo.commit()
    foreign = ("--foreign", "--base", "HEAD~1", "--head", "HEAD")
    assert "No test runs" not in review(*foreign)[1]
    _, out, err = review(*foreign, user=USER)
    assert "No test runs this line of `f`." in out, err
    assert "No test runs this line of `f`." in review("-C", repo.path, *foreign, user=USER, cwd=tmp_path)[1]


def test_a_broken_report_makes_the_review_incomplete(review, repo):
    """A report that cannot be read is named, and the exit code is 3."""
    repo.write("lcov.info", "SF:a.py\nDA:1,1\n")
    code, out, err = review()
    assert code == 3
    assert "lcov.info: it ends within the record of a.py" in out + err
