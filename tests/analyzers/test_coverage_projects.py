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


def test_javascript_with_eslint_and_an_lcov_report(hunkwise, make_repo, node_modules):
    """eslint and the report that c8 made of a real run make one review."""
    repo = make_repo("web")
    for path in sorted((SAMPLES / "node").rglob("*")):
        if path.is_file():
            repo.write(path.relative_to(SAMPLES / "node").as_posix(), path.read_bytes())
    repo.write(".gitignore", "coverage/\n")
    source = (repo.path / "src/price.js").read_text()
    repo.write("src/price.js", "")
    repo.commit()
    repo.write("src/price.js", source.replace("if (sale) {", "if (sale = true && sale) {"))
    c8 = node_modules / "c8" / "bin" / "c8.js"
    command = ["node", str(c8), "--reporter=lcovonly", "--include=src/**", "node", "use.js"]
    subprocess.run(command, cwd=repo.path, check=True, capture_output=True)
    code, out, err = hunkwise("review", "--only", "coverage,eslint", "--format", "json", cwd=repo.path)
    assert code == 0, err
    assert kept(out) == [
        (4, "eslint"),
        (4, "eslint"),
        (5, "No test runs these 5 lines."),
        (13, "No test runs these 6 lines of `unused`."),
    ]
