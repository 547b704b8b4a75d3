"""What must be true of the repository itself."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FOREIGN = ("samples/", "tests/samples/", "tests/golden/")
"""Folders of other people's text."""


@cache
def tracked() -> tuple[str, ...]:
    """Return the files that git knows or would take, so that a new one is checked before it is committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode("utf-8").split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def modules() -> list[str]:
    return [name for name in tracked() if name.endswith(".py") and not name.startswith(FOREIGN)]


def test_no_module_is_longer_than_400_lines() -> None:
    """A module that grows past 400 lines has become two."""
    long = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in modules()}
    assert {} == {name: lines for name, lines in long.items() if lines > 400}


def test_no_module_is_a_drawer() -> None:
    """A module is named by what it is about."""
    drawers = re.compile(r"(utils?|helpers?|common|misc)|base_.*|.+_manager")
    assert [] == [name for name in modules() if drawers.fullmatch(Path(name).stem.removeprefix("test_"))]


def test_init_modules_are_empty() -> None:
    """Only the two public `__init__` say anything; importing any other folder costs nothing."""
    public = ("src/hunkwise/__init__.py", "src/hunkwise/testing/__init__.py")
    inits = [name for name in modules() if name.endswith("/__init__.py") and name not in public]
    assert [] == [name for name in inits if name.startswith("src/") and (ROOT / name).stat().st_size]


def test_import_contracts_hold() -> None:
    """Folders import downwards only, and the core does no I/O."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert 0 == done.returncode, done.stdout + done.stderr


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    """Where packages come from is the user's own setting; and nothing depends on where someone's checkout lies."""
    hosts = ("py" + "pi.org", "pythonhosted" + ".org", "npmjs" + ".", "maven" + ".org", "deb.debian" + ".org")
    paths = [str(ROOT), str(Path.home()) + "/.", sys.prefix]
    wrong = re.compile("|".join(map(re.escape, [*hosts, *paths])))
    found = [
        f"{name}: {match.group()}"
        for name in tracked()
        if name != "tests/test_repository.py"
        for match in [wrong.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert [] == found


def test_locks_pin_every_package_with_hashes() -> None:
    """What CI installs is what was locked."""
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
        entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert entries
        assert [] == [line for line in entries if "==" not in line or "--hash=sha256:" not in line], lock.name


def test_locks_hold_what_the_project_asks_for() -> None:
    """A dependency that is added to pyproject.toml is locked with it; scripts/lock does so."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    for lock, asked in (("run.txt", run), ("ci.txt", [*run, *dev])):
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / lock).read_text(encoding="utf-8"), re.M))
        names = {re.split(r"[\s\[<>=!~;]", one, maxsplit=1)[0].lower().replace("_", "-") for one in asked}
        assert set() == names - locked, f"run scripts/lock: {lock}"


def links(page: Path) -> list[tuple[str, Path]]:
    """Return the relative links of a page, with the file that each one means; code is left out."""
    text = re.sub(
        r"<!-- \[\[\[cog.*?\]\]\] -->|^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S | re.M
    )
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    return [(target, (page.parent / target.partition("#")[0]).resolve()) for target in targets if target[0] != "#"]


def pages() -> list[Path]:
    return [
        ROOT / name for name in tracked() if name.endswith(".md") and not name.startswith((*FOREIGN, "changelog.d/"))
    ]


def test_links_between_pages_resolve() -> None:
    """No page links to a file that is not there."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}" for page in pages() for target, path in links(page) if not path.exists()
    ]
    assert [] == broken


def test_every_page_is_reached_from_the_index() -> None:
    """A reader who starts at docs/index.md finds every page."""
    seen: set[Path] = set()
    todo = [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page not in seen:
            seen.add(page)
            todo += [path for _, path in links(page) if path.suffix == ".md" and path.is_file()]
    assert [] == [str(page.relative_to(ROOT)) for page in pages() if DOCS in page.parents and page not in seen]


def test_pages_have_one_heading_of_the_first_level_on_top() -> None:
    """The index takes a page's title from its first line."""
    assert [] == [str(page) for page in pages() if not page.read_text(encoding="utf-8").startswith("# ")]


def test_decisions_have_numbers_of_their_own() -> None:
    """A decision is cited by its number."""
    numbers = [path.name[:4] for path in (DOCS / "decisions").glob("*.md")]
    assert sorted(set(numbers)) == sorted(numbers)
    assert [] == [number for number in numbers if not number.isdigit()]


def test_changelog_fragments_have_a_known_type() -> None:
    """towncrier passes over a fragment whose type it does not know, and takes a word after the number for its part."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    types = "|".join(kind["directory"] for kind in project["tool"]["towncrier"]["type"])
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [] == [name for name in names if not re.fullmatch(rf"(\d+|\+[\w-]+)\.({types})(\.\d+)?\.md", name)]


@pytest.mark.parametrize("script", ["setup", "tools", "models", "review", "test", "check", "llama", "lock", "sample"])
def test_scripts_can_be_run(script: str) -> None:
    """Scripts are executable and say in their second line what they are for."""
    path = ROOT / "scripts" / script
    assert path.stat().st_mode & 0o111
    assert re.match(r"#!/usr/bin/env bash\n# [A-Z]", path.read_text(encoding="utf-8"))


def test_ci_runs_the_checks_and_the_tests() -> None:
    """CI runs the scripts that people run, so that it cannot drift from them."""
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "scripts/check" in text and "make test" in text


def test_pre_commit_downloads_nothing() -> None:
    """Hooks run what scripts/setup installed."""
    config = ROOT / ".pre-commit-config.yaml"
    text = config.read_text(encoding="utf-8")
    assert set(re.findall(r"repo: (\S+)", text)) == {"local"}
    assert all(entry.startswith(".venv/bin/") for entry in re.findall(r"entry: (\S+)", text))
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(config)]
    assert subprocess.run(command, capture_output=True).returncode == 0
