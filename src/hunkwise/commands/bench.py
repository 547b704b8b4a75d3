"""`hunkwise bench`: run configurations and other tools over real pull requests, score them, compare them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command

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
                typer.Option("--contestant", help="full, no-model or the like, a rule, simple, all; repeatable."),
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

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (BenchCommand(),)
