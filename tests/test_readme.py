"""The README's blocks do what it says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HUNKWISE = str(Path(sys.executable).with_name("hunkwise"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.S | re.M)


def commands(block: str) -> list[str]:
    return [line.partition("#")[0].strip() for line in block.splitlines() if line.partition("#")[0].strip()]


def run(*argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name != "CI"} | {"COLUMNS": "100"}
    environ.setdefault("HUNKWISE_TOOLS_DIR", str(ROOT / ".tools"))
    return subprocess.run(
        argv, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("readme") / "mine"
    assert run(str(ROOT / "scripts" / "sample"), str(directory), cwd=ROOT).returncode == 0
    return directory


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plugin") / "todo.py"
    path.write_text(blocks("python")[0], encoding="utf-8")
    return path


def test_the_first_screen_shows_a_change_a_comment_the_commands_the_flow_and_a_plugin() -> None:
    """What a stranger sees first, in this order, before the first heading of the second level."""
    kinds = re.findall(r"^```(\w+)$", README.partition("\n## ")[0], flags=re.M)
    assert kinds == ["diff", "text", "sh", "text", "python"]


def test_the_plugin_has_at_most_twelve_lines() -> None:
    """A complete plugin is short."""
    assert len([line for line in blocks("python")[0].splitlines() if line.strip()]) <= 12


def test_the_plugin_loads(plugin: Path, tmp_path: Path) -> None:
    """`hunkwise plugins` lists it with its hook and its file."""
    done = run(HUNKWISE, "--plugin", str(plugin), "plugins", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    listed = [one for one in json.loads(done.stdout)["plugins"] if one["name"] == "todo"]
    assert [one["hooks"] for one in listed] == [["hunkwise_analyzers"]]


def test_the_plugin_comments(plugin: Path, tmp_path: Path) -> None:
    """The README's plugin makes a comment on a line that a patch adds."""
    patch = tmp_path / "new.patch"
    patch.write_text("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,2 @@\n+x = 1\n+# TODO: more\n", encoding="utf-8")
    done = run(HUNKWISE, "--plugin", str(plugin), "review", "--diff", str(patch), "--only", "todo", cwd=tmp_path)
    assert "Which issue?" in done.stdout, done.stderr


def test_the_diff_is_the_samples(sample: Path) -> None:
    """The change that the README shows is in the sample."""
    diff = run("git", "diff", "main", cwd=sample).stdout
    assert blocks("diff")[0] in diff


@pytest.mark.tools
def test_the_comments_are_what_a_review_of_the_sample_says(sample: Path) -> None:
    """The comments that the README shows stand in the real output, line by line."""
    done = run(HUNKWISE, "review", "--base", "main", "--max-comments", "50", cwd=sample)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line.rstrip() for line in blocks("text")[0].splitlines() if line.strip()]
    printed = {line.rstrip() for line in done.stdout.splitlines()}
    assert [line for line in shown if line not in printed] == []


@pytest.mark.slow
@pytest.mark.tools
def test_the_commands_run_in_a_fresh_clone(sample: Path) -> None:
    """`make review` sets up and reviews the sample; then, without setting up again, a repository of one's own."""
    clone = sample.parent / "hunkwise"
    assert run("git", "clone", "--quiet", str(ROOT), str(clone), cwd=sample.parent).returncode == 0
    first, second, third = commands(blocks("sh")[0])
    assert third == "make test"
    for command, is_set_up in ((first, False), (second, True)):
        done = run("bash", "-c", command, cwd=clone)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "src/black/files.py" in done.stdout
        assert ("installing" not in done.stderr) == is_set_up


@pytest.mark.tools
def test_the_commands_for_an_installed_hunkwise_run(sample: Path) -> None:
    """Those that follow `pip install .`, which test_wheel sees at work, run in one's own repository."""
    first, *rest = commands(blocks("sh")[1])
    assert first == "pip install ."
    for command in rest:
        name, *args = command.split()
        assert name == "hunkwise"
        done = run(HUNKWISE, *args, cwd=sample)
        assert done.returncode == 0, done.stdout + done.stderr
