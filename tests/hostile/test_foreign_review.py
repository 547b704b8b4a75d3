"""A foreign review of a hostile change, as it is started from the command line, by whom and wherever that is."""

import shutil
import socket
import subprocess
import sys

import pytest
from confined import open_folder, ran, sandbox_named, under
from hostile_repository import CODE, NAMES, Hostile, states

RUNS = ("as it is", "ordinary user", "user namespaces refused", "ordinary user, user namespaces refused")


@pytest.fixture(scope="module")
def hostile():
    """Return the hostile repository."""
    with open_folder() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        yield Hostile(folder, port)


@pytest.mark.tools
@pytest.mark.parametrize("who", RUNS)
def test_a_hostile_change_is_reviewed_and_does_nothing(hostile, who):
    """All tools run, in the sandbox that there is; what one of them broke on is said, and what is wrong is found."""
    sandbox_named("landlock" if "refused" in who else "bubblewrap")
    code, report, printed = hostile.review(who, "--foreign", "--filter-mode", "nofilter")
    hostile.nothing_happened(printed)
    assert report["manifest"]["sandbox"] == ("landlock" if "refused" in who else "bubblewrap")
    assert report["manifest"]["unsandboxed"] == []
    seen = states(report)
    assert "not installed" not in seen.values()
    for name in (*(one for one in NAMES.values() if one.isprintable()), "run.py"):
        for tool in ("ruff", "bandit", "pylint", "mypy", "semgrep"):
            # mypy takes such a name for a file of arguments, whatever is before it.
            expected = "skipped" if (tool, name[0]) == ("mypy", "@") else "reviewed"
            assert seen[tool, name] == expected, (tool, name)
    assert seen["eslint", "page.js"] == seen["shellcheck", "deploy.sh"] == "reviewed"
    assert seen["pylint", "sum.py"] == "failed"
    assert seen["ruff", "sum.py"] == "reviewed"
    assert code == 3


@pytest.mark.tools
@pytest.mark.parametrize("who", RUNS[2:])
def test_without_a_sandbox_no_tool_runs(hostile, who):
    """With user namespaces refused and no Landlock, a foreign review runs nothing and ends with 3."""
    code, report, printed = hostile.review(who, "--foreign", filters=("container", "old-kernel"))
    hostile.nothing_happened(printed)
    assert code == 3
    assert {state for (tool, _), state in states(report).items()} <= {"refused", "not applicable", "skipped"}
    assert "refused" in states(report).values()


@pytest.mark.tools
def test_an_own_change_runs_without_a_sandbox_and_says_so(hostile, tmp_path):
    """Where nothing confines, one's own harmless change is reviewed, and the summary has a word on it."""
    own = hostile.folder / "own"
    shutil.copytree(hostile.repo / ".git", own / ".git")
    subprocess.run(["git", "-C", own, "read-tree", "--empty"], check=True)
    (own / "run.py").write_text(CODE)
    call = (sys.executable, "-m", "hunkwise", "review", "-C", str(own), "--own", "--working", "--only", "ruff")
    done = ran(under(["container", "old-kernel"], call, env=hostile.env), cwd=hostile.folder)
    assert "tools ran unsandboxed" in done.stdout, done.stderr


@pytest.mark.tools
@pytest.mark.parametrize("who", RUNS)
def test_a_review_leaves_nothing_behind(hostile, who):
    """What was made for the tools, and given to their user where Hunkwise is root, is removed."""
    sandbox_named("landlock" if "refused" in who else "bubblewrap")
    temporary = hostile.folder / "temporary"
    temporary.mkdir(exist_ok=True)
    temporary.chmod(0o777)
    _, report, _ = hostile.review(who, "--foreign", "--only", "ruff", TMPDIR=str(temporary))
    assert states(report)["ruff", "run.py"] == "reviewed"
    assert list(temporary.iterdir()) == []


@pytest.mark.tools
@pytest.mark.parametrize("who", [RUNS[1], RUNS[3]])
def test_an_own_change_is_confined_and_keeps_its_configuration(who):
    """Configuration that reaches out of the repository works, code in it runs, and writes nowhere but to scratch."""
    name = sandbox_named("landlock" if "refused" in who else "bubblewrap").name
    with open_folder() as folder:
        with socket.create_server(("127.0.0.1", 0)) as port:
            own = Hostile(folder, port)
        shared = folder / "shared"
        shared.mkdir()
        (shared / "rules.cjs").write_text('module.exports = { "no-unused-vars": "warn" };\n')
        (shared / "ruff.toml").write_text('lint.select = ["N816"]\n')
        (shared / "ours.py").write_text(
            "def register(linter):\n    linter.disable('all')\n    linter.enable('W0123')\n"
        )
        subprocess.run(["git", "-C", own.repo, "rm", "-rqf", "."], check=True)
        outside = f"{folder}/open/marker"
        for file, text in {
            "a.py": "camelCase = eval('1')\n",
            "a.js": "const unused = 1;\n",
            "ruff.toml": 'extend = "../shared/ruff.toml"\n',
            ".pylintrc": "[MAIN]\ninit-hook=import sys; sys.path.insert(0, '../shared')\nload-plugins=ours\n",
            "eslint.config.cjs": "try { require('fs').writeFileSync(" + repr(outside) + ", '') } catch (error) {}\n"
            "module.exports = [{ rules: require('../shared/rules.cjs') }];\n",
            "node_modules/x/package.json": "{}\n",
        }.items():
            (own.repo / file).parent.mkdir(parents=True, exist_ok=True)
            (own.repo / file).write_text(text)
        own.git("add", "-A")
        own.git("commit", "-q", "-m", "own")
        only = ("--only", "ruff", "--only", "eslint", "--only", "pylint")
        _, report, _ = own.review(who, "--own", "--max-comments", "100", *only)
        assert report["manifest"]["sandbox"] == name
        said = {source["rule"] for one in report["comments"] for source in one["sources"]}
        assert said >= {"N816", "no-unused-vars", "W0123"}
        assert list((folder / "open").iterdir()) == []
