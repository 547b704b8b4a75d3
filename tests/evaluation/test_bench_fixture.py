"""The 12 pull requests of the fixture: what a run of them says is stored, and must come out again."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
GOLDEN = Path(__file__).parents[1] / "golden" / "bench"
CASES = SAMPLES / "pr_fixture_12.jsonl"
CONTESTANTS = ("--ablate", "no-model,no-analyzers", "--contestant", "simple")
STORED = "0"
"""The version that is written in the stored run, so that a release does not change it."""


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Return the repositories of the fixture's pull requests, as the bundle beside it holds them."""
    folder = tmp_path_factory.mktemp("trees")
    rows = [json.loads(line) for line in CASES.read_text().splitlines()]
    for name in sorted({row["repo"].replace("/", "+") for row in rows}):
        repository = folder / f"{name}.git"
        refs = f"refs/{name}/pull/*:refs/pull/*"
        subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
        bundle = str(SAMPLES / "pr_fixture_12.bundle")
        subprocess.run(["git", "--git-dir", str(repository), "fetch", "-q", bundle, refs], check=True)
    return folder


def golden(name, content, update):
    path = GOLDEN / name
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert content.decode() == path.read_text(), f"{name} differs; --update-golden rewrites it, if that is meant"


def test_fixture_reproduces_the_stored_run_and_its_scores(hunkwise, trees, tmp_path, request):
    """The run has the same bytes, and so have the figures that are made from it."""
    update = request.config.getoption("--update-golden")
    run = tmp_path / "fixture.jsonl"
    code, _, said = hunkwise("bench", "run", CASES, "--trees", trees, *CONTESTANTS, "-j", "2", "-o", run)
    assert code == 0, said
    content = run.read_bytes().replace(
        f'"hunkwise":"{version("hunkwise")}"'.encode(), f'"hunkwise":"{STORED}"'.encode()
    )
    golden("fixture.jsonl", content, update)
    run.with_suffix(".costs.jsonl").unlink()
    code, scores, said = hunkwise("bench", "score", run, "--format", "json")
    assert code == 0, said
    golden("fixture.scores.json", scores.encode(), update)


def test_diffs_of_the_bundle_are_those_of_the_cases(trees):
    """The files are those that the reviewers saw."""
    for line in CASES.read_text().splitlines():
        row = json.loads(line)
        repository = trees / f"{row['repo'].replace('/', '+')}.git"
        ends = [f"refs/pull/{row['pr']}/{end}" for end in ("base", "head")]
        scope = ["--", row["scope"]] if "*" in row["scope"] else []
        argv = ["git", "--git-dir", str(repository), "diff", "-U3", "-M", *ends, *scope]
        diff = subprocess.run(argv, check=True, capture_output=True).stdout.decode()
        assert [one for one in diff.splitlines() if one[:1] in "+- "] == [
            one for one in row["diff"].splitlines() if one[:1] in "+- "
        ]
