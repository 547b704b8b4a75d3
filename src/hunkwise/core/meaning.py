"""Whether two findings mean the same: rules that several tools share, and alike messages."""

import re
from collections.abc import Mapping
from functools import cache

from hunkwise.core.model import Candidate

ALIKE = 0.6
"""The share of common words from which two messages say the same."""

_FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "ruff.F401 pylint.W0611 flake8.F401",
        "ruff.F841 pylint.W0612 flake8.F841",
        "ruff.F821 ruff.F822 pylint.E0602 pylint.E0603 mypy.name-defined flake8.F821",
        "ruff.F811 pylint.E0102 mypy.no-redef flake8.F811",
        "ruff.F632 pylint.R0123 flake8.F632",
        "ruff.F541 pylint.W1309 flake8.F541",
        "ruff.F601 ruff.PLW0109 pylint.W0109",
        "ruff.F631 ruff.B011 pylint.W0199",
        "ruff.F402 pylint.R1704",
        "pylint.W0101 mypy.unreachable",
        "pylint.E0601 mypy.used-before-def",
        "ruff.F501 ruff.F502 ruff.F506 ruff.F507 ruff.F509 pylint.E1305 pylint.E1306 mypy.str-format",
        "ruff.F524 pylint.E1303 pylint.W1303",
        "ruff.F523 pylint.W1304",
        "ruff.F706 pylint.E0104 mypy.syntax",
        "ruff.B006 ruff.B039 pylint.W0102",
        "ruff.B012 pylint.W0150 pylint.W0134",
        "ruff.B015 ruff.B018 pylint.W0104 pylint.W0106",
        "ruff.B023 pylint.W0640",
        "ruff.B904 pylint.W0707",
        "ruff.B017 ruff.PT011",
        "ruff.E711 ruff.E712 pylint.C0121",
        "ruff.E722 pylint.W0702",
        "ruff.BLE001 pylint.W0718 pylint.W0703",
        "ruff.S110 ruff.SIM105 bandit.B110",
        "ruff.S112 bandit.B112",
        "ruff.S101 bandit.B101",
        "ruff.S102 bandit.B102 pylint.W0122",
        "ruff.S307 bandit.B307 pylint.W0123",
        "ruff.S602 bandit.B602 semgrep.python-shell-with-list",
        "ruff.S603 bandit.B603",
        "ruff.S605 bandit.B605",
        "ruff.S607 bandit.B607",
        "ruff.S301 bandit.B301",
        "ruff.S324 bandit.B324",
        "ruff.S506 bandit.B506",
        "ruff.S113 bandit.B113 pylint.W3101",
        "ruff.PLW1510 pylint.W1510",
        "ruff.PLW1514 pylint.W1514",
        "ruff.SIM115 pylint.R1732 semgrep.python-release-not-in-finally",
        "mypy.unused-coroutine semgrep.python-coroutine-not-awaited",
        "ruff.E999 ruff.invalid-syntax pylint.E0001 mypy.syntax bandit.syntax",
    )
)
_FAMILY_OF: Mapping[str, int] = {name: number for number, names in enumerate(_FAMILIES) for name in names}
_FILLER = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "be",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "not",
        "this",
        "that",
        "it",
        "with",
        "as",
        "by",
        "from",
        "use",
    ]
)


def aliases(rule: str) -> frozenset[str]:
    """Return the short names by which a rule and its like in other tools are known, such as `F401` and `W0611`."""
    names = _FAMILIES[_FAMILY_OF[rule]] if rule in _FAMILY_OF else frozenset((rule,))
    return frozenset(name.partition(".")[2] for name in names)


def is_same_meaning(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates at the same place say the same."""
    if one.rule == other.rule:
        return one.message == other.message or one.location == other.location
    if one.rule in _FAMILY_OF or other.rule in _FAMILY_OF:
        family, another = _FAMILY_OF.get(one.rule), _FAMILY_OF.get(other.rule)
        if family is not None and another is not None:
            return family == another
    mine, theirs = _words(one.message), _words(other.message)
    shared = len(mine & theirs)
    return shared >= 2 and shared / min(len(mine), len(theirs)) >= ALIKE


@cache
def _words(message: str) -> frozenset[str]:
    words = re.findall(r"[a-z_][a-z0-9_]+", message.lower())
    return frozenset(word.rstrip("s") for word in words if word not in _FILLER)
