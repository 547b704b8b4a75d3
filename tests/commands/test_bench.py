import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

BASE = "def total(items):\n    return sum(items)\n"
ADDED = "".join(f"\n\ndef part_{number}(items):\n    return items[{number}]\n" for number in range(12))


ALONE = ("--ablate", "no-model,no-analyzers", "--contestant", "simple")
NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


PLAIN = 'scorer = "plain"\nfocus_mode = "thorough"\n'


def git(repo, *args):
    return subprocess.run(
        ["git", *args], cwd=repo, env={**os.environ, **NOBODY}, check=True, capture_output=True
    ).stdout.decode()


def commit(repo, ref, text):
    (repo / "a.py").write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "work")
    git(repo, "update-ref", ref, "HEAD")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder of four cases and their trees, and of a run of them without tools and a model.

    Three are commented on, one is not.
    """
    folder = tmp_path_factory.mktemp("bench")
    repo = folder / "trees" / "o+r"
    repo.mkdir(parents=True)
    git(repo, "init", "-q")
    rows = []
    for number in range(1, 5):
        start = f"N = {number}\n{BASE}"
        later = ADDED.replace("items[3]", "items[-3]")
        for end, text in (("base", start), ("head", start + ADDED), ("final", start + later)):
            commit(repo, f"refs/pull/{number}/{end}", text)
        diff = git(repo, "diff", "-U3", "-M", f"refs/pull/{number}/base", f"refs/pull/{number}/head")
        comments = [{"path": "a.py", "line": 19, "comment": "What if it is shorter?"}] if number < 4 else []
        row = {"id": f"o/r#{number}", "repo": "o/r", "pr": number, "diff": diff, "language": "python"}
        rows.append(json.dumps(row | {"comments": comments}) + "\n")
    (folder / "cases.jsonl").write_text("".join(rows))
    # Rules that nothing was fitted to: their picks stay where they are when the ranker learns.
    (folder / "plain.toml").write_text(PLAIN)
    call = ["bench", "run", "cases.jsonl", "--trees", "trees", *ALONE, "--config", "plain.toml", "-o", "run.jsonl"]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "HUNKWISE_LOAD_PLUGINS": ""}
    subprocess.run([sys.executable, "-m", "hunkwise", *call], cwd=folder, env=env, check=True, capture_output=True)
    return folder


@pytest.fixture
def cases(made, tmp_path):
    """Return a copy of the cases' file and of their trees."""
    shutil.copy(made / "cases.jsonl", tmp_path)
    shutil.copy(made / "plain.toml", tmp_path)
    shutil.copytree(made / "trees", tmp_path / "trees")
    return tmp_path / "cases.jsonl", tmp_path / "trees"


@pytest.fixture
def done(made):
    """Return the run."""
    return made / "run.jsonl"


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_run_keeps_what_was_said_and_beside_it_what_it_took(done):
    """A line about the run, then each case with every answer; seconds and memory are in another file."""
    found = rows(done)
    assert found[0]["row"] == "run"
    assert [row["id"] for row in found if row["row"] == "case"] == [f"o/r#{number}" for number in range(1, 5)]
    assert sum(row["row"] == "review" for row in found) == 4 * 7
    assert "seconds" not in done.read_text()
    costs = rows(done.with_suffix(".costs.jsonl"))
    assert len(costs) == 4
    assert all(cost["seconds"] > 0 for cost in costs)


def test_broken_line_and_missing_tree_are_named_and_the_rest_goes_on(cases, hunkwise, tmp_path):
    """They are told on stderr, and a reader of the scores is told too."""
    path, trees = cases
    bare = json.loads(path.read_text().splitlines()[0]) | {"id": "o/other#1", "repo": "o/other"}
    path.write_text("{\n" + path.read_text() + json.dumps(bare) + "\n")
    run = tmp_path / "run.jsonl"
    code, _, said = hunkwise("bench", "run", path, "--trees", trees, "--ablate", "no-model,no-analyzers", "-o", run)
    assert code == 0
    assert "cases.jsonl, line 1: it is not JSON" in said
    assert "for o/other#1" in said
    assert sum(row["row"] == "review" for row in rows(run)) == 5
    code, scores, _ = hunkwise("bench", "score", run)
    assert "1 of 5 cases have no tree" in scores
    assert "left out: cases.jsonl, line 1" in scores


def test_case_whose_tree_is_broken_has_no_answer(cases, hunkwise, tmp_path):
    """The exit code says that the run is incomplete, the row says why, and the rest goes on."""
    path, trees = cases
    name = git(trees / "o+r", "rev-parse", "refs/pull/2/head^{tree}").strip()
    (trees / "o+r" / ".git" / "objects" / name[:2] / name[2:]).unlink()
    run = tmp_path / "run.jsonl"
    code, _, said = hunkwise("bench", "run", path, "--trees", trees, "--ablate", "no-model,no-analyzers", "-o", run)
    assert code == 3
    assert "o/r#2" in said
    assert [bool(row["problem"]) for row in rows(run) if row["row"] == "review"] == [False, True, False, False]


def test_killed_run_goes_on_and_gives_the_same_bytes(cases, done, clean_environ, hunkwise, tmp_path):
    """What was done before it was killed is not done again."""
    path, trees = cases
    run = tmp_path / "killed.jsonl"
    mine = {**clean_environ, "HUNKWISE_CACHE_DIR": str(tmp_path / "other-cache")}
    argv = [sys.executable, "-m", "hunkwise", "bench", "run", path, "--trees", trees, *ALONE]
    argv += ["--config", path.with_name("plain.toml"), "-o", run]
    with subprocess.Popen(list(map(str, argv)), env=mine, stderr=subprocess.DEVNULL, cwd=tmp_path) as process:
        limit = time.monotonic() + 120
        while not (run.exists() and b'"row":"review"' in run.read_bytes()) and time.monotonic() < limit:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    assert run.read_bytes() != done.read_bytes()
    kept = len(list((tmp_path / "other-cache" / "bench").rglob("*.jsonl")))
    assert kept >= 1
    code, _, _ = hunkwise(*argv[3:], HUNKWISE_CACHE_DIR=str(tmp_path / "other-cache"))
    assert code == 0
    assert run.read_bytes() == done.read_bytes()


def test_unknown_contestant_is_named(cases, hunkwise, tmp_path):
    """The nearest name is said."""
    path, _ = cases
    code, _, said = hunkwise("bench", "run", path, "--contestant", "no-modle", "-o", tmp_path / "run.jsonl")
    assert code == 2
    assert "did you mean 'no-model'?" in said


def test_configuration_is_the_named_one_alone(cases, hunkwise, tmp_path):
    """The user's own settings change nothing; those of --config do."""
    path, trees = cases
    own = tmp_path / "home" / ".config" / "hunkwise"
    own.mkdir(parents=True)
    (own / "config.toml").write_text("no_setting = 1\n")
    named = tmp_path / "named.toml"
    named.write_text(PLAIN + "focus = 1\n")
    base = ("bench", "run", path, "--trees", trees, "--ablate", "no-model,no-analyzers", "--limit", "1")
    assert hunkwise(*base, "-o", tmp_path / "a.jsonl")[0] == 0
    assert hunkwise(*base, "--config", named, "-o", tmp_path / "b.jsonl")[0] == 0
    places = [len(rows(tmp_path / name)[-1]["focus"]) for name in ("a.jsonl", "b.jsonl")]
    assert places == [0, 1]


@pytest.mark.parametrize(("form", "start"), [("markdown", "# Benchmark"), ("json", "{"), ("html", "<!doctype html>")])
def test_scores_come_in_three_forms(done, hunkwise, form, start):
    """Each holds every contestant; HTML needs nothing from elsewhere."""
    code, report, _ = hunkwise("bench", "score", done, "--format", form)
    assert code == 0
    assert report.startswith(start)
    assert "no-analyzers+no-model, focus" in report
    assert "middle-of-3-largest" in report
    assert "http" not in report


def test_page_shows_cases_with_their_diffs(done, hunkwise):
    """What people said and where the contestant pointed stand on the lines."""
    _, page, _ = hunkwise("bench", "score", done, "--format", "html")
    assert "<svg" in page
    assert "What if it is shorter?" in page
    assert "look here" in page


def test_gate_passes_for_the_same_run_and_fails_for_a_worse_one(done, hunkwise, tmp_path):
    """A run whose focus is on other lines is worse beyond chance; without the option that is only said."""
    worse = tmp_path / "worse.jsonl"
    found = rows(done)
    better = tmp_path / "better.jsonl"
    for path, line in ((better, 19), (worse, 40)):
        for row in found:
            if row["row"] == "review":
                row["focus"] = [{"path": "a.py", "line": line}]
        path.write_text("".join(json.dumps(row) + "\n" for row in found))
    assert hunkwise("bench", "compare", done, done, "--fail-if-worse")[0] == 0
    assert hunkwise("bench", "compare", better, worse)[0] == 0
    code, said, _ = hunkwise("bench", "compare", better, worse, "--fail-if-worse")
    assert code == 1
    assert "F1 ±3" in said
    assert hunkwise("bench", "compare", worse, better, "--fail-if-worse")[0] == 0


def test_other_tool_is_scored_by_the_same_ruler(cases, done, hunkwise, tmp_path):
    """Its SARIF becomes a run, which is scored beside ours."""
    path, trees = cases
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(1, 5):
        place = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 19}}
        result = {"ruleId": "R", "message": {"text": "Mind."}, "locations": [{"physicalLocation": place}]}
        sarif = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [result]}]}
        (reports / f"o+r+{number}.sarif").write_text(json.dumps(sarif))
    other = tmp_path / "other.jsonl"
    options = ("--trees", trees, "--reports", reports, "--name", "other", "-o", other)
    code, _, said = hunkwise("bench", "convert", "findings", path, *options)
    assert code == 0, said
    _, report, _ = hunkwise("bench", "score", done, other, "--format", "json")
    figures = {one["label"]: one for one in json.loads(report)["figures"]}
    assert figures["other, comments"]["agreement"]["exact"]["f1"]["value"] == 1.0
    assert figures["other, comments"]["silence"]["silent"]["value"] == 1.0
    assert "no-analyzers+no-model, focus" in figures


def test_file_that_is_no_run_is_named(hunkwise, tmp_path):
    """The line is said."""
    path = tmp_path / "x.jsonl"
    path.write_text('{"row":"nothing"}\n{"row":"nothing"}\n')
    code, _, said = hunkwise("bench", "score", path)
    assert code == 2
    assert "x.jsonl, line 1" in said


@pytest.mark.tools
def test_tools_really_run_and_without_them_it_differs(cases, hunkwise, tmp_path):
    """The record shows which tools looked at how many files, and their findings on changed lines."""
    path, trees = cases
    commit(trees / "o+r", "refs/pull/1/head", "import os\n\n\ndef f(x=[]):\n    return x == None\n")
    row = json.loads(path.read_text().splitlines()[0])
    row["diff"] = git(trees / "o+r", "diff", "refs/pull/1/base", "refs/pull/1/head")
    path.write_text(json.dumps(row) + "\n")
    run = tmp_path / "tools.jsonl"
    both = ("--contestant", "no-model", "--ablate", "no-model,no-analyzers")
    code, _, said = hunkwise("bench", "run", path, "--trees", trees, *both, "-o", run)
    assert code == 0, said
    ours, without = [one for one in rows(run) if one["row"] == "review"]
    assert ours["tools"]["ruff"]["files"] == {"reviewed": 1}
    assert ours["tools"]["ruff"]["on_changed_lines"] >= 2
    assert ours["comments"] != without["comments"] == []
    assert without["tools"] == {}
    assert rows(run)[0]["tools"]["ruff"]


MODEL = """
from hunkwise import ContextItem, Gain, ModelCard, Reading, hookimpl
from hunkwise.testing import FakeBackend

GOOD = ModelCard(model="fake", identity="0" * 64, location=Gain(value=0.1, low=0.05, high=0.15), unusable=0.1, texts=50)


class Nearby:
    name = "nearby"
    order = 1

    def offer(self, hunk, change, workspace, outlines):
        return [ContextItem(kind="definition", path="b.py", start=1, end=1, text="N = 1", origin="what lies nearby")]


def read(task):
    sure = 0.8 if any(item.origin == "what lies nearby" for item in task.context) else 0.0
    chances = tuple(sure * (place == 19) for place in task.places)
    return Reading(probabilities=chances, none=1 - sum(chances), tokens=10)


TEXTS = {("a.py", 19): "`items[3]` fails for three items; say what is meant for shorter ones."}


@hookimpl
def hunkwise_contexts():
    return [Nearby()]


@hookimpl
def hunkwise_backends():
    backend = FakeBackend(reference="reader", readings=read, texts=TEXTS, card=GOOD)
    backend.name = "reading"
    return [backend]
"""


def test_each_part_can_be_left_out(cases, hunkwise, tmp_path):
    """Without context the model is shown none; without the model nothing is read; without the ranker all is even."""
    path, trees = cases
    plugin = tmp_path / "reader.py"
    plugin.write_text(MODEL)
    named = tmp_path / "reader.toml"
    named.write_text('model = "reader"\n')
    run = tmp_path / "parts.jsonl"
    names = ("no-analyzers", "no-analyzers+no-context", "no-analyzers+no-model", "no-analyzers+no-ranker")
    asked = [part for name in names for part in ("--contestant", name)]
    base = ("--plugin", plugin, "bench", "run", path, "--trees", trees, "--config", named, "--limit", "1")
    code, _, said = hunkwise(*base, *asked, "-o", run)
    assert code == 0, said
    found = {row["contestant"]: row for row in rows(run) if row["row"] == "review"}
    assert list(found) == list(names)
    spoken = {name: [(one["line"], one["decision"]) for one in row["comments"]] for name, row in found.items()}
    assert spoken == {names[0]: [(19, "kept")], names[1]: [], names[2]: [], names[3]: [(19, "kept")]}
    assert found[names[1]]["tokens"]["tokens"] > 0
    assert found[names[2]]["tokens"] == {}
    assert found[names[0]]["comments"][0]["score"] > found[names[3]]["comments"][0]["score"] == 0
    assert [place["reasons"] for place in found[names[3]]["focus"]] in ([], [["no ranker"]])


def test_operating_points_are_contestants(cases, hunkwise, tmp_path):
    """`thorough` names more places than `quiet`, whatever the configuration says; they cannot be joined."""
    path, trees = cases
    base = (
        "bench",
        "run",
        path,
        "--trees",
        trees,
        "--config",
        path.with_name("plain.toml"),
        "-o",
        tmp_path / "x.jsonl",
    )
    asked = [part for name in ("quiet", "thorough") for part in ("--contestant", f"{name}+no-model+no-analyzers")]
    code, _, said = hunkwise(*base, *asked, "--limit", "1")
    assert code == 0, said
    found = {row["contestant"]: len(row["focus"]) for row in rows(tmp_path / "x.jsonl") if row["row"] == "review"}
    assert list(found) == ["no-analyzers+no-model+quiet", "no-analyzers+no-model+thorough"]
    assert found["no-analyzers+no-model+quiet"] <= 1 < found["no-analyzers+no-model+thorough"]
    code, _, said = hunkwise(*base, "--contestant", "quiet+thorough")
    assert code == 2
    assert "one operating point" in said


@pytest.mark.tools
def test_tools_run_once_for_all_contestants_of_a_case(cases, hunkwise, tmp_path):
    """The second takes over what they said, and the seconds that it took."""
    path, trees = cases
    run = tmp_path / "shared.jsonl"
    asked = ("--contestant", "no-model", "--contestant", "no-model+thorough", "--limit", "1")
    code, _, said = hunkwise("bench", "run", path, "--trees", trees, *asked, "-o", run)
    assert code == 0, said
    first, second = [row for row in rows(run) if row["row"] == "review"]
    assert first["tools"] == second["tools"]
    assert first["tools"]["ruff"]["files"] == {"reviewed": 1}
    once, again = rows(run.with_suffix(".costs.jsonl"))
    assert once["replayed"] == 0 < again["replayed"]
    assert again["tools"] == once["tools"]
    assert again["seconds"] > again["replayed"]
