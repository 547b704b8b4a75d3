"""Reviews of real projects that their own builds compiled, ran and measured."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.tools]
SAMPLES = Path(__file__).parents[1] / "samples" / "coverage"


def kept(out: str) -> list[tuple[int, str]]:
    """Return, by line, the tool that speaks in each kept comment, and what coverage says."""
    found = []
    for one in json.loads(out)["comments"]:
        tool = one["sources"][0]["tool"]
        if one["verdict"]["decision"] == "kept":
            found.append((one["location"]["start"], one["text"] if tool == "coverage" else tool))
    return sorted(found)


def test_java_with_three_tools_and_a_jacoco_report(hunkwise, built_java_project, tmp_path):
    """Checkstyle, PMD, SpotBugs and the report of Maven's JaCoCo plugin make one review."""
    shop = shutil.copytree(built_java_project, tmp_path / "shop", copy_function=shutil.copy2)
    code, out, err = hunkwise("review", "--only", "checkstyle,coverage,pmd,spotbugs", "--format", "json", cwd=shop)
    assert code == 0, err
    report = json.loads(out)
    assert not report["failures"]
    states = {(one["reviewer"], one["state"], one["reason"]) for one in report["cover"]}
    assert states == {(tool, "reviewed", "") for tool in ("checkstyle", "coverage", "pmd", "spotbugs")}
    assert kept(out) == [
        (26, "No test runs these 3 lines of `has`.\nAlso on lines 33, 47."),
        (26, "checkstyle"),
        (40, "spotbugs"),
        (48, "checkstyle"),
    ]


@pytest.fixture
def web(make_repo):
    """A repository with a sample project as an uncommitted change, and the sample's sources committed empty."""

    def made(name: str, **changed: str):
        repo = make_repo("web")
        for path in sorted((SAMPLES / name).rglob("*")):
            if path.is_file():
                repo.write(path.relative_to(SAMPLES / name).as_posix(), path.read_bytes())
        repo.write(".gitignore", "build/\ncoverage/\n")
        source = next((repo.path / "src").iterdir())
        text = source.read_text()
        source.write_text("")
        repo.commit()
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        source.write_text(text)
        return repo

    return made


def run(repo, *command: str) -> None:
    """Run a step of a project's build."""
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_javascript_with_eslint_and_an_lcov_report(hunkwise, web, node_modules):
    """eslint and the report that c8 made of a real run make one review."""
    repo = web("node", **{"if (sale) {": "if (sale = true && sale) {"})
    c8 = str(node_modules / "c8" / "bin" / "c8.js")
    run(repo, "node", c8, "--reporter=lcovonly", "--include=src/**", "node", "use.js")
    code, out, err = hunkwise("review", "--only", "coverage,eslint", "--format", "json", cwd=repo.path)
    assert code == 0, err
    assert kept(out) == [
        (4, "eslint"),
        (4, "eslint"),
        (5, "No test runs these 5 lines."),
        (13, "No test runs these 6 lines of `unused`."),
    ]


def test_typescript_with_eslint_and_an_lcov_report(hunkwise, web, node_modules):
    """typescript-eslint reads the source, and c8's report of the compiled program leads back to it: one review."""
    repo = web("typescript")
    tsc, c8 = str(node_modules / "typescript" / "bin" / "tsc"), str(node_modules / "c8" / "bin" / "c8.js")
    run(repo, "node", tsc)
    run(repo, "node", c8, "--reporter=lcovonly", "--exclude-after-remap", "--include=src/**", "node", "use.js")
    code, out, err = hunkwise("review", "--only", "coverage,eslint", "--format", "json", cwd=repo.path)
    assert code == 0, err
    report = json.loads(out)
    assert not report["failures"]
    states = {(one["reviewer"], one["state"]) for one in report["cover"] if one["path"].endswith(".ts")}
    assert states == {("coverage", "reviewed"), ("eslint", "reviewed")}
    assert kept(out) == [
        (11, "eslint"),
        (12, "No test runs these 3 lines."),
        (18, "No test runs these 3 lines of `label`."),
        (19, "eslint"),
    ]
