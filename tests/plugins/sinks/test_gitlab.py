"""GitLab's report by the fields that GitLab documents; test_jenkins.py has a parser of others read it."""

import json

import jsonschema

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.gitlab import GitlabSink

TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
DOCUMENTED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {**TEXT, "not": {"pattern": "^\\.?/"}},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": LINE, "end": LINE}},
                },
            },
        },
    },
}
"""From docs.gitlab.com/ci/testing/code_quality, section on the report's format."""


def render(report):
    return json.loads(GitlabSink().render(report, RenderOptions()))


def test_every_report_has_the_documented_fields(report):
    """Each issue has what GitLab requires, with its words for severities."""
    jsonschema.validate(render(report), DOCUMENTED)


def test_fingerprints_are_unique(hostile):
    """Two comments with one fingerprint stay two issues: GitLab shows one of each."""
    fingerprints = [issue["fingerprint"] for issue in render(hostile)]
    assert len(fingerprints) == len(set(fingerprints)) == 3


def test_a_description_is_one_line(hostile):
    """Code Climate's format has no line breaks in it."""
    assert all("\n" not in issue["description"] for issue in render(hostile))
