"""A change of 20 files in seven languages with every analyzer on, against the least that it could take.

    python benchmarks/mixed_change.py [--rounds N] [--foreign]

The least is the larger of the slowest tool's seconds and all tools' CPU seconds divided by the cores; the median of
seconds / least over the rounds should be ≤ 1.3. The seconds are those of the whole review, from the request to the
report: reading git, writing files, the tools, ranking, and the second runs that try fixes.
As many tools run at once as there are cores. Where others use the cores too, a tool's own seconds grow beyond its CPU
seconds, and then all tools' seconds divided by the cores is what bounds a review: that is printed as well.
Run it on a machine that does nothing else; `javac` on PATH gives SpotBugs something to read.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from hunkwise.core.model import Report
from hunkwise.core.ports import Request
from hunkwise.plugins.manager import load_plugins
from hunkwise.session import review_request

LIMIT = 1.3
PROJECT = Path(__file__).parents[1]
SHOP = "tests/samples/java-project"
JAVA = "java/org/example/shop"
FILES = {
    "app/model.py": "src/hunkwise/core/model.py",
    "app/session.py": "src/hunkwise/session.py",
    "app/settings.py": "src/hunkwise/settings.py",
    "app/process.py": "src/hunkwise/workspace/process.py",
    "app/analysis.py": "src/hunkwise/plugins/analysis.py",
    "app/pages.py": "src/hunkwise/testing/analyzer_page.py",
    "app/builders.py": "src/hunkwise/testing/builders.py",
    "src/main/java/org/example/shop/Cart.java": f"{SHOP}/after/src/main/{JAVA}/Cart.java",
    "src/main/java/org/example/shop/Item.java": f"{SHOP}/before/src/main/{JAVA}/Item.java",
    "src/test/java/org/example/shop/CartTest.java": f"{SHOP}/before/src/test/{JAVA}/CartTest.java",
    "src/tools/java/ReadIssues.java": "tests/java/ReadIssues.java",
    "web/config.cjs": "src/hunkwise/analyzers/eslint.config.cjs",
    "web/price.js": "tests/samples/coverage/node/src/price.js",
    "web/price.ts": "tests/samples/coverage/typescript/src/price.ts",
    "web/listen.ts": "tests/analyzers/semgrep_rules/javascript-listener-never-removed.ts",
    "bin/setup.sh": "scripts/setup",
    "bin/steps.sh": "scripts/steps.sh",
    "config/rules.yaml": "src/hunkwise/analyzers/rules/java.yaml",
}
TEXTS = {
    "Dockerfile": """FROM python:3.12-slim
WORKDIR /app
RUN cd /tmp && pip install --no-cache-dir build
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
COPY app /app
CMD ["python", "-m", "app"]
""",
    ".github/workflows/test.yml": """name: test
on: [pull_request]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - run: echo "${{ github.event.pull_request.title }}"
      - run: pytest
""",
}
AROUND = {
    ".gitignore": "target/\n*.info\n*.jsonl\n",
    ".hunkwise.toml": 'tools.reports.options.files = ["out.jsonl"]\ntools.ast-grep.options.rules = ["print.yml"]\n',
    "print.yml": "id: no-print\nlanguage: python\nmessage: no print\nrule: {pattern: print($A)}\n",
    "lcov.info": "SF:app/process.py\nDA:40,1\nDA:41,0\nend_of_record\n",
    "out.jsonl": '{"path": "bin/setup.sh", "line": 5, "rule": "own", "message": "A tool of the team says so."}\n',
}


def main() -> int:
    """Run the rounds, print each and the summary, and return 1 where the median is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--foreign", action="store_true", help="as a stranger's change: the tools run in the sandbox")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hunkwise-bench-") as directory:
        repository = Path(directory)
        make_repository(repository)
        reviewed(repository, own=not arguments.foreign)
        rounds = [reviewed(repository, own=not arguments.foreign) for _ in range(arguments.rounds)]
    return summary(rounds)


def make_repository(root: Path) -> None:
    """Commit the files without every tenth line, and leave them whole in the working tree, built as far as can be."""
    texts = {path: (PROJECT / source).read_text() for path, source in FILES.items()} | TEXTS
    for path, text in AROUND.items():
        _write(root / path, text)
    for path, text in texts.items():
        _write(root / path, "".join(line for at, line in enumerate(text.splitlines(keepends=True)) if at % 10 != 3))
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "before")):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b.example", *command], cwd=root, check=True)
    for path, text in texts.items():
        _write(root / path, text)
    if shutil.which("javac"):
        sources = [str(path) for path in (root / "src/main/java").rglob("*.java")]
        subprocess.run(["javac", "-g", "-d", str(root / "target/classes"), *sources], check=True)


def reviewed(root: Path, *, own: bool) -> tuple[float, Report]:
    """Review once and return the seconds that it took, with the report."""
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})
    started = time.monotonic()
    report = review_request(Request(directory=str(root)), plugins=plugins, command_line={}, own=own, environ=os.environ)
    return time.monotonic() - started, report


def summary(rounds: list[tuple[float, Report]]) -> int:
    """Print what each round took and what bounds it."""
    cores = os.cpu_count() or 1
    walls: dict[str, list[float]] = defaultdict(list)
    cpus: dict[str, list[float]] = defaultdict(list)
    ratios = []
    for wall, report in rounds:
        seconds = report.manifest["seconds"]
        for tool, value in seconds["tools"].items():
            walls[tool].append(value)
            cpus[tool].append(seconds["cpu"][tool])
        slowest, cpu = max(seconds["tools"].values()), sum(seconds["cpu"].values()) / cores
        ratios.append(wall / max(slowest, cpu))
        print(
            f"wall {wall:5.2f} s, tools {seconds['analyze']:5.2f}, fixes {seconds['fixes']:4.2f}, slowest tool "
            f"{slowest:5.2f}, all tools / {cores} cores {sum(seconds['tools'].values()) / cores:5.2f}, "
            f"CPU / {cores} cores {cpu:5.2f}, ratio {ratios[-1]:.2f}, load {os.getloadavg()[0]:.1f}"
        )
    last = rounds[-1][1]
    files, kept = len(last.change.files), len(last.kept)
    print(f"{files} files, {kept} comments kept of {len(last.comments)}; {len(walls)} reviewers")
    for failure in last.failures:
        print(f"failed: {failure.who}: {failure.message}")
    for tool in sorted(walls, key=lambda name: -statistics.median(walls[name])):
        print(f"  {tool:<15} wall {statistics.median(walls[tool]):5.2f} s, CPU {statistics.median(cpus[tool]):5.2f} s")
    median = statistics.median(ratios)
    print(f"ratio: median {median:.2f}, least {min(ratios):.2f}, most {max(ratios):.2f} (limit for the median {LIMIT})")
    return 1 if median > LIMIT or last.failures else 0


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    raise SystemExit(main())
