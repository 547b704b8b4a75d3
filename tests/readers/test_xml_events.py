import pytest

from hunkwise.core.errors import ReportError
from hunkwise.readers.xml_events import DEEPEST, LONGEST_TEXT, xml_events


def names(text: str) -> list[tuple[str, bool]]:
    return [(tag.name, tag.is_start) for tag in xml_events(text.encode())]


def test_tags_come_in_order_with_their_attributes_and_text():
    """Each element starts with its attributes and ends with its text."""
    (first, inner, closed, last) = xml_events(b"<a x='1'>one<b/>two</a>")
    assert (first.name, first.is_start, first.attributes) == ("a", True, {"x": "1"})
    assert (inner.name, closed.is_start) == ("b", False)
    assert (last.name, last.text) == ("a", "onetwo")


def test_a_namespace_is_left_out_of_the_name():
    """Reports are known by the names of their elements, whatever the prefix."""
    assert names("<x:a xmlns:x='urn:x'/>") == [("a", True), ("a", False)]


def test_an_external_dtd_is_not_fetched(tmp_path):
    """A document type that names a file, as JaCoCo's does, is passed over, even where the file is there and broken."""
    dtd = tmp_path / "report.dtd"
    dtd.write_text("<!ENTITY bad 'x'>")
    assert names(f'<!DOCTYPE a PUBLIC "-//X" "{dtd.as_uri()}"><a/>') == [("a", True), ("a", False)]


@pytest.mark.parametrize(
    "declared",
    [
        "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x'> %a;",
    ],
)
def test_a_document_that_declares_entities_is_refused(declared):
    """Neither entities that grow nor those that read a file are ever expanded."""
    with pytest.raises(ReportError, match="declares the entity"):
        names(f"<!DOCTYPE a [{declared}]><a>&b;&a;</a>")


def test_an_entity_of_an_unread_dtd_is_an_error_or_nothing():
    """What an external DTD would define is not made up."""
    found = list(xml_events(b'<!DOCTYPE a SYSTEM "x.dtd"><a>&what;</a>'))
    assert found[-1].text == ""


@pytest.mark.parametrize("text", ["", "<a>", "<a></b>", "{}", "<a/><b/>", "<a x=1/>"])
def test_what_is_not_xml_is_an_error_with_its_line(text):
    """The reader learns where the document breaks."""
    with pytest.raises(ReportError, match=r"line \d+: it is not well-formed XML"):
        names(text)


def test_an_unknown_encoding_is_an_error():
    """A document that says it is in an encoding that nobody knows is not guessed at."""
    with pytest.raises(ReportError):
        names('<?xml version="1.0" encoding="klingon"?><a/>')


def test_nesting_has_a_limit():
    """A document that is nested too deeply is refused before it costs anything."""
    names("<a>" * DEEPEST + "</a>" * DEEPEST)
    with pytest.raises(ReportError, match="nested more than"):
        names("<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1))


def test_text_has_a_limit():
    """A huge text is not kept."""
    *_, last = xml_events(b"<a>" + b"x\n" * LONGEST_TEXT + b"</a>")
    assert len(last.text) <= 2 * LONGEST_TEXT
