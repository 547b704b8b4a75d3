"""`hunkwise doctor`: say what a review needs, what of it is here, and how to get the rest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class Doctor:
    """The verb `doctor`."""

    name = "doctor"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        from pathlib import Path

        import typer

        application: typer.Typer = app

        @application.command("doctor")
        def doctor(
            context: typer.Context,
            directory: Annotated[
                Path, typer.Option("-C", "--directory", metavar="DIR", help="Look for the repository here.")
            ] = Path(),
        ) -> int:
            """Say what is here of what a review needs, and the way out where something is missing.

            Exit codes: 0 a review can run, 2 something must be mended first.
            """
            import os

            from hunkwise.commands.checkup import Health, checkup

            found = tuple(checkup(context.obj, str(directory), os.environ))
            for check in found:
                print(check.line)
            return 2 if any(check.health is Health.BROKEN for check in found) else 0


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (Doctor(),)
