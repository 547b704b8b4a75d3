"""The table of severities."""

import re
from pathlib import Path

from hunkwise.core.model import Severity
from hunkwise.plugins.sinks.severity import FORMATS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"


def test_the_reference_has_the_table_of_the_code():
    """docs/reference/formats.md says for each format and severity what the sinks write."""
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    table = {name: cells.split(" | ") for name, cells in rows}
    assert table["format"] == [severity.label for severity in Severity]
    for name, words in FORMATS.items():
        assert table[name] == [words[severity] for severity in Severity]
