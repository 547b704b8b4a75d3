import os
import subprocess
import sys
import tomllib
from importlib.metadata import version

import pytest

from hunkwise.commands.scaffold import module_of, write_package
from hunkwise.core.errors import UsageError


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    directory = tmp_path_factory.mktemp("new") / "left-in"
    write_package("hunkwise-left-in", directory)
    return directory


def test_the_package_passes_its_own_tests(package):
    """A new package's tests pass as they are."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=package,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 passed" in run.stdout


def test_the_packages_tests_can_fail(package, tmp_path):
    """A new package's tests fail when its analyzer finds something else."""
    import shutil

    shutil.copytree(package, tmp_path / "broken")
    module = tmp_path / "broken/src/hunkwise_left_in/__init__.py"
    module.write_text(module.read_text().replace("debugger;?", "never"))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=tmp_path / "broken", capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "found nothing; expected debugger-left-in (the example 'a debugger statement')" in run.stdout


def test_the_analyzer_is_short(package):
    """The analyzer of a new package is at most 40 lines."""
    assert len((package / "src/hunkwise_left_in/__init__.py").read_text().splitlines()) <= 40


def test_the_package_is_clean(package):
    """A new package is formatted, linted and typed as this project is."""
    for command in (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy", "--strict", "src"]):
        run = subprocess.run([sys.executable, "-m", *command], cwd=package, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr


def test_the_package_declares_its_entry_point(package):
    """A new package's entry point has its name and its module; it needs this version of Hunkwise or a later one."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["entry-points"] == {"hunkwise": {"hunkwise-left-in": "hunkwise_left_in"}}
    assert project["dependencies"] == [f"hunkwise>={version('hunkwise')},<1"]


def test_nothing_is_overwritten(tmp_path):
    """A directory that is not empty, and a file, are left alone."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(
        UsageError, match="is not empty, and nothing is overwritten; name another place with --directory"
    ):
        write_package("todo", tmp_path)
    with pytest.raises(UsageError, match=r"notes\.txt is a file; name another place"):
        write_package("todo", tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_directory_is_filled(tmp_path):
    """An empty directory that is there already will do."""
    assert write_package("todo", tmp_path)


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("My Plugin", "my-plugin"),
        ("todo_list", "todo-list"),
        ("../evil", "evil"),
        ("2fast", "fast"),
        ("", "hunkwise-todo"),
        ("ÄÖÜ", "hunkwise-todo"),
        ("-x", "x"),
        ("a/b", "a-b"),
    ],
)
def test_a_bad_name_comes_with_a_better_one(name, better):
    """A name that cannot be a package's is refused with one that can."""
    with pytest.raises(UsageError, match=f"small letters, digits and hyphens; try {better}$"):
        module_of(name)
    module_of(better)


@pytest.mark.parametrize("name", ["json", "class", "hunkwise", "pytest", "tests"])
def test_a_taken_name_comes_with_a_free_one(name):
    """A name that Python, pytest or Hunkwise has is refused with one that is free."""
    with pytest.raises(UsageError, match=f"try hunkwise-{name}-plugin$"):
        module_of(name)
    module_of(f"hunkwise-{name}-plugin")
