"""The sample repository that `make review` reviews."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "black-2343"


def git(directory: Path, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(directory), *args], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def make(directory: Path, **environ: str) -> Path:
    subprocess.run(
        [str(ROOT / "scripts" / "sample"), str(directory)],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | environ,
    )
    return directory


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sample") / "black")


def test_main_is_the_base_and_change_adds_the_pull_request_and_the_planted_defects(repository: Path) -> None:
    """`main..change` holds two commits, the second of which says that it plants defects; `change` is checked out."""
    subjects = git(repository, "log", "--format=%s", "--reverse", "main..HEAD").splitlines()
    assert ["Fix bad formatting of error messages about EOF", "Plant defects for the demo"] == subjects
    assert "change" == git(repository, "branch", "--show-current").strip()
    assert "" == git(repository, "status", "--porcelain")


def test_commit_ids_are_the_same_wherever_it_is_made(repository: Path, tmp_path: Path) -> None:
    """Neither the user's git configuration nor an outer repository nor the time zone changes a commit id."""
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[user]\nname = Someone\nemail = a@b.invalid\n[core]\nautocrlf = true\n")
    again = make(
        tmp_path / "again", GIT_CONFIG_GLOBAL=str(configuration), GIT_DIR=str(tmp_path / "outer"), TZ="Asia/Tokyo"
    )
    assert git(repository, "rev-list", "change") == git(again, "rev-list", "change")


def test_what_ships_is_at_most_300_kilobytes() -> None:
    """Base, patches and notice together stay small."""
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) <= 300_000


def test_the_files_of_the_pull_request_are_whole(repository: Path) -> None:
    """What the change touches parses at its head: analyzers see whole files, not hunks."""
    for path in git(repository, "diff", "--name-only", "main", "--", "*.py").splitlines():
        ast.parse((repository / path).read_text(encoding="utf-8"), path)


def test_the_notice_names_each_file_with_a_planted_defect(repository: Path) -> None:
    """Nobody takes a planted defect for Black's own."""
    planted = git(repository, "diff", "--name-only", "HEAD~1").splitlines()
    notice = (SAMPLE / "NOTICE.md").read_text(encoding="utf-8")
    assert [] == [path for path in planted if f"`{path}`" not in notice]
    assert "MIT" in notice and "Łukasz Langa" in (SAMPLE / "base" / "LICENSE").read_text(encoding="utf-8")


def test_a_directory_that_exists_is_left_alone(tmp_path: Path) -> None:
    """The script refuses with exit code 2 and names the directory."""
    done = subprocess.run([str(ROOT / "scripts" / "sample"), str(tmp_path)], capture_output=True, text=True)
    assert (2, True) == (done.returncode, str(tmp_path) in done.stderr)
    assert [] == list(tmp_path.iterdir())
