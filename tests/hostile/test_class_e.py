"""Bombs: whatever a file does to a tool, the review says so of that file, ends in time, and looks at the others."""

import json
import time

import pytest
from bombs import BAD, FINE, LONG, SHORT
from trap import by_id

QUICK = ("ruff", "bandit", "pylint", "shellcheck", "yamllint", "eslint")
"""Who reviews in the short run: what these files break, and who reads what lies beside them."""
TIMEOUT = 20
"""Seconds for each tool; so many times that, and some for our own work, is the limit of a review."""
TOOLS = 20
EXPLAINED = {"failed", "skipped"}


def review(hunkwise, make_repo, files, *args, tier):
    """Review the files and what lies beside them as a foreign change; return the exit code and the report."""
    repo = make_repo()
    repo.commit()
    for name, content in {**FINE, **files}.items():
        repo.write(name, content)
    repo.commit()
    call = ("review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--format", "json")
    started = time.monotonic()
    code, out, err = hunkwise(*call, *args, HUNKWISE_SANDBOX=tier, HUNKWISE_TIMEOUT=str(TIMEOUT))
    assert time.monotonic() - started < TIMEOUT * TOOLS, "longer than its limit"
    assert out, err
    assert not any(line.startswith("Traceback") for line in err.splitlines()), "only a tool's own words may have one"
    return code, json.loads(out)


def is_accounted_for(code, report, files):
    """Require a state for each hostile file, in words where it is not `reviewed`, and that the summary says it all."""
    lines = [one for one in report["cover"] if one["path"] in files]
    assert all(one["reason"] for one in lines if one["state"] in EXPLAINED)
    broken = {one["reviewer"] for one in lines if one["state"] == "failed"}
    said = " ".join(report["summary"]["incomplete"])
    assert all(tool in said for tool in broken)
    assert report["summary"]["is_complete"] is not bool(broken)
    assert code == 3 if broken else code in (0, 1, 3)


def others_are_reviewed(report):
    """Require that somebody looked at each file beside the hostile one, and found what is wrong with it."""
    seen = {one["path"] for one in report["cover"] if one["state"] == "reviewed"}
    assert set(FINE) <= seen
    assert set(FINE) <= {one["location"]["path"] for one in report["comments"]}
    assert report["manifest"]["sandbox"] in ("bubblewrap", "landlock")


@pytest.mark.tools
@pytest.mark.parametrize("name", by_id(SHORT))
def test_a_bomb_is_held(hunkwise, make_repo, name):
    """With the tools that it breaks, in the first sandbox: the file has its states, and the others are reviewed."""
    files = SHORT[name]()
    only = [part for tool in QUICK for part in ("--only", tool)]
    code, report = review(hunkwise, make_repo, files, *only, tier="bubblewrap")
    is_accounted_for(code, report, files)
    others_are_reviewed(report)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["E01-sum-of-50k"])
def test_who_is_broken_by_a_file_reads_the_others(hunkwise, make_repo, name):
    """ruff and mypy are brought down by one file, and have read the other; the summary names the one."""
    files = SHORT[name]()
    code, report = review(hunkwise, make_repo, files, "--only", "ruff", "--only", "mypy", tier="bubblewrap")
    states = {(one["reviewer"], one["path"]): one["state"] for one in report["cover"]}
    assert code == 3
    for tool in ("ruff", "mypy"):
        assert (states[tool, "fine.py"], states[tool, "x.py"]) == ("reviewed", "failed")
        assert any(line.startswith(f"{tool} could not read x.py") for line in report["summary"]["incomplete"])


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("tier", ["bubblewrap", "landlock"])
@pytest.mark.parametrize("name", [*SHORT, *LONG])
def test_a_bomb_is_held_by_all_tools(hunkwise, make_repo, name, tier):
    """The same with every tool, in both sandboxes, and with the bombs that take long."""
    files = {**SHORT, **LONG}[name]()
    code, report = review(hunkwise, make_repo, files, tier=tier)
    is_accounted_for(code, report, files)
    others_are_reviewed(report)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["E07-comment-cap"])
def test_a_flood_of_findings_is_capped(hunkwise, make_repo, name):
    """Of a file with a finding on each of 3000 lines 1000 count, the summary says so, and few are kept."""
    files = {"x.py": "import os\n" + "eval(a)\n" * 3000}
    _, report = review(hunkwise, make_repo, files, "--only", "ruff", tier="bubblewrap")
    (line,) = {one["reason"] for one in report["cover"] if (one["path"], one["reviewer"]) == ("x.py", "ruff")}
    assert "of which 1000 count" in line
    assert len([one for one in report["comments"] if one["location"]["path"] == "x.py"]) <= 1000
    assert len([one for one in report["comments"] if one["verdict"]["decision"] == "kept"]) <= 20


@pytest.mark.tools
@pytest.mark.parametrize("name", ["E15-stars-in-a-pattern"])
def test_a_slow_pattern_is_not_slow(hunkwise, make_repo, name):
    """A pattern of the base's configuration with thirty stars, and a name made for it, take no time."""
    repo = make_repo()
    repo.write(".hunkwise.toml", f'exclude = ["{"*a" * 30}b"]\n')
    repo.commit()
    repo.write("a" * 200 + ".py", BAD)
    repo.commit()
    started = time.monotonic()
    call = ("review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--only", "ruff", "--format", "json")
    _, out, err = hunkwise(*call)
    assert time.monotonic() - started < 15
    assert json.loads(out)["comments"], err


@pytest.mark.tools
@pytest.mark.parametrize("name", ["hadolint"])
def test_a_crash_of_hadolint_is_seen(hunkwise, make_repo, name):
    """hadolint breaks on `WORKDIR a`: the Dockerfiles of the change have failed, and the summary says so."""
    repo = make_repo()
    repo.commit()
    files = {"Dockerfile": "FROM scratch\nWORKDIR a\n", "b.Dockerfile": "FROM scratch\nWORKDIR /a\n"}
    for file, text in {**files, "fine.py": BAD}.items():
        repo.write(file, text)
    repo.commit()
    call = ("review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--format", "json", "--only", "hadolint")
    code, out, err = hunkwise(*call, "--only", "ruff")
    report = json.loads(out)
    states = {(one["reviewer"], one["path"]): one["state"] for one in report["cover"]}
    assert code == 3, err
    assert states["hadolint", "Dockerfile"] == "failed"
    assert states["ruff", "fine.py"] == "reviewed"
    assert any("hadolint" in line for line in report["summary"]["incomplete"])
