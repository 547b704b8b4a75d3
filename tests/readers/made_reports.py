"""Coverage reports as the real tools make them; `python tests/readers/made_reports.py` records them as samples."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

TESTS = Path(__file__).parents[1]
PROJECTS = TESTS / "samples" / "coverage"
RECORDED = PROJECTS / "reports"
NODE = TESTS / "node"
JACOCO = "0.8.15"
ROOT = b"{root}"


def run(*argv: str | Path, cwd: Path) -> None:
    subprocess.run(list(map(str, argv)), cwd=cwd, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def python(root: Path, _: Path) -> None:
    """Run a small package under coverage.py."""
    coverage = (sys.executable, "-m", "coverage")
    run(*coverage, "run", "--branch", "--source=shop", "use.py", cwd=root)
    run(*coverage, "xml", "-q", "-o", "coverage.xml", cwd=root)
    run(*coverage, "lcov", "-q", "-o", "lcov.info", cwd=root)


def node(root: Path, _: Path) -> None:
    """Run a small package under c8, which reports through istanbul."""
    c8 = NODE / "node_modules" / "c8" / "bin" / "c8.js"
    forms = [f"--reporter={name}" for name in ("lcovonly", "clover", "cobertura")]
    run("node", c8, *forms, "--include=src/**", "--all", "node", "use.js", cwd=root)


def java(root: Path, jars: Path) -> None:
    """Compile and run a class under JaCoCo's agent."""
    run("javac", "-g", "-d", "classes", *sorted(root.glob("src/shop/*.java")), cwd=root)
    agent = f"-javaagent:{jars}/org.jacoco.agent-{JACOCO}-runtime.jar=destfile={root}/jacoco.exec"
    run("java", agent, "-cp", "classes", "shop.Use", cwd=root)
    report = root / "target" / "site" / "jacoco" / "jacoco.xml"
    report.parent.mkdir(parents=True)
    cli = ("java", "-jar", jars / f"org.jacoco.cli-{JACOCO}-nodeps.jar")
    run(*cli, "report", "jacoco.exec", "--classfiles=classes", "--xml", report, cwd=root)


MAKERS: Mapping[str, Callable[[Path, Path], None]] = {"python": python, "node": node, "java": java}
REPORTS: Mapping[str, tuple[str, ...]] = {
    "python": ("coverage.xml", "lcov.info"),
    "node": ("coverage/lcov.info", "coverage/clover.xml", "coverage/cobertura-coverage.xml"),
    "java": ("target/site/jacoco/jacoco.xml",),
}
ALL = [(project, report) for project, reports in REPORTS.items() for report in reports]


def fetch_jacoco(directory: Path) -> Path:
    """Bring JaCoCo's two jars with mvn."""
    pom = directory / "pom.xml"
    pom.write_text(
        "<project><modelVersion>4.0.0</modelVersion>"
        "<groupId>hunkwise</groupId><artifactId>jacoco</artifactId><version>1</version></project>"
    )
    for artifact in (f"org.jacoco.agent:{JACOCO}:jar:runtime", f"org.jacoco.cli:{JACOCO}:jar:nodeps"):
        to = f"-DoutputDirectory={directory}"
        run("mvn", "-q", "-B", "dependency:copy", f"-Dartifact=org.jacoco:{artifact}", to, cwd=directory)
    return directory


def make(project: str, root: Path, jars: Path) -> Path:
    """Copy a sample project to a directory, run it there under its coverage tool, and return the directory."""
    shutil.copytree(PROJECTS / project, root)
    MAKERS[project](root, jars)
    return root


def recorded(project: str, report: str, root: str) -> bytes:
    """Return a recorded report, as if it had been made in this directory."""
    return (RECORDED / project / report).read_bytes().replace(ROOT, root.encode())


def record() -> None:
    """Write all samples anew."""
    with tempfile.TemporaryDirectory() as scratch:
        jars = Path(scratch, "jars")
        jars.mkdir()
        fetch_jacoco(jars)
        for project, reports in REPORTS.items():
            root = make(project, Path(scratch, project).resolve(), jars)
            for report in reports:
                target = RECORDED / project / report
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((root / report).read_bytes().replace(str(root).encode(), ROOT))


if __name__ == "__main__":
    record()
