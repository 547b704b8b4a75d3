"""Checkstyle XML, which most build servers read."""

from xml.etree import ElementTree

from hunkwise.core.model import Report
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import valid_text, xml_text
from hunkwise.plugins.sinks.excerpt import target
from hunkwise.plugins.sinks.severity import CHECKSTYLE
from hunkwise.plugins.sinks.wording import say_message, say_rule


class CheckstyleSink:
    """Checkstyle XML."""

    name = "checkstyle"
    description = "Checkstyle XML, for build servers"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the comments by file, in the order of the report; line 0 means the file itself."""
        root = ElementTree.Element("checkstyle", version="8.0")
        files: dict[str, ElementTree.Element] = {}
        for comment in report.kept:
            candidate = comment.scored.candidate
            where = target(candidate)
            if where.path not in files:
                files[where.path] = ElementTree.SubElement(root, "file", name=xml_text(valid_text(where.path)))
            attributes = {"line": str(where.start or 0)}
            if where.column is not None:
                attributes["column"] = str(where.column)
            attributes["severity"] = CHECKSTYLE[candidate.severity]
            attributes["message"] = xml_text(say_message(comment))
            attributes["source"] = xml_text(say_rule(candidate, "."))
            ElementTree.SubElement(files[where.path], "error", attributes)
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
