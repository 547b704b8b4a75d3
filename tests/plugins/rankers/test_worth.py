import pytest

from hunkwise.core.config import Config
from hunkwise.core.model import Category, Severity
from hunkwise.plugins.rankers.worth import Worth
from hunkwise.testing import make_finding, make_scored


def ranked(*scored):
    return Worth().rank(scored)


def test_severity_leads():
    """A severer claim is worth more, and the reason says so."""
    high, low = ranked(
        make_scored(make_finding("a", severity=Severity.HIGH), fingerprint="a"),
        make_scored(make_finding("b", rule="R2", severity=Severity.LOW), fingerprint="b"),
    )
    assert high.score > low.score
    assert high.why == ("high severity",)


def test_agreement_raises_the_score():
    """Another tool that says the same is evidence, and is named."""
    alone, agreed, _ = ranked(
        make_scored(make_finding("a", rule="R1", tool="ruff"), fingerprint="a"),
        make_scored(make_finding("b", rule="R2", tool="ruff"), fingerprint="b"),
        make_scored(make_finding("c", rule="R3", tool="pylint"), fingerprint="c", duplicate_of="b"),
    )
    assert agreed.score > alone.score
    assert agreed.why[-1] == "pylint agrees"


def test_a_tool_does_not_agree_with_itself():
    """Two findings of one tool are one witness."""
    alone, same, _ = ranked(
        make_scored(make_finding("a", rule="R1"), fingerprint="a"),
        make_scored(make_finding("b", rule="R2"), fingerprint="b"),
        make_scored(make_finding("c", rule="R3"), fingerprint="c", duplicate_of="b"),
    )
    assert alone.score == same.score


def test_repetition_tires():
    """The same rule again is worth a little less."""
    first, second = ranked(*(make_scored(make_finding(line=line), fingerprint=str(line)) for line in (1, 9)))
    assert first.score > second.score


def test_security_matters_less_in_tests():
    """An assertion in a test is no hole."""
    in_source, in_test = ranked(
        make_scored(make_finding(category=Category.SECURITY, path="src/a.py", rule="B1"), fingerprint="a"),
        make_scored(make_finding(category=Category.SECURITY, path="tests/test_a.py", rule="B2"), fingerprint="b"),
    )
    assert in_test.score < in_source.score / 2


@pytest.mark.parametrize(("tool", "rule"), [("bandit", "B113"), ("ruff", "S113"), ("ruff", "B018")])
def test_what_tests_do_on_purpose_is_not_worth_much_there(tool, rule):
    """A bare expression under `pytest.raises`, a request to the test's own server."""
    source, test = (
        ranked(make_scored(make_finding(tool=tool, rule=rule, path=path), fingerprint="a"))[0]
        for path in ("a.py", "tests/test_a.py")
    )
    assert test.score < 0.5 * source.score
    assert test.why[-1] == "in test code"


@pytest.mark.parametrize(("tool", "rule"), [("ruff", "B015"), ("pylint", "W0104")])
def test_a_comparison_alone_is_worth_as_much_in_tests(tool, rule):
    """There an assertion is missing."""
    source, test = (
        ranked(make_scored(make_finding(tool=tool, rule=rule, path=path), fingerprint="a"))[0]
        for path in ("a.py", "tests/test_a.py")
    )
    assert test.score == source.score


def test_test_data_is_odd_on_purpose():
    """An undefined name in a sample that tests read stays below the floor; pytest's fixtures are code."""
    data, fixture = ranked(
        make_scored(make_finding(severity=Severity.HIGH, path="tests/data/odd.py", rule="F1"), fingerprint="a"),
        make_scored(make_finding(severity=Severity.HIGH, path="tests/fixtures/db.py", rule="F2"), fingerprint="b"),
    )
    assert data.score < 0.2 < fixture.score


def test_a_typo_is_shown_though_it_is_small():
    """A rule that was right whenever it was read is worth saying, a few times; other remarks of its kind are not."""
    typos = [
        make_scored(
            make_finding(
                str(number), tool="typos", rule="typo", severity=Severity.LOW, category=Category.DOCUMENTATION
            ),
            fingerprint=str(number),
        )
        for number in range(5)
    ]
    other = make_scored(make_finding("x", severity=Severity.LOW, category=Category.DOCUMENTATION), fingerprint="x")
    *shown, last = ranked(*typos, other)
    assert [one.score >= Config().floor for one in shown] == [True, True, True, False, False]
    assert last.score < Config().floor
