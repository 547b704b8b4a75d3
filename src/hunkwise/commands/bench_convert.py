"""`hunkwise bench convert`: cases from a clone and an export, contestants from other tools' reports."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from typer import Typer


def add_convert(group: "Typer") -> None:
    """Add the verbs to the group of `hunkwise bench`."""
    import typer

    convert = typer.Typer(
        name="convert", help="Make cases, or a run of another tool, from what you have.", no_args_is_help=True
    )

    @convert.command()
    def github(
        clone: Annotated[Path, typer.Argument(help="A git clone that has the refs of its pull requests.")],
        comments: Annotated[
            Path, typer.Option("--comments", help="JSON of GitHub's API: repos/OWNER/NAME/pulls/comments.")
        ],
        output: Annotated[Path, typer.Option("--output", "-o", help="Write the cases here, as JSON lines.")],
        pulls: Annotated[
            Path | None, typer.Option("--pulls", help="JSON of repos/OWNER/NAME/pulls?state=all: authors and bases.")
        ] = None,
        trees: Annotated[
            Path | None, typer.Option("--trees", help="Make repositories of the cases' refs in this folder.")
        ] = None,
    ) -> None:
        """Make cases from a clone and an export of review comments."""
        from hunkwise.commands.bench_run import tell
        from hunkwise.commands.output import check_writable, write
        from hunkwise.evaluation.from_github import convert_github

        check_writable(output)
        found = convert_github(clone, comments, pulls, trees)
        for problem in found.problems:
            tell(problem)
        write(b"".join(found.rows), output)
        tell(f"{len(found.rows)} cases are in {output}")

    @convert.command()
    def findings(
        context: typer.Context,
        cases: Annotated[list[Path], typer.Argument(metavar="CASES...", help="Files of cases, JSON lines.")],
        reports: Annotated[
            Path,
            typer.Option("--reports", help="A folder with OWNER+NAME+NUMBER.sarif, .rdjson or .xml for each case."),
        ],
        name: Annotated[str, typer.Option("--name", help="What to call the tool in tables.")],
        output: Annotated[Path, typer.Option("--output", "-o", help="Write the run here, as JSON lines.")],
        trees: Annotated[
            Path | None, typer.Option("--trees", help="Repositories OWNER+NAME.git with refs/pull/N/base and head.")
        ] = None,
    ) -> None:
        """Make a run of another tool from the SARIF, rdjson or Checkstyle reports that it wrote."""
        from hunkwise.commands.bench_run import tell
        from hunkwise.commands.output import check_writable
        from hunkwise.core.errors import UsageError
        from hunkwise.evaluation.cases import read_cases
        from hunkwise.evaluation.from_findings import contestant_of
        from hunkwise.evaluation.review_row import Reviewed
        from hunkwise.evaluation.run_file import write_lines

        check_writable(output)
        if not reports.is_dir():
            raise UsageError(f"there is no folder of reports {reports}")
        read = read_cases(cases, trees)
        rows, problems = contestant_of(read, reports, name, context.obj)
        for problem in (*read.problems, *problems):
            tell(problem)
        write_lines(output, rows)
        answers = [row for row in rows if isinstance(row, Reviewed)]
        missing = sum(bool(row.problem) for row in answers)
        tell(f"{len(answers) - missing} of {len(answers)} answers are in {output}")

    group.add_typer(convert)
