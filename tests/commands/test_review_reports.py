"""Reports and commands of other tools in a review, as people run it, in a real repository."""

import json
import sys

import pytest

SAY = """\
import json, sys
for path in sys.argv[1:]:
    for number, line in enumerate(open(path), start=1):
        if "TODO" in line:
            found = {"path": path, "line": number, "rule": "todo", "message": "A thing to do", "severity": "high"}
            print(json.dumps(found))
"""


@pytest.fixture
def review(hunkwise, repo, tmp_path):
    """Return a function that reviews a repository with one change, under a configuration of the user."""
    repo.write("a.py", "x = 1\n")
    repo.commit()
    repo.write("a.py", "x = 1\ny = 2  # TODO\n")
    repo.write("b.txt", "TODO\n")
    home = tmp_path / "config" / "hunkwise"
    home.mkdir(parents=True)
    (home / "say.py").write_text(SAY)

    def call(*args, user="", **more):
        (home / "config.toml").write_text(user)
        more = {"cwd": repo.path, "XDG_CONFIG_HOME": str(tmp_path / "config"), **more}
        code, out, err = hunkwise("review", "--format", "json", *args, **more)
        return code, json.loads(out) if out else {}, err

    return call


def command(*run: str, form: str = "json-lines", **more: object) -> str:
    """Return the configuration of a command named `todo`."""
    rest = "".join(f"{name} = {json.dumps(value)}\n" for name, value in more.items())
    return f"[commands.todo]\nrun = {json.dumps([sys.executable, *run])}\nformat = '{form}'\n{rest}"


def kept(report) -> list[tuple[str, str, int]]:
    return [
        (one["sources"][0]["tool"], one["location"]["path"], one["location"]["start"])
        for one in report["comments"]
        if one["verdict"]["decision"] == "kept"
    ]


def states(report, reviewer: str) -> dict[str, str]:
    return {one["path"]: one["state"] for one in report["cover"] if one["reviewer"] == reviewer}


def test_a_command_of_the_user_is_an_analyzer(review, tmp_path):
    """It is run on the changed files, and what it finds is kept, counted and gated as any finding is."""
    say = str(tmp_path / "config" / "hunkwise" / "say.py")
    code, report, err = review("--only", "todo", "--fail-on", "high", user=command(say, "{files}"))
    assert code == 1, err
    assert kept(report) == [("todo", "a.py", 2), ("todo", "b.txt", 1)]
    assert states(report, "todo") == {"a.py": "reviewed", "b.txt": "reviewed"}


def test_a_command_may_be_for_some_files_only(review, tmp_path):
    """Files that its patterns leave out are not its business."""
    say = str(tmp_path / "config" / "hunkwise" / "say.py")
    _, report, _ = review("--only", "todo", user=command(say, "{files}", paths=["*.txt"]))
    assert states(report, "todo") == {"a.py": "not applicable", "b.txt": "reviewed"}


def test_a_command_may_write_its_report(review):
    """A tool that does not print is given a file to write."""
    code = "import sys; open(sys.argv[1][4:], 'w').write('<checkstyle><file name=\"a.py\"/></checkstyle>')"
    _, report, err = review("--only", "todo", user=command("-c", code, "-out{report}", form="checkstyle"))
    assert states(report, "todo") == {"a.py": "reviewed", "b.txt": "not applicable"}, err


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit(7)", "ended with exit code 7"),
        ("raise SystemExit(1)", "it reports nothing"),
        ("print('hello')", "line 1: it is not JSON"),
        ('print(\'{"path": "x.py"}\')', "none of its results"),
        ("1/0", "ZeroDivisionError"),
    ],
)
def test_a_command_that_did_not_work_is_a_failure(review, code, why):
    """Neither an exit code nor silence after an error is believed."""
    status, report, _ = review("--only", "todo", user=command("-c", code))
    assert status == 3
    assert why in report["failures"][0]["message"]
    assert set(states(report, "todo").values()) == {"failed"}


def test_a_command_that_is_not_there_is_named(review):
    """A program that is missing fails where it was asked for by name, and not elsewhere."""
    user = command("{files}").replace(sys.executable, "/nowhere/todo")
    code, report, _ = review("--only", "todo", user=user)
    assert code == 3
    assert "/nowhere/todo" in report["failures"][0]["message"]


def test_a_command_is_confined_on_a_foreign_change(review, tmp_path):
    """It reads what its configuration names, and nothing else of the user's; its written report is read."""
    home = tmp_path / "config" / "hunkwise"
    (home / "write.py").write_text(
        "import sys\n"
        "sys.stdout = open(sys.argv.pop(1), 'w')\n"
        "exec(open(__file__.replace('write', 'say')).read())\n"
        f"try: open({str(home / 'config.toml')!r})\n"
        'except OSError: print(\'{"path": "a.py", "line": 1, "rule": "confined", "message": "m"}\')\n'
    )
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name in ("say.py", "write.py"):
        (home / name).rename(scripts / name)
    run = (str(scripts / "write.py"), "{report}", "{files}")
    code, report, err = review("--only", "todo", "--foreign", user=command(*run, reads=[str(scripts)]))
    if set(states(report, "todo").values()) == {"refused"}:
        pytest.skip("there is no sandbox on this machine")
    assert states(report, "todo") == {"a.py": "reviewed", "b.txt": "reviewed"}, (code, report["failures"], err)
    found = {one["rule"] for one in report["comments"]}
    assert found == {"todo.todo", "todo.confined"}
    without = review("--only", "todo", "--foreign", user=command(*run))
    assert set(states(without[1], "todo").values()) == {"failed"}


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ("[commands.todo]\nrun = ['x']\n", "commands.todo.format: this key is required"),
        ("[commands.todo]\nrun = []\nformat = 'sarif'\n", "the program, and there is none"),
        ("[commands.todo]\nrun = 'x'\nformat = 'sarif'\n", "commands.todo.run: expected a list"),
        ("[commands.todo]\nrun = ['x']\nformat = 'xml'\n", "commands.todo.format: expected"),
        ("[commands.todo]\nrun = ['x']\nformat = 'sarif'\nshell = 1\n", "unknown key"),
        ("[commands.todo]\nrun = ['x', '--in={files}']\nformat = 'sarif'\n", "must be an argument of its own"),
        ("[commands.'to.do']\nrun = ['x']\nformat = 'sarif'\n", "name it by small letters"),
        ("[commands.ruff]\nrun = ['x']\nformat = 'sarif'\n", "there is an analyzer of this name"),
    ],
)
def test_a_wrong_command_is_an_error_in_words(review, user, why):
    """What is wrong is named, with the way out."""
    code, _, err = review(user=user)
    assert code == 2
    assert why in err


def test_the_repository_may_not_name_a_command(review, repo):
    """A change must not choose what runs."""
    repo.write(".hunkwise.toml", "[commands.todo]\nrun = ['touch', 'ran']\nformat = 'sarif'\n")
    code, _, err = review()
    assert code == 2
    assert "commands: only your own configuration file may hold this key" in err
    assert not (repo.path / "ran").exists()


def test_a_report_is_read_beside_the_change(review, repo):
    """Findings of a report are comments under the name of their tool; the reviewer is `reports`."""
    line = {"path": "a.py", "line": 2, "rule": "R1", "message": "From a report", "tool": "mine", "severity": "high"}
    repo.write("out.jsonl", json.dumps(line))
    repo.write(
        ".hunkwise.toml", "[tools.reports]\noptions.files = ['out.jsonl']\n[rules.'mine.R1']\nseverity = 'critical'\n"
    )
    code, report, _ = review("--only", "reports", "--fail-on", "critical")
    assert code == 1
    assert kept(report) == [("mine", "a.py", 2)]
    assert states(report, "reports")["a.py"] == "reviewed"
    assert states(report, "reports")["b.txt"] == "not applicable"
