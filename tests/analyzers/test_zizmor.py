import json

import pytest
from recorded import ANALYZERS, WORKFLOW, WORKFLOWS, load, parsed, review

from hunkwise.core.model import Category, FileDiff, Severity, State
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

RUN = f"{WORKFLOWS}/run.yml"


def test_a_finding_says_all_that_zizmor_says():
    """Place, meaning and page of a finding come through, with columns in characters."""
    (finding,) = parsed("zizmor", "defects")[RUN].findings
    assert (finding.rule, finding.severity, finding.category) == (
        "template-injection",
        Severity.HIGH,
        Category.SECURITY,
    )
    line = WORKFLOW.replace("STEP", 'echo "é ${{ github.head_ref }}"').split("\n")[5]
    place = finding.location
    assert (place.start, place.end) == (6, 6)
    assert line[place.column - 1 : place.end_column - 1] == "github.head_ref"
    assert finding.url == "https://docs.zizmor.sh/audits/#template-injection"


def test_a_file_that_it_did_not_complete_has_failed():
    """A workflow that does not parse, or is none, is no clean one; where all are so, all have failed."""
    outcomes = parsed("zizmor", "syntax-error")
    assert {path: one.state for path, one in outcomes.items()} == {
        f"{WORKFLOWS}/broken.yml": State.FAILED,
        f"{WORKFLOWS}/other.yml": State.FAILED,
        f"{WORKFLOWS}/fine.yml": State.REVIEWED,
    }
    assert parsed("zizmor", "nothing")[f"{WORKFLOWS}/broken.yml"].state is State.FAILED


def test_what_it_is_not_sure_about_is_left_out():
    """A finding of low confidence is not passed on."""
    sample = json.loads(load("zizmor", "defects", "/root").stdout)
    sample[0]["determinations"]["confidence"] = "Low"
    assert parsed("zizmor", "defects", stdout=json.dumps(sample).encode())[RUN].findings == ()


@pytest.mark.parametrize(
    ("path", "is_wanted"),
    [
        (RUN, True),
        ("say/action.yml", True),
        (".github/dependabot.yml", True),
        ("config.yml", False),
        (f"{WORKFLOWS}/deep/run.yml", False),
        ("docs/.github/workflows/run.yml", False),
    ],
)
def test_only_what_github_runs_is_looked_at(path, is_wanted):
    """Workflows, actions and Dependabot's file are given to it, other YAML is not."""
    with FakeWorkspace({path: "x"}) as workspace:
        run = ANALYZERS["zizmor"].plan([FileDiff(path=path, language="yaml")], AnalyzerInputs(workspace=workspace))
    assert (run is not None) is is_wanted


@pytest.mark.tools
def test_usual_workflows_are_left_alone():
    """Actions at a tag, the default permissions and a plain checkout are no findings."""
    usual = WORKFLOW.replace("run: STEP", "uses: actions/checkout@v4\n      - uses: some/one@main")
    assert review("zizmor", {RUN: usual})[RUN].findings == ()
