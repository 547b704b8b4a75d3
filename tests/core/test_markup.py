import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.core.errors import ToolError
from hunkwise.core.markup import MarkupError, number, read_markup, read_report
from hunkwise.core.ports import ToolResult

TYPE = b'<!DOCTYPE module PUBLIC "-//X//EN" "http://127.0.0.1:9/x.dtd">'
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'


def test_attributes_and_text_are_read():
    """An element has its attributes, its text and its children, with characters of any kind."""
    root = read_markup('<a name="é &amp; 😀">x<b/>y</a>'.encode())
    assert (root.tag, root.get("name"), root.text, [child.tag for child in root]) == ("a", "é & 😀", "x", ["b"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not XML"),
        (b"<a>", "not XML"),
        (b"<a/><b/>", "not XML"),
        (b"\xff\xfe<\0a\0/\0>\0", "not UTF-8"),
        (b'<a name="\xff"/>', "not UTF-8"),
        (b"<a>&nobody;</a>", "not XML"),
        (TYPE + b"<a/>", "it has a DOCTYPE"),
        (LAUGHS + b"<a>&c;</a>", "it has a DOCTYPE with declarations"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "it has a DOCTYPE with declarations"),
        (b"<a>" * 200 + b"</a>" * 200, "nested deeper than 100"),
    ],
    ids=["empty", "open", "two", "utf16", "latin", "entity", "type", "laughs", "file", "deep"],
)
def test_what_is_not_plain_is_refused(content, reason):
    """Broken XML, other encodings, document types, entities and great depth are errors that say so."""
    with pytest.raises(MarkupError, match=reason):
        read_markup(content)


def test_a_bare_document_type_may_be_passed_over():
    """Where it is allowed, a type that is only named is not loaded; declarations are refused even so."""
    assert read_markup(TYPE + b"<module/>", may_name_a_type=True).tag == "module"
    with pytest.raises(MarkupError, match="with declarations"):
        read_markup(LAUGHS + b"<a/>", may_name_a_type=True)


def test_a_declared_encoding_changes_nothing():
    """A report is UTF-8, whatever it says of itself."""
    assert read_markup(b'<?xml version="1.0" encoding="utf-16"?><a n="\xc3\xa9"/>').get("n") == "é"


def test_another_report_is_not_believed():
    """XML with another root is an error that names the tool and what it said."""
    with pytest.raises(ToolError, match=r"^x: exit code 1, its output is a 'html' and not a 'report': trouble"):
        read_report("x", "report", ToolResult(exit_code=1, stdout=b"<html/>", stderr=b"trouble"))


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("0", None), ("-1", None), (None, None)])
def test_a_number_counts_from_one(text, value):
    """Lines that are absent, 0 or less are none."""
    element = read_markup(f'<a line="{text}"/>'.encode() if text else b"<a/>")
    assert number("x", element, "line", ToolResult(exit_code=0)) == value


@pytest.mark.parametrize("text", ["", "1.5", "x", "9" * 20])
def test_a_number_that_is_none_is_an_error(text):
    """Text in the place of a number is not believed."""
    with pytest.raises(ToolError, match=r"x: .line. of a .a. is .*, which is no number"):
        number("x", read_markup(f'<a line="{text}"/>'.encode()), "line", ToolResult(exit_code=0))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content):
    """Whatever the bytes are, there is an element or a MarkupError."""
    try:
        assert read_markup(content).tag
    except MarkupError as error:
        assert str(error)
