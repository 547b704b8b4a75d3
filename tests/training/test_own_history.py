import json

import pytest
from team_history import at_random, history, on_the_smallest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.cases import read_cases
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text
from hunkwise.testing.places import check_scorer
from hunkwise.training.own_history import LEAST, OWN, SHIPPED, refit, stored_form
from hunkwise.training.ranker import as_text, commented_tables
from hunkwise.training.refitting import see


@pytest.fixture
def cases(tmp_path):
    """Return a function that reads the cases in a text."""

    def read(text):
        path = tmp_path / "cases.jsonl"
        path.write_text(text)
        return read_cases([path]).cases

    return read


def test_what_a_team_does_otherwise_is_learned(cases):
    """Where people always comment on the smallest hunk, that one becomes the likeliest, and the record says so."""
    known = cases(history(LEAST, on_the_smallest))
    found = refit(known, shipped_text())
    assert found.hunks.kept == OWN
    assert found.hunks.gain.low > 0
    assert found.f1["within 3 lines"].gain.low > 0
    text = as_text(stored_form(found, known, shipped_text()), {})
    check_scorer(LearnedScorer(load_weights(text)))
    (table,) = commented_tables(cases(history(1, on_the_smallest, start=1000)))
    before = see(json.loads(shipped_text()), [table])[table.case].hunks
    after = see(json.loads(text), [table])[table.case].hunks
    assert before.argmax() != 2
    assert after.argmax() == 2
    assert json.loads(text)["own_history"]["hunks"]["kept"] == OWN


def test_shipped_weights_stay_where_there_is_nothing_to_learn(cases):
    """Of comments at random, nothing that was fitted holds elsewhere: the terms of a hunk stay as they ship."""
    found = refit(cases(history(LEAST, at_random)), shipped_text())
    assert found.hunks.kept == SHIPPED
    assert found.weights["hunk"] == json.loads(shipped_text())["hunk"]


def test_too_few_pull_requests_are_declined(cases):
    """It says how many there are and how many are needed."""
    with pytest.raises(UsageError, match=f"{LEAST - 1} pull requests .* {LEAST} are needed"):
        refit(cases(history(LEAST - 1, on_the_smallest)), shipped_text())


def test_silent_pull_requests_do_not_count(cases):
    """Where nobody commented, nothing says where people do."""
    silent = [json.loads(line) | {"comments": []} for line in history(LEAST, on_the_smallest).splitlines()]
    with pytest.raises(UsageError, match=r"^0 pull requests"):
        refit(cases("".join(json.dumps(one) + "\n" for one in silent)), shipped_text())


def test_order_of_the_cases_does_not_matter(cases):
    """The same weights, whatever the order of the file."""
    lines = history(LEAST, on_the_smallest).splitlines(keepends=True)
    one, other = (refit(cases("".join(order)), shipped_text()) for order in (lines, lines[::-1]))
    assert one == other


def test_silent_pull_requests_teach_the_quiet_mode(cases):
    """They count beside those with comments, and are no reason to decline."""
    lines = history(LEAST, on_the_smallest).splitlines(keepends=True)
    silent = [json.loads(line) | {"id": f"s{index}", "pr": 9000 + index} for index, line in enumerate(lines[:20])]
    text = "".join([*lines, *(json.dumps(one | {"comments": []}) + "\n" for one in silent)])
    found = refit(cases(text), shipped_text())
    assert (found.commented, found.silent) == (LEAST, 20)
    assert found.curve.kept == OWN
    assert found.weights["points"]["quiet"]["most"] == 1
