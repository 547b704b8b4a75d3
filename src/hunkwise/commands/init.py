"""`hunkwise init`: write a first configuration file for a repository."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class Init:
    """The verb `init`."""

    name = "init"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        from pathlib import Path

        import typer

        application: typer.Typer = app

        @application.command("init")
        def init(
            directory: Annotated[
                Path, typer.Option("-C", "--directory", metavar="DIR", help="Look for the repository here.")
            ] = Path(),
        ) -> None:
            """Write a commented .hunkwise.toml at the repository's root; never over one that exists."""
            from hunkwise.commands.first_config import write_first_config

            path = write_first_config(str(directory))
            print(
                f"wrote {path}\nnext: `hunkwise doctor` says which tools are here, `hunkwise review` reviews your work"
            )


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (Init(),)
