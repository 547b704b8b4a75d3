"""rdjson and rdjsonl, as reviewdog's format has it."""

import json
import subprocess

import pytest

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.rdjson import RdjsonlSink, RdjsonSink


def diagnostics(report):
    return json.loads(RdjsonSink().render(report, RenderOptions()))["diagnostics"]


def complaints(node_modules, document):
    program = node_modules / "@umbrelladocs" / "rdformat-validator" / "bin" / "rdformat-validator.js"
    argv = ["node", str(program), "--strict", "--no-extra-fields", "--format", "json"]
    ended = subprocess.run(argv, input=document, capture_output=True, check=False)
    assert ended.returncode in (0, 1), ended.stderr
    results = json.loads(ended.stdout)["fileResults"]
    assert [result["valid"] for result in results] == [ended.returncode == 0]
    return [error["message"] for result in results for error in result.get("errorDetails", [])]


@pytest.mark.tools
def test_every_report_passes_the_validator(report, node_modules):
    """rdformat-validator, strict and without extra fields, has no complaint."""
    assert complaints(node_modules, RdjsonSink().render(report, RenderOptions())) == []


@pytest.mark.tools
@pytest.mark.parametrize("name", ["realistic", "hostile"])
def test_every_line_passes_the_validator(name, make, node_modules):
    """Each line of rdjsonl is a diagnostic by itself."""
    for line in RdjsonlSink().render(make(name), RenderOptions()).splitlines():
        assert complaints(node_modules, line) == []


@pytest.mark.tools
def test_the_validator_would_complain(realistic, node_modules):
    """A severity that the format does not know is found, so the tests above can fail."""
    document = RdjsonSink().render(realistic, RenderOptions()).replace(b'"severity": "WARNING"', b'"severity": "BAD"')
    assert complaints(node_modules, document) != []


def test_the_lines_are_the_diagnostics_of_the_document(realistic):
    """Both forms say the same."""
    lines = RdjsonlSink().render(realistic, RenderOptions()).splitlines()
    assert [json.loads(line) for line in lines] == diagnostics(realistic)


def test_a_diagnostic_has_place_code_and_suggestion(realistic):
    """Everything reviewdog shows is there."""
    first = diagnostics(realistic)[0]
    assert first["location"]["range"] == {"start": {"line": 49, "column": 20}, "end": {"line": 49, "column": 64}}
    assert first["source"] == {"name": "bandit"}
    assert first["code"] == {"value": "B608", "url": "https://bandit.example/b608"}
    assert first["suggestions"][0]["range"] == {"start": {"line": 49}, "end": {"line": 49}}


def test_columns_count_bytes(one_line):
    """Behind two letters of two bytes and an emoji of four, the fourth character is at byte 9."""
    report = one_line("üß🎉x", column=4, end_column=5)
    assert diagnostics(report)[0]["location"]["range"] == {
        "start": {"line": 1, "column": 9},
        "end": {"line": 1, "column": 10},
    }


def test_a_javascript_url_is_not_passed_on(hostile):
    """Only plain web addresses become links."""
    assert [one["code"].get("url") for one in diagnostics(hostile) if "code" in one] == [None, None]
