import pytest

from hunkwise.core.places import commentable
from hunkwise.plugins.places.lexical import FLAGS, Lexical
from hunkwise.testing import FakeWorkspace, make_change
from hunkwise.testing.places import check_features


def columns(files):
    change = make_change(files)
    return Lexical().features(commentable(change), change, FakeWorkspace.of(files), ())


def test_the_contract_of_providers_is_kept():
    """The columns are the same for every change, and finite."""
    check_features(Lexical())


def test_lines_are_flagged_by_what_they_are():
    """Imports, branches, signatures and error handling are told apart."""
    found = columns({"a.py": "import os\ndef f(x):\n    if x:\n        raise ValueError\n\n"})
    assert [found[name] for name in ("is_import", "is_signature", "is_branch", "is_error_handling", "is_blank")] == [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 1],
    ]


def test_a_hunk_knows_the_share_of_its_lines():
    """Of two lines one is a branch."""
    assert columns({"a.py": "if x:\n    y\n"})["hunk_is_branch"] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("is_signature", "fun area(side: Int): Int {"),
        ("is_signature", "func (s *Server) Close() error {"),
        ("is_signature", "    public void close() throws IOException {"),
        ("is_signature", "export async function close() {"),
        ("is_import", "const fs = require('fs')"),
        ("is_import", "package main"),
        ("is_error_handling", "} catch (IOException e) {"),
        ("is_assignment", "    total := 0"),
        ("has_nothing", "if (x === undefined) {"),
        ("has_switch_off", '@SuppressWarnings("unchecked")'),
    ],
)
def test_the_common_languages_are_known(name, text):
    """Go, Java, JavaScript and Kotlin have the same facts as Python."""
    assert FLAGS[name].search(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("is_assignment", "if a == b:"),
        ("is_import", "important = 1"),
        ("has_number", "x1 = a[0]"),
        ("is_branch", "iffy = 1"),
    ],
)
def test_likenesses_are_not_flagged(name, text):
    """What only looks like a fact is none."""
    assert not FLAGS[name].search(text)
