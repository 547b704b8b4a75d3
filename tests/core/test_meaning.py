from collections import Counter

import pytest

from hunkwise.core.meaning import _FAMILIES, aliases, is_same_meaning
from hunkwise.testing import make_candidate, make_finding


def candidate(tool, rule, message):
    return make_candidate(make_finding(message, tool=tool, rule=rule))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("ruff", "F401", "`os` imported but unused"), ("pylint", "W0611", "Unused import os"), True),
        (("ruff", "B006", "Do not use mutable data structures"), ("pylint", "W0102", "Dangerous default"), True),
        (("ruff", "F401", "`os` imported but unused"), ("pylint", "W0612", "Unused variable os"), False),
        (("checkstyle", "StringLiteralEquality", "Literal"), ("spotbugs", "ES_COMPARING_STRINGS_WITH_EQ", "x"), True),
        (("pmd", "UnusedPrivateField", "Avoid it"), ("spotbugs", "UPM_UNCALLED_PRIVATE_METHOD", "x"), False),
        (("ruff", "E711", "Comparison to `None`"), ("flake8", "E711", "comparison to None should be"), True),
        (("flake8", "F401", "'os' imported but unused"), ("pylint", "W0611", "Unused import os"), True),
        (("a", "1", "Response is never closed here"), ("b", "2", "The response is never closed"), True),
        (("a", "1", "Response is never closed"), ("b", "2", "Name x is not defined"), False),
    ],
)
def test_meaning(one, other, expected):
    """Rules of one family, or messages that share most words, mean the same."""
    assert is_same_meaning(candidate(*one), candidate(*other)) is expected


def test_aliases_name_the_rule_in_other_tools():
    """A mark for one tool's rule is understood for the others'."""
    assert {"F401", "W0611"} <= aliases("ruff.F401")
    assert aliases("x.Y") == {"Y"}


def test_a_rule_belongs_to_one_family():
    """No rule is named twice, for then its second family would be lost."""
    names = Counter(name for family in _FAMILIES for name in family)
    assert [name for name, count in names.items() if count > 1] == []
