"""`hunkwise train`: learn from a team's own pull requests."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class TrainCommand:
    """The verb `train ranker`."""

    name = "train"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(name=self.name, help="Learn from your own pull requests.", no_args_is_help=True)

        @group.callback()
        def alone() -> None:
            """Learn from your own pull requests."""

        @group.command()
        def ranker(
            cases: Annotated[
                list[Path],
                typer.Option(
                    "--from", metavar="CASES", help="A file of cases, JSON lines, as `bench` reads; repeatable."
                ),
            ],
            output: Annotated[Path, typer.Option("--output", "-o", help="Write the weights here.")] = Path(
                "ranker.json"
            ),
        ) -> None:
            """Fit the ranker of places to your own history, as far as that is better than what ships.

            At least 200 pull requests that other people commented on are needed.
            """
            from hunkwise.commands.train_ranker import train

            train(cases, output)

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (TrainCommand(),)
