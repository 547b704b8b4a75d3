import pytest
from hunkwise.testing import (
    Example,
    check_grammar,
    check_inspector,
    check_plugin,
    check_ranker,
    make_finding,
    make_scored,
)

from hunkwise_example import grammars, quiet_paths, todos

EXAMPLES = (
    Example(
        name="a comment that names no issue",
        path="a.py",
        before="x = 1\n",
        source="x = 1\ny = 2  # TODO: make it 3\n",
        rules=("without-issue",),
        lines=(2,),
    ),
    Example(name="in another language", path="A.java", source="// FIXME later\n", rules=("without-issue",)),
    Example(name="an issue by number", path="a.py", source="# TODO(#12): make it 3\n"),
    Example(name="an issue by key", path="a.py", source="# TODO ABC-7: make it 3\n"),
    Example(name="a word in code", path="a.py", source="TODO = []\n"),
    Example(name="one that was there", path="a.py", before="# TODO\n", source="# TODO\nx = 1\n"),
)


def test_the_analyzer_keeps_its_contract():
    """It finds what the examples say, and stands what is odd."""
    check_inspector(todos.Todos(), EXAMPLES)


def test_the_ranker_keeps_its_contract():
    """It drops nothing and is pure, with patterns of any kind."""
    check_ranker(quiet_paths.QuietPaths(["tests/*"]))
    check_ranker(quiet_paths.QuietPaths([]))


def test_quiet_paths_come_last():
    """What is said about a quiet path counts half and says why."""
    loud, quiet = make_finding(path="a.py"), make_finding(path="tests/a.py")
    ranked = quiet_paths.QuietPaths(["tests/*"]).rank([make_scored(quiet, score=0.6), make_scored(loud, score=0.5)])
    assert [(one.candidate.location.path, one.score, one.why) for one in ranked] == [
        ("a.py", 0.5, ()),
        ("tests/a.py", 0.3, ("quiet path",)),
    ]


def test_the_plugins_keep_their_contract():
    """The modules that the entry points name bring what they should."""
    assert check_plugin(todos, {"todos": EXAMPLES}) == ("hunkwise_analyzers: todos",)
    assert check_plugin(quiet_paths) == ("hunkwise_rankers: quiet-paths",)


def test_the_grammars_parse():
    """Each grammar loads under the installed tree-sitter and parses its language."""
    pytest.importorskip("tree_sitter_languages", reason="the extra `grammars` is not installed")
    (grammar,) = grammars.hunkwise_grammars()
    check_grammar(grammar)
