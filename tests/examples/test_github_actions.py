"""The workflows that we give away: least rights, no stranger's code, no text of a stranger in a script."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from hunkwise.analyzers.zizmor import Zizmor
from hunkwise.workspace.toolbox import Toolbox, default_directory

FOLDER = Path(__file__).parents[2] / "examples" / "github-actions"
FILES = sorted(FOLDER.glob("*.yml"))
RIGHTS = {
    "hunkwise-review.yml": {"contents": "read", "pull-requests": "read"},
    "hunkwise-publish.yml": {
        "actions": "read",
        "checks": "write",
        "contents": "read",
        "pull-requests": "write",
    },
}


def workflow(name):
    return yaml.safe_load((FOLDER / name).read_text())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_job_has_the_rights_it_needs_and_no_others(file):
    """None for the workflow as a whole."""
    found = workflow(file.name)
    (job,) = found["jobs"].values()
    assert {} == found["permissions"]
    assert RIGHTS[file.name] == job["permissions"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_is_checked_out_and_actions_are_pinned(file):
    """By their commits, not by names that move."""
    text = file.read_text()
    assert "pull_request_target" not in text and "actions/checkout" not in text
    used = re.findall(r"uses: (\S+)", text)
    assert used and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one) for one in used)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_expression_stands_in_a_script(file):
    """What others name, such as a branch, would be run; it comes by the environment."""
    for job in workflow(file.name)["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


def test_the_job_that_writes_takes_where_to_from_its_own_event():
    """It runs after the other one, which is found by its name."""
    publish = workflow("hunkwise-publish.yml")
    # in YAML 1.1 the word `on` is true
    assert [workflow("hunkwise-review.yml")["name"]] == publish[True]["workflow_run"]["workflows"]
    run = publish["jobs"]["publish"]["steps"][-1]["run"]
    assert '--event "$GITHUB_EVENT_PATH"' in run and "--pr" not in run


@pytest.mark.tools
def test_zizmor_finds_nothing():
    """It looks for what makes workflows dangerous."""
    toolbox = Toolbox(directory=default_directory(os.environ), environ=os.environ)
    argv = [*toolbox.require(Zizmor.tool), "--offline", "--persona", "auditor", *map(str, FILES)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert "No findings to report" in done.stdout + done.stderr, done.stdout
