"""What real tools said of the files of a small project, recorded under `tests/samples/reports`."""

from pathlib import Path

from hunkwise.core.config import ReportFormat
from hunkwise.core.model import RepoPath
from hunkwise.readers.finding_formats import read_findings
from hunkwise.readers.reading import Reading, Sources
from hunkwise.readers.report_paths import PathIndex

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"
PROJECT = {
    RepoPath(path.relative_to(SAMPLES / "project").as_posix()): path.read_bytes()
    for path in sorted((SAMPLES / "project").rglob("*"))
    if path.is_file()
}
SAID = {
    "checkstyle.sarif": ReportFormat.SARIF,
    "checkstyle.xml": ReportFormat.CHECKSTYLE,
    "eslint.sarif": ReportFormat.SARIF,
    "pmd.sarif": ReportFormat.SARIF,
    "ruff.jsonl": ReportFormat.JSON_LINES,
    "ruff.rdjson": ReportFormat.RDJSON,
    "ruff.sarif": ReportFormat.SARIF,
    "semgrep.sarif": ReportFormat.SARIF,
    "shellcheck.xml": ReportFormat.CHECKSTYLE,
    "spotbugs.sarif": ReportFormat.SARIF,
}
ROOT = "/build/project"


def sources(files=None, root: str = ROOT, folder: str = "") -> Sources:
    """Return the files of the project, or others, as reports may name them."""
    contents = PROJECT if files is None else {RepoPath(path): text.encode() for path, text in files.items()}

    def read(path: RepoPath) -> bytes:
        if path not in contents:
            raise FileNotFoundError(path)
        return contents[path]

    return Sources(PathIndex(contents, root), read, folder)


def said(report: str, root: str = ROOT) -> bytes:
    """Return what a tool said, as if the project lay in this directory."""
    return (SAMPLES / "said" / report).read_bytes().replace(b"{root}", root.encode())


def read(report: str, root: str = ROOT) -> Reading:
    """Return what we make of it."""
    return read_findings(said(report, root), None, sources(root=ROOT), "reports")
