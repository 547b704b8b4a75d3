"""The package under examples/, as a stranger installs it: with pip, into a fresh environment."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "hunkwise-example"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.version_info >= (3, 13), reason="tree-sitter-languages has no wheel for this Python"),
]
PARSE = """
import sys
import tree_sitter
from hunkwise.plugins.manager import load_plugins

grammar = {one.name: one for one in load_plugins().grammars()}["tree-sitter-languages"]
SNIPPETS = {"python": "def add(a, b):\\n    return a + b\\n", "java": "class A { int add(int a) { return a; } }"}
for language, text in SNIPPETS.items():
    tree = tree_sitter.Parser(tree_sitter.Language(grammar.load(language))).parse(text.encode())
    print(language, tree.root_node.has_error, tree.root_node.children[0].type)
"""


def run(command: Sequence[str | Path], cwd: Path) -> str:
    """Run a command in a clean environment; return what it printed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HUNKWISE_", "CI", "PYTHON"))}
    kept["XDG_CONFIG_HOME"] = str(cwd / "no-config")
    done = subprocess.run([str(one) for one in command], cwd=cwd, env=kept, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def bin_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install Hunkwise and the example with pip into an environment of their own; return its programs."""
    directory = tmp_path_factory.mktemp("fresh")
    if find_spec("ensurepip"):
        run([sys.executable, "-m", "venv", "venv"], directory)
    else:
        run([Path(sys.executable).with_name("uv"), "venv", "--quiet", "--seed", "venv"], directory)
    programs = directory / "venv" / "bin"
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, str(ROOT), f"{EXAMPLE}[grammars]", "pytest"], directory)
    return programs


def test_the_package_is_listed(bin_directory, tmp_path):
    """`hunkwise plugins --json` shows the package's plugins, their origin and what they bring."""
    listed = json.loads(run([bin_directory / "hunkwise", "plugins", "--json"], tmp_path))
    found = {one["name"]: one for one in listed["plugins"] if one["origin"] == "hunkwise-example"}
    assert {name: (one["version"], one["provides"]) for name, one in found.items()} == {
        "example-todos": ("0.1.0", {"hunkwise_analyzers": ["todos"]}),
        "example-quiet-paths": ("0.1.0", {"hunkwise_rankers": ["quiet-paths"]}),
        "example-grammars": ("0.1.0", {"hunkwise_grammars": ["tree-sitter-languages"]}),
    }
    assert listed["failures"] == []


def test_the_package_passes_its_own_tests(bin_directory, tmp_path):
    """The package's tests, which use the conformance kit, pass where it is installed; none is skipped."""
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    printed = run([bin_directory / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], tmp_path)
    assert "5 passed" in printed
    assert "skipped" not in printed


def test_the_grammars_parse(bin_directory, tmp_path):
    """The grammar plugin parses Python and Java under the installed tree-sitter."""
    printed = run([bin_directory / "python", "-c", PARSE], tmp_path)
    assert printed.splitlines() == ["python False function_definition", "java False class_declaration"]


def test_a_review_has_what_the_analyzer_says_in_the_order_of_the_ranker(bin_directory, repo):
    """In a review of a git branch the analyzer comments on added lines, and the ranker halves what tests get."""
    repo.write("a.py", "x = 1\n")
    repo.write("tests/test_a.py", "def test_a():\n    assert True\n")
    repo.commit("before")
    repo.git("switch", "-q", "-c", "work")
    repo.write("a.py", "x = 1\n# TODO: remove\n")
    repo.write("tests/test_a.py", "def test_a():\n    # FIXME: say more\n    assert True\n")
    repo.commit("after")
    review = ["review", "--base", "main", "--own", "--only", "todos", "--floor", "0", "--format", "json"]
    comments = json.loads(run([bin_directory / "hunkwise", *review], repo.path))["comments"]
    assert [(one["location"]["path"], one["location"]["start"], one["rule"]) for one in comments] == [
        ("a.py", 2, "todos.without-issue"),
        ("tests/test_a.py", 2, "todos.without-issue"),
    ]
    assert ["quiet path" in one["why"] for one in comments] == [False, True]
    assert all(one["verdict"]["decision"] == "kept" for one in comments)


def test_the_analyzer_is_short():
    """A complete analyzer fits in 40 lines."""
    assert len((EXAMPLE / "src/hunkwise_example/todos.py").read_text().splitlines()) <= 40
