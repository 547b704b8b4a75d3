"""Checkstyle XML by structure; test_jenkins.py has Jenkins' own parser read it."""

from xml.etree import ElementTree

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.checkstyle import CheckstyleSink


def parse(report):
    return ElementTree.fromstring(CheckstyleSink().render(report, RenderOptions()))


def test_every_report_is_well_formed(report):
    """The XML has files with errors that have what every reader expects."""
    root = parse(report)
    assert root.tag == "checkstyle"
    for file in root:
        assert file.tag == "file"
        assert file.get("name")
        for error in file:
            assert (
                {"line", "severity", "message", "source"}
                <= set(error.attrib)
                <= {
                    "line",
                    "column",
                    "severity",
                    "message",
                    "source",
                }
            )
            assert error.get("severity") in ("error", "warning", "info")
            assert error.get("line").isdigit()


def test_comments_are_grouped_by_file(realistic):
    """Each file comes once, in the order of its best comment."""
    found = [(file.get("name"), [error.get("line") for error in file]) for file in parse(realistic)]
    assert found == [("src/shop/cart.py", ["49", "15", "52"]), ("scripts/deploy.sh", ["4"])]


def test_markup_in_a_message_stays_text(hostile):
    """Quotes, tags and CDATA ends come back as they were written."""
    message = parse(hostile)[0][0].get("message")
    assert "]]> </script> <!-- & \"'`" in message
    assert len(message) > 100_000
