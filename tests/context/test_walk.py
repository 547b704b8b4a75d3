import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Language, Parser

from hunkwise.context.grammars import WHEELS, load_grammar
from hunkwise.context.languages import LANGUAGES, nodes_of
from hunkwise.context.walk import MAX_NAMES, outline_of
from hunkwise.core.kinds import language_of
from hunkwise.core.outline import Syntax
from samples import SAMPLES

BY_PATH = {sample.path: sample for sample in SAMPLES}
PIECES = [
    *(b"class A", b"def f", b"function f", b"fn f", b"(", b")", b"{", b"}", b"\n", b":", b"  ", b"#", b"'", b"end"),
    *(b"import x", b"=>", b"=", b"a", b"/*", b"*/", b"@x", b"\r\n", b"\xff", b"\0", b"<", b">"),
]
PARSERS = {}


def outline(content, language, **limits):
    """Parse in this process, which the tests of workers do not."""
    if language not in PARSERS:
        PARSERS[language] = Parser(Language(load_grammar(language)))
    return outline_of(PARSERS[language].parse(content), content, language, nodes_of(language), **limits)


def sample_outline(path):
    return outline(BY_PATH[path].text.encode(), language_of(path))


@pytest.mark.parametrize("path", BY_PATH)
def test_scopes_have_their_names_and_ranges(path):
    """Each language's definitions come with comment, signature, docstring and end."""
    found = sample_outline(path)
    assert BY_PATH[path].scopes == tuple(
        (one.kind, one.name, one.start, one.signature, one.body, one.end) for one in found.scopes
    )
    assert found.broken == ()


@pytest.mark.parametrize("path", BY_PATH)
def test_imports_have_their_words(path):
    """Each language's imports come with their lines and what they name."""
    assert BY_PATH[path].imports == sample_outline(path).imports


@pytest.mark.parametrize("path", BY_PATH)
def test_lines_have_their_names(path):
    """Each language's identifiers come in order, by line."""
    line, names = BY_PATH[path].names
    assert names == sample_outline(path).names[line]


def test_every_language_has_a_sample():
    """No grammar is without a sample, and no table without a grammar."""
    assert set(WHEELS) == {language_of(path) for path in BY_PATH} == set(LANGUAGES)


def test_a_method_knows_its_class():
    """The parent of a scope is the one around it."""
    found = sample_outline("shop/cart.py")
    assert [-1, 0] == [scope.parent for scope in found.scopes]
    assert ["total", "Cart"] == [scope.name for scope in found.around(14)]


def test_a_line_has_the_outermost_node_that_begins_on_it():
    """Blocks are passed over, and a line without a named node has its first token."""
    found = outline(b"if (a) {\n  b();\n}\n", "javascript")
    assert {1: Syntax("if_statement", 1), 2: Syntax("expression_statement", 3), 3: Syntax("}", 3)} == found.syntax


def test_a_comment_behind_code_describes_nothing():
    """Only a comment on a line of its own belongs to the definition after it."""
    found = outline(b"x = 1  # one\ndef f():\n    pass\n\n# two\n# three\ndef g():\n    pass\n", "python")
    assert [2, 5] == [scope.start for scope in found.scopes]


def test_what_does_not_parse_is_said():
    """The lines of an error are listed, and what is around them is still found."""
    found = outline(b"def f():\n    pass\n\n)))\n\ndef g():\n    pass\n", "python")
    assert ["f", "g"] == [scope.name for scope in found.scopes]
    assert any(start <= 4 <= end for start, end in found.broken)


@pytest.mark.parametrize(
    "content",
    [b"\r\n\r\ndef f():\r\n    pass\r\n", b"\xef\xbb\xbf\n\ndef f():\n    pass\n", b"\xff\xfe\n\0\ndef f():\n    pass"],
    ids=["crlf", "bom", "bytes"],
)
def test_lines_are_counted_as_a_diff_counts_them(content):
    """Carriage returns, a byte order mark, NUL and bytes that are not UTF-8 move no line."""
    found = outline(content, "python")
    assert ("f", 3, 4) == next((one.name, one.line, one.end) for one in found.scopes)
    assert 4 == found.lines


def test_an_empty_file_has_no_lines():
    """Nothing is found in nothing."""
    found = outline(b"", "python")
    assert (0, (), {}, {}) == (found.lines, found.scopes, found.names, found.syntax)


def test_a_walk_ends_at_its_limit():
    """What lies beyond the limit of nodes is called broken, and what was seen is kept."""
    found = outline(b"def f():\n    pass\n" * 100, "python", max_nodes=100)
    assert 0 < len(found.scopes) < 100
    assert found.broken[-1][1] == 200


def test_names_of_one_line_are_bounded():
    """A line of very many names gives only some of them."""
    assert MAX_NAMES == len(outline(b"x = [" + b"a, " * 5000 + b"]", "python").names[1])


@pytest.mark.parametrize("language", sorted(WHEELS))
def test_deep_nesting_is_walked(language):
    """A hundred thousand open brackets do not exhaust the stack of Python."""
    found = outline(b"(" * 100_000, language)
    assert 1 == found.lines


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(PIECES), max_size=60).map(b" ".join),
    ),
    language=st.sampled_from(sorted(WHEELS)),
)
def test_any_bytes_give_a_sound_outline(content, language):
    """Whatever is parsed, ranges lie in the file and parents come before their children."""
    found = outline(content, language)
    last = max(found.lines, 1)
    for index, scope in enumerate(found.scopes):
        assert 1 <= scope.start <= scope.line <= scope.end <= last
        assert scope.start <= scope.signature <= scope.end
        assert scope.start <= scope.body <= scope.end
        assert -1 <= scope.parent < index
    for start, end, _ in found.imports:
        assert 1 <= start <= end <= last
    for start, end in found.broken:
        assert 1 <= start <= end <= last
    assert all(1 <= line <= last for line in (*found.names, *found.syntax))
