"""Jenkins' native format by structure; test_jenkins.py has Jenkins' own parser read it."""

import json

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.warnings_ng import WarningsNgSink


def issues(report):
    return json.loads(WarningsNgSink().render(report, RenderOptions()))["issues"]


def test_severities_are_jenkins_words(report):
    """The parser takes any word for a severity of its own, so they are checked here."""
    assert {issue["severity"] for issue in issues(report)} <= {"ERROR", "HIGH", "NORMAL", "LOW"}


def test_the_description_is_html_without_the_hostile_markup(hostile):
    """Jenkins shows it as HTML: outside text is escaped in it."""
    description = issues(hostile)[0]["description"]
    assert "</script>" not in description
    assert "&lt;/script&gt;" in description


def test_an_end_column_is_inclusive(realistic):
    """Jenkins counts the last column as part of the range."""
    assert (issues(realistic)[0]["columnStart"], issues(realistic)[0]["columnEnd"]) == (20, 63)
