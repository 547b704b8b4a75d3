"""`hunkwise bench`: run configurations and other tools over real pull requests, score them, compare them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.commands.bench_convert import add_convert
from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command

WORSE = 1
MISSING = 3


class BenchCommand:
    """The verbs `bench run`, `bench score`, `bench compare` and `bench convert`."""

    name = "bench"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(
            name=self.name, help="Measure reviews on real pull requests, and compare them.", no_args_is_help=True
        )

        @group.command("run")
        def run_cases(
            context: typer.Context,
            cases: Annotated[list[Path], typer.Argument(metavar="CASES...", help="Files of cases, JSON lines.")],
            output: Annotated[Path, typer.Option("--output", "-o", help="Write the run here, as JSON lines.")],
            trees: Annotated[
                Path | None, typer.Option("--trees", help="Repositories OWNER+NAME.git with refs/pull/N/base and head.")
            ] = None,
            config: Annotated[
                Path | None, typer.Option("--config", help="A user's configuration file; without it the defaults.")
            ] = None,
            contestant: Annotated[
                list[str] | None,
                typer.Option(
                    "--contestant",
                    help="full, thorough, no-model or the like, joined by +; a rule, simple, all; repeatable.",
                ),
            ] = None,
            ablate: Annotated[
                list[str] | None,
                typer.Option("--ablate", help="Leave these out of the review, by commas: one contestant of that."),
            ] = None,
            limit: Annotated[int | None, typer.Option("--limit", min=1, help="Take the first N cases alone.")] = None,
            jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Reviews side by side.")] = 1,
            timeout: Annotated[
                float, typer.Option("--timeout", min=1, help="Seconds that one review may take.")
            ] = 1800.0,
            again: Annotated[bool, typer.Option("--again", help="Do anew what was measured before.")] = False,
        ) -> None:
            """Review cases as anyone would, and keep what was said."""
            from hunkwise.commands.bench_run import Asked, run

            asked = Asked(
                cases=tuple(cases),
                output=output,
                trees=trees,
                config=config,
                contestants=tuple(contestant or ()),
                ablate=tuple(ablate or ()),
                limit=limit,
                jobs=jobs,
                seconds=timeout,
                again=again,
            )
            if run(asked, context.obj):
                raise typer.Exit(MISSING)

        @group.command()
        def score(
            runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Runs of `hunkwise bench run`.")],
            form: Annotated[
                str | None, typer.Option("--format", help="markdown, json or html; told by the name of --output.")
            ] = None,
            output: Annotated[
                Path | None, typer.Option("--output", "-o", help="Write here instead of printing.")
            ] = None,
            encoder: Annotated[
                str, typer.Option("--encoder", help="Compute BERTScore too: all-minilm-l6-v2, or a folder.")
            ] = "",
        ) -> None:
            """Score runs: where, addressed, silence, reliability, cost, with intervals."""
            from hunkwise.commands.bench_score import form_of, score_runs

            score_runs(runs, form_of(form, output), output, encoder)

        @group.command()
        def compare(
            before: Annotated[Path, typer.Argument(help="The run to measure against.")],
            after: Annotated[Path, typer.Argument(help="The run that may be worse.")],
            beside: Annotated[
                str,
                typer.Option(help="Hold all contestants to this one of the first run, such as middle-of-3-largest."),
            ] = "",
            fail_if_worse: Annotated[
                bool, typer.Option("--fail-if-worse", help="Exit with 1 where it is worse beyond chance.")
            ] = False,
        ) -> None:
            """Compare two runs case by case, with a paired bootstrap."""
            from hunkwise.commands.bench_score import compare_runs

            if compare_runs(before, after, beside) and fail_if_worse:
                raise typer.Exit(WORSE)

        add_convert(group)
        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (BenchCommand(),)
